//! Kinds of node and edge: their numbers, and what they are made of, a file for each feature. The lists here are the registry.
//!
//! They stand in this crate and not beside the actors, since exports, surfaces and questions work from them and know no actor.

mod calendar;
mod deciding;
mod describe;
mod doing;
mod edges;
mod health;
mod home;
mod knowledge;
mod look_up;
mod making;
mod money;
mod number;
mod own;
mod page;
mod people;
#[cfg(test)]
mod tests;

pub use describe::{EdgeDescriptor, KindDescriptor, Prop, PropType, Sensitivity};
pub use look_up::{
    COMMON, EDGE_PROPS, OWN_PREFIX, UNTIL, dated, descriptor, edge_descriptor, is_made, is_own, prop,
    prop_named,
};
pub use number::{Direction, EdgeKind, NodeKind};
pub use own::{KINDS, OWN_PROPS, OwnProp, OwnType, SCHEMA_OWNER};
pub use page::{kind_words, kinds_page, type_words};

/// What every feature declares, sorted by its name.
pub const FEATURES: &[(&str, &[KindDescriptor])] = &[
    ("calendar", calendar::KINDS),
    ("deciding", deciding::KINDS),
    ("doing", doing::KINDS),
    ("health", health::KINDS),
    ("home", home::KINDS),
    ("knowledge", knowledge::KINDS),
    ("making", making::KINDS),
    ("money", money::KINDS),
    ("people", people::KINDS),
];

/// Every kind of edge, in the order of their numbers.
pub const EDGES: &[EdgeDescriptor] = edges::EDGES;
