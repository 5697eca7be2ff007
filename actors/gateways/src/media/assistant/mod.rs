//! A Music Assistant server: it says how its players are, and is told what they shall do.

mod calls;
mod known;
mod said;
mod talk;

pub use talk::Assistant;

/// Where it listens, and what it knows us by.
pub struct AssistantOptions {
    pub host: String,
    pub port: u16,
    pub token: Option<String>,
}

/// Where it takes WebSockets.
pub const PATH: &str = "/ws";
