//! `media_player`: what plays, how loud, from where. Home Assistant has no such component over MQTT; the keys follow its
//! other ones.

use lares_model::{Property, Value, ValueKind};

use super::binary;
use super::builder::{Access, Builder, PERCENT, choice, percent_unit};
use super::sink::{Scale, Sink};
use super::writer::How;

/// What a player may be told to be.
const STATES: [&str; 3] = ["playing", "paused", "idle"];

pub fn build(b: &mut Builder<'_>) {
    let states = STATES.map(Into::into).to_vec();
    let sink = Sink::OneOf { property: Property::State, options: states.clone() };
    let readable = b.read("state_topic", "value_template", sink);
    let how = How::Words(STATES.map(|word| (Value::from(word), word.to_owned())).to_vec());
    let writable = b.write(Property::State, "command_topic", "command_template", None, how);
    b.property(Property::State, choice(&states), None, Access { readable, writable });

    let sink = Sink::Number { property: Property::Volume, scale: Scale::NONE };
    let readable = b.read("volume_state_topic", "volume_value_template", sink);
    let how = How::Scaled(Scale::percent(0.0, 100.0));
    let writable = b.write(Property::Volume, "volume_command_topic", "volume_command_template", None, how);
    b.property(Property::Volume, PERCENT, percent_unit(), Access { readable, writable });

    let (on, off) = (b.config.text_or("mute_on", "ON"), b.config.text_or("mute_off", "OFF"));
    let sink = binary::on_off(Property::Muted, on.clone(), off.clone());
    let readable = b.read("mute_state_topic", "mute_value_template", sink);
    let writable =
        b.write(Property::Muted, "mute_command_topic", "mute_command_template", None, binary::how(on, off));
    b.property(Property::Muted, ValueKind::Bool, None, Access { readable, writable });

    // Somebody may have put it on a source that nobody named here: that is told, and cannot be asked for.
    let sources = b.options("source_list");
    let readable = b.read("source_state_topic", "source_value_template", Sink::Text(Property::Source));
    let writable =
        b.write(Property::Source, "source_command_topic", "source_command_template", None, How::Plain);
    b.property(Property::Source, choice(&sources), None, Access { readable, writable });

    for (property, topic, template) in [
        (Property::Title, "title_state_topic", "title_value_template"),
        (Property::Artist, "artist_state_topic", "artist_value_template"),
    ] {
        let readable = b.read(topic, template, Sink::Text(property));
        b.property(property, ValueKind::Text, None, Access { readable, writable: false });
    }
}
