//! `[voice]`, `[voice.speech]`, `[voice.server]`, `[satellite.*]`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::names::{child, name_or_key, sections};
use super::wires::{address, host_name};
use super::{Scope, secret};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{
    Bind, Device, Engine, EntityConfig, EsphomeAt, Grant, Person, QuietHours, RING, Role, SATELLITES,
    SatelliteAt, SatelliteConfig, SpeechConfig, VoiceConfig, VoiceServerConfig,
};

/// Where Wyoming satellites listen by default.
const SATELLITE_PORT: u16 = 10_700;
/// Where devices of ESPHome listen.
const ESPHOME_PORT: u16 = 6_053;
/// Where Wyoming's own speech-to-text listens.
const SERVER_PORT: u16 = 10_300;
/// Where Wyoming's own text-to-speech listens.
const SPEECH_PORT: u16 = 10_200;
const THREADS: u8 = 2;
const LONGEST_RING: Duration = Duration::from_secs(15 * 60);
/// Percent, in quiet hours.
const QUIET: u8 = 30;
/// Whether it is flite.
const ENGINES: &[(&str, bool)] = &[("espeak-ng", false), ("flite", true)];
const LANGUAGES: &[(&str, &str)] = &[("en", "en"), ("de", "de"), ("es", "es"), ("fr", "fr"), ("nl", "nl")];
/// The entities of a satellite's device.
pub(crate) const SLUGS: [&str; 2] = ["muted", "connected"];

pub(crate) fn voice(top: &Fields<'_>, scope: &Scope<'_>) -> Option<VoiceConfig> {
    let fields = top.get("voice")?.fields()?;
    let config = VoiceConfig {
        place: fields.node.place(),
        library: fields.get("library").and_then(|n| path(&n, scope)),
        model: fields.get("model").and_then(|n| path(&n, scope)),
        language: language(&fields),
        wake: fields.get("wake").and_then(|n| wake(&n)),
        threads: fields
            .get("threads")
            .and_then(|n| n.number_within(None, 1.0, 16.0))
            .map_or(THREADS, |n| n as u8),
        ring: fields.get("ring").and_then(|n| ring(&n)).unwrap_or(RING),
        find: fields.get("find").and_then(|n| n.bool()).unwrap_or(false),
        speech: fields.get("speech").and_then(|n| n.fields()).map(speech).unwrap_or_default(),
        server: fields.get("server").and_then(|node| node.fields()).map(|fields| server(fields, scope)),
    };
    fields.finish();
    Some(config)
}

/// `0s` is never: what is over is told once.
fn ring(node: &Node<'_>) -> Option<Duration> {
    if node.value.as_str() == Some("0s") {
        return Some(Duration::ZERO);
    }
    let length = node.duration()?;
    if length > LONGEST_RING {
        node.error("out-of-range", "nobody may ring for so long", "allowed: 0s to 15m");
        return None;
    }
    Some(length)
}

fn speech(fields: Fields<'_>) -> SpeechConfig {
    let usual = SpeechConfig::default();
    let percent =
        |key: &'static str| fields.get(key)?.number_within(None, 0.0, 100.0).map(|percent| percent as u8);
    let engine = fields.get("engine").and_then(|n| n.word(ENGINES)).map(|flite| match flite {
        true => Engine::Flite,
        false => Engine::Espeak,
    });
    let command: Vec<String> =
        fields.list("command").iter().filter_map(|n| n.text().map(str::to_owned)).collect();
    if fields.has("command")
        && command.is_empty()
        && let Some(node) = fields.get("command")
    {
        node.error(
            "bad-text",
            "no program is named",
            "write it with its arguments: [\"piper\", \"-f\", \"-\"]",
        );
    }
    let address = fields.get("address").and_then(|n| host_and_port(&n, SPEECH_PORT));
    let ways = fields.present(&["engine", "command", "address"]);
    if let [one, more @ ..] = &ways[..] {
        fields.refuse(more, one);
    }
    let engine = match (address, command) {
        (Some((host, port)), _) => Engine::Wyoming { host, port },
        (None, command) if !command.is_empty() => Engine::Command(command),
        _ => engine.unwrap_or(Engine::Espeak),
    };
    let config = SpeechConfig {
        engine,
        voice: fields.get("voice").and_then(|n| n.label()),
        volume: percent("volume").unwrap_or(usual.volume),
        quiet: quiet(&fields),
        duck: percent("duck").unwrap_or(usual.duck),
    };
    fields.finish();
    config
}

fn quiet(fields: &Fields<'_>) -> Option<QuietHours> {
    let quiet = fields.get("quiet")?.fields()?;
    let from = quiet.required("from", "say when it begins: from = \"22:00\"").and_then(|n| n.time());
    let to = quiet.required("to", "say when it ends: to = \"07:00\"").and_then(|n| n.time());
    let volume = quiet.get("volume").and_then(|n| n.number_within(None, 0.0, 100.0));
    quiet.finish();
    Some(QuietHours { from: from?, to: to?, volume: volume.map_or(QUIET, |percent| percent as u8) })
}

fn server(fields: Fields<'_>, scope: &Scope<'_>) -> VoiceServerConfig {
    let listen = fields.get("listen");
    let ip = listen.as_ref().and_then(address).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let port = fields.get("port").and_then(|n| n.number_within(None, 0.0, 65_535.0));
    let from: Vec<IpAddr> = fields.list("from").iter().filter_map(address).collect();
    if let Some(node) = listen
        && !ip.is_loopback()
        && from.is_empty()
    {
        let message = format!("the voice server would listen on {ip} for anybody: Wyoming knows no password");
        node.error(
            "open-voice",
            message,
            "name who may connect: from = [\"192.168.1.5\"], or listen on 127.0.0.1",
        );
    }
    let role = fields.get("rights").and_then(|n| n.word(Role::NAMES));
    let rooms = rooms(&fields, scope);
    let speaker = role.map(|role| speaker(fields.node.place(), "the voice server", role, rooms));
    let announce = fields.get("announce").and_then(|n| n.bool()).unwrap_or(false);
    fields.finish();
    let listen = SocketAddr::new(ip, port.map_or(SERVER_PORT, |n| n as u16));
    VoiceServerConfig { listen, from, speaker, announce }
}

pub(crate) fn satellites(
    top: &Fields<'_>,
    scope: &Scope<'_>,
    voice: Option<&VoiceConfig>,
) -> BTreeMap<String, SatelliteConfig> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "satellite") {
        let place = fields.node.place();
        let name = name_or_key(&fields, &key);
        let room = fields.required("room", "say where it stands: room = \"kitchen\"");
        let room = room.and_then(|n| n.key_of("room", &scope.names.rooms)).unwrap_or_default();
        let at = at(&fields, scope);
        let role = fields.get("rights").and_then(|n| n.word(Role::NAMES)).unwrap_or(Role::Guest);
        let mut granted = rooms(&fields, scope);
        // A voice that nobody knows moves what is in its own room.
        if role == Role::Guest && granted.is_none() {
            granted = Some(Vec::new());
        }
        if let Some(granted) = &mut granted
            && !granted.contains(&room)
        {
            granted.push(room.clone());
        }
        if voice.is_none_or(|voice| voice.model.is_none()) {
            fields.node.warn(
                "missing-key",
                format!("satellite {key:?} is not understood: there is no model"),
                "write [voice] with model = the folder of a vosk model",
            );
        }
        taken(top, &key, &fields);
        let speaker = speaker(place.clone(), &format!("the voice in {room}"), role, granted);
        let language = language(&fields);
        let volume = fields.get("volume").and_then(|n| n.number_within(None, 0.0, 100.0));
        let (volume, keep) = (volume.map(|n| n as u8), fields.get("keep").and_then(|n| n.bool()));
        fields.finish();
        let keep = keep.unwrap_or(true);
        out.insert(key, SatelliteConfig { place, name, room, at, language, volume, keep, speaker });
    }
    out
}

/// Keys that only a device of ESPHome has.
const OF_ESPHOME: [&str; 5] =
    ["encryption_key_file", "encryption_key_env", "password_file", "password_env", "answers_port"];

fn at(fields: &Fields<'_>, scope: &Scope<'_>) -> SatelliteAt {
    let device = |key| fields.get(key).and_then(|n| n.label());
    let (microphone, loudspeaker) = (device("microphone"), device("loudspeaker"));
    fields.allow(&OF_ESPHOME);
    if let Some(node) = fields.get("esphome") {
        fields.refuse(&["address", "microphone", "loudspeaker"], "esphome");
        let (host, port) = host_and_port(&node, ESPHOME_PORT).unwrap_or_default();
        let answers = fields.get("answers_port").and_then(|n| n.number_within(None, 1.0, 65_535.0));
        return SatelliteAt::Esphome(EsphomeAt {
            host,
            port,
            encryption_key: secret::encryption_key(fields, scope),
            password: secret::secret(fields, scope),
            answers_port: answers.map(|n| n as u16),
        });
    }
    for key in fields.present(&OF_ESPHOME) {
        if let Some(node) = fields.get(key) {
            let message = format!("`{key}` is of a device of ESPHome");
            node.key_error("conflict", message, "say where it is: esphome = \"192.168.1.31\"");
        }
    }
    if microphone.is_some() || loudspeaker.is_some() {
        fields.refuse(&["address"], if microphone.is_some() { "microphone" } else { "loudspeaker" });
        return SatelliteAt::Card { microphone, loudspeaker };
    }
    let help = "say where it listens, address = \"192.168.1.30:10700\" (Wyoming) or esphome = \"192.168.1.31\", or name a \
        sound device of this machine: microphone = \"default\", loudspeaker = \"default\"";
    let at = fields.required("address", help).and_then(|n| host_and_port(&n, SATELLITE_PORT));
    let (host, port) = at.unwrap_or_default();
    SatelliteAt::Wyoming { host, port }
}

/// The device that each satellite is: it can be muted, seen on its room's page, and named in rules.
pub(crate) fn devices(
    satellites: &BTreeMap<String, SatelliteConfig>,
    devices: &mut BTreeMap<String, Device>,
) {
    for (key, satellite) in satellites {
        devices.entry(SatelliteConfig::device(key)).or_insert_with(|| made(key, satellite));
    }
}

fn made(key: &str, satellite: &SatelliteConfig) -> Device {
    let at = format!("satellite/{key}");
    let (on, off) = ("ON", "OFF");
    let config = json!({
        "device": { "identifiers": [format!("lares_satellite_{key}")], "name": satellite.name },
        "cmps": {
            "muted": {
                "platform": "switch", "name": "muted", "unique_id": format!("{SATELLITES}_{key}_muted"),
                "state_topic": format!("{at}/muted"), "command_topic": format!("{at}/muted/set"),
                "payload_on": on, "payload_off": off, "entity_category": "config",
            },
            "connected": {
                "platform": "binary_sensor", "name": "connected", "unique_id": format!("{SATELLITES}_{key}_connected"),
                "state_topic": format!("{at}/connected"), "payload_on": on, "payload_off": off,
                "device_class": "connectivity", "entity_category": "diagnostic",
            },
        },
    });
    let place = satellite.place.clone();
    let label = |name: &str| EntityConfig {
        place: place.clone(),
        name: Some(name.to_owned()),
        room: None,
        stale_after: None,
        component: None,
        device_class: None,
    };
    let entities = [("muted", "Microphone muted"), ("connected", "Connected")];
    Device {
        place: place.clone(),
        name: satellite.name.clone(),
        room: Some(satellite.room.clone()),
        bind: Bind::Declared { link: SATELLITES.to_owned(), config },
        twin: None,
        entities: entities.into_iter().map(|(slug, name)| (slug.to_owned(), label(name))).collect(),
        defaults: BTreeMap::new(),
    }
}

/// Reports a device that has the key of this satellite's own.
fn taken(top: &Fields<'_>, key: &str, fields: &Fields<'_>) {
    let device = SatelliteConfig::device(key);
    let written = child(&top.node, "device").and_then(|table| child(&table, &device));
    if let Some(written) = written {
        let place = written.place();
        let message = format!("satellite {key:?} is the device {device:?}, which is also written at {place}");
        fields.node.clash("duplicate-binding", message, "give that device another key", place);
    }
}

fn speaker(place: Place, name: &str, role: Role, rooms: Option<Vec<String>>) -> Person {
    let grant = Grant { rooms, ..Grant::default() };
    Person { place, name: name.to_owned(), role, trackers: Vec::new(), beacons: Vec::new(), grant }
}

fn rooms(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Vec<String>> {
    let rooms = fields.get("rooms")?.list()?;
    Some(rooms.iter().filter_map(|n| n.key_of("room", &scope.names.rooms)).collect())
}

fn language(fields: &Fields<'_>) -> Option<String> {
    fields.get("language").and_then(|n| n.word(LANGUAGES)).map(str::to_owned)
}

/// A path from the home folder. What is not there is told when it is opened: a household runs without it.
fn path(node: &Node<'_>, scope: &Scope<'_>) -> Option<PathBuf> {
    let path = scope.root.join(node.label()?);
    Some(std::path::absolute(&path).unwrap_or(path))
}

fn wake(node: &Node<'_>) -> Option<String> {
    let text = node.label()?.to_lowercase();
    if !text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '\'') {
        node.error(
            "bad-text",
            format!("{text:?} are no words to say"),
            "write it as it is said: \"hey computer\"",
        );
        return None;
    }
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `kitchen.lan`, `192.168.1.30:10700`, `[::1]:10700`.
pub(super) fn host_and_port(node: &Node<'_>, default: u16) -> Option<(String, u16)> {
    let text = node.text()?;
    if let Ok(at) = text.parse::<SocketAddr>() {
        return Some((at.ip().to_string(), at.port()));
    }
    let Some((host, port)) = text.rsplit_once(':').filter(|(host, _)| !host.contains(':')) else {
        return host_name(node).map(|host| (host, default));
    };
    let port = port.parse().ok().filter(|port| *port > 0);
    let fits = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if port.is_none() || !fits {
        let help = "allowed: a name or an address with its port, such as \"192.168.1.30:10700\"";
        node.error("bad-text", format!("{text:?} is no address"), help);
    }
    Some((host.to_owned(), port?)).filter(|_| fits)
}
