//! All devices as a table: sorted, filtered.

use std::cmp::Ordering;

use serde_json::json;

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, Wish, cells, columns, head};
use crate::terminal::state::{Slot, Sort, State, is_asked};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::{DeviceView, EntityView};

use super::words;

pub(super) fn page(state: &State, width: usize) -> Page {
    let (said, tongue) = (state.said(), state.tongue());
    let keys = vec![
        ("space", said.key_on_off),
        ("enter", said.key_more),
        ("/", said.key_filter),
        ("s", said.key_sort),
        ("w", said.key_why),
    ];
    let Some(devices) = &state.devices else {
        let rows = super::missing(state, &Slot::Devices);
        return Page { title: said.devices.to_owned(), rows, keys, ..Page::default() };
    };
    let mut shown: Vec<&DeviceView> = devices.iter().filter(|d| fits(state, d)).collect();
    shown.sort_by(|a, b| order(state.sort, a, b));
    if state.backwards {
        shown.reverse();
    }
    let widths = columns(width, &[0, 14, 11, 22, 8]);
    let mut rows: Vec<Row> = shown.iter().map(|d| row(state, d, &widths)).collect();
    let title = title(state, shown.len(), devices.len());
    if let Some(why) = state.troubles.get(&Slot::Find(state.filter.clone())) {
        let lines = crate::terminal::text::wrap(&tongue.reason(why), width, 0);
        rows = lines.into_iter().map(|line| Row::words(line, Tone::Bad)).collect();
    } else if rows.is_empty() {
        let words = if devices.is_empty() {
            said.no_devices
        } else if is_asked(&state.filter) && state.found.is_none() {
            said.asking
        } else {
            said.none_fits
        };
        rows.push(Row::words(words, Tone::Faint));
    }
    let names = [said.device_head, said.room, said.status_head, said.state_head, said.heard_head];
    Page { title, head: Some(head(&names, &widths)), rows, keys }
}

fn title(state: &State, shown: usize, all: usize) -> String {
    let said = state.said();
    let sort = state.sort.word(said);
    let sort = if state.backwards { say!(said.backwards, sort = sort) } else { sort.to_owned() };
    if state.filter.is_empty() {
        return say!(said.devices_by, n = all, sort = sort);
    }
    say!(said.devices_fit, n = shown, all = all, sort = sort, filter = safe(&state.filter))
}

/// A filter string is the household's to answer; a part of a name is looked for here.
fn fits(state: &State, device: &DeviceView) -> bool {
    if is_asked(&state.filter) {
        let found = |id: &str| state.found.as_ref().is_some_and(|f| f.contains(id));
        return found(&device.id) || device.entities.iter().any(|e| found(&e.id));
    }
    let room = device.room.as_deref().unwrap_or_default();
    let text = format!("{} {} {room} {}", device.id, device.name, state.room_name(room));
    let text = text.to_lowercase();
    state.filter.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn order(sort: Sort, a: &DeviceView, b: &DeviceView) -> Ordering {
    let rank = |d: &DeviceView| match d.status.as_str() {
        "quarantined" => 0,
        "offline" => 1,
        "unknown" | "initializing" => 2,
        _ => 3,
    };
    let by = match sort {
        Sort::Name => Ordering::Equal,
        Sort::Room => (a.room.is_none(), &a.room).cmp(&(b.room.is_none(), &b.room)),
        Sort::Status => rank(a).cmp(&rank(b)),
        Sort::Heard => {
            let age = |d: &DeviceView| words::heard(d).unwrap_or(f64::INFINITY);
            age(a).total_cmp(&age(b))
        }
    };
    by.then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase())).then_with(|| a.id.cmp(&b.id))
}

/// What of a device Space switches: its first entity that can be on or off.
pub(super) fn switch(device: &DeviceView) -> Option<&EntityView> {
    let can = |e: &&EntityView| {
        words::is_daily(device, e) && e.controls.iter().any(|c| c.property == "on" && c.kind == "switch")
    };
    device.entities.iter().find(can)
}

/// Whether what is wished of it goes with a code.
pub(super) fn takes_code(entity: &EntityView) -> bool {
    entity.controls.iter().any(|c| matches!(c.kind.as_str(), "digits" | "secret"))
}

/// The other way round; what is not known is switched on.
pub(super) fn toggle(entity: &EntityView) -> Wish {
    let is_on = entity.properties.get("on").or(Some(&entity.state)) == Some(&json!(true));
    Wish::new(&entity.id, "on", json!(!is_on)).coded(takes_code(entity))
}

fn row(state: &State, device: &DeviceView, widths: &[usize]) -> Row {
    let switch = switch(device);
    let asked = switch.and_then(|e| state.pending_for(&e.id, "on"));
    let (said, tongue) = (state.said(), state.tongue());
    let mut doing = words::device_state(tongue, device);
    if let Some(asked) = asked {
        doing = say!(said.asked, is = doing, wish = words::value(tongue, &asked.value, None));
    }
    let needs = words::needs(tongue, device);
    let lit = switch.is_some_and(|e| e.state == json!(true));
    let doing_tone = match (asked.is_some(), lit) {
        (true, _) => Tone::Key,
        (false, true) => Tone::Warn,
        _ => Tone::Plain,
    };
    let unplaced = device.room.is_none();
    let room = device.room.as_deref().map_or_else(|| said.unplaced.to_owned(), |key| state.room_name(key));
    let pieces = cells(
        vec![
            Piece::plain(safe(&device.name)),
            Piece::new(room, if unplaced { Tone::Warn } else { Tone::Plain }),
            Piece::new(words::status_word(tongue, &device.status), words::status(&device.status)),
            Piece::new(doing, doing_tone),
            Piece::new(words::age(tongue, words::heard(device)), Tone::Faint),
        ],
        widths,
    );
    let mut row = Row::new(device.id.clone(), pieces);
    let detail = device.status_detail.as_deref().map(|d| format!(", {}", safe(d))).unwrap_or_default();
    let needs = if needs.is_empty() { String::new() } else { format!("; {}", needs.join(", ")) };
    row.note = format!("{}: {}{detail}{needs}", safe(&device.id), tongue.status_word(&device.status));
    row.open = Some(Open::Device(device.id.clone()));
    row.why = Some(device.id.clone());
    row.act = switch.map(toggle);
    row
}
