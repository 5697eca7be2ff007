//! Templates: what an announcement says about how to read a message or write a command.
//!
//! Nearly all of them are a path into the message's JSON. Those are recognised when the device is announced and
//! followed without the engine; the rest is rendered by minijinja with the filters that Home Assistant has. Both give
//! the same text, a test holds them to it.

mod bank;
mod engine;
mod filters;
mod guard;
mod methods;
mod python;
mod rendered;
mod shape;

pub use bank::{Bank, Template};
pub use python::float_text;
pub use rendered::{Message, Rendered};
