//! The promises that are kept by the product as a whole: real processes, real brokers, real signals. A module a promise.
#![allow(clippy::disallowed_methods, reason = "these tests drive real processes in real time")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod adopting;
mod asked_before_music;
mod asked_by_rules;
mod backups;
mod boards;
mod broken_reload;
mod broker_chaos;
mod by_hand;
mod canaries;
mod clean_stop;
mod clock_unset;
mod codes;
mod corruption;
mod discovery;
mod disk_full;
mod ears;
mod esphome;
mod everyday;
mod exchange;
mod fail_safe;
mod failures;
mod hostile_payloads;
mod in_a_room;
mod injected;
mod kept_days;
mod kill_anywhere;
mod later;
mod leave;
mod life_graph;
mod lost_satellite;
mod many_entities;
mod morning;
mod music;
mod music_assistant;
mod one_household;
mod opus;
mod own_broker;
mod partial_start;
mod partly_applied;
mod phone;
mod plates;
mod protocols;
mod receipts;
mod roaming;
mod robots;
mod sealed;
mod series_csv;
mod several_rooms;
mod silence;
mod slow_broker;
mod soak;
mod sound;
mod spoken;
mod stale_commands;
mod steps;
mod taken_back;
mod talking;
mod timers;
mod told_and_kept;
mod voice;
mod wake;
mod whereabouts;
mod why_is_never_lost;

/// A place of its own for a test.
fn place(name: &str) -> lares_tests::Place {
    lares_tests::Place::new(env!("CARGO_BIN_EXE_lares-under-test"), name)
}
