//! Opus, read and written by a process of its own for each call ([`worker`]): what reads it would otherwise be the only code of the house that
//! looks at a stranger's bytes without Rust's checks. The process holds nothing but pipes, and may nothing but read and write them.

mod codec;
mod shut;
mod talk;
mod talker;
mod worker;

pub use talker::{Answer, Ask, Opus};
pub use worker::worker;
