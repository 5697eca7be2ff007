//! `cover` and `valve`: percent open, from a position topic or from words.

use std::sync::Arc;

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder, PERCENT, percent_unit};
use super::sink::{Scale, Sink};
use super::writer::How;

const OPEN: Value = Value::Number(100.0);
const CLOSED: Value = Value::Number(0.0);

pub fn cover(b: &mut Builder<'_>) {
    let scale = position_scale(b);
    let words = StateWords::of(b);
    let positioned =
        b.read("position_topic", "position_template", Sink::Number { property: Property::Position, scale });
    let moves = b.read("state_topic", "value_template", words.action());
    // Without a position topic, the words tell at least the two ends.
    let ends = !positioned && b.read("state_topic", "value_template", words.ends());
    let exact = b.write(
        Property::Position,
        "set_position_topic",
        "set_position_template",
        Some("position"),
        How::Scaled(scale),
    );
    let ways = direct(b);
    let by_ends = !exact
        && b.write(Property::Position, "command_topic", "command_template", None, How::Words(ends_of(&ways)));
    let kind = if by_ends { ends_kind() } else { PERCENT };
    b.property(
        Property::Position,
        kind,
        percent_unit(),
        Access { readable: positioned || ends, writable: exact || by_ends },
    );

    let words: Vec<_> = ways.iter().map(|(word, payload)| (Value::from(*word), payload.clone())).collect();
    let writable = b.write(Property::Action, "command_topic", "command_template", None, How::Words(words));
    b.property(Property::Action, ValueKind::Text, None, Access { readable: moves, writable });

    let tilt = Scale::percent(
        b.config.number("tilt_min").unwrap_or(0.0),
        b.config.number("tilt_max").unwrap_or(100.0),
    );
    let readable = b.read(
        "tilt_status_topic",
        "tilt_status_template",
        Sink::Number { property: Property::Tilt, scale: tilt },
    );
    let writable = b.write(
        Property::Tilt,
        "tilt_command_topic",
        "tilt_command_template",
        Some("tilt_position"),
        How::Scaled(tilt),
    );
    b.property(Property::Tilt, PERCENT, percent_unit(), Access { readable, writable });
}

pub fn valve(b: &mut Builder<'_>) {
    let scale = position_scale(b);
    let words = StateWords::of(b);
    let reports_position = b.config.flag("reports_position").unwrap_or(false);
    let readable = if reports_position {
        b.read("state_topic", "value_template", Sink::Number { property: Property::Position, scale })
    } else {
        b.read("state_topic", "value_template", words.ends())
    };
    let how = if reports_position { How::Scaled(scale) } else { How::Words(ends_of(&direct(b))) };
    let writable = b.write(Property::Position, "command_topic", "command_template", None, how);
    let kind = if reports_position { PERCENT } else { ends_kind() };
    b.property(Property::Position, kind, percent_unit(), Access { readable, writable });
    // One that reports a number says nothing of its way there.
    let moves = !reports_position && b.read("state_topic", "value_template", words.action());
    let stop: Vec<_> = direct(b).into_iter().filter(|(word, _)| *word == "stop").collect();
    let stop: Vec<_> = stop.into_iter().map(|(word, payload)| (Value::from(word), payload)).collect();
    // `STOP` is no default of a valve's: it stops if it says so.
    let can = b.config.has("payload_stop");
    let writable = can && b.write(Property::Action, "command_topic", "", None, How::Words(stop));
    b.property(Property::Action, ValueKind::Text, None, Access { readable: moves, writable });
}

fn position_scale(b: &Builder<'_>) -> Scale {
    Scale::percent(
        b.config.number("position_closed").unwrap_or(0.0),
        b.config.number("position_open").unwrap_or(100.0),
    )
}

/// Only fully open and fully closed can be wished.
fn ends_kind() -> ValueKind {
    ValueKind::Number { min: Some(0.0), max: Some(100.0), step: Some(100.0) }
}

/// The words `open`, `close`, `stop` and their payloads; an announced null means "cannot".
fn direct(b: &Builder<'_>) -> Vec<(&'static str, String)> {
    [("open", "payload_open", "OPEN"), ("close", "payload_close", "CLOSE"), ("stop", "payload_stop", "STOP")]
        .into_iter()
        .filter(|(_, key, _)| !b.config.0.get(*key).is_some_and(|v| v.is_null()))
        .map(|(word, key, default)| (word, b.config.text_or(key, default)))
        .collect()
}

fn ends_of(ways: &[(&'static str, String)]) -> Vec<(Value, String)> {
    ways.iter()
        .filter_map(|(word, payload)| match *word {
            "open" => Some((OPEN, payload.clone())),
            "close" => Some((CLOSED, payload.clone())),
            _ => None,
        })
        .collect()
}

struct StateWords([(&'static str, String); 5]);

impl StateWords {
    fn of(b: &Builder<'_>) -> Self {
        Self(
            ["open", "opening", "closed", "closing", "stopped"]
                .map(|w| (w, b.config.text_or(&format!("state_{w}"), w))),
        )
    }

    fn action(&self) -> Sink {
        let words =
            self.0.iter().map(|(word, text)| (text.clone(), Some(Value::Text(Arc::from(*word))))).collect();
        Sink::Words { property: Property::Action, words }
    }

    fn ends(&self) -> Sink {
        let words = self.0.iter().map(|(word, text)| {
            let value = match *word {
                "open" => Some(OPEN),
                "closed" => Some(CLOSED),
                _ => None,
            };
            (text.clone(), value)
        });
        Sink::Words { property: Property::Position, words: words.collect() }
    }
}
