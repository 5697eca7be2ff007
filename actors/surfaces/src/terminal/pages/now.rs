//! What needs somebody, who is where, and each room.

use serde_json::json;

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, Wish, cells, columns, head, widest};
use crate::terminal::said::Said;
use crate::terminal::state::{Slot, State};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::{CallView, CountdownView, EntityView, HomeNow, Need, PersonNow, RoomNow};

use super::words;

/// Needs that are shown before they are asked for.
const FEW: usize = 4;

pub(super) fn page(state: &State, width: usize) -> Page {
    let Some(home) = &state.home else {
        return Page {
            title: state.said().now.to_owned(),
            rows: super::missing(state, &Slot::Home),
            ..Page::default()
        };
    };
    let said = state.said();
    let mut rows = waits(home, state, width);
    rows.extend(needs(home, state, width));
    if !home.people.is_empty() {
        rows.push(Row::words(said.people, Tone::Head));
        rows.extend(home.people.iter().map(|p| person(p, state)));
        rows.push(Row::words("", Tone::Plain));
    }
    if !home.timers.is_empty() {
        rows.push(Row::words(said.timers, Tone::Head));
        rows.extend(home.timers.iter().map(|t| timer(t, state)));
        rows.push(Row::words("", Tone::Plain));
    }
    rows.extend(rooms(home, state, width));
    let at_home = home.people.iter().filter(|p| p.presence == "home").count();
    let on = home.rooms.iter().flat_map(|r| &r.entities).filter(|e| is_on(e)).count();
    let people = match at_home {
        0 => said.nobody.to_owned(),
        1 => said.a_person.to_owned(),
        n => say!(said.persons, n = n),
    };
    let lights = if on == 1 { said.a_light.to_owned() } else { say!(said.lights, n = on) };
    Page {
        title: say!(said.now_title, home = safe(&home.name), people = people, lights = lights),
        head: None,
        rows,
        keys: keys(home, said),
    }
}

/// What is asked comes first: somebody waits.
fn keys(home: &HomeNow, said: &'static Said) -> Vec<(&'static str, &'static str)> {
    let mut keys = Vec::new();
    if !home.questions.is_empty() {
        keys.extend([("y", said.key_yes), ("n", said.key_no)]);
    }
    keys.extend([("space", said.key_lights), ("enter", said.key_its_devices), ("w", said.key_why)]);
    keys
}

/// Whoever calls, what is asked, and what rings.
fn waits(home: &HomeNow, state: &State, width: usize) -> Vec<Row> {
    let (told, said) = (state.telling(), state.said());
    let mut rows = Vec::new();
    let asks = |call: &CallView| home.questions.iter().any(|q| q.rule == format!("phone:{}", call.id));
    for call in state.calls.iter().filter(|call| !asks(call)) {
        let text = say!(said.on_the_phone, name = safe(&call.name));
        let text = match call.at {
            Some(at) => say!(said.since_then, what = text, clock = told.clock(at.0)),
            None => text,
        };
        let why = Some(format!("call:{}", call.id));
        rows.push(wait_row(format!("call {}", call.id), (said.call, text), why, width));
    }
    for question in &home.questions {
        let name = if question.rule.starts_with("phone:") { said.call } else { said.question };
        let key = format!("question {}", question.id);
        let why = Some(format!("rule:{}", question.rule)).filter(|_| !question.rule.contains(':'));
        let text = match state.answer_to(&question.id) {
            Some(true) => say!(said.said_yes, text = safe(&question.text)),
            Some(false) => say!(said.said_no, text = safe(&question.text)),
            None => safe(&question.text),
        };
        let why = why.or_else(|| question.rule.strip_prefix("phone:").map(|call| format!("call:{call}")));
        let mut row = wait_row(key, (name, text), why, width);
        let until = told.clock(question.until.0);
        let note = say!(said.how_to_answer, clock = until);
        row.note = if row.note.is_empty() { note } else { format!("{}; {note}", row.note) };
        row.yes = Some(Wish::answer(&question.id, true));
        row.no = Some(Wish::answer(&question.id, false));
        rows.push(row);
    }
    for ring in &home.rings {
        let room = ring.room_name.as_deref().map(|room| format!(" ({})", safe(room))).unwrap_or_default();
        let text = format!("{}{room}", safe(&ring.text));
        let mut row = wait_row(format!("ring {}", ring.id), (said.rings, text), Some(ring.id.clone()), width);
        row.act = Some(Wish::stop(&ring.id));
        row.note = format!("{}{}", said.how_to_stop, if row.note.is_empty() { "" } else { "; " }) + &row.note;
        rows.push(row);
    }
    if !rows.is_empty() {
        rows.push(Row::words("", Tone::Plain));
    }
    rows
}

fn wait_row(key: String, (name, text): (&str, String), why: Option<String>, width: usize) -> Row {
    let pieces = vec![Piece::new(format!("{name:<8} "), Tone::Key), Piece::plain(text.clone())];
    let mut row = Row::new(key, pieces);
    if crate::terminal::text::width(&text) + 9 > width {
        row.note = text;
    }
    row.why = why;
    row
}

fn needs(home: &HomeNow, state: &State, width: usize) -> Vec<Row> {
    let (said, all) = (state.said(), state.all_needs);
    let mut rows = Vec::new();
    // What is asked stands above, with its answers.
    let needs: Vec<&Need> = home.needs.iter().filter(|need| need.urgency != "question").collect();
    if home.needs.is_empty() {
        rows.push(Row::words(said.all_well, Tone::Good));
    }
    let shown = if all || needs.len() <= FEW + 1 { needs.len() } else { FEW };
    for (n, need) in needs.iter().take(shown).enumerate() {
        rows.push(need_row(said, need, n, width));
    }
    if needs.len() > FEW + 1 {
        let words = match needs.len() - shown {
            0 => said.fewer.to_owned(),
            more => say!(said.and_more, n = more),
        };
        let mut row = Row::new("needs", vec![Piece::new(words, Tone::Faint)]);
        row.open = Some(Open::Needs);
        rows.push(row);
    }
    if !rows.is_empty() {
        rows.push(Row::words("", Tone::Plain));
    }
    rows
}

fn need_row(said: &Said, need: &Need, n: usize, width: usize) -> Row {
    let (tone, word) = match need.urgency.as_str() {
        "alarm" => (Tone::Bad, said.alarm),
        "trouble" => (Tone::Warn, said.trouble),
        "notice" => (Tone::Plain, said.notice),
        other => (Tone::Plain, other),
    };
    let text = safe(&need.text);
    let pieces = vec![Piece::new(format!("{word:<8} "), tone), Piece::plain(text.clone())];
    let key = match &need.about {
        Some(about) => format!("need {about} {n}"),
        None => format!("need {n}"),
    };
    let mut row = Row::new(key, pieces);
    if crate::terminal::text::width(&text) + 9 > width {
        row.note = text;
    }
    row.open = need.about.clone().map(Open::Why);
    row.why.clone_from(&need.about);
    row
}

fn person(person: &PersonNow, state: &State) -> Row {
    let (told, said) = (state.telling(), state.said());
    let room = person.room.as_ref().map(|key| state.room_name(key));
    let (place, tone) = match (person.presence.as_str(), room) {
        ("home", Some(room)) => (room, Tone::Good),
        ("home", None) => (said.at_home.to_owned(), Tone::Good),
        ("away", _) => (said.away.to_owned(), Tone::Plain),
        _ => (said.nobody_knows.to_owned(), Tone::Faint),
    };
    let since = person.since.map(|m| say!(said.since, clock = told.clock(m.0))).unwrap_or_default();
    let pieces = cells(
        vec![Piece::plain(safe(&person.name)), Piece::new(place, tone), Piece::new(since, Tone::Faint)],
        &[20, 20, 30],
    );
    let mut row = Row::new(format!("person:{}", person.key), pieces);
    row.why = Some(format!("person:{}", person.key));
    row.open = row.why.clone().map(Open::Why);
    row
}

fn timer(timer: &CountdownView, state: &State) -> Row {
    let told = state.telling();
    let (left, tone) = match timer.due {
        Some(due) => {
            let left_s = due.0.0.saturating_sub(told.now.0) as f64 / 1e6;
            (CountdownView { left_s, ..timer.clone() }.left(), Tone::Good)
        }
        None => (say!(state.said().paused, left = timer.left()), Tone::Warn),
    };
    let room = safe(timer.room_name.as_deref().unwrap_or(""));
    let pieces = cells(
        vec![Piece::plain(safe(&timer.called())), Piece::new(left, tone), Piece::new(room, Tone::Faint)],
        &[20, 20, 30],
    );
    let mut row = Row::new(format!("timer {}", timer.id), pieces);
    row.why = Some(format!("timer:{}", timer.id));
    row.open = row.why.clone().map(Open::Why);
    row
}

fn is_light(entity: &EntityView) -> bool {
    entity.component == "light"
}

fn is_on(entity: &EntityView) -> bool {
    is_light(entity) && entity.state == serde_json::Value::Bool(true)
}

fn rooms(home: &HomeNow, state: &State, width: usize) -> Vec<Row> {
    let name = widest(home.rooms.iter().map(|r| r.name.as_str()), 12, 24);
    // Who is there has nine columns at least; what is measured needs more than the others, where there is room.
    let climate = width.saturating_sub(name + 12 + 13 + 4 + 9).clamp(18, 26);
    let widths = columns(width, &[name, 12, 13, climate, 0]);
    let floors = home.rooms.iter().any(|r| r.floor.is_some());
    let said = state.said();
    let names = [said.room, said.occupied, said.light_head, said.climate, said.who];
    let mut rows = vec![Row::words(head(&names, &widths), Tone::Head)];
    let mut floor = None;
    for room in &home.rooms {
        if floors && floor != Some(&room.floor) {
            floor = Some(&room.floor);
            rows.push(Row::words(safe(room.floor.as_deref().unwrap_or(said.elsewhere)), Tone::Faint));
        }
        rows.push(room_row(room, home, state, &widths));
    }
    if !home.unplaced.is_empty() {
        let words = say!(said.loose, n = home.unplaced.len());
        let mut row = Row::new("unplaced", vec![Piece::new(words, Tone::Warn)]);
        row.open = Some(Open::Devices("kind:device -room:*".to_owned()));
        rows.push(row);
    }
    rows
}

fn room_row(room: &RoomNow, home: &HomeNow, state: &State, widths: &[usize]) -> Row {
    let (told, said, tongue) = (state.telling(), state.said(), state.tongue());
    let for_long = room.since.map(|m| tongue.length(told.now.since(m.0))).unwrap_or_default();
    let (somebody, tone) = match room.occupied {
        Some(true) => (say!(said.yes_for, length = for_long), Tone::Good),
        Some(false) => (say!(said.no_for, length = for_long), Tone::Plain),
        None => ("-".to_owned(), Tone::Faint),
    };
    let lights: Vec<&EntityView> = room.entities.iter().filter(|e| is_light(e)).collect();
    let on = lights.iter().filter(|e| is_on(e)).count();
    let target = format!("room:{}/light", room.key);
    let (light, light_tone) = match (lights.as_slice(), on) {
        ([], _) => ("-".to_owned(), Tone::Faint),
        ([one], _) => (words::state(tongue, one), if on > 0 { Tone::Warn } else { Tone::Plain }),
        (all, 0) => (say!(said.all_off, n = all.len()), Tone::Plain),
        (all, on) => (say!(said.some_on, on = on, n = all.len()), Tone::Warn),
    };
    let (light, light_tone) = match state.pending_for(&target, "on") {
        Some(asked) => {
            let wish = words::value(tongue, &asked.value, None);
            (say!(said.asked, is = light, wish = wish), Tone::Key)
        }
        None => (light, light_tone),
    };
    let who = home.people.iter().filter(|p| p.room.as_deref() == Some(&room.key));
    let who: Vec<String> = who.map(|p| safe(&p.name)).collect();
    let pieces = cells(
        vec![
            Piece::plain(safe(&room.name)),
            Piece::new(somebody, tone),
            Piece::new(light, light_tone),
            Piece::plain(climate(state, room)),
            Piece::plain(who.join(", ")),
        ],
        widths,
    );
    let mut row = Row::new(format!("room:{}", room.key), pieces);
    row.open = Some(Open::Devices(format!("room:{}", room.key)));
    row.why = Some(format!("room:{}", room.key));
    if !lights.is_empty() {
        row.act = Some(Wish::new(&target, "on", json!(on == 0)));
    }
    row
}

/// Temperature, humidity and air of a room, as far as they are measured and still count.
fn climate(state: &State, room: &RoomNow) -> String {
    let tongue = state.tongue();
    let measured = |class: &str| {
        let of = |e: &&EntityView| e.device_class.as_deref() == Some(class) && e.state.is_number();
        let found = room.entities.iter().find(of)?;
        // A tenth of a percent is nothing that anybody feels.
        match found.state.as_f64().filter(|_| class != "temperature" && !found.stale) {
            Some(n) => Some(words::value(tongue, &json!(n.round()), found.unit.as_deref())),
            None => Some(words::state(tongue, found)),
        }
    };
    let mut all: Vec<String> =
        ["temperature", "humidity", "carbon_dioxide"].into_iter().filter_map(measured).collect();
    if let Some(heating) = room.entities.iter().find(|e| e.component == "climate") {
        let to = heating.properties.get("target_temperature").filter(|v| !v.is_null());
        all.extend(to.map(|v| say!(state.said().to, value = words::value(tongue, v, None))));
    }
    if all.is_empty() { "-".to_owned() } else { all.join(" ") }
}
