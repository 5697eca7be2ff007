//! `lock`.

use lares_model::{Property, Value, ValueKind};

use super::binary;
use super::builder::{Access, Builder};
use super::sink::Sink;

pub fn build(b: &mut Builder<'_>) {
    let mut words = vec![
        (b.config.text_or("state_locked", "LOCKED"), Some(Value::Bool(true))),
        (b.config.text_or("state_unlocked", "UNLOCKED"), Some(Value::Bool(false))),
    ];
    // On its way it is not locked yet, or no longer; jammed it is not locked either.
    for (key, word) in [
        ("state_locking", "LOCKING"),
        ("state_unlocking", "UNLOCKING"),
        ("state_jammed", "JAMMED"),
        ("state_opening", "OPENING"),
        ("state_open", "OPEN"),
    ] {
        words.push((b.config.text_or(key, word), Some(Value::Bool(false))));
    }
    let readable = b.read("state_topic", "value_template", Sink::Words { property: Property::Locked, words });
    let how =
        binary::how(b.config.text_or("payload_lock", "LOCK"), b.config.text_or("payload_unlock", "UNLOCK"));
    let writable = b.write(Property::Locked, "command_topic", "command_template", None, how);
    b.property(Property::Locked, ValueKind::Bool, None, Access { readable, writable });
}
