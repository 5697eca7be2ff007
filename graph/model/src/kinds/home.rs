//! Places, devices and wires: what the home folder and the wires describe.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, PropType, number, text};

const fn plain(
    kind: NodeKind,
    says: &'static str,
    sentence: &'static str,
    props: &'static [Prop],
) -> KindDescriptor {
    KindDescriptor { kind, version: 1, says, sentence, schema_org: None, props }
}

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::Household,
        version: 1,
        says: "the whole",
        sentence: "{name}",
        schema_org: Some("House"),
        props: &[text("time_zone", "IANA name of the zone it lies in").made()],
    },
    plain(NodeKind::Floor, "a floor of the house", "{name}", &[]),
    KindDescriptor {
        kind: NodeKind::Room,
        version: 1,
        says: "a room",
        sentence: "{name}",
        schema_org: Some("Room"),
        props: &[number("area", "m2", "of its floor")],
    },
    plain(NodeKind::Zone, "a set of rooms", "{name}", &[]),
    KindDescriptor {
        kind: NodeKind::Device,
        version: 1,
        says: "a device",
        sentence: "{name}[ in {room}]",
        schema_org: Some("Product"),
        props: &[
            text("link", "the link it was found on").made(),
            Prop::new("declared", PropType::Bool, "the home folder describes it in full").made(),
            text("serial", "its maker's number"),
            super::describe::when("bought", "the day it was bought"),
            super::describe::when("warranty_until", "the day its warranty ends"),
        ],
    },
    plain(
        NodeKind::Entity,
        "a part of a device that has properties: a light, a sensor, a lock",
        "{name}[ in {room}]",
        &[number("stale_after_ms", "ms", "so old a value is none").made()],
    ),
    plain(NodeKind::Group, "entities that are moved together", "{name}", &[]),
    plain(NodeKind::Link, "one protocol on one wire", "{name}", &[]),
];
