//! The home folder: TOML files, layered (defaults < files < environment < flags), checked together and resolved into
//! one immutable [`Home`]. All problems are found at once, each with its place and what would be right.
//!
//! **Absent on purpose:** actors, async, clocks, sockets, watching files, writing anything. The only IO is reading the
//! home folder and looking whether a named secret is there. Secrets themselves are never read here.

mod decode;
mod diagnostic;
mod diff;
pub mod edit;
mod expand;
mod home;
mod load;
pub mod notice;
mod resolve;
pub mod rooms;
mod schema;
mod source;

pub use decode::{convert_unit, units_like};
pub use diagnostic::{Diagnostic, Severity, render};
pub use diff::{HomeDiff, SectionKey, diff};
pub use home::*;
pub use load::{Loaded, load, load_from};
pub use resolve::EVENTS;
pub use schema::schema;
pub use source::{home_files, secret_lines};
