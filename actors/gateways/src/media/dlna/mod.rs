//! Loudspeakers of UPnP AV (DLNA): a renderer is told an address to play, and asked every few seconds how it is. It knows
//! nothing of streams: what it plays is one of ours if it is the address of one.

mod describe;
mod http;
mod renderer;
mod soap;

pub use renderer::{RendererOptions, run};
