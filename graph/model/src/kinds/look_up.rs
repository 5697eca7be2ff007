//! Finding what a name means.

use super::describe::{text, when};
use super::{EDGES, EdgeDescriptor, EdgeKind, FEATURES, KindDescriptor, NodeKind, Prop, PropType};

/// Properties of a person's own begin so: they may be put on any node and hold any value.
pub const OWN_PREFIX: &str = "my_";

/// `room@until:2026-05-02T00:00:00Z`: what a property was until that instant.
pub const UNTIL: &str = "@until:";

/// What a node of any kind may have.
pub const COMMON: &[Prop] = &[
    text("description", "in a person's words"),
    Prop::new("labels", PropType::Words, "words to find it by"),
    text("uid", "what the world outside calls it: the UID of a calendar or a card"),
    text("url", "where more can be read"),
    when("valid_from", "it is so from then on"),
    when("valid_to", "it is so until then"),
    text("ical", "lines of its calendar that mean nothing here, kept for the way back"),
    text("vcard", "lines of its card that mean nothing here, kept for the way back"),
    text("source", "where it was taken from"),
];

/// What an edge may carry beside what is a person's own.
pub const EDGE_PROPS: &[&str] = &["amount", "unit", "note", "role"];

/// What features write on nodes of any kind.
const MADE: &[Prop] = &[
    text("ref", "how the home folder and the command line call it").made(),
    text("room", "key of the room it is in").made(),
    Prop::new("removed", PropType::Bool, "it is there no more").made(),
];

/// Every node kind has one.
pub fn descriptor(kind: NodeKind) -> Option<&'static KindDescriptor> {
    FEATURES.iter().flat_map(|(_, kinds)| *kinds).find(|d| d.kind == kind)
}

pub fn edge_descriptor(kind: EdgeKind) -> Option<&'static EdgeDescriptor> {
    EDGES.iter().find(|d| d.kind == kind)
}

/// A property of a kind, by its name.
pub fn prop(kind: NodeKind, name: &str) -> Option<&'static Prop> {
    let own = descriptor(kind).and_then(|d| d.props.iter().find(|p| p.name == name));
    own.or_else(|| COMMON.iter().chain(MADE).find(|p| p.name == name))
}

/// The first property of any kind with this name: they mean the same everywhere (a test checks their type).
pub fn prop_named(name: &str) -> Option<&'static Prop> {
    let all = FEATURES.iter().flat_map(|(_, kinds)| *kinds).flat_map(|d| d.props);
    COMMON.iter().chain(MADE).chain(all).find(|p| p.name == name)
}

/// Whether a person's own: `my_colour`.
pub fn is_own(name: &str) -> bool {
    name.strip_prefix(OWN_PREFIX)
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Whether a feature writes it, so that it is not there when the feature does not say it.
pub fn is_made(kind: NodeKind, name: &str) -> bool {
    prop(kind, name).is_some_and(|p| p.made)
}

/// The property and the instant (as text) of a key that says what was so until then.
pub fn dated(key: &str) -> Option<(&str, &str)> {
    key.split_once(UNTIL)
}
