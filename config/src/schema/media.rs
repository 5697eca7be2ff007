//! What may be written of music.
#![allow(dead_code, reason = "only the schema of these types is used")]

use schemars::JsonSchema;
use serde::Deserialize;

/// How music follows people.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Media {
    /// Where the Snapcast server takes commands: `192.168.1.5:1705`.
    snapserver: Option<String>,
    /// Where the Music Assistant server listens: `192.168.1.5:8095`.
    music_assistant: Option<String>,
    /// A file with a long-lived token of it.
    music_assistant_token_file: Option<String>,
    /// An environment variable with a long-lived token of it.
    music_assistant_token_env: Option<String>,
    /// How long somebody has to be in a room before their music follows; `10s`.
    dwell: Option<String>,
    /// How long both rooms sound; `2s`.
    overlap: Option<String>,
    /// How long the old room takes to fade out; `4s`.
    fade: Option<String>,
    /// How long a question stands, whether music may come to where somebody else is; `2m`.
    ask_for: Option<String>,
    /// Percent: how loud a room is that has never played; 35.
    #[schemars(range(min = 0.0, max = 100.0))]
    volume: Option<f64>,
}

/// A loudspeaker in a room: a client of the Snapcast server, a renderer, or a player of Music Assistant.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Player {
    name: Option<String>,
    /// Key of a room.
    room: String,
    /// Its id at the server (`snapclient --hostID`). Default: its key.
    client: Option<String>,
    /// The description of a DLNA (UPnP AV) renderer: `http://192.168.1.30:49152/description.xml`.
    dlna: Option<String>,
    /// A player of the Music Assistant server: what it is called there, or its id.
    music_assistant: Option<String>,
    /// It is simulated.
    twin: Option<bool>,
}

/// What somebody listens to, wherever they are.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stream {
    name: Option<String>,
    /// Key of the person whom it follows.
    person: Option<String>,
    /// Its name at the Snapcast server. Default: its key.
    stream: Option<String>,
    /// Where a DLNA renderer and Music Assistant find it: `http://192.168.1.5:8000/anna.mp3`.
    url: Option<String>,
    /// The Music Player Daemon that feeds it: `127.0.0.1:6600`.
    mpd: Option<String>,
    password_file: Option<String>,
    password_env: Option<String>,
    /// It is simulated.
    twin: Option<bool>,
}
