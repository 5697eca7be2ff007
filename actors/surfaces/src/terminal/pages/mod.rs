//! The pages: state to rows. Pure.

mod device;
mod devices;
mod house;
mod journal;
mod now;
mod plan;
mod story;
mod tree;
mod words;

use super::look::Tone;
use super::rows::{Page, Row};
use super::state::{Slot, State, Tab};
use crate::tongue::say;

pub(super) use words::value;

pub(super) fn page(state: &State) -> Page {
    let width = usize::from(state.size.0);
    match state.tab {
        Tab::Now => now::page(state, width),
        Tab::Devices => match &state.device {
            Some(id) => device::page(state, id, width),
            None => devices::page(state, width),
        },
        Tab::Journal => journal::page(state, width),
        Tab::Tree => tree::page(state, width),
        Tab::Plan => plan::page(state, width),
        Tab::Why => story::page(state, width),
        Tab::House => house::page(state, width),
    }
}

/// What stands where a view is not there yet: why, or that it is asked for.
fn missing(state: &State, slot: &Slot) -> Vec<Row> {
    let (text, tone) = match state.troubles.get(slot) {
        Some(why) => (state.tongue().reason(why), Tone::Bad),
        None if state.is_up() => (state.said().asking.to_owned(), Tone::Faint),
        None => return away(state),
    };
    let width = usize::from(state.size.0);
    super::text::wrap(&text, width, 0).into_iter().map(|line| Row::words(line, tone)).collect()
}

/// Nothing has been seen yet, and nobody answers.
fn away(state: &State) -> Vec<Row> {
    let place = super::text::safe(&state.place);
    let said = state.said();
    let lines = [
        said.none_answers.to_owned(),
        String::new(),
        say!(said.its_folder, place = place),
        said.run_starts.to_owned(),
    ];
    let width = usize::from(state.size.0);
    let wrapped = lines.iter().flat_map(|line| super::text::wrap(line, width, 2));
    wrapped.map(|line| Row::words(line, Tone::Plain)).collect()
}
