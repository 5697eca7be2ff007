//! One of each thing that is stored.

use std::time::Duration;

use lares_model::*;

use crate::Sample;

fn rule() -> RuleRef {
    RuleRef { key: "hall-light".into(), snapshot: [7; 32], file: "rules.toml".into(), line: 12 }
}

fn basis() -> Basis {
    Basis {
        rule: rule(),
        trigger: "hall-motion.occupancy became on".to_owned(),
        conditions: vec![Fact { text: "below 50".to_owned(), found: "31 lx".to_owned(), met: true }],
    }
}

pub(super) fn timer() -> Timer {
    Timer {
        owner: "rule:hall".into(),
        name: "for".into(),
        due: Timestamp(1_700_000_000_000_000),
        length: Duration::from_secs(90),
        missed: Missed::RunIfWithin(Duration::from_millis(1500)),
        cause: EventId::new(1, 2),
    }
}

fn claim() -> Claim {
    Claim {
        source: "rule:hall-light".into(),
        level: Level::Rule,
        value: true.into(),
        until: Until::At(Timestamp(5)),
        reason: "motion".into(),
    }
}

fn device() -> DeviceInfo {
    DeviceInfo {
        key: "z2m/0x01".to_owned(),
        link: "z2m".to_owned(),
        identifiers: vec!["0x01".to_owned()],
        name: "Lamp".to_owned(),
        manufacturer: Some("Acme".to_owned()),
        model: None,
        sw_version: Some("1.2".to_owned()),
        via: Some("bridge".to_owned()),
        suggested_area: Some("Hall".to_owned()),
        entities: vec![EntityInfo {
            key: "z2m/0x01_light".to_owned(),
            unique_id: "0x01_light".to_owned(),
            component: Component::Light,
            name: None,
            slug: "light".to_owned(),
            device_class: None,
            state_class: None,
            unit: Some("lx".into()),
            category: None,
            enabled_by_default: true,
            expire_after: Some(Duration::from_secs(60)),
            assumed: false,
            properties: vec![PropertyInfo {
                property: Property::Brightness,
                kind: ValueKind::Number { min: Some(0.0), max: Some(100.0), step: None },
                unit: Some("%".into()),
                readable: true,
                writable: true,
            }],
        }],
    }
}

fn verdict(outcome: Outcome, until: Until) -> Body {
    Body::Decision(Box::new(Verdict {
        property: Property::On,
        claim: Claim { until, ..claim() },
        basis: Some(basis().into()),
        rivals: vec![Rival { source: "person:anna".into(), level: Level::Person, value: 21.5.into() }],
        outcome,
    }))
}

fn question() -> Question {
    Question {
        id: "0a1b2c".into(),
        text: "Close the shutters?".to_owned(),
        rule: "shutters".into(),
        to: vec!["anna".into()],
        kind: Asking::Offer(Autonomy::ActWithUndo),
        asked: Timestamp(7),
        until: Timestamp(8),
    }
}

fn receipt(receipt: Receipt) -> Body {
    Body::Receipt { command: EventId::new(1, 3), property: Property::On, receipt }
}

fn status(status: Status) -> Body {
    Body::StatusChanged { status }
}

fn read(value: impl Into<Option<Value>>) -> Body {
    Body::Reading { property: Property::State, value: value.into() }
}

#[rustfmt::skip]
pub(super) fn bodies() -> Vec<(&'static str, Body)> {
    let text = || "why".to_owned();
    vec![
        ("boot", Body::Boot { version: "0.1.0".to_owned(), epoch: 3, after_crash: true }),
        ("stop", Body::Stop { reason: text() }),
        ("home_loaded", Body::HomeLoaded { snapshot: [1; 32], files: vec![("home.toml".to_owned(), [2; 32])], changed: vec![text()], partly: vec![] }),
        ("home_refused", Body::HomeRefused { problems: vec![text()] }),
        ("reading_none", read(None)),
        ("reading_bool", read(Value::Bool(true))),
        ("reading_number", read(Value::Number(-21.25))),
        ("reading_text", read(Value::text("open"))),
        ("reading_rgb", read(Value::Rgb(1, 2, 255))),
        ("status_initializing", status(Status::Initializing)),
        ("status_unknown", status(Status::Unknown)),
        ("status_online", status(Status::Online)),
        ("status_offline_reported", status(Status::Offline(Detail::Reported))),
        ("status_offline_silent", status(Status::Offline(Detail::Silent))),
        ("status_offline_bridge", status(Status::Offline(Detail::Bridge))),
        ("status_offline_wire", status(Status::Offline(Detail::Communication(text())))),
        ("status_offline_config", status(Status::Offline(Detail::Configuration(text())))),
        ("status_quarantined", status(Status::Quarantined(Detail::Failed(text())))),
        ("status_removed", status(Status::Removed)),
        ("device_announced", Body::DeviceAnnounced { device: Box::new(device()) }),
        ("device_removed", Body::DeviceRemoved { reason: text() }),
        ("room_occupied", Body::RoomOccupied { occupied: true }),
        ("person_moved", Body::PersonMoved { presence: Presence::Away, room: Some("hall".into()) }),
        ("timer_set", Body::TimerSet { timer: timer() }),
        ("timer_fired", Body::TimerFired { owner: "o".into(), name: "n".into(), late_ms: 300 }),
        ("timer_cancelled", Body::TimerCancelled { owner: "o".into(), name: "n".into(), reason: text() }),
        ("decision_commanded", verdict(Outcome::Commanded { value: true.into() }, Until::Momentary)),
        ("decision_already", verdict(Outcome::AlreadySo { value: true.into() }, Until::At(Timestamp(-5)))),
        ("decision_not", verdict(Outcome::Not(Receipt::Overridden("person:anna".into())), Until::Released)),
        ("rule_skipped", Body::RuleSkipped { basis: Box::new(basis()) }),
        ("rule_failed", Body::RuleFailed { rule: rule(), reason: text() }),
        ("receipt_sent", receipt(Receipt::Sent)),
        ("receipt_confirmed", receipt(Receipt::Confirmed)),
        ("receipt_differs", receipt(Receipt::Differs(2.0.into()))),
        ("receipt_failed", receipt(Receipt::Failed("why".into()))),
        ("receipt_expired", receipt(Receipt::Expired)),
        ("receipt_refused", receipt(Receipt::Refused("why".into()))),
        ("receipt_unknown", receipt(Receipt::Unknown)),
        ("hold_ended", Body::HoldEnded { property: Property::On, source: "rule:x".into(), reason: "why".into() }),
        ("child", Body::Child { path: "links/z2m".to_owned(), change: ChildChange::Quarantined, reason: text() }),
        ("problem", Body::Problem { place: "z2m/x".to_owned(), reason: text() }),
        ("notice", Body::Notice { text: text() }),
        ("graph_changed", Body::GraphChanged(Box::new(said()))),
        ("samples_taken", Body::GraphChanged(Box::new(measured()))),
        ("interlock_tripped", Body::InterlockTripped { interlock: "pump".into(), reason: text(), latched: true }),
        ("interlock_cleared", Body::InterlockCleared { interlock: "pump".into(), reason: text() }),
        ("interlock_acknowledged", Body::InterlockAcknowledged { interlock: "pump".into(), reason: text() }),
        ("asked", Body::Asked(Box::new(question()))),
        ("replied_yes", Body::Replied { question: Box::new(question()), reply: Reply::Yes }),
        ("replied_silence", Body::Replied { question: Box::new(question()), reply: Reply::Silence }),
        ("autonomy_changed", Body::AutonomyChanged { from: Autonomy::Ask, to: Autonomy::ActWithUndo, reason: text() }),
        ("other", Body::Other { kind: 2001, version: 4, bytes: vec![1, 2, 3] }),
    ]
}

pub(super) fn origins() -> Vec<(&'static str, Origin)> {
    vec![
        ("system", Origin::System),
        ("link", Origin::Link("z2m".into())),
        ("rule", Origin::Rule("hall".into())),
        ("person", Origin::Person("anna".into())),
        ("console", Origin::Console),
        ("timer", Origin::Timer),
        ("interlock", Origin::Interlock("gas".into())),
        ("voice", Origin::Voice("kitchen".into())),
    ]
}

pub(super) fn event(origin: Origin, body: Body) -> Event {
    Event {
        id: EventId::new(3, 1042),
        at: Timestamp(1_700_000_000_000_000),
        seen: Timestamp(1_700_000_000_250_000),
        causes: [EventId::new(3, 1040), EventId::new(2, 7)].into_iter().collect(),
        origin,
        subject: NodeId::household(),
        body,
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let values = [Some(Value::Number(20.5)), None, Some(true.into())];
    let row = |(n, value)| Sample { id: EventId::new(3, n), at: Timestamp(1_000_000 - n as i64), value };
    (1..).zip(values).map(row).collect()
}

pub(super) fn writes() -> Vec<(&'static str, Write)> {
    let edge = Edge { from: NodeId(1), kind: EdgeKind::Via, to: NodeId(2) };
    vec![
        ("put_node", Write::PutNode(node())),
        ("remove_node", Write::RemoveNode(NodeId(9))),
        ("put_edge", Write::PutEdge(edge)),
        ("remove_edge", Write::RemoveEdge(edge)),
        ("set_timer", Write::SetTimer(timer())),
        ("clear_timer", Write::ClearTimer { owner: "o".into(), name: "n".into() }),
        ("put_blob", Write::PutBlob { hash: [3; 32], bytes: vec![1] }),
        ("describe", Write::Describe(node())),
        (
            "amend",
            Write::Amend {
                id: NodeId(7),
                kind: NodeKind::Decision,
                key: "k".into(),
                name: Some("K".to_owned()),
                set: [("at".to_owned(), Some("2026-05-03".into())), ("grounds".to_owned(), None)].into(),
            },
        ),
        ("put_fact", Write::PutFact { edge: Edge { kind: EdgeKind::ParentOf, ..edge }, info: info() }),
        (
            "put_samples",
            Write::PutSamples {
                entity: NodeId(8),
                property: Property::State,
                samples: vec![(Timestamp(6), Some(1.5.into())), (Timestamp(7), None)],
            },
        ),
        ("put_state", Write::PutState { owner: "o".into(), key: "k".into(), value: Some(vec![1]) }),
    ]
}

pub(super) fn info() -> EdgeInfo {
    EdgeInfo {
        valid: vec![Span { from: Some(Timestamp(5)), to: None }],
        props: [("since".to_owned(), Value::from("school"))].into(),
    }
}

pub(super) fn said() -> Said {
    let edge = Edge { from: NodeId(1), kind: EdgeKind::ResponsibleFor, to: NodeId(2) };
    let keys = || vec!["due".to_owned()];
    Said {
        changes: vec![
            Change::Made { node: NodeId(1), kind: NodeKind::Task, keys: keys() },
            Change::Put { node: NodeId(1), keys: keys() },
            Change::Removed { node: NodeId(3), name: "old".to_owned() },
            Change::Linked { edge },
            Change::Unlinked { edge },
            Change::Merged { from: NodeId(4), name: "twin".to_owned(), into: NodeId(1) },
        ],
        count: 300,
        import: "tasks.ics (ical)".to_owned(),
    }
}

fn measured() -> Said {
    let (entity, property) = (NodeId(8), Property::State);
    let (from, to) = (Timestamp(5), Timestamp(9));
    let change = Change::Measured { entity, property, new: 3, corrected: 1, from, to };
    Said { changes: vec![change], count: 4, import: "hall.csv (csv)".to_owned() }
}

pub(super) fn node() -> Node {
    Node {
        id: NodeId::room("hall"),
        kind: NodeKind::Room,
        key: "hall".into(),
        name: "Hall".to_owned(),
        props: [("floor".to_owned(), Value::from("ground"))].into(),
        detail: vec![1, 2],
    }
}
