//! `lock`: locked or not, what it does just now, and a door that is pulled open.

use std::sync::Arc;

use lares_model::{Property, Value, ValueKind};

use super::binary;
use super::builder::{Access, Builder};
use super::sink::Sink;
use super::writer::How;

/// What it says, the key and default of the text for it, and whether the door is locked then. On its way it is not locked yet,
/// or no longer; jammed it is not locked either.
const STATES: [(&str, &str, &str); 7] = [
    ("locked", "state_locked", "LOCKED"),
    ("unlocked", "state_unlocked", "UNLOCKED"),
    ("locking", "state_locking", "LOCKING"),
    ("unlocking", "state_unlocking", "UNLOCKING"),
    ("jammed", "state_jammed", "JAMMED"),
    ("opening", "state_opening", "OPENING"),
    ("open", "state_open", "OPEN"),
];

pub fn build(b: &mut Builder<'_>) {
    let texts = STATES.map(|(word, key, default)| (word, b.config.text_or(key, default)));
    let locked = |word: &str| Some(Value::Bool(word == "locked"));
    let words = texts.iter().map(|(word, text)| (text.clone(), locked(word))).collect();
    let readable = b.read("state_topic", "value_template", Sink::Words { property: Property::Locked, words });
    let how =
        binary::how(b.config.text_or("payload_lock", "LOCK"), b.config.text_or("payload_unlock", "UNLOCK"));
    let writable = b.write(Property::Locked, "command_topic", "command_template", None, how);
    b.property(Property::Locked, ValueKind::Bool, None, Access { readable, writable });

    let does = texts.iter().map(|(word, text)| (text.clone(), Some(Value::Text(Arc::from(*word))))).collect();
    let readable =
        b.read("state_topic", "value_template", Sink::Words { property: Property::Action, words: does });
    let open = b.config.text("payload_open").map(|payload| (Value::from("open"), payload));
    let writable = match open {
        Some(open) => {
            b.write(Property::Action, "command_topic", "command_template", None, How::Words(vec![open]))
        }
        None => false,
    };
    b.property(Property::Action, ValueKind::Text, None, Access { readable, writable });
}
