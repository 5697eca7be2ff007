//! What every actor of one household is given: its world, its graph, its configuration and its directory.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use lares_config::Home;
use lares_graph::Graph;
use lares_graph::ask::{Filter, Hit, Picture, agenda, find};
use lares_kernel::wire::Gateway;
use lares_kernel::{Address, Door, Supervisor, World};
use lares_model::{NodeId, Timestamp};

use crate::Directory;
use crate::controls::Named;
use crate::domains::briefing::Teller;
use crate::domains::countdowns::CountdownMessage;
use crate::domains::media::Consent;
use crate::links::{LinkMessage, Tap, matches};
use crate::rooms::RoomMessage;
use crate::rules::RuleMessage;
use crate::safety::Board;

/// How far ahead is looked for what is due.
const A_YEAR: std::time::Duration = std::time::Duration::from_secs(366 * 86_400);

/// One household. Cheap to clone; nothing in it is global.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    world: World,
    graph: Graph,
    door: Door,
    home: RwLock<Arc<Home>>,
    /// Of the configuration beside it.
    named: RwLock<Option<(Arc<Home>, Arc<Named>)>>,
    directory: RwLock<Directory>,
    supervisors: RwLock<BTreeMap<String, Supervisor>>,
    gateways: RwLock<BTreeMap<String, Arc<dyn Gateway>>>,
    rooms: RwLock<BTreeMap<String, Address<RoomMessage>>>,
    links: RwLock<BTreeMap<String, Address<LinkMessage>>>,
    tap: RwLock<Option<Arc<dyn Tap>>>,
    teller: RwLock<Option<Teller>>,
    ears: RwLock<BTreeMap<(String, String), Listening>>,
    kept: RwLock<BTreeMap<String, Kept>>,
    left_out: RwLock<BTreeMap<String, Vec<(String, usize)>>>,
    safety: Board,
    rules: Address<RuleMessage>,
    countdowns: Address<CountdownMessage>,
    consent: Consent,
}

/// Hears topic and bytes.
pub type Ear = Arc<dyn Fn(&str, &[u8]) + Send + Sync>;

/// Somebody beside the devices who hears what comes in on a link.
struct Listening {
    filters: Vec<String>,
    ear: Ear,
}

/// A section that could not be applied: what stands in its place, and why.
#[derive(Clone)]
struct Kept {
    home: Arc<Home>,
    reason: String,
}

impl House {
    pub fn new(world: World, graph: Graph, home: Arc<Home>) -> Self {
        let door = world.address("core/intake");
        let safety = Board::new(world.address("safety/interlocks"));
        let rules = world.address("rules/engine");
        let countdowns = world.address("domains/countdowns");
        let consent = Consent::new(world.address("domains/media"));
        Self(Arc::new(Inner {
            world,
            graph,
            door,
            home: RwLock::new(home),
            named: RwLock::default(),
            directory: RwLock::default(),
            supervisors: RwLock::default(),
            gateways: RwLock::default(),
            rooms: RwLock::default(),
            links: RwLock::default(),
            tap: RwLock::default(),
            teller: RwLock::default(),
            ears: RwLock::default(),
            kept: RwLock::default(),
            left_out: RwLock::default(),
            safety,
            rules,
            countdowns,
            consent,
        }))
    }

    pub fn world(&self) -> &World {
        &self.0.world
    }

    pub fn graph(&self) -> &Graph {
        &self.0.graph
    }

    /// Waits until a reader sees all that was published before. A full disk is told elsewhere, and no reason to know
    /// nothing: then it is what could be kept so far.
    pub async fn see_what_was_said(&self) {
        if let Err(why) = self.0.graph.sync().await {
            tracing::warn!(why, "what was said last could not be kept; going on by what was");
        }
    }

    pub fn door(&self) -> &Door {
        &self.0.door
    }

    /// The rules.
    pub fn rules(&self) -> &Address<RuleMessage> {
        &self.0.rules
    }

    /// The timers of the household's people.
    pub fn countdowns(&self) -> &Address<CountdownMessage> {
        &self.0.countdowns
    }

    /// Whom music waits for.
    pub fn consent(&self) -> &Consent {
        &self.0.consent
    }

    /// The interlocks.
    pub fn safety(&self) -> &Board {
        &self.0.safety
    }

    /// The configuration in force: one immutable snapshot.
    pub fn home(&self) -> Arc<Home> {
        self.0.home.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_home(&self, home: Arc<Home>) {
        *self.0.home.write().unwrap_or_else(PoisonError::into_inner) = home;
    }

    /// Which rules of a configuration name what; reckoned once for each.
    pub(crate) fn named(&self, home: &Arc<Home>) -> Arc<Named> {
        let kept = self.0.named.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, named)) = kept.filter(|(of, _)| Arc::ptr_eq(of, home)) {
            return named;
        }
        let named = Arc::new(Named::of(home));
        *self.0.named.write().unwrap_or_else(PoisonError::into_inner) = Some((home.clone(), named.clone()));
        named
    }

    /// The configuration that is in force for one section (`broker`, `mqtt.main`): an older one if what it says now could
    /// not be applied.
    pub fn home_for(&self, section: &str) -> Arc<Home> {
        let kept = self.0.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(section).map_or_else(|| self.home(), |k| k.home.clone())
    }

    /// A section goes on as it stands in `home`; `None`: as it stands now.
    pub fn keep_section(&self, section: &str, kept: Option<(Arc<Home>, String)>) {
        let mut all = self.0.kept.write().unwrap_or_else(PoisonError::into_inner);
        match kept {
            Some((home, reason)) => drop(all.insert(section.to_owned(), Kept { home, reason })),
            None => drop(all.remove(section)),
        }
    }

    /// Sections that could not be applied, with the reason.
    pub fn kept_sections(&self) -> Vec<(String, String)> {
        let kept = self.0.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|(section, kept)| (section.clone(), kept.reason.clone())).collect()
    }

    /// What a link left out of what its devices announced: name of the device, and how many of its entities.
    pub(crate) fn set_left_out(&self, link: &str, devices: Vec<(String, usize)>) {
        self.0.left_out.write().unwrap_or_else(PoisonError::into_inner).insert(link.to_owned(), devices);
    }

    /// Devices of which entities were left out, since there were too many.
    pub fn left_out(&self) -> Vec<(String, usize)> {
        let left_out = self.0.left_out.read().unwrap_or_else(PoisonError::into_inner);
        left_out.values().flatten().cloned().collect()
    }

    /// Who is called what. Held only for a look-up, never across a message.
    pub fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn change_directory<T>(&self, change: impl FnOnce(&mut Directory) -> T) -> T {
        change(&mut self.0.directory.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The nodes of the life graph that fit a filter, the best first: at most `limit` of them with their names, and how
    /// many there are. What was committed counts: what is said is, before its answer.
    pub fn find(&self, filter: &Filter, limit: usize) -> Result<(Vec<(NodeId, String)>, usize), String> {
        self.0.graph.settle()?;
        let reader = self.0.graph.reader();
        let picture = Picture::of(&reader, self.0.world.clock().now()).map_err(|e| e.to_string())?;
        let found = find(&picture, filter, limit).map_err(|e| e.to_string())?;
        let named = |hit: &Hit| picture.shape.node(hit.place).map(|n| (n.id, n.name.clone()));
        Ok((found.hits.iter().filter_map(named).collect(), found.total))
    }

    /// When the next of what fits a filter begins or is due, within a year after an instant.
    pub fn due(&self, filter: &Filter, after: Timestamp) -> Result<Option<Timestamp>, String> {
        self.0.graph.settle()?;
        let reader = self.0.graph.reader();
        let picture = Picture::of(&reader, self.0.world.clock().now()).map_err(|e| e.to_string())?;
        let (from, to) = (Timestamp(after.0.saturating_add(1)), after + A_YEAR);
        let due = agenda(&picture, filter, from, to).map_err(|e| e.to_string())?;
        Ok(due.first().map(|due| due.at))
    }

    /// The supervisor of a branch of the tree (`devices`).
    pub fn supervisor(&self, branch: &str) -> Option<Supervisor> {
        self.0.supervisors.read().unwrap_or_else(PoisonError::into_inner).get(branch).cloned()
    }

    pub fn set_supervisor(&self, branch: &str, supervisor: Supervisor) {
        self.0
            .supervisors
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(branch.to_owned(), supervisor);
    }

    /// The gateway that a link sends through; none until it was started.
    pub fn gateway(&self, link: &str) -> Option<Arc<dyn Gateway>> {
        self.0.gateways.read().unwrap_or_else(PoisonError::into_inner).get(link).cloned()
    }

    pub fn set_gateway(&self, link: &str, gateway: Arc<dyn Gateway>) {
        self.0.gateways.write().unwrap_or_else(PoisonError::into_inner).insert(link.to_owned(), gateway);
    }

    /// Who tells what is on today, if somebody knows the words.
    pub fn teller(&self) -> Option<Teller> {
        self.0.teller.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_teller(&self, teller: Teller) {
        *self.0.teller.write().unwrap_or_else(PoisonError::into_inner) = Some(teller);
    }

    /// Who listens in on all wires, if somebody does.
    pub fn tap(&self) -> Option<Arc<dyn Tap>> {
        self.0.tap.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets somebody listen in on all wires, in place of whoever did; `None` ends it. Links then ask their wires again
    /// for what these keep (retained messages), so that the listener hears what was announced before it came.
    pub fn set_tap(&self, tap: Option<Arc<dyn Tap>>) {
        let listens = tap.is_some();
        *self.0.tap.write().unwrap_or_else(PoisonError::into_inner) = tap;
        if listens {
            for link in self.0.links.read().unwrap_or_else(PoisonError::into_inner).values() {
                link.tell(LinkMessage::Renew);
            }
        }
    }

    /// Hears on a link what fits these filters, under a name: an older ear of that name hears nothing any more.
    pub fn listen(&self, link: &str, name: &str, filters: Vec<String>, ear: Ear) {
        let mut ears = self.0.ears.write().unwrap_or_else(PoisonError::into_inner);
        ears.retain(|(_, of), _| of != name);
        ears.insert((link.to_owned(), name.to_owned()), Listening { filters, ear });
        drop(ears);
        self.link(link).tell(LinkMessage::Renew);
    }

    /// Filters of all that listen on a link.
    pub(crate) fn listened(&self, link: &str) -> Vec<String> {
        let ears = self.0.ears.read().unwrap_or_else(PoisonError::into_inner);
        ears.iter().filter(|((of, _), _)| of == link).flat_map(|(_, l)| l.filters.clone()).collect()
    }

    /// Tells whoever listens on a link what came in.
    pub(crate) fn overhear(&self, link: &str, topic: &str, bytes: &[u8]) {
        let ears = self.0.ears.read().unwrap_or_else(PoisonError::into_inner);
        for ((_, _), listening) in ears.iter().filter(|((of, _), _)| of == link) {
            if listening.filters.iter().any(|filter| matches(filter, topic)) {
                (listening.ear)(topic, bytes);
            }
        }
    }

    /// The address of a room's actor; made when it is first asked for.
    pub fn room(&self, key: &str) -> Address<RoomMessage> {
        let mut rooms = self.0.rooms.write().unwrap_or_else(PoisonError::into_inner);
        rooms.entry(key.to_owned()).or_insert_with(|| self.0.world.address(format!("rooms/{key}"))).clone()
    }

    /// The address of a link's actor; made when it is first asked for.
    pub fn link(&self, key: &str) -> Address<LinkMessage> {
        let mut links = self.0.links.write().unwrap_or_else(PoisonError::into_inner);
        links.entry(key.to_owned()).or_insert_with(|| self.0.world.address(format!("links/{key}"))).clone()
    }
}
