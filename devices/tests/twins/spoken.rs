//! Twins that speak their protocol's own messages, through discovery and the real driver: all that they say is understood, and what
//! they are told comes back as their report.

use std::collections::BTreeMap;

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::twins::{BEACON, Speaks, spoken};
use lares_devices::{Context, Native, Observation, Send, natives};
use lares_model::{NodeId, Property, Value, ValueKind};

/// One link of a home.
struct Home {
    natives: Vec<Box<dyn Native>>,
    discovery: Discovery,
    devices: BTreeMap<String, (DeviceSpec, Driver)>,
    known: BTreeMap<(NodeId, Property), Option<Value>>,
    online: Vec<bool>,
}

impl Home {
    fn new() -> Self {
        let context = Context { beacons: [BEACON.to_owned()].into(), position: None };
        Self {
            natives: natives(&context),
            discovery: Discovery::new("mqtt", "homeassistant"),
            devices: BTreeMap::new(),
            known: BTreeMap::new(),
            online: Vec::new(),
        }
    }

    fn changed(&mut self, changes: Vec<Change>) {
        for change in changes {
            let Change::Announced(spec) = change else { panic!("{change:?}") };
            let (driver, problems) = Driver::new(&spec);
            assert_eq!(problems, []);
            self.devices.insert(spec.info.key.clone(), (*spec, driver));
        }
    }

    fn hear(&mut self, sends: &[Send]) {
        for Send { topic, payload, .. } in sends {
            if self.discovery.is_config_topic(topic) {
                let (changes, problems) = self.discovery.on_config(topic, payload).unwrap();
                assert_eq!(problems, []);
                self.changed(changes);
                continue;
            }
            let mut announced = Vec::new();
            for native in self.natives.iter_mut().filter(|n| n.takes(topic)) {
                announced.extend(native.on_message(topic, payload).unwrap());
            }
            for announcement in announced {
                let (changes, problems) =
                    self.discovery.announce(&announcement.source, announcement.device).unwrap();
                assert_eq!(problems, []);
                self.changed(changes);
            }
            let mut out = Vec::new();
            for (_, driver) in self.devices.values_mut() {
                driver.on_message(topic, payload, &mut out).unwrap_or_else(|problem| panic!("{problem}"));
            }
            for observation in out {
                match observation {
                    Observation::Reading { entity, property, value } => {
                        self.known.insert((entity, property), value);
                    }
                    Observation::Availability { online, .. } => self.online.push(online),
                    Observation::Picture { .. } => {}
                }
            }
        }
    }
}

/// What is wished of a property that comes back as its value.
fn wishes(property: Property, kind: &ValueKind) -> Vec<Value> {
    match (property, kind) {
        // A colour is a hue, and what is done each time is not told.
        (Property::Color | Property::Press | Property::Action, _) => Vec::new(),
        (Property::State, ValueKind::Enum(_)) => vec!["cleaning".into(), "paused".into()],
        (_, ValueKind::Bool) => vec![true.into(), false.into(), true.into()],
        (_, ValueKind::Number { min: Some(min), max: Some(max), .. }) => {
            vec![(*max).into(), (min + 1.0).into()]
        }
        (_, ValueKind::Enum(options)) => options.iter().cloned().map(Value::Text).collect(),
        _ => Vec::new(),
    }
}

fn obeys(twin: &mut dyn Speaks, home: &mut Home) -> usize {
    let specs: Vec<DeviceSpec> = home.devices.values().map(|(spec, _)| spec.clone()).collect();
    let mut obeyed = 0;
    for (spec, entity) in specs.iter().flat_map(|s| s.info.entities.iter().map(move |e| (s, e))) {
        for property in entity.properties.iter().filter(|p| p.writable && p.readable) {
            for wish in wishes(property.property, &property.kind) {
                let (_, driver) = &home.devices[&spec.info.key];
                let sends = driver.command(entity.id(), &[(property.property, wish.clone())]).unwrap();
                assert!(
                    sends.iter().all(|s| twin.subscriptions().iter().any(|f| fits(f, &s.topic))),
                    "{sends:?}"
                );
                let answers: Vec<Send> =
                    sends.iter().flat_map(|s| twin.on_message(&s.topic, &s.payload)).collect();
                home.hear(&answers);
                let told = home.known.get(&(entity.id(), property.property)).cloned().flatten();
                let near = if property.property == Property::ColorTemp { 25.0 } else { 0.5 };
                assert!(
                    told.as_ref().is_some_and(|t| t.meets(&wish, near)),
                    "{} {} {}: wished {wish}, is {told:?}",
                    twin.name(),
                    entity.slug,
                    property.property.name()
                );
                obeyed += 1;
            }
        }
    }
    obeyed
}

fn fits(filter: &str, topic: &str) -> bool {
    let (mut f, mut t) = (filter.split('/'), topic.split('/'));
    loop {
        match (f.next(), t.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

#[test]
fn every_protocol_has_a_twin_that_is_understood_and_obeys() {
    // What only tells has nothing to obey.
    let tells = ["espresense", "owntracks", "room_assistant", "rtl_433", "theengs"];
    let mut seen = Vec::new();
    for mut twin in spoken() {
        let mut home = Home::new();
        home.hear(&twin.announce());
        // What was announced after its value was said is heard when it is said again, as on a broker that keeps it.
        home.hear(&twin.announce());
        assert!(!home.online.contains(&false), "{}: it is there", twin.name());
        let with_value: std::collections::BTreeSet<NodeId> =
            home.known.iter().filter(|(_, v)| v.is_some()).map(|((e, _), _)| *e).collect();
        let mute: Vec<String> = home
            .devices
            .values()
            .flat_map(|(spec, _)| &spec.info.entities)
            .filter(|e| e.properties.iter().any(|p| p.readable) && !with_value.contains(&e.id()))
            .map(|e| e.slug.clone())
            .collect();
        assert_eq!(mute, [""; 0], "{}: no word of these", twin.name());
        let obeyed = obeys(&mut *twin, &mut home);
        assert!(!with_value.is_empty(), "{} says nothing", twin.name());
        assert_eq!(obeyed == 0, tells.contains(&twin.name()), "{} obeyed {obeyed} wishes", twin.name());
        seen.push(twin.name());
        for payload in [&b"\xff"[..], b"", b"{}", b"[1]", b"nonsense", b"{\"state\":7}"] {
            for filter in twin.subscriptions() {
                let topic = filter.replace(['+', '#'], "x");
                let answers = twin.on_message(&topic, payload);
                home.hear(&answers);
            }
        }
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
}

#[test]
fn a_robot_goes_where_its_map_says() {
    let mut home = Home::new();
    let mut robot = spoken().into_iter().find(|t| t.name() == "valetudo").unwrap();
    home.hear(&robot.announce());
    let (spec, _) = home.devices.values().next().unwrap();
    let of = |slug: &str| spec.info.entities.iter().find(|e| e.slug == slug).unwrap().id();
    let (places, vacuum) = (of("places"), of("robot"));
    for (property, wish, state) in
        [(Property::GoTo, "3.2, 1.5", "cleaning"), (Property::CleanZone, "3.1, 0.5, 4, 2", "cleaning")]
    {
        let (_, driver) = home.devices.values().next().unwrap();
        let sends = driver.command(places, &[(property, wish.into())]).unwrap();
        let answers: Vec<Send> = sends.iter().flat_map(|s| robot.on_message(&s.topic, &s.payload)).collect();
        assert!(!answers.is_empty(), "{sends:?} is nothing that it knows");
        home.hear(&answers);
        assert_eq!(home.known[&(vacuum, Property::State)], Some(state.into()));
        let (_, driver) = home.devices.values().next().unwrap();
        assert!(driver.command(places, &[(property, "behind the sofa".into())]).is_err());
    }
}
