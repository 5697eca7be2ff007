//! The displays' actor: waits until the household is quiet for a moment, then sends what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lares_config::{Home, Person, Role, Shown};
use lares_graph::Graph;
use lares_kernel::wire::{Gateway, Outbound, Qos};
use lares_kernel::{Alarm, Behavior, Context, CountdownId, Door, Fault, Interest, Message};
use lares_model::{Body, BodyKind, EdgeKind, Event, NodeId, Timestamp};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

use super::boards::Boards;
use super::plate::Said;
use super::plates::Plates;
use super::{RoomView, room_view};
use crate::tongue::Tongue;
use crate::views::{
    ALARMS, BoardFacts, BoardNext, BoardOf, DeviceView, EntityView, ReadError, Source, Telling, board,
    devices, next,
};

/// Changes that come together are shown together.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// A device takes its time to say what came of a touch.
const SPRINGS_BACK: Duration = Duration::from_secs(3);
/// Readings grow stale though nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Kinds of event that may change what belongs to a room.
const KINDS: &[BodyKind] = &[BodyKind::DeviceAnnounced, BodyKind::DeviceRemoved, BodyKind::HomeLoaded];
/// And what may change what is told above that: a call, a timer, a batch.
const TOLD: &[BodyKind] = &[
    BodyKind::Asked,
    BodyKind::Replied,
    BodyKind::TimerSet,
    BodyKind::TimerFired,
    BodyKind::TimerCancelled,
    // What rings says so.
    BodyKind::Notice,
    BodyKind::GraphChanged,
];
/// While something rings it is looked at whether somebody stopped it.
const RINGS_EVERY: Duration = Duration::from_secs(1);
/// The calendar is long.
const CALENDAR_EVERY: Duration = Duration::from_secs(60);

/// Gives the gateway of a link, once it was started.
pub type Gateways = Arc<dyn Fn(&str) -> Option<Arc<dyn Gateway>> + Send + Sync>;

/// Hears topic and bytes of what comes in.
pub type Ear = Arc<dyn Fn(&str, &[u8]) + Send + Sync>;

/// Listens on a link to these filters, under a name: an older ear of that name hears nothing any more.
pub type Listen = Arc<dyn Fn(&str, &str, Vec<String>, Ear) + Send + Sync>;

/// What the displays need.
#[derive(Clone)]
pub struct DisplaySetup {
    pub graph: Graph,
    /// The configuration in force.
    pub home: Arc<dyn Fn() -> Arc<Home> + Send + Sync>,
    pub gateway: Gateways,
    pub listen: Listen,
    /// Where touches on plates are wished.
    pub door: Door,
    /// What was heard, and what rang and was stopped.
    pub boards: Boards,
}

/// The vocabulary of the displays.
pub enum DisplayMessage {
    /// Something in the house changed.
    Changed,
    /// A link's wire came up, or another configuration took effect: all is sent again.
    Anew,
    /// The moment of quiet is over.
    Show,
    /// It may have grown stale.
    Look,
    /// An openHASP plate said something.
    Plate { key: String, said: Said },
}

impl Message for DisplayMessage {
    fn replaces(&self, older: &Self) -> bool {
        matches!((self, older), (Self::Changed, Self::Changed))
    }
}

/// The actor of all displays.
pub struct Displays {
    setup: DisplaySetup,
    /// What each display was last sent, by key: topic and bytes.
    shown: BTreeMap<String, (String, Bytes)>,
    /// What it listens to: the displays' rooms, what is in them, and their links.
    subjects: BTreeSet<NodeId>,
    /// A look is under way.
    waiting: bool,
    plates: Plates,
    /// What comes next in the calendar, and when it was looked at.
    next: Option<(Timestamp, Option<BoardNext>)>,
    /// When something on a board is over, or is to be looked at.
    alarm: Alarm,
    /// Brings what changes on boards.
    boards: Option<Task>,
}

/// Ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Displays {
    pub fn new(setup: DisplaySetup) -> Self {
        Self {
            setup,
            shown: BTreeMap::new(),
            subjects: BTreeSet::new(),
            waiting: false,
            plates: Plates::default(),
            next: None,
            alarm: Alarm::default(),
            boards: None,
        }
    }

    fn soon(&mut self, context: &Context<DisplayMessage>) {
        if !std::mem::replace(&mut self.waiting, true) {
            context.after(DEBOUNCE, DisplayMessage::Show);
        }
    }

    /// Listens to these, and to what may change which they are.
    fn listen(&mut self, subjects: BTreeSet<NodeId>, context: &Context<DisplayMessage>) {
        if !self.subjects.is_empty() && subjects == self.subjects {
            return;
        }
        let links: BTreeSet<NodeId> =
            (self.setup.home)().displays.values().map(|d| link_node(&d.link)).collect();
        let mut interests: Vec<Interest> = KINDS.iter().chain(TOLD).map(|k| Interest::Kind(*k)).collect();
        interests.extend(subjects.iter().map(|id| Interest::Subject(*id)));
        let me = context.me.clone();
        context.world.bus().subscribe(context.key(), interests, move |event: &Arc<Event>| {
            // Rules have many timers of their own.
            let own = |owner: &str| CountdownId::of(owner, "").is_none();
            let anew = match &event.body {
                Body::TimerSet { timer } if own(&timer.owner) => return,
                Body::TimerFired { owner, .. } | Body::TimerCancelled { owner, .. } if own(owner) => return,
                Body::HomeLoaded { .. } => true,
                Body::StatusChanged { status } => status.is_online() && links.contains(&event.subject),
                _ => false,
            };
            me.tell(if anew { DisplayMessage::Anew } else { DisplayMessage::Changed });
        });
        self.subjects = subjects;
    }

    /// What comes next, if a display shows it. Looked at once a minute.
    fn next(&mut self, source: &dyn Source, told: &Telling, home: &Home) -> Option<BoardNext> {
        if !home.displays.values().any(|display| display.shows.contains(&Shown::Calendar)) {
            return None;
        }
        if let Some((at, next)) = &self.next
            && told.now.since(*at) < CALENDAR_EVERY
            && *at <= told.now
        {
            return next.clone();
        }
        let found = next(source, told);
        self.next = Some((told.now, found.clone()));
        found
    }

    async fn show(&mut self, context: &Context<DisplayMessage>) -> Result<(), String> {
        let home = (self.setup.home)();
        self.shown.retain(|key, _| home.displays.contains_key(key));
        self.plates.configure(&home, &self.setup, &context.me);
        if home.displays.is_empty() {
            return Ok(());
        }
        self.setup.graph.sync().await?;
        let source = self.setup.graph.reader();
        let zone = home.household.zone.iana_name().unwrap_or("UTC");
        let told = Telling::in_zone(zone, context.world.clock().now(), true);
        let told = told.spoken_in(Tongue::of(&home.household.language).unwrap_or_default());
        let all = devices(&source, &told, false).map_err(|e| e.to_string())?;
        let mut heard = subjects(&source, &home).map_err(|e| e.to_string())?;
        // Water in the cellar is told at once in every room.
        if home.displays.values().any(|display| display.shows.contains(&Shown::Alerts)) {
            heard.extend(alarming(&all));
        }
        self.listen(heard, context);
        let rings = self.setup.boards.rings(&source, &home, &context.world).map_err(|e| e.to_string())?;
        let next = self.next(&source, &told, &home);
        let mut looks_again = (!rings.is_empty()).then_some(RINGS_EVERY);
        for (key, display) in &home.displays {
            let Some(gateway) = (self.setup.gateway)(&display.link) else { continue };
            let name = home.rooms.get(&display.room).map_or(display.room.as_str(), |r| r.name.as_str());
            let view = room_view(&source, &all, &display.room, name).map_err(|e| e.to_string())?;
            let of = BoardOf {
                room: &display.room,
                shows: &display.shows,
                person: display.person.as_deref(),
                lives_here: display.person.as_ref().and_then(|p| home.people.get(p)).is_some_and(is_resident),
                all_calls: false,
            };
            let heard = self.setup.boards.heard_in(&display.room, told.now);
            if let Some(heard) = &heard {
                let left = heard.until.0.since(told.now);
                looks_again = Some(looks_again.map_or(left, |soon| soon.min(left)));
            }
            let facts = BoardFacts { rings: rings.clone(), heard, next: next.clone() };
            let board = board(&source, &told, &all, &of, &facts).map_err(|e| e.to_string())?;
            let place = (display.room.as_str(), name, view.occupied);
            if self.plates.show(key, place, &all, (&board, &told), &self.setup) {
                continue;
            }
            let view = RoomView { board, ..view };
            let bytes = Bytes::from(serde_json::to_vec(&view).map_err(|e| e.to_string())?);
            let shown = (display.topic.clone(), bytes.clone());
            if self.shown.get(key) == Some(&shown) {
                continue;
            }
            gateway.send(Outbound {
                address: display.topic.as_str().into(),
                bytes,
                retain: true,
                qos: Qos::AtLeastOnce,
                expires: None,
                key: None,
            });
            self.shown.insert(key.clone(), shown);
        }
        self.alarm.clear();
        if let Some(wait) = looks_again {
            self.alarm.set(told.now + wait, wait, DisplayMessage::Changed, context);
        }
        Ok(())
    }
}

/// The displays' rooms with all that is in them, and their links.
fn subjects(source: &dyn Source, home: &Home) -> Result<BTreeSet<NodeId>, ReadError> {
    let mut found: BTreeSet<NodeId> = home.displays.values().map(|d| link_node(&d.link)).collect();
    for display in home.displays.values() {
        let room = NodeId::room(&display.room);
        found.insert(room);
        for inside in source.edges_to(room)?.into_iter().filter(|e| e.kind == EdgeKind::LocatedIn) {
            found.insert(inside.from);
            found.extend(source.edges_to(inside.from)?.iter().map(|part| part.from));
        }
    }
    Ok(found)
}

/// What can tell of water, smoke and the like, wherever it is.
fn alarming(all: &[DeviceView]) -> impl Iterator<Item = NodeId> {
    let alarms = |e: &&EntityView| e.device_class.as_deref().is_some_and(|class| ALARMS.contains(&class));
    let of = move |d: &DeviceView| {
        let node = |e: &EntityView| NodeId::entity(&format!("{}/{}", d.link, e.unique_id));
        d.entities.iter().filter(alarms).map(node).collect::<Vec<_>>()
    };
    all.iter().flat_map(of)
}

fn is_resident(person: &Person) -> bool {
    person.role < Role::Guest
}

fn link_node(key: &str) -> NodeId {
    NodeId::derive("link", key)
}

impl Behavior for Displays {
    type Message = DisplayMessage;

    async fn started(&mut self, context: &mut Context<DisplayMessage>) -> Result<(), Fault> {
        let links = (self.setup.home)().displays.values().map(|d| link_node(&d.link)).collect();
        self.listen(links, context);
        let (me, mut changes) = (context.me.clone(), self.setup.boards.changes());
        self.boards = Some(Task(tokio::spawn(async move {
            while !matches!(changes.recv().await, Err(RecvError::Closed)) {
                me.tell(DisplayMessage::Changed);
            }
        })));
        self.soon(context);
        context.after(LOOK_EVERY, DisplayMessage::Look);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: DisplayMessage,
        context: &mut Context<DisplayMessage>,
    ) -> Result<(), Fault> {
        match message {
            DisplayMessage::Changed => self.soon(context),
            DisplayMessage::Anew => {
                self.shown.clear();
                self.plates.forget();
                self.soon(context);
            }
            DisplayMessage::Look => {
                self.soon(context);
                context.after(LOOK_EVERY, DisplayMessage::Look);
            }
            DisplayMessage::Plate { key, said } => {
                if self.plates.hear(&key, &said, &self.setup, &context.world) {
                    self.soon(context);
                }
                // What was touched and did not come about springs back.
                if let Said::Touched { .. } = said {
                    context.after(SPRINGS_BACK, DisplayMessage::Changed);
                }
            }
            DisplayMessage::Show => {
                self.waiting = false;
                if let Err(why) = self.show(context).await {
                    tracing::warn!(why, "displays could not be shown");
                }
            }
        }
        Ok(())
    }
}
