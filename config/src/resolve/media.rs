//! `[media]`, `[player.*]`, `[stream.*]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::names::{child, children, name_or_key, sections};
use super::voice::host_and_port;
use super::{Scope, media_devices, secret};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{AssistantConfig, MediaConfig, MpdConfig, PlayerConfig, StreamConfig};

/// Where a Snapcast server takes commands.
const SERVER_PORT: u16 = 1_705;
/// Where a Music Assistant server listens.
const ASSISTANT_PORT: u16 = 8_095;
/// Where a Music Player Daemon listens.
const MPD_PORT: u16 = 6_600;
const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn media(top: &Fields<'_>, scope: &Scope<'_>) -> MediaConfig {
    let default = MediaConfig::by_default();
    let Some(fields) = top.get("media").and_then(|node| node.fields()) else { return default };
    let span =
        |key, least, most, or| fields.get(key).and_then(|node| within(&node, least, most)).unwrap_or(or);
    let config = MediaConfig {
        place: fields.node.place(),
        server: fields.get("snapserver").and_then(|node| host_and_port(&node, SERVER_PORT)),
        assistant: assistant(&fields, scope),
        dwell: span("dwell", SECOND, SECOND * 300, default.dwell),
        overlap: span("overlap", Duration::from_millis(100), SECOND * 30, default.overlap),
        fade: span("fade", Duration::from_millis(100), SECOND * 60, default.fade),
        ask_for: span("ask_for", SECOND * 10, SECOND * 3600, default.ask_for),
        volume: fields
            .get("volume")
            .and_then(|n| n.number_within(None, 0.0, 100.0))
            .unwrap_or(default.volume),
    };
    fields.finish();
    config
}

fn assistant(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<AssistantConfig> {
    let token = secret::assistant_token(fields, scope);
    let Some(node) = fields.get("music_assistant") else {
        if token.is_some() {
            fields.missing(
                "music_assistant",
                "say where its server is: music_assistant = \"192.168.1.5:8095\"",
            );
        }
        return None;
    };
    let (host, port) = host_and_port(&node, ASSISTANT_PORT)?;
    Some(AssistantConfig { host, port, token })
}

pub(super) fn within(node: &Node<'_>, least: Duration, most: Duration) -> Option<Duration> {
    let found = node.duration()?;
    if (least..=most).contains(&found) {
        return Some(found);
    }
    let words = crate::duration_words;
    let message = format!("`{}` can't be {}", node.path.last_key(), words(found));
    node.error("out-of-range", message, format!("allowed: {} to {}", words(least), words(most)));
    None
}

pub(crate) fn players(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, PlayerConfig> {
    let mut out = BTreeMap::new();
    let mut clients = Once::default();
    // One that is written wrongly is told already.
    let has = |key| child(&top.node, "media").and_then(|node| child(&node, key)).is_some();
    let (has_server, has_assistant) = (has("snapserver"), has("music_assistant"));
    let streams = child(&top.node, "stream").map(|node| children(&node)).unwrap_or_default();
    let has_url = streams.iter().any(|(_, stream)| child(stream, "url").is_some());
    for (key, fields) in sections(top, "player") {
        let room = fields.required("room", "say where it stands: room = \"kitchen\"");
        let (client, dlna) = (fields.get("client"), fields.get("dlna"));
        let assistant = fields.get("music_assistant");
        let player = PlayerConfig {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            room: room.and_then(|n| n.key_of("room", &scope.names.rooms)).unwrap_or_default(),
            client: client.as_ref().and_then(|n| n.label()).unwrap_or_else(|| key.clone()),
            dlna: dlna.as_ref().and_then(http_address),
            assistant: assistant.as_ref().and_then(Node::label),
            twin: fields.get("twin").and_then(|n| n.bool()).unwrap_or(false),
        };
        if player.twin {
            fields.refuse(&["client", "dlna", "music_assistant"], "twin");
        }
        if let Some(node) = &dlna {
            fields.refuse(&["client", "music_assistant"], "dlna");
            if player.dlna.is_some() && !has_url {
                let help = "write url = \"http://192.168.1.5:8000/anna.mp3\" into a [stream.*]";
                node.warn(
                    "missing-key",
                    format!("player {key:?} has nothing to play: no stream has a `url`"),
                    help,
                );
            }
        }
        if let Some(node) = &assistant {
            fields.refuse(&["client"], "music_assistant");
            if !has_assistant {
                let help = "write [media] with music_assistant = \"192.168.1.5:8095\"";
                node.error(
                    "missing-key",
                    format!("player {key:?} is one of Music Assistant's, whose server is not said"),
                    help,
                );
            }
        }
        if !player.twin && dlna.is_none() && assistant.is_none() && !has_server {
            let help = "write [media] with snapserver = \"192.168.1.5:1705\", dlna = \"http://192.168.1.30:49152/description.xml\" for a renderer, or twin = true";
            fields.node.error("missing-key", format!("player {key:?} has no server to play from"), help);
        }
        let (at, what) = match (&dlna, &player.dlna, &assistant, &player.assistant) {
            (Some(node), Some(address), ..) => (node, format!("the renderer {address:?}")),
            (.., Some(node), Some(name)) => (node, format!("Music Assistant's player {name:?}")),
            _ => (client.as_ref().unwrap_or(&fields.node), format!("the client {:?}", player.client)),
        };
        clients.claim(at, &what, "a loudspeaker is one player");
        media_devices::taken(top, "player", &key, &PlayerConfig::device(&key), &fields);
        fields.finish();
        out.insert(key, player);
    }
    out
}

pub(crate) fn streams(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, StreamConfig> {
    let mut out = BTreeMap::new();
    let (mut names, mut people) = (Once::default(), Once::default());
    for (key, fields) in sections(top, "stream") {
        let (person, stream, url) = (fields.get("person"), fields.get("stream"), fields.get("url"));
        let config = StreamConfig {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            person: person.as_ref().and_then(|n| n.key_of("person", &scope.names.people)),
            stream: stream.as_ref().and_then(|n| n.label()).unwrap_or_else(|| key.clone()),
            url: url.as_ref().and_then(http_address),
            mpd: mpd(&fields, scope),
            twin: fields.get("twin").and_then(|n| n.bool()).unwrap_or(false),
        };
        if config.twin {
            fields.refuse(&["stream", "url", "mpd", "password_file", "password_env"], "twin");
        }
        if let (Some(node), Some(person)) = (&person, &config.person) {
            people.claim(node, &format!("{person:?}"), "one stream follows a person");
        }
        if let (Some(node), Some(url)) = (&url, &config.url) {
            names.claim(
                node,
                &format!("the address {url:?}"),
                "a renderer tells streams apart by their addresses",
            );
        }
        let at = stream.as_ref().unwrap_or(&fields.node);
        names.claim(at, &format!("the stream {:?}", config.stream), "a stream of the server is one here");
        media_devices::taken(top, "stream", &key, &StreamConfig::device(&key), &fields);
        fields.finish();
        out.insert(key, config);
    }
    out
}

/// An address of something in the house. Renderers speak no TLS.
fn http_address(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    let rest =
        text.strip_prefix("http://").filter(|_| !text.chars().any(|c| c.is_whitespace() || c.is_control()));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let name = host.map(|host| {
        host.rsplit_once(':')
            .filter(|(_, port)| !port.contains(']'))
            .map_or((host, None), |(n, p)| (n, Some(p)))
    });
    let fits = |(name, port): (&str, Option<&str>)| {
        !name.is_empty() && !name.contains('@') && port.is_none_or(|p| p.parse::<u16>().is_ok_and(|p| p > 0))
    };
    if name.is_some_and(fits) {
        return Some(text.to_owned());
    }
    let help = "allowed: an address such as \"http://192.168.1.30:49152/description.xml\"";
    node.error("bad-text", format!("{text:?} is no address"), help);
    None
}

fn mpd(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<MpdConfig> {
    let password = secret::secret(fields, scope);
    let Some(node) = fields.get("mpd") else {
        if password.is_some() {
            fields.missing("mpd", "a password is for a Music Player Daemon: mpd = \"127.0.0.1:6600\"");
        }
        return None;
    };
    let (host, port) = host_and_port(&node, MPD_PORT)?;
    Some(MpdConfig { host, port, password })
}

/// What may be named once.
#[derive(Default)]
struct Once(BTreeMap<String, Place>);

impl Once {
    fn claim(&mut self, node: &Node<'_>, what: &str, help: &str) {
        let Some(other) = self.0.get(what) else {
            self.0.insert(what.to_owned(), node.place());
            return;
        };
        node.clash("duplicate-binding", format!("{what} is already taken at {other}"), help, other.clone());
    }
}
