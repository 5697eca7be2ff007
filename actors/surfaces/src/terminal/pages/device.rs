//! One device: its entities, what of them can be set, who holds what.

use serde_json::{Value as Json, json};

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, Wish, cells, columns};
use crate::terminal::state::{Slot, State};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::{ControlView, DeviceView, EntityView, HoldView, word_of};

use super::words;

pub(super) fn page(state: &State, id: &str, width: usize) -> Page {
    let said = state.said();
    let keys = vec![
        ("space", said.key_switch),
        ("- +", said.key_less_more),
        ("w", said.key_why),
        ("esc", said.key_all_devices),
    ];
    let Some(devices) = &state.devices else {
        let rows = super::missing(state, &Slot::Devices);
        return Page { title: safe(id), rows, keys, ..Page::default() };
    };
    let Some(device) = devices.iter().find(|d| d.id == id) else {
        let rows = vec![Row::words(said.gone, Tone::Warn)];
        return Page { title: safe(id), rows, keys, ..Page::default() };
    };
    let mut rows = about(state, device, width);
    for entity in &device.entities {
        rows.extend(entity_rows(state, device, entity, width));
    }
    rows.extend(holds(state, device));
    Page { title: format!("{} ({})", safe(&device.name), safe(&device.id)), head: None, rows, keys }
}

fn about(state: &State, device: &DeviceView, width: usize) -> Vec<Row> {
    let (said, tongue) = (state.said(), state.tongue());
    let word = |text: &str, tone| Row::words(crate::terminal::text::cut(text, width), tone);
    let room = device.room.as_deref();
    let room = room.map(|key| say!(said.in_room, room = state.room_name(key)));
    let room = room.unwrap_or_else(|| said.in_no_room.to_owned());
    let detail = device.status_detail.as_deref().map(|d| format!(": {}", safe(d))).unwrap_or_default();
    let made: Vec<String> =
        [&device.manufacturer, &device.model].into_iter().flatten().map(|t| safe(t)).collect();
    let made = if made.is_empty() { String::new() } else { format!(", {}", made.join(" ")) };
    let mut rows = vec![
        word(&format!("{}{detail}", tongue.status_word(&device.status)), words::status(&device.status)),
        word(&format!("{}{made}", say!(said.by_link, room = room, link = safe(&device.link))), Tone::Plain),
        word(&say!(said.known_as, ids = safe(&device.identifiers.join(", "))), Tone::Faint),
    ];
    let needs = words::needs(tongue, device);
    if !needs.is_empty() {
        rows.push(word(&say!(said.needs, what = needs.join(", ")), Tone::Warn));
    }
    rows.extend(device.interlocks.iter().map(|words| word(&safe(words), Tone::Warn)));
    rows.push(Row::words("", Tone::Plain));
    rows
}

fn entity_rows(state: &State, device: &DeviceView, entity: &EntityView, width: usize) -> Vec<Row> {
    let widths = columns(width, &[26, 0, 10]);
    let (said, tongue) = (state.said(), state.tongue());
    let slug = words::slug(entity, &device.id);
    // A part that is called as its device is told by what it is.
    let generic = entity.name == device.name || slug.is_empty();
    let part = tongue.part(slug, entity.device_class.as_deref(), &entity.component);
    let name = if generic && !slug.is_empty() { &part } else { &entity.name };
    let tone = if entity.category.is_some() { Tone::Faint } else { Tone::Plain };
    let mut pieces = vec![
        Piece::new(safe(name), tone),
        Piece::new(words::state(tongue, entity), if entity.stale { Tone::Warn } else { tone }),
        Piece::new(words::age(tongue, entity.age_s), Tone::Faint),
    ];
    let main = entity.controls.iter().find(|c| c.property == "on" && c.kind == "switch");
    if let (Some(asked), Some(piece)) = (state.pending_for(&entity.id, "on"), pieces.get_mut(1)) {
        let wish = words::value(tongue, &asked.value, None);
        *piece = Piece::new(say!(said.asked, is = piece.text, wish = wish), Tone::Key);
    }
    let mut row = Row::new(entity.id.clone(), cells(pieces, &widths));
    row.note = format!("{}, {}: {}", safe(&entity.id), safe(&entity.component), safe(&entity.name));
    row.why = Some(entity.id.clone());
    row.open = Some(Open::Why(entity.id.clone()));
    row.act = main.map(|_| super::devices::toggle(entity));
    if main.is_some() {
        // Enter switches it too: its why is one key away.
        row.open = None;
    }
    // A code is typed for what it goes with, and masked.
    let settable = entity.controls.iter().filter(|c| !matches!(c.kind.as_str(), "digits" | "secret"));
    let others = settable.filter(|c| main.is_none_or(|m| m.property != c.property));
    let mut rows = vec![row];
    rows.extend(others.map(|c| control(state, entity, c, &widths)));
    rows
}

/// A property that can be set, below its entity.
fn control(state: &State, entity: &EntityView, control: &ControlView, widths: &[usize]) -> Row {
    let (said, tongue) = (state.said(), state.tongue());
    let now = entity.properties.get(&control.property).unwrap_or(&Json::Null);
    let unit = control.unit.as_deref();
    let told = |value: &Json| {
        let word = word_of(tongue.code(), entity, Some(&control.property), value);
        word.map_or_else(|| words::value(tongue, value, unit), str::to_owned)
    };
    let mut shown = told(now);
    if let Some(asked) = state.pending_for(&entity.id, &control.property) {
        shown = say!(said.asked, is = shown, wish = told(&asked.value));
    }
    let coded = super::devices::takes_code(entity);
    let wish = |value: Json| Wish::new(&entity.id, &control.property, value).coded(coded);
    let (mut act, mut less, mut more) = (None, None, None);
    let how = match control.kind.as_str() {
        "switch" => {
            act = Some(wish(json!(now != &json!(true))));
            said.space.to_owned()
        }
        "press" => {
            act = Some(wish(json!(true)));
            said.presses.to_owned()
        }
        "range" | "number" => {
            let at = now.as_f64().or(control.min).unwrap_or(0.0);
            let by = step(control);
            let within = |v: f64| {
                let v = control.max.map_or(v, |max| v.min(max));
                control.min.map_or(v, |min| v.max(min))
            };
            less = Some(wish(json!(within(at - by)))).filter(|w| w.value.as_f64() != Some(at));
            more = Some(wish(json!(within(at + by)))).filter(|w| w.value.as_f64() != Some(at));
            "- +".to_owned()
        }
        "choice" if !control.options.is_empty() => {
            let at = control.options.iter().position(|o| Some(o.as_str()) == now.as_str());
            let option = |by: usize| {
                let count = control.options.len();
                let next = at.map_or(0, |at| (at + by) % count);
                control.options.get(next).map(|o| wish(json!(o)))
            };
            (less, more) = (option(control.options.len() - 1), option(1));
            "- +".to_owned()
        }
        _ => "lares set".to_owned(),
    };
    let property = lares_model::Property::parse(&control.property);
    let property = property.map_or_else(|| safe(&control.property), |known| tongue.property_called(known));
    let pieces = vec![Piece::plain(format!("  {property}")), Piece::plain(shown), Piece::new(how, Tone::Key)];
    let mut row = Row::new(format!("{}/{}", entity.id, control.property), cells(pieces, widths));
    let options = control.options.iter().map(|o| safe(o)).collect::<Vec<_>>().join(", ");
    row.note = match (control.min, control.max) {
        _ if !options.is_empty() => say!(said.one_of, options = options),
        (Some(min), Some(max)) => say!(said.range, min = min, max = max),
        _ => String::new(),
    };
    row.why = Some(entity.id.clone());
    (row.act, row.less, row.more) = (act, less, more);
    row
}

/// A tenth of the range; of temperatures what they are set by.
fn step(control: &ControlView) -> f64 {
    let least = control.step.filter(|s| *s > 0.0).unwrap_or(0.0);
    if control.property.contains("temperature") {
        return if least > 0.0 { least } else { 0.5 };
    }
    match (control.min, control.max) {
        (Some(min), Some(max)) if max > min => ((max - min) / 10.0).max(least),
        _ => least.max(1.0),
    }
}

fn holds(state: &State, device: &DeviceView) -> Vec<Row> {
    let Some(plan) = &state.plan else { return Vec::new() };
    let mine = |h: &&HoldView| device.entities.iter().any(|e| e.id == h.entity);
    let told = state.telling();
    let held: Vec<&HoldView> = plan.holds.iter().filter(mine).collect();
    let said = state.said();
    let heading = if held.is_empty() { said.none_held } else { said.held };
    let mut rows = vec![Row::words("", Tone::Plain), Row::words(heading, Tone::Head)];
    for hold in held {
        let until =
            hold.until.map_or(said.until_released.to_owned(), |m| say!(said.until, clock = told.clock(m.0)));
        let text = format!("{}, {until}", safe(&hold.text));
        let mut row = Row::new(
            format!("hold {} {} {}", hold.entity, hold.property, hold.source),
            vec![Piece::plain(text)],
        );
        row.note = safe(&hold.reason);
        row.why = Some(hold.entity.clone());
        row.open = row.why.clone().map(Open::Why);
        rows.push(row);
    }
    rows
}
