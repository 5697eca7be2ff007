//! Wall displays over a small household, in virtual time, with a wire that takes notes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::wire::{Gateway, Outbound, Qos};
use lares_kernel::*;
use lares_model::*;
use lares_surfaces::displays::{Boards, DisplaySetup, Displays};
use serde_json::{Value as Json, json};

#[derive(Default)]
struct Wire(Mutex<Vec<Outbound>>);

impl Gateway for Wire {
    fn send(&self, message: Outbound) {
        self.0.lock().unwrap().push(message);
    }

    fn subscribe(&self, _: Vec<(String, Qos)>) {}
}

const HOME: &str = r#"
    [household]
    time_zone = "UTC"
    [mqtt.main]
    host = "localhost"
    [room.hall]
    name = "Hall"
    [room.bath]
    [display.hall]
    room = "hall"
    link = "main"
    topic = "lares/display/hall"
"#;

struct House {
    world: World,
    wire: Arc<Wire>,
    boards: Boards,
    supervisor: Supervisor,
    _folder: tempfile::TempDir,
}

fn device(key: &str, room: &str, class: Option<&str>) -> Vec<Write> {
    let text = |t: &str| Value::text(t);
    let (device, entity) = (NodeId::device(key), NodeId::entity(&format!("main/{key}")));
    let info = EntityInfo {
        key: key.into(),
        unique_id: key.into(),
        component: if class.is_some() { Component::BinarySensor } else { Component::Sensor },
        name: None,
        slug: "temperature".into(),
        device_class: class.map(Into::into),
        state_class: None,
        unit: Some("°C".into()),
        category: None,
        enabled_by_default: true,
        expire_after: None,
        assumed: false,
        properties: Vec::new(),
    };
    let node = |id, kind, reference: String, detail| {
        let props = [("ref", text(&reference)), ("room", text(room)), ("link", text("main"))];
        let props: BTreeMap<_, _> = props.map(|(key, value)| (key.to_owned(), value)).into();
        Write::PutNode(Node { id, kind, key: key.into(), name: key.into(), props, detail })
    };
    vec![
        node(device, NodeKind::Device, key.into(), Vec::new()),
        node(entity, NodeKind::Entity, format!("{key}.temperature"), serde_json::to_vec(&info).unwrap()),
        Write::PutEdge(Edge { from: device, kind: EdgeKind::LocatedIn, to: NodeId::room(room) }),
        Write::PutEdge(Edge { from: entity, kind: EdgeKind::PartOf, to: device }),
    ]
}

fn rooms() -> Vec<Write> {
    let room = |key: &str| {
        let (id, kind) = (NodeId::room(key), NodeKind::Room);
        Write::PutNode(Node {
            id,
            kind,
            key: key.into(),
            name: key.into(),
            props: BTreeMap::new(),
            detail: Vec::new(),
        })
    };
    vec![room("hall"), room("bath")]
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(1_795_366_800_000_000)));
        let mut options = GraphOptions::inline(folder.path(), clock.clone());
        options.map_size = 1 << 24;
        let (graph, _) = Graph::open(options).unwrap();
        let ports = Ports {
            clock,
            chance: Arc::new(SeededChance::new(1)),
            blocking: Arc::new(InlineBlocking),
            journal: graph.journal(),
        };
        let (world, _) = World::new(ports);
        let files = vec![("home.toml".to_owned(), HOME.to_owned())];
        let home = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty()).unwrap().home;
        let writes = [
            device("thermo", "hall", None),
            device("other", "bath", None),
            device("leak", "bath", Some("moisture")),
            rooms(),
        ]
        .concat();
        let notice = Body::Notice { text: "furnished".into() };
        world.publish_with(Draft::new(NodeId::household(), Origin::System, notice), writes);
        let (wire, boards) = (Arc::new(Wire::default()), Boards::default());
        let (gateway, home) = (wire.clone(), move || home.clone());
        let setup = DisplaySetup {
            graph,
            home: Arc::new(home),
            gateway: Arc::new(move |link| (link == "main").then(|| gateway.clone() as Arc<dyn Gateway>)),
            listen: Arc::new(|_, _, _, _| {}),
            door: world.address("core/intake"),
            boards: boards.clone(),
        };
        let spec = SupervisorSpec { path: "surfaces".into(), strategy: Strategy::OneForOne };
        let supervisor = Supervisor::start(world.clone(), spec).await.unwrap();
        let address = world.address("surfaces/displays");
        supervisor
            .add(child("displays", Limits::LEAF, address, move || Displays::new(setup.clone())))
            .await
            .unwrap();
        Self { world, wire, boards, supervisor, _folder: folder }
    }

    fn reads(&self, key: &str, value: impl Into<Value>) {
        let body = Body::Reading { property: Property::State, value: Some(value.into()) };
        self.world.publish(
            Draft::new(NodeId::entity(&format!("main/{key}")), Origin::Link("main".into()), body).to_series(),
        );
    }

    /// What was sent since it was last asked.
    async fn shown(&self, wait: Duration) -> Vec<Json> {
        tokio::time::sleep(wait).await;
        let sent = std::mem::take(&mut *self.wire.0.lock().unwrap());
        assert!(sent.iter().all(|m| m.retain && &*m.address == "lares/display/hall"));
        sent.iter().map(|m| serde_json::from_slice(&m.bytes).unwrap()).collect()
    }
}

const MOMENT: Duration = Duration::from_millis(250);

/// A board with nothing on it.
fn empty() -> Json {
    json!({ "alerts": [], "calls": [], "rings": [], "heard": null, "lists": [], "timers": [], "playing": [], "next": null, "making": [] })
}

#[tokio::test(start_paused = true)]
async fn what_was_heard_in_a_room_is_shown_there_for_a_while() {
    let house = House::new().await;
    house.shown(MOMENT).await;
    let now = house.world.clock().now();
    house.boards.heard("bath", Some("not here"), None, now);
    assert!(house.shown(MOMENT).await.is_empty(), "another room is none of its business");
    house.boards.heard("hall", Some("turn on the lamp"), None, now);
    house.boards.heard("hall", Some("turn on the lamp"), Some(("The lamp is on.", true)), now);
    let shown = house.shown(MOMENT).await;
    let heard = &shown.last().unwrap()["board"]["heard"];
    assert_eq!((&heard["words"], &heard["answer"]), (&json!("turn on the lamp"), &json!("The lamp is on.")));
    let after = house.shown(Duration::from_secs(30)).await;
    assert_eq!(after.last().unwrap()["board"], empty(), "and then no more");
    house.boards.heard("hall", None, Some(("Done.", true)), house.world.clock().now());
    let told = house.shown(MOMENT).await.pop().unwrap();
    assert_eq!(told["board"]["heard"]["words"], Json::Null, "words that are not kept are not shown");
    house.supervisor.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_rings_stands_on_a_display_until_somebody_stops_it() {
    let house = House::new().await;
    house.shown(MOMENT).await;
    let over = Body::Notice { text: "The eggs are done.".into() };
    let rang = house.world.publish(Draft::new(NodeId::room("hall"), Origin::Timer, over.clone())).id;
    house.world.publish(Draft::new(NodeId::room("bath"), Origin::Timer, over));
    let shown = house.shown(MOMENT).await;
    let rings = shown.last().unwrap()["board"]["rings"].as_array().unwrap();
    assert_eq!(rings.len(), 1, "{rings:?}");
    assert_eq!((&rings[0]["text"], &rings[0]["room"]), (&json!("The eggs are done."), &json!("hall")));
    // By a word, at a satellite.
    house.boards.stops().send(rang).unwrap();
    let after = house.shown(Duration::from_secs(2)).await;
    assert_eq!(after.last().unwrap()["board"], empty());
    house.supervisor.stop().await.unwrap();
}

/// Water is told at once in every room, and not when something else is.
#[tokio::test(start_paused = true)]
async fn what_is_wrong_in_another_room_is_told_at_once() {
    let house = House::new().await;
    house.shown(MOMENT).await;
    house.reads("other", 1.0);
    assert!(house.shown(MOMENT).await.is_empty(), "another room is none of its business");
    for (on, alerts) in [(true, 1), (false, 0)] {
        house.reads("leak", on);
        let shown = house.shown(MOMENT).await;
        assert_eq!(shown.last().unwrap()["board"]["alerts"].as_array().unwrap().len(), alerts, "{shown:?}");
    }
    house.supervisor.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_display_follows_its_room() {
    let house = House::new().await;
    let first = house.shown(MOMENT).await;
    let entity = |state: Json| {
        json!({ "id": "thermo.temperature", "name": "thermo", "component": "sensor", "state": state,
                "unit": "°C", "status": "unknown" })
    };
    assert_eq!(
        first,
        [json!({ "name": "Hall", "occupied": null, "entities": [entity(Json::Null)], "board": empty() })]
    );
    for n in 0..50 {
        house.reads("thermo", f64::from(n));
    }
    let shown = house.shown(MOMENT).await;
    assert_eq!(shown.len(), 1, "changes that come together are shown together");
    assert_eq!(shown[0]["entities"][0], entity(json!(49)));
    let body = Body::RoomOccupied { occupied: true };
    house.world.publish(Draft::new(NodeId::room("hall"), Origin::System, body));
    assert_eq!(house.shown(MOMENT).await[0]["occupied"], json!(true));
    house.reads("other", 3.0);
    house.reads("thermo", 49.0);
    assert!(house.shown(Duration::from_secs(120)).await.is_empty(), "nothing in the room changed");
    house.supervisor.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wire_that_comes_up_gets_it_again() {
    let house = House::new().await;
    let first = house.shown(MOMENT).await;
    let status = Body::StatusChanged { status: Status::Online };
    house.world.publish(Draft::new(NodeId::derive("link", "main"), Origin::System, status));
    assert_eq!(house.shown(MOMENT).await, first);
    let announced = device("lamp", "hall", None);
    let notice = Body::HomeLoaded { snapshot: [0; 32], files: vec![], changed: vec![], partly: vec![] };
    house.world.publish_with(Draft::new(NodeId::household(), Origin::System, notice), announced);
    assert_eq!(house.shown(MOMENT).await[0]["entities"].as_array().unwrap().len(), 2);
    house.reads("lamp", 1.0);
    assert_eq!(house.shown(MOMENT).await.len(), 1, "what came into the room is listened to");
    house.supervisor.stop().await.unwrap();
}
