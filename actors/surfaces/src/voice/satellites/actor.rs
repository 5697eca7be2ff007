//! One satellite's actor: keeps the connection, and whether it is muted.

use std::sync::Arc;
use std::time::Duration;

use lares_config::{SatelliteConfig, Secret};
use lares_kernel::wire::DurableMap;
use lares_kernel::{Behavior, Context, CountdownId, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Detail, Event, NodeId, Status, Timestamp};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::calls::{Call, Calls};
use super::connection::{Line, keep};
use super::wire::SatelliteWire;
use crate::control::{Asked, ControlSetup};
use crate::told::Told;

/// What may wait to be told: a satellite that is away is told the rest nowhere.
const WAITING: usize = 16;
/// So long after the start it is looked at what was told before satellites listened.
const JUST_STARTED: Duration = Duration::from_secs(60);
/// Entries about one room that are looked through for it.
const CATCH_UP: usize = 32;

/// The vocabulary of a satellite. All of it may come twice.
#[derive(Debug)]
pub enum SatelliteMessage {
    /// From its device: nothing more is heard, or something is again.
    Mute(bool),
    /// From its connection.
    Connected,
    /// From its connection: why.
    Lost(String),
    /// From the bus: a timer, or words for the household.
    Heard(Arc<Event>),
    /// The task that keeps the connection ended, which it never should.
    Ended,
}

impl Message for SatelliteMessage {}

/// What a satellite needs.
#[derive(Clone)]
pub struct SatelliteSetup {
    pub key: String,
    pub config: SatelliteConfig,
    pub control: Arc<ControlSetup>,
    pub wire: Arc<SatelliteWire>,
    /// Reads a secret that the configuration names; blocking.
    pub secret: fn(&Secret) -> Result<String, String>,
    /// Where it is kept whether it is muted.
    pub kept: Arc<dyn DurableMap>,
}

/// A satellite.
pub struct Satellite {
    setup: SatelliteSetup,
    muted: watch::Sender<bool>,
    calls: Calls,
    /// To its connection.
    line: Option<mpsc::Sender<Call>>,
    task: Option<Task>,
    told: Told,
}

/// Ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Satellite {
    pub fn new(setup: SatelliteSetup) -> Self {
        let told = Told::new(format!("surfaces/{}", SatelliteConfig::device(&setup.key)));
        let (muted, calls) = (watch::Sender::new(true), Calls::default());
        Self { setup, muted, calls, line: None, task: None, told }
    }

    /// What concerns it is told; what it cannot take while it is away is told on the surfaces that are there.
    fn heard(&mut self, event: &Event) {
        let home = (self.setup.control.in_force)();
        let call = self.calls.of(event, &home, &self.setup.config.room);
        if let (Some(call), Some(line)) = (call, &self.line)
            && let Err(why) = line.try_send(call)
        {
            tracing::warn!(satellite = self.setup.key, %why, "a satellite was not told");
        }
    }

    /// What was told while the household started and nobody listened yet: a timer that had ended rings before satellites are up, and what
    /// was to be said then is said. `until`: from then on it hears by itself.
    async fn catch_up(&mut self, until: Timestamp, context: &Context<SatelliteMessage>) -> Result<(), Fault> {
        let elapsed = context.world.clock().elapsed();
        if elapsed > JUST_STARTED {
            return Ok(());
        }
        let graph = &self.setup.control.graph;
        graph.sync().await.map_err(Fault::new)?;
        // What was told before a kill was told then.
        let (reader, since) = (graph.reader(), context.world.clock().now() - elapsed);
        // A timer rings here also when it is of no room, or of one that nobody would hear it in.
        let home = (self.setup.control.in_force)();
        let mut about: Vec<NodeId> = home.rooms.keys().map(|key| NodeId::room(key)).collect();
        about.push(NodeId::household());
        for subject in about {
            let past = reader.history(subject, None, CATCH_UP).map_err(|e| Fault::new(e.to_string()))?;
            for stored in past.into_iter().rev().filter(|stored| (since..until).contains(&stored.event.at)) {
                if let Body::Notice { .. } = &stored.event.body {
                    self.heard(&stored.event);
                }
            }
        }
        Ok(())
    }

    /// First nothing more is heard, then it is kept, then it is said that it is so.
    fn mute(&mut self, muted: bool) {
        let SatelliteSetup { key, wire, kept, .. } = &self.setup;
        let was = *self.muted.borrow();
        if muted {
            self.muted.send_replace(true);
        }
        let muted = wire.mutes.set(&**kept, key, muted, was);
        self.muted.send_replace(muted);
        wire.report(key, "muted", muted);
    }

    fn connected(&mut self, why_not: Option<String>, context: &Context<SatelliteMessage>) {
        self.setup.wire.report(&self.setup.key, "connected", why_not.is_none());
        let status = match why_not {
            None => Status::Online,
            Some(why) => Status::Offline(Detail::Communication(why)),
        };
        self.told.status(&context.world, status);
    }
}

impl Behavior for Satellite {
    type Message = SatelliteMessage;

    async fn started(&mut self, context: &mut Context<SatelliteMessage>) -> Result<(), Fault> {
        let SatelliteSetup { key, config, control, wire, secret, kept } = &self.setup;
        let muted = wire.mutes.restored(&**kept, key);
        self.muted.send_replace(muted);
        let is_new = wire.join(key, context.me.clone());
        wire.report(key, "muted", muted);
        wire.report(key, "connected", false);
        let me = context.me.clone();
        let kinds = [
            BodyKind::Notice,
            BodyKind::Asked,
            BodyKind::Replied,
            BodyKind::TimerSet,
            BodyKind::TimerFired,
            BodyKind::TimerCancelled,
        ];
        let interests = kinds.map(Interest::Kind).to_vec();
        let listens = context.world.clock().now();
        context.world.bus().subscribe(context.key(), interests, move |event| {
            let owner = match &event.body {
                Body::TimerSet { timer } => &timer.owner,
                Body::TimerFired { owner, .. } | Body::TimerCancelled { owner, .. } => owner,
                _ => return me.tell(SatelliteMessage::Heard(event.clone())),
            };
            // Rules have many timers of their own.
            if CountdownId::of(owner, "").is_some() {
                me.tell(SatelliteMessage::Heard(event.clone()));
            }
        });
        let (to_line, calls) = mpsc::channel(WAITING);
        self.line = Some(to_line);
        let (to_talk, talks) = mpsc::channel(1);
        if config.talks() {
            wire.rooms.join(key, &config.room, to_talk);
        }
        let asked = Asked {
            setup: control.clone(),
            world: context.world.clone(),
            surface: "by voice".into(),
            tongue: None,
        };
        let line = Line {
            key: key.clone(),
            config: config.clone(),
            secret: *secret,
            asked,
            muted: self.muted.subscribe(),
            calls,
            talks,
            stopped: wire.stopped.clone(),
            ducks: wire.ducks.clone(),
            satellite: context.me.clone(),
        };
        let me = context.me.clone();
        self.task = Some(Task(tokio::spawn(async move {
            keep(line).await;
            me.tell(SatelliteMessage::Ended);
        })));
        // One that begins anew, or that the files changed, was there when it was told.
        if is_new { self.catch_up(listens, context).await } else { Ok(()) }
    }

    async fn handle(
        &mut self,
        message: SatelliteMessage,
        context: &mut Context<SatelliteMessage>,
    ) -> Result<(), Fault> {
        match message {
            SatelliteMessage::Mute(muted) => self.mute(muted),
            SatelliteMessage::Connected => self.connected(None, context),
            SatelliteMessage::Lost(why) => self.connected(Some(why), context),
            SatelliteMessage::Heard(event) => self.heard(&event),
            SatelliteMessage::Ended => return Err(Fault::new("its connection is kept no more")),
        }
        Ok(())
    }

    async fn stopping(&mut self, context: &mut Context<SatelliteMessage>) {
        context.world.bus().unsubscribe(context.key());
        (self.task, self.line) = (None, None);
    }
}
