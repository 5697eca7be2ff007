//! The devices that players and streams are: seen on their rooms' pages, named in rules and scenes, moved by claims.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::names::child;
use crate::Place;
use crate::decode::Fields;
use crate::home::{
    Bind, Device, EntityConfig, MEDIA, MUSIC_ASSISTANT, PlayerConfig, StreamConfig, TwinConfig, TwinKind,
};

/// The entities of a player's device.
pub(crate) const PLAYER_SLUGS: [&str; 3] = ["player", "next", "previous"];
/// Those of a stream's.
pub(crate) const STREAM_SLUGS: [&str; 4] = ["player", "next", "previous", "follow"];

/// Adds them to the devices of the home.
pub(crate) fn devices(
    players: &BTreeMap<String, PlayerConfig>,
    streams: &BTreeMap<String, StreamConfig>,
    link: Option<&str>,
    devices: &mut BTreeMap<String, Device>,
) {
    let names: Vec<&str> = streams.keys().map(String::as_str).collect();
    for (key, player) in players {
        let device = PlayerConfig::device(key);
        let at = format!("player/{key}");
        let bind = match player.twin {
            true => twin_of(&device, link),
            false => {
                let link = if player.assistant.is_some() { MUSIC_ASSISTANT } else { MEDIA };
                declared(link, &device, &player.name, &at, player_entities(&at, &names, true))
            }
        };
        let kind = player.twin.then_some(TwinKind::Player);
        let room = Some(player.room.clone());
        let made = made(player.place.clone(), &player.name, room, bind, kind, &PLAYER_SLUGS);
        devices.entry(device).or_insert(made);
    }
    for (key, stream) in streams {
        let device = StreamConfig::device(key);
        let at = format!("stream/{key}");
        let bind = match stream.twin {
            true => twin_of(&device, link),
            false => declared(MEDIA, &device, &stream.name, &at, stream_entities(&at, stream.mpd.is_some())),
        };
        let kind = stream.twin.then_some(TwinKind::Stream);
        let made = made(stream.place.clone(), &stream.name, None, bind, kind, &STREAM_SLUGS);
        devices.entry(device).or_insert(made);
    }
}

fn twin_of(device: &str, link: Option<&str>) -> Bind {
    let identifiers = vec![format!("lares_twin_{device}")];
    Bind::Twin { link: link.unwrap_or_default().to_owned(), identifiers }
}

fn declared(link: &str, device: &str, name: &str, at: &str, entities: Map<String, Value>) -> Bind {
    let config = json!({
        "device": { "identifiers": [format!("lares_{device}")], "name": name },
        "availability_topic": format!("{at}/available"),
        "cmps": entities,
    });
    Bind::Declared { link: link.to_owned(), config }
}

/// What a loudspeaker is and can; `skips`: what it plays can be paused and skipped.
fn player_entities(at: &str, streams: &[&str], skips: bool) -> Map<String, Value> {
    let mut player = playing(at, skips);
    for (key, of) in [("volume", "volume"), ("mute", "muted"), ("source", "source")] {
        player[format!("{key}_state_topic")] = format!("{at}/{of}").into();
        player[format!("{key}_command_topic")] = format!("{at}/{of}/set").into();
    }
    player["source_list"] = streams.into();
    let mut all = Map::new();
    all.insert("player".to_owned(), player);
    buttons(at, &mut all);
    all
}

fn stream_entities(at: &str, skips: bool) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("player".to_owned(), playing(at, skips));
    if skips {
        buttons(at, &mut all);
    }
    let follow = json!({
        "platform": "switch", "name": "follow", "unique_id": format!("{at}/follow"),
        "state_topic": format!("{at}/follow"), "command_topic": format!("{at}/follow/set"),
        "payload_on": "ON", "payload_off": "OFF",
    });
    all.insert("follow".to_owned(), follow);
    all
}

/// What plays.
fn playing(at: &str, skips: bool) -> Value {
    let mut player = json!({
        "platform": "media_player", "name": "player", "unique_id": format!("{at}/player"),
        "state_topic": format!("{at}/state"),
        "title_state_topic": format!("{at}/title"), "artist_state_topic": format!("{at}/artist"),
    });
    if skips {
        player["command_topic"] = format!("{at}/state/set").into();
    }
    player
}

fn buttons(at: &str, all: &mut Map<String, Value>) {
    for way in ["next", "previous"] {
        let button = json!({
            "platform": "button", "name": way, "unique_id": format!("{at}/{way}"),
            "command_topic": format!("{at}/{way}/set"),
        });
        all.insert(way.to_owned(), button);
    }
}

fn made(
    place: Place,
    name: &str,
    room: Option<String>,
    bind: Bind,
    twin: Option<TwinKind>,
    slugs: &[&str],
) -> Device {
    let label = |slug: &&str| {
        let name = match *slug {
            "player" => name.to_owned(),
            "next" => format!("{name}: next"),
            "previous" => format!("{name}: previous"),
            _ => format!("{name} follows"),
        };
        let entity = EntityConfig {
            place: place.clone(),
            name: Some(name),
            room: None,
            stale_after: None,
            component: None,
            device_class: None,
        };
        ((*slug).to_owned(), entity)
    };
    Device {
        entities: slugs.iter().map(label).collect(),
        place,
        name: name.to_owned(),
        room,
        bind,
        twin: twin.map(|kind| TwinConfig { kind, options: Map::new() }),
        defaults: BTreeMap::new(),
    }
}

/// Reports a device that has the key of this section's own.
pub(crate) fn taken(top: &Fields<'_>, table: &str, key: &str, device: &str, fields: &Fields<'_>) {
    let written = child(&top.node, "device").and_then(|table| child(&table, device));
    if let Some(written) = written {
        let place = written.place();
        let message = format!("{table} {key:?} is the device {device:?}, which is also written at {place}");
        fields.node.clash("duplicate-binding", message, "give that device another key", place);
    }
}
