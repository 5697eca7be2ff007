//! The words of the household: ids, time, values, readings, events, claims, devices, nodes and edges.
//!
//! **Absent on purpose:** IO, clocks, randomness, async, actors, configuration syntax. Everything here is a value
//! that can be written down, compared and replayed.

mod causes;
mod claim;
mod component;
mod device;
mod event;
mod filter;
mod id;
mod kinds;
mod measured;
mod node;
mod property;
mod question;
mod receipt;
mod record;
mod reworded;
mod said;
mod spoken;
mod statement;
mod status;
mod time;
mod timer;
mod trust;
mod value;
mod worded;
mod wrong;

pub use causes::Causes;
pub use claim::{Bound, Claim, Level, Until};
pub use component::Component;
pub use device::{DeviceInfo, EntityInfo, PropertyInfo, ValueKind};
pub use event::{
    Basis, Body, BodyKind, ChildChange, Draft, Event, Fact, Origin, Outcome, Presence, Rival, RuleRef,
    Verdict,
};
pub use filter::{Alternative, Filter, NODE_FIELDS, Op, PLACE_FIELDS, Term, What, Written, filter_number};
pub use id::{EventId, IdHasher, IdMap, NodeId, NotAnEventId};
pub use kinds::{
    COMMON, Direction, EDGE_PROPS, EDGES, EdgeDescriptor, EdgeKind, FEATURES, KINDS, KindDescriptor,
    NodeKind, OWN_PREFIX, OWN_PROPS, OwnProp, OwnType, Prop, PropType, SCHEMA_OWNER, Sensitivity, UNTIL,
    dated, descriptor, edge_descriptor, is_made, is_own, kind_words, kinds_page, prop, prop_named,
    type_words,
};
pub use measured::Measured;
pub use node::{Amendment, Edge, EdgeInfo, Node, Span, Write};
pub use property::Property;
pub use question::{Asking, Autonomy, Question, Reply};
pub use receipt::Receipt;
pub use record::{Durability, Stored};
pub use reworded::{found_reworded, reworded};
pub use said::{Change, Said};
pub use spoken::{by_language, spoken_length};
pub use statement::{Placed, Statement};
pub use status::{Detail, Status};
pub use time::Timestamp;
pub use timer::{Missed, Timer};
pub use trust::{Earned, NOTICE, TrustKey, Verb};
pub use value::Value;
pub use worded::{value_word, value_words_in};
pub use wrong::{Slip, Wrong, one_of};
