//! A small household, filled by hand as the household's actors fill it.
#![allow(dead_code, reason = "each test target uses its part")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::{Clock, Journal};
use lares_model::*;
use lares_surfaces::auth::Access;
use lares_surfaces::files::{Folder, HomeFiles};
use lares_surfaces::views::Telling;

/// 2026-11-22, 18:00 in Berlin.
pub const START: Timestamp = Timestamp(1_795_366_800_000_000);

/// A home folder that nobody looks into.
pub fn files() -> Arc<HomeFiles> {
    let folder = Folder { root: "/home".into(), overrides: vec![] };
    Arc::new(HomeFiles::open(folder, "/nowhere".as_ref()))
}

/// A clock that is moved by hand.
pub struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        self.now().since(START)
    }
}

pub struct Home {
    pub graph: Graph,
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<HandClock>,
    pub dir: tempfile::TempDir,
    pub motion: NodeId,
    pub lux: NodeId,
    pub lamp: NodeId,
}

pub const RULES: &str = "\
# the hall
[rule.hall-light]
when = [{ entity = \"hall-motion.occupancy\", to = true }]
if   = [{ entity = \"hall-motion.illuminance\", below = 50 }]
then = [{ set = \"hall-lamp\", on = true }]

[rule.other]
then = [{ set = \"porch-lamp\", on = true }]
";

pub const PEOPLE: &str = "\
[household]
time_zone = \"Europe/Berlin\"
[room.hall]
name = \"Hall\"
[room.bath]
name = \"Bath\"
[person.anna]
role = \"owner\"
[person.ben]
role = \"adult\"
[person.clara]
role = \"child\"
[person.gus]
role = \"guest\"
rooms = [\"hall\"]
until = \"2026-11-24\"
";

pub fn hash(text: &str) -> [u8; 32] {
    // Any 32 bytes that differ for different texts will do here.
    let mut hash = [0; 32];
    for (n, id) in [NodeId::derive("a", text), NodeId::derive("b", text)].into_iter().enumerate() {
        hash[n * 8..n * 8 + 8].copy_from_slice(&id.0.to_be_bytes());
    }
    hash
}

impl Home {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(START.0)));
        let mut options = GraphOptions::new(dir.path(), clock.clone());
        options.map_size = 1 << 24;
        let (graph, _) = Graph::open(options).unwrap();
        let journal = graph.journal();
        let mut home = Self {
            graph,
            journal,
            clock,
            dir,
            motion: NodeId::default(),
            lux: NodeId::default(),
            lamp: NodeId::default(),
        };
        home.furnish();
        home
    }

    fn furnish(&mut self) {
        let body = Body::Boot { version: "0.1.0".into(), epoch: 1, after_crash: false };
        self.say(NodeId::household(), Origin::System, body, &[]);
        let text = |t: &str| Value::text(t);
        self.write(vec![
            node(
                NodeKind::Household,
                NodeId::household(),
                "",
                "Home",
                &[("time_zone", text("Europe/Berlin"))],
            ),
            node(NodeKind::Room, NodeId::room("hall"), "hall", "Hall", &[]),
            node(NodeKind::Person, NodeId::person("anna"), "anna", "Anna", &[]),
            node(NodeKind::Rule, NodeId::rule("hall-light"), "hall-light", "Hall light", &[]),
            node(NodeKind::Rule, NodeId::rule("other"), "other", "Other", &[]),
            node(NodeKind::Link, NodeId::derive("link", "mqtt"), "mqtt", "mqtt", &[]),
        ]);
        self.motion = self.device("hall-motion", "occupancy", Component::BinarySensor, None, Some("hall"));
        self.lux = self.entity("hall-motion", "illuminance", Component::Sensor, Some("lx"));
        self.lamp = self.device("hall-lamp", "light", Component::Light, None, Some("hall"));
        self.status(NodeId::device("mqtt/hall-motion-id"), &Status::Online);
        self.status(NodeId::device("mqtt/hall-lamp-id"), &Status::Online);
        self.load(RULES);
    }

    /// A configuration with a person of each role.
    pub fn in_force(&self) -> Arc<dyn Fn() -> Arc<lares_config::Home> + Send + Sync> {
        let file = ("home.toml".to_owned(), PEOPLE.to_owned());
        let loaded = lares_config::load_from(self.dir.path(), vec![file], &[], std::iter::empty());
        let home = loaded.unwrap_or_else(|problems| panic!("{problems:?}")).home;
        Arc::new(move || home.clone())
    }

    pub fn access(&self) -> Arc<Access> {
        let blocking = Arc::new(lares_kernel::ThreadBlocking);
        Arc::new(Access::open(self.graph.map("web"), self.clock.clone(), blocking).unwrap())
    }

    pub fn wait(&self, d: Duration) {
        self.clock.0.fetch_add(i64::try_from(d.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub fn said(&self, draft: Draft, writes: Vec<Write>) -> EventId {
        let id = self.journal.append(draft, writes).id;
        self.graph.sync_blocking().unwrap();
        id
    }

    pub fn say(&self, subject: NodeId, origin: Origin, body: Body, causes: &[EventId]) -> EventId {
        self.said(Draft::new(subject, origin, body).caused_by(causes.iter().copied()), vec![])
    }

    pub fn write(&self, writes: Vec<Write>) {
        let notice = Body::Notice { text: "furnished".into() };
        self.said(Draft::new(NodeId::derive("test", ""), Origin::System, notice), writes);
    }

    pub fn status(&self, id: NodeId, status: &Status) {
        let value = serde_json::to_vec(status).unwrap();
        self.write(vec![Write::PutState {
            owner: "status".into(),
            key: id.to_string().into(),
            value: Some(value),
        }]);
    }

    pub fn load(&self, rules: &str) -> [u8; 32] {
        let (snapshot, file) = (hash(&format!("snapshot {rules}")), hash(rules));
        let body = Body::HomeLoaded {
            snapshot,
            files: vec![("rules.toml".into(), file)],
            changed: vec!["rule.hall-light".into()],
            partly: vec![],
        };
        let blob = Write::PutBlob { hash: file, bytes: rules.as_bytes().to_vec() };
        self.said(Draft::new(NodeId::household(), Origin::System, body), vec![blob]);
        snapshot
    }

    fn device(&self, key: &str, slug: &str, c: Component, unit: Option<&str>, room: Option<&str>) -> NodeId {
        let full = format!("mqtt/{key}-id");
        let info = DeviceInfo {
            key: full.clone(),
            link: "mqtt".into(),
            identifiers: vec![format!("{key}-id")],
            name: key.to_uppercase(),
            ..DeviceInfo::default()
        };
        let mut props = vec![("ref", Value::text(key)), ("link", Value::text("mqtt"))];
        props.extend(room.map(|r| ("room", Value::text(r))));
        let id = NodeId::device(&full);
        let mut write = node(NodeKind::Device, id, &full, &info.name, &props);
        if let Write::PutNode(node) = &mut write {
            node.detail = serde_json::to_vec(&serde_json::json!({ "info": info })).unwrap();
        }
        let to = NodeId::room("hall");
        self.write(vec![write, Write::PutEdge(Edge { from: id, kind: EdgeKind::LocatedIn, to })]);
        self.entity(key, slug, c, unit)
    }

    fn entity(&self, device: &str, slug: &str, component: Component, unit: Option<&str>) -> NodeId {
        let key = format!("mqtt/{device}-{slug}");
        let main = component.main_property();
        let writable = component == Component::Light;
        let property = |property| PropertyInfo {
            property,
            kind: if unit.is_some() { ValueKind::Text } else { ValueKind::Bool },
            unit: unit.map(Into::into),
            readable: true,
            writable,
        };
        let info = EntityInfo {
            key: key.clone(),
            unique_id: format!("{device}-{slug}"),
            component,
            name: None,
            slug: slug.into(),
            device_class: None,
            state_class: None,
            unit: unit.map(Into::into),
            category: None,
            enabled_by_default: true,
            expire_after: unit.map(|_| Duration::from_secs(600)),
            assumed: false,
            properties: vec![property(main)],
        };
        let id = info.id();
        let props = [("ref", Value::text(format!("{device}.{slug}")))];
        let mut write = node(NodeKind::Entity, id, &key, slug, &props);
        if let Write::PutNode(node) = &mut write {
            node.detail = serde_json::to_vec(&info).unwrap();
        }
        let to = NodeId::device(&format!("mqtt/{device}-id"));
        self.write(vec![write, Write::PutEdge(Edge { from: id, kind: EdgeKind::PartOf, to })]);
        id
    }

    pub fn reading(&self, entity: NodeId, property: Property, value: Value, causes: &[EventId]) -> EventId {
        self.say(entity, Origin::Link("mqtt".into()), Body::Reading { property, value: Some(value) }, causes)
    }

    pub fn basis(&self, snapshot: [u8; 32], lux: f64) -> Basis {
        Basis {
            rule: RuleRef { key: "hall-light".into(), snapshot, file: "rules.toml".into(), line: 2 },
            trigger: "hall-motion.occupancy became on".into(),
            conditions: vec![Fact {
                text: "hall-motion.illuminance below 50".into(),
                found: format!("{lux} lx, 4 s ago"),
                met: lux < 50.0,
            }],
        }
    }

    /// Motion, the rule's decision, the lamp's report and the receipt.
    pub fn lamp_goes_on(&self, snapshot: [u8; 32]) -> (EventId, EventId) {
        self.reading(self.lux, Property::State, Value::Number(31.0), &[]);
        self.wait(Duration::from_secs(4));
        let moved = self.reading(self.motion, Property::State, true.into(), &[]);
        let verdict = Verdict {
            property: Property::On,
            claim: Claim {
                source: "rule:hall-light".into(),
                level: Level::Rule,
                value: true.into(),
                until: Until::Momentary,
                reason: "".into(),
            },
            basis: Some(Arc::new(self.basis(snapshot, 31.0))),
            rivals: vec![Rival { source: "default:lamp".into(), level: Level::Default, value: false.into() }],
            outcome: Outcome::Commanded { value: true.into() },
        };
        let decided = self.say(
            self.lamp,
            Origin::Rule("hall-light".into()),
            Body::Decision(Box::new(verdict)),
            &[moved],
        );
        self.wait(Duration::from_millis(60));
        let report = self.reading(self.lamp, Property::On, true.into(), &[]);
        let receipt = Body::Receipt { command: decided, property: Property::On, receipt: Receipt::Confirmed };
        self.say(self.lamp, Origin::Link("mqtt".into()), receipt, &[decided, report]);
        (moved, decided)
    }

    pub fn told(&self) -> Telling {
        Telling::of(&self.graph.reader(), self.clock.now(), true).unwrap()
    }
}

fn node(kind: NodeKind, id: NodeId, key: &str, name: &str, props: &[(&str, Value)]) -> Write {
    let props: BTreeMap<_, _> = props.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    Write::PutNode(Node { id, kind, key: key.into(), name: name.into(), props, detail: vec![] })
}
