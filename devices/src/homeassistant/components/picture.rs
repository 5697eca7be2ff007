//! `camera` and `image`: which picture there is, and the picture itself for whoever shows it.

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder};
use super::sink::{Out, Sink};
use super::writer::How;
use crate::{Observation, Picture};

pub fn build(b: &mut Builder<'_>) {
    // A robot's map, as `../../valetudo` announces it.
    if b.read_through("map_topic", "", Sink::Map) {
        let access = Access { readable: true, writable: false };
        for property in [Property::State, Property::Rooms, Property::Map, Property::Attributes] {
            b.property(property, ValueKind::Text, None, access);
        }
        for property in [Property::X, Property::Y] {
            b.property(property, super::builder::NUMBER, Some("m".into()), access);
        }
        return;
    }
    places(b);
    let b64 = b.config.text("image_encoding").as_deref() == Some("b64");
    let readable = b.read_through("topic", "", Sink::Picture { b64 })
        || b.read_through("image_topic", "", Sink::Picture { b64 })
        || b.read("url_topic", "url_template", Sink::Text(Property::State));
    b.property(Property::State, ValueKind::Text, None, Access { readable, writable: false });
}

/// Places on a robot's map that it can be sent to, as `../../valetudo` announces them.
fn places(b: &mut Builder<'_>) {
    for (property, topic, how) in [
        (Property::GoTo, "go_to_command_topic", How::GoTo),
        (Property::CleanZone, "clean_zone_command_topic", How::CleanZone),
    ] {
        let writable = b.write(property, topic, "", None, how);
        b.property(property, ValueKind::Text, None, Access { readable: false, writable });
    }
}

/// First bytes of pictures, by which they are known whatever is said of them. None of these kinds can hold a script.
const KINDS: [(&str, &str, &[u8]); 4] = [
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
    ("gif", "image/gif", b"GIF8"),
    ("webp", "image/webp", b"RIFF"),
];

/// Reads `png 720x512` or `jpeg`, and the picture; an empty message is no picture.
pub fn read(bytes: &[u8], b64: bool, out: &mut Out<'_>) -> Result<(), String> {
    if bytes.is_empty() {
        out.put(Property::State, None);
        return Ok(());
    }
    let bytes = if b64 { super::base64::read(bytes)? } else { bytes.to_vec() };
    let Some((kind, media, _)) = KINDS.iter().find(|(.., first)| bytes.starts_with(first)) else {
        let first: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        return Err(format!("a picture begins with {}; allowed: png, jpeg, gif, webp", first.join(" ")));
    };
    let text = match size(&bytes).filter(|_| *kind == "png") {
        Some((width, height)) => format!("{kind} {width}x{height}"),
        None => (*kind).to_owned(),
    };
    out.put(Property::State, Some(Value::text(text)));
    out.to.push(Observation::Picture { entity: out.entity, picture: Picture { media, bytes } });
    Ok(())
}

/// Width and height of a PNG: its first chunk (PNG specification, 11.2.2).
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then(|| Some((number(16)?, number(20)?)))?
}

/// A robot's map: the room that it is in, where in it, all rooms, and a plan of them.
pub fn map(bytes: &[u8], out: &mut Out<'_>) -> Result<(), String> {
    if bytes.is_empty() {
        for property in [Property::State, Property::Map, Property::X, Property::Y] {
            out.put(property, None);
        }
        return Ok(());
    }
    let map = crate::valetudo::map::read(bytes)?;
    out.put(Property::State, map.room.map(Value::text));
    out.put(Property::Attributes, Some(Value::text(format!("area: {} m²", map.area))));
    out.put(Property::Rooms, Some(Value::text(super::segments::words(map.rooms.iter().map(String::as_str)))));
    out.put(Property::Map, Some(Value::text(map.plan)));
    for (property, metres) in [(Property::X, map.robot.map(|r| r.0)), (Property::Y, map.robot.map(|r| r.1))] {
        match metres {
            Some(metres) => out.number(property, (metres * 100.0).round() / 100.0)?,
            None => out.put(property, None),
        }
    }
    Ok(())
}
