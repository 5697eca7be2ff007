//! The web surface, asked over real sockets: promises R24 to R27, and what its clients rely on. A module a promise.
#![allow(clippy::disallowed_methods, reason = "these tests drive real processes in real time")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod adopt;
mod api;
mod attacks;
mod boards;
mod browser;
mod by_command;
mod camera;
mod config;
mod day;
mod deny;
mod door;
mod everybody;
mod find;
mod guests;
mod history;
mod intents;
mod interlocks;
mod kinds;
mod listener;
mod lists;
mod live;
mod logins;
mod many;
mod named;
mod pages;
mod pictures;
mod questions;
mod roles;
mod sample;
mod say;
mod tls;
mod tour;
mod wishes;
mod words;

/// A place of its own for a test.
fn place(name: &str) -> lares_tests::Place {
    lares_tests::Place::new(env!("CARGO_BIN_EXE_lares-under-test"), name)
}
