//! What people call devices and their parts: the device's name where it says enough, `Hall motion · brightness` where it does not,
//! and with the room where two things share one. Found once for a household, not for each line.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::{NodeId, NodeKind};

use super::{Named, Names};

/// Between a thing and what is meant of it.
pub(super) const OF_IT: &str = " · ";

/// Parts of Lares itself that say how they are, by their places in the tree. Ears at satellites have theirs by their devices.
const PARTS: [&str; 7] = [
    "surfaces/web",
    "surfaces/wyoming",
    "surfaces/mdns",
    "surfaces/ears",
    "gateways/broker",
    "core/graph",
    "rules/engine",
];

#[derive(Default)]
pub(super) struct Titles {
    by_id: BTreeMap<NodeId, String>,
    /// In small letters.
    by_word: BTreeMap<String, NodeId>,
}

/// A title with what tells it from another of the same words.
struct Titled<'a> {
    named: &'a Named,
    device: &'a str,
    title: String,
}

impl Titles {
    pub fn of(names: &Names) -> Self {
        let mut all: Vec<Titled<'_>> = Vec::new();
        for named in names.all() {
            match named.kind {
                NodeKind::Device => {
                    all.push(Titled { named, device: &named.reference, title: named.name.clone() });
                    let parts: Vec<&Named> = names.parts_of(&named.reference).collect();
                    let main = main_part(&parts);
                    let title = |part: &Named| match main == Some(part.id) {
                        true => named.name.clone(),
                        false => part_title(names, named, part),
                    };
                    let device = &named.reference;
                    all.extend(parts.iter().map(|part| Titled { named: part, device, title: title(part) }));
                }
                // Of a part whose device is not seen, its own name is all there is.
                NodeKind::Entity => {
                    let device = named.reference.split_once('.').map_or("", |(device, _)| device);
                    if names.find_exact(device, NodeKind::Device).is_none() {
                        all.push(Titled { named, device: &named.reference, title: named.name.clone() });
                    }
                }
                _ => {}
            }
        }
        tell_apart(&mut all, |one| names.room_title(one.named.id));
        tell_apart(&mut all, |one| Some(one.device.to_owned()));
        let mut titles = Self::default();
        for one in all {
            // Of a device and its main part, which share a title, it is the device.
            titles.by_word.entry(one.title.to_lowercase()).or_insert(one.named.id);
            titles.by_id.insert(one.named.id, one.title);
        }
        let devices = names.all().filter(|named| named.kind == NodeKind::Device);
        let ears = devices.filter(|device| device.reference.starts_with("satellite-"));
        let ears = ears.map(|device| format!("surfaces/{}", device.reference));
        for path in PARTS.map(str::to_owned).into_iter().chain(ears) {
            titles.by_id.insert(NodeId::derive("actor", &path), path);
        }
        titles
    }

    pub fn get(&self, id: NodeId) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    /// What is called so.
    pub fn find(&self, title: &str) -> Option<NodeId> {
        self.by_word.get(&title.to_lowercase()).copied()
    }
}

/// The part that a device's name means: the one that can be moved, else the one that is read. Of several it means none.
fn main_part(parts: &[&Named]) -> Option<NodeId> {
    let daily = |n: &&&Named| n.info.as_ref().is_none_or(|info| info.category.is_none());
    let moved = |n: &&&Named| n.info.as_ref().is_some_and(|i| i.properties.iter().any(|p| p.writable));
    let daily: Vec<&&Named> = parts.iter().filter(daily).collect();
    let moved: Vec<&&Named> = daily.iter().copied().filter(moved).collect();
    match (moved.as_slice(), daily.as_slice()) {
        ([one], _) | ([], [one]) => Some(one.id),
        _ => None,
    }
}

fn part_title(names: &Names, device: &Named, part: &Named) -> String {
    let slug = part.reference.split_once('.').map_or("", |(_, slug)| slug);
    let (own, of) = (part.name.to_lowercase(), device.name.to_lowercase());
    if own == of || own == slug.replace(['_', '-'], " ") {
        let info = part.info.as_ref();
        let class = info.and_then(|i| i.device_class.as_deref());
        let word = names.tongue.part(slug, class, info.map_or("", |i| i.component.name()));
        return format!("{}{OF_IT}{word}", device.name);
    }
    // A name that says where it is needs nothing before it.
    let room = names.room_title(part.id).map(|room| room.to_lowercase());
    let first = of.split(' ').next().unwrap_or_default();
    let says_where = room.is_some_and(|room| own.contains(&room)) || own.split(' ').any(|word| word == first);
    if says_where { part.name.clone() } else { format!("{}{OF_IT}{}", device.name, part.name) }
}

/// Adds what tells them apart to titles that several devices share.
fn tell_apart(all: &mut [Titled<'_>], more: impl Fn(&Titled<'_>) -> Option<String>) {
    let mut shared: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for one in all.iter() {
        shared.entry(one.title.to_lowercase()).or_default().insert(one.device);
    }
    for one in all.iter_mut() {
        let several = shared.get(&one.title.to_lowercase()).is_some_and(|devices| devices.len() > 1);
        if let Some(more) = several.then(|| more(one)).flatten() {
            one.title = match one.title.strip_suffix(')') {
                Some(open) => format!("{open}, {more})"),
                None => format!("{} ({more})", one.title),
            };
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use lares_model::{Component, EntityInfo, Property, PropertyInfo, ValueKind};

    use super::*;
    use crate::tongue::Tongue;

    fn named(kind: NodeKind, reference: &str, name: &str, room: Option<&str>) -> Named {
        let id = NodeId::derive(kind.name(), reference);
        let room = room.map(str::to_owned);
        Named {
            id,
            kind,
            reference: reference.into(),
            name: name.into(),
            key: reference.into(),
            room,
            info: None,
        }
    }

    fn part(
        reference: &str,
        name: &str,
        component: Component,
        class: Option<&str>,
        category: Option<&str>,
    ) -> Named {
        let moved = component == Component::Light;
        let property = PropertyInfo {
            property: component.main_property(),
            kind: ValueKind::Bool,
            unit: None,
            readable: true,
            writable: moved,
        };
        let info = EntityInfo {
            key: reference.into(),
            unique_id: reference.into(),
            component,
            name: None,
            slug: "".into(),
            device_class: class.map(str::to_owned),
            state_class: None,
            unit: None,
            category: category.map(str::to_owned),
            enabled_by_default: true,
            expire_after: None,
            assumed: false,
            properties: vec![property],
        };
        Named { info: Some(Arc::new(info)), ..named(NodeKind::Entity, reference, name, None) }
    }

    /// A lamp of the same name in each of two rooms, two in one of them; a motion sensor, a door, and a rule.
    pub fn home() -> Names {
        let mut names = Names::default();
        let (sensor, binary) = (Component::Sensor, Component::BinarySensor);
        for one in [
            named(NodeKind::Room, "hall", "Hall", None),
            named(NodeKind::Room, "bath", "Bath", None),
            named(NodeKind::Person, "anna", "Anna", None),
            named(NodeKind::Rule, "hall-light", "Light in the hall", None),
            named(NodeKind::Group, "lamps", "All lamps", None),
            named(NodeKind::Person, "panel", "Panel", None),
            named(NodeKind::Task, "todo-call-sarah", "Call Sarah", None),
            named(NodeKind::Device, "satellite-ear", "Ears in the hall", Some("hall")),
            named(NodeKind::Device, "hall-motion", "Hall motion", Some("hall")),
            part("hall-motion.occupancy", "Hall motion", binary, Some("occupancy"), None),
            part("hall-motion.illuminance", "Hall motion", sensor, Some("illuminance"), None),
            part("hall-motion.battery", "Hall motion", sensor, Some("battery"), Some("diagnostic")),
            named(NodeKind::Device, "door", "Front door", Some("hall")),
            part("door.contact", "Contact", binary, Some("door"), None),
            part("door.battery", "Front door", sensor, Some("battery"), Some("diagnostic")),
            named(NodeKind::Device, "climate", "Bath climate", Some("bath")),
            part("climate.temperature", "Bath temperature", sensor, Some("temperature"), None),
            part("climate.button", "Left knob", binary, None, None),
            named(NodeKind::Device, "lamp", "Lamp", Some("hall")),
            part("lamp.light", "Lamp", Component::Light, None, None),
            named(NodeKind::Device, "lamp-2", "Lamp", Some("bath")),
            part("lamp-2.light", "Lamp", Component::Light, None, None),
            named(NodeKind::Device, "lamp-3", "Lamp", Some("bath")),
            part("lamp-3.light", "Lamp", Component::Light, None, None),
        ] {
            names.add(one);
        }
        names.scenes.insert("film".into(), "Film".into());
        names.panels.insert("panel".into(), "Hall display".into());
        names
    }

    #[test]
    fn things_are_called_by_what_tells_them_apart() {
        let (names, german) = (home(), home().told_in(Tongue::German));
        let called = |names: &Names, reference: &str| names.called(names.find(reference).unwrap().id);
        for (reference, wanted) in [
            ("hall-motion", "Hall motion"),
            ("hall-motion.occupancy", "Hall motion · occupancy"),
            ("hall-motion.illuminance", "Hall motion · brightness"),
            ("hall-motion.battery", "Hall motion · battery"),
            // What is read every day is what its device's name means.
            ("door.contact", "Front door"),
            ("door.battery", "Front door · battery"),
            // A name that says where it is stands alone.
            ("climate.temperature", "Bath temperature"),
            ("climate.button", "Bath climate · Left knob"),
            ("lamp.light", "Lamp (Hall)"),
            ("lamp", "Lamp (Hall)"),
            ("lamp-2.light", "Lamp (Bath, lamp-2)"),
            ("lamp-3", "Lamp (Bath, lamp-3)"),
            ("person:anna", "Anna"),
            ("room:hall", "Hall"),
            ("rule:hall-light", "“Light in the hall”"),
            ("group:lamps", "All lamps"),
            ("task:todo-call-sarah", "“Call Sarah”"),
            // A browser at a wall is no person.
            ("person:panel", "Hall display"),
        ] {
            assert_eq!(called(&names, reference), wanted);
        }
        assert_eq!(called(&german, "hall-motion.illuminance"), "Hall motion · Helligkeit");
        assert_eq!(called(&german, "rule:hall-light"), "„Light in the hall“");
        let light = names.find("lamp.light").unwrap().id;
        assert_eq!(names.called_of(light, Property::On), "Lamp (Hall)");
        assert_eq!(german.called_of(light, Property::Brightness), "Lamp (Hall) · Helligkeit");
        // What is there no more is told by what is left of it.
        let gone = NodeId::derive("entity", "gone");
        assert_eq!(names.called(gone), gone.to_string());
    }

    #[test]
    fn what_is_shown_can_be_asked_for() {
        let names = home();
        for (shown, reference) in [
            ("Lamp (Hall)", "lamp"),
            ("hall motion · brightness", "hall-motion.illuminance"),
            ("Front door", "door"),
            ("lamp.light", "lamp.light"),
            ("Anna", "anna"),
        ] {
            assert_eq!(names.find(shown).unwrap().reference, reference, "{shown}");
        }
        assert!(names.find("Lamp").is_err(), "three are called so");
    }

    #[test]
    fn a_reason_speaks_of_things_by_their_names() {
        let (names, german) = (home(), home().told_in(Tongue::German));
        for (text, english, other) in [
            (
                "hall-motion.occupancy became on",
                "Hall motion · occupancy became on",
                "Hall motion · Belegung ging an",
            ),
            (
                "hall-motion.illuminance below 50",
                "Hall motion · brightness below 50",
                "Hall motion · Helligkeit unter 50",
            ),
            (
                "lamp.light brightness is 40",
                "Lamp (Hall) · brightness is 40",
                "Lamp (Hall) · Helligkeit ist 40",
            ),
            ("hall is empty", "Hall is empty", "Hall ist leer"),
            ("anna came home", "Anna came home", "Anna kam nach Hause"),
            ("rule hall-light", "rule “Light in the hall”", "Regel „Light in the hall“"),
            (
                "rule:hall-light (rule)",
                "rule “Light in the hall” (rule)",
                "Regel „Light in the hall“ (Regel)",
            ),
            (
                "scene:film ended and nobody else wishes",
                "scene “Film” ended and nobody else wishes",
                "Szene „Film“ ist zu Ende und niemand sonst wünscht etwas",
            ),
            (
                "person:anna wished something of group lamps",
                "Anna wished something of All lamps",
                "Anna wünschte etwas von All lamps",
            ),
            (
                "person:panel wished something of hall",
                "Hall display wished something of Hall",
                "Hall display wünschte etwas von Hall",
            ),
            // Of what is there no more, and of what somebody said, nothing is known.
            ("gone.light became on", "gone.light became on", "gone.light ging an"),
            (
                "said: turn on lamp.light in the hall",
                "said: turn on lamp.light in the hall",
                "gesagt: „turn on lamp.light in the hall“",
            ),
            ("there is no device `lamp`", "there is no device `lamp`", "das Gerät `lamp` gibt es nicht"),
            ("the hall is nice", "the hall is nice", "the hall is nice"),
        ] {
            assert_eq!(names.reason(text), english);
            assert_eq!(german.reason(text), other);
        }
    }
}
