//! What the tests share: a place of their own, a broker of their own, devices on a wire, a household that can be killed.
//! The promises themselves are modules of the targets under `tests/`.
//!
//! **Absent on purpose:** anything that the product needs.
#![allow(clippy::disallowed_methods, reason = "these tests drive real processes in real time")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helper fails by panicking"
)]

pub mod assistant;
pub mod caller;
mod chance;
mod devices;
pub mod esphome;
pub mod exchange;
mod far;
mod household;
mod journal;
mod mosquitto;
mod music;
pub mod phone;
mod place;
mod renderer;
pub mod score;
mod shared;
mod used;
mod voice;
mod wait;
mod web;
mod wire;

pub use chance::Chance;
pub use devices::{Thing, announce, component, home_head};
pub use far::{Far, Pace};
pub use household::{Lares, Said};
pub use journal::{Events, events};
pub use mosquitto::{Mosquitto, free_port};
pub use music::{Daemon, Snapserver, Speaker, tone_file};
pub use place::Place;
pub use renderer::Renderer;
pub use shared::{read_shared, shared};
pub use used::Used;
pub use voice::{
    FileCard, SatellitePeer, at_rate, peer, said_as_house, speech, speech_file, voice_section, vosk_library,
    wait_state, wyoming_python,
};
pub use wait::{DEADLINE, p99, wait_for, wait_some, wait_up_to};
pub use web::{AT_ONCE, Dwelling, Http, Replied, password, session};
pub use wire::{Heard, Wire};
