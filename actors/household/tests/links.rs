//! A link with a wire that takes notes, in virtual time: discovery, removal, restart, declared devices, wire down.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use lares_config::Home;
use lares_graph::{Graph, GraphOptions};
use lares_household::House;
use lares_household::links::{LinkActor, LinkMessage};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, WireState};
use lares_kernel::*;
use lares_model::*;

#[derive(Default)]
struct Wire {
    sent: Mutex<Vec<Outbound>>,
    filters: Mutex<Vec<String>>,
}

impl Gateway for Wire {
    fn send(&self, message: Outbound) {
        self.sent.lock().unwrap().push(message);
    }

    fn subscribe(&self, filters: Vec<(String, Qos)>) {
        self.filters.lock().unwrap().extend(filters.into_iter().map(|(f, _)| f));
    }
}

const HOME: &str = "[household]\ntime_zone = \"UTC\"\n[mqtt.main]\nhost = \"localhost\"\n[room.hall]\n";
const LAMP: &str = r#"{ "name": "light", "unique_id": "l1", "schema": "json", "state_topic": "lamp",
    "command_topic": "lamp/set", "device": { "identifiers": ["lamp"], "name": "Lamp" } }"#;
const CONFIG: &str = "homeassistant/light/l1/config";

fn home(text: &str) -> Arc<Home> {
    let files = vec![("home.toml".to_owned(), format!("{HOME}{text}"))];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

struct Running {
    house: House,
    wire: Arc<Wire>,
    graph: Graph,
    supervisors: Vec<Supervisor>,
}

impl Running {
    async fn start(folder: &PathBuf, home: Arc<Home>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(1_795_366_800_000_000)));
        let mut options = GraphOptions::inline(folder, clock.clone());
        options.map_size = 1 << 24;
        let (graph, _) = Graph::open(options).unwrap();
        let ports = Ports {
            clock,
            chance: Arc::new(SeededChance::new(1)),
            blocking: Arc::new(InlineBlocking),
            journal: graph.journal(),
        };
        let house = House::new(World::new(ports).0, graph.clone(), home);
        let wire = Arc::new(Wire::default());
        house.set_gateway("main", wire.clone());
        let mut supervisors = Vec::new();
        for path in ["devices", "links"] {
            let spec = SupervisorSpec { path: path.into(), strategy: Strategy::OneForOne };
            let supervisor = Supervisor::start(house.world().clone(), spec).await.unwrap();
            house.set_supervisor(path, supervisor.clone());
            supervisors.push(supervisor);
        }
        let actor = house.clone();
        let link = child("main", Limits::LEAF, house.link("main"), move || {
            LinkActor::new(actor.clone(), "main".into())
        });
        supervisors[1].add(link).await.unwrap();
        settle().await;
        Self { house, wire, graph, supervisors }
    }

    async fn hears(&self, topic: &str, payload: &str) {
        self.house.link("main").tell(LinkMessage::Inbound(Inbound {
            address: topic.into(),
            bytes: Bytes::from(payload.to_owned()),
            at: self.house.world().clock().now(),
            retained: false,
            ack: None,
        }));
        settle().await;
    }

    fn devices(&self) -> Vec<String> {
        self.house.directory().devices().map(|d| d.reference.to_string()).collect()
    }

    fn running(&self) -> Vec<String> {
        let all = self.house.world().registry().report();
        let devices = all.iter().filter(|c| c.path.starts_with("devices/"));
        devices.map(|c| c.path["devices/".len()..].to_owned()).collect()
    }

    async fn journal(&self) -> Vec<Event> {
        self.graph.sync().await.unwrap();
        let stored = self.graph.reader().journal(Bound::Unbounded, Bound::Unbounded, false, 10_000).unwrap();
        stored.into_iter().map(|s| s.event).collect()
    }

    async fn stop(self) {
        for supervisor in self.supervisors.iter().rev() {
            supervisor.stop().await.unwrap();
        }
        self.graph.close().unwrap();
    }
}

async fn settle() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

#[tokio::test(start_paused = true)]
async fn an_announced_device_lives_over_a_restart_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    let first = Running::start(&path, home("")).await;
    assert!(first.wire.filters.lock().unwrap().iter().any(|f| f == "homeassistant/+/+/config"));
    first.hears(CONFIG, LAMP).await;
    assert_eq!((first.devices(), first.running()), (vec!["lamp".into()], vec!["lamp".to_owned()]));
    assert!(first.wire.filters.lock().unwrap().contains(&"lamp".to_owned()));
    first.hears("lamp", r#"{"state":"ON"}"#).await;
    let journal = first.journal().await;
    let said = |k: BodyKind| journal.iter().filter(|e| e.body.kind() == k).count();
    assert_eq!((said(BodyKind::DeviceAnnounced), said(BodyKind::Reading)), (1, 1));
    first.hears(CONFIG, LAMP).await;
    assert_eq!(first.journal().await.len(), journal.len(), "the same announcement again is no news");
    first.stop().await;

    let second = Running::start(&path, home("")).await;
    assert_eq!(second.running(), ["lamp"], "it came back from the graph");
    assert!(second.wire.filters.lock().unwrap().contains(&"lamp".to_owned()));
    second.hears(CONFIG, "").await;
    assert!(second.devices().is_empty() && second.running().is_empty());
    assert_eq!(second.journal().await.last().unwrap().body.kind(), BodyKind::DeviceRemoved);
    second.stop().await;

    let third = Running::start(&path, home("")).await;
    assert!(third.devices().is_empty(), "what was removed stays away");
    third.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_renamed_device_still_hears() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().to_path_buf(), home("")).await;
    running.hears(CONFIG, LAMP).await;
    running
        .house
        .set_home(home("[device.ceiling]\nlink = \"main\"\nidentifiers = [\"lamp\"]\nroom = \"hall\"\n"));
    running.house.link("main").tell(LinkMessage::Configured);
    settle().await;
    assert_eq!((running.devices(), running.running()), (vec!["ceiling".into()], vec!["ceiling".to_owned()]));
    running.hears("lamp", r#"{"state":"ON"}"#).await;
    assert!(running.journal().await.iter().any(|e| e.body.kind() == BodyKind::Reading));
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_declared_device_comes_and_goes_with_the_configuration() {
    let declared =
        "[device.pump]\n[device.pump.mqtt.cmps.power]\nplatform = \"sensor\"\nstate_topic = \"pump/power\"\n";
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().to_path_buf(), home(declared)).await;
    assert_eq!(running.running(), ["pump"]);
    running.house.set_home(home(""));
    running.house.link("main").tell(LinkMessage::Configured);
    settle().await;
    assert!(running.running().is_empty());
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_wire_is_shown_and_nonsense_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().to_path_buf(), home("")).await;
    for state in [WireState::Up, WireState::Up, WireState::Down("connection refused".into())] {
        running.house.link("main").tell(LinkMessage::Wire(state));
    }
    for _ in 0..100 {
        running.hears(CONFIG, "{ nonsense").await;
    }
    running.hears(CONFIG, LAMP).await;
    let journal = running.journal().await;
    let statuses: Vec<String> = journal
        .iter()
        .filter(|e| e.subject == NodeId::derive("link", "main"))
        .filter_map(|e| {
            if let Body::StatusChanged { status } = &e.body { Some(status.to_string()) } else { None }
        })
        .collect();
    assert_eq!(statuses, ["online", "offline (connection refused)"]);
    assert_eq!(journal.iter().filter(|e| e.body.kind() == BodyKind::Problem).count(), 1);
    let node = NodeId::derive("link", "main").to_string();
    let kept = running.graph.reader().state("problems", &node).unwrap().unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!((&kept["place"], &kept["count"]), (&CONFIG.into(), &1.into()));
    assert_eq!(running.running(), ["lamp"], "the next announcement is heard");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_delivery_comes_back_to_its_device() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().to_path_buf(), home("")).await;
    running.hears(CONFIG, LAMP).await;
    let address = running.house.directory().device("lamp").unwrap().address.clone();
    let light = running.house.directory().device("lamp").unwrap().info.entities[0].id();
    address.tell(lares_household::devices::DeviceMessage::Demand(lares_household::devices::Demand {
        entity: light,
        values: vec![(Property::On, true.into())],
        source: "console".into(),
        origin: Origin::Console,
        level: Level::Person,
        until: Until::Momentary,
        reason: "test".into(),
        causes: Causes::new(),
        basis: None,
        code: None,
        answers: None,
        token: None,
    }));
    settle().await;
    let key = running.wire.sent.lock().unwrap()[0].key.unwrap();
    running.house.link("main").tell(LinkMessage::Delivered(Delivery::Failed(key, "the wire broke".into())));
    settle().await;
    let journal = running.journal().await;
    let Body::Receipt { command, receipt, .. } = &journal.last().unwrap().body else { panic!("no receipt") };
    assert_eq!((*command, receipt.to_string().as_str()), (key, "failed: the wire broke"));
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn devices_of_a_wire_that_stays_away_are_offline_and_come_back_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().to_path_buf(), home("")).await;
    running.hears(CONFIG, LAMP).await;
    running.hears("lamp", "{\"state\": \"ON\"}").await;
    let link = running.house.link("main");
    let wire = async |state: WireState, seconds: u64| {
        link.tell(LinkMessage::Wire(state));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    };
    let down = || WireState::Down("connection refused".into());
    wire(WireState::Up, 1).await;
    // A broker that restarts: its devices are not told, also when a second outage follows at once.
    wire(down(), 10).await;
    wire(WireState::Up, 1).await;
    wire(down(), 10).await;
    let lamp = running.house.directory().device("lamp").unwrap().id;
    let statuses = async || {
        let of_lamp = |e: &Event| match &e.body {
            Body::StatusChanged { status } if e.subject == lamp => Some(status.to_string()),
            _ => None,
        };
        running.journal().await.iter().filter_map(of_lamp).collect::<Vec<_>>()
    };
    assert_eq!(statuses().await, ["online"]);
    wire(WireState::Connecting, 10).await;
    let away = "offline (link main: connection refused)";
    assert_eq!(statuses().await, ["online", away]);
    wire(WireState::Up, 1).await;
    assert_eq!(statuses().await, ["online", away, "online"]);
    running.stop().await;
}
