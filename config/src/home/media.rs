//! What the home says of its music: players in rooms, a stream for each person, and how it follows them.

use std::time::Duration;

use serde::Serialize;

use super::{Home, Place, Secret};

/// The link of the devices that players and streams are.
pub const MEDIA: &str = "media";
/// The link of the players of a Music Assistant server: they are away when it is, and no others.
pub const MUSIC_ASSISTANT: &str = "music-assistant";

impl Home {
    /// The links that its music has.
    pub fn music_links(&self) -> impl Iterator<Item = &'static str> {
        let is = |link: &&str| self.devices.values().any(|device| device.bind.link() == *link);
        [MEDIA, MUSIC_ASSISTANT].into_iter().filter(is)
    }
}

/// How music follows people.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MediaConfig {
    pub place: Place,
    /// Host and control port of the Snapcast server. `None`: there is none, all players are simulated.
    pub server: Option<(String, u16)>,
    /// The Music Assistant server, if there is one.
    pub assistant: Option<AssistantConfig>,
    /// How long somebody has to be in a room before their music follows.
    pub dwell: Duration,
    /// How long both rooms sound: the new one must be heard before the old one goes.
    pub overlap: Duration,
    /// How long the old room takes to fade out.
    pub fade: Duration,
    /// How long a question stands, whether music may come to where somebody else is.
    pub ask_for: Duration,
    /// Percent: how loud a room is that has never played.
    pub volume: f64,
}

impl MediaConfig {
    pub const DWELL: Duration = Duration::from_secs(10);
    pub const OVERLAP: Duration = Duration::from_secs(2);
    pub const FADE: Duration = Duration::from_secs(4);
    pub const ASK_FOR: Duration = Duration::from_secs(120);
    pub const VOLUME: f64 = 35.0;

    /// What is so where nothing is written.
    pub fn by_default() -> Self {
        Self {
            place: Place::by_default(),
            server: None,
            assistant: None,
            dwell: Self::DWELL,
            overlap: Self::OVERLAP,
            fade: Self::FADE,
            ask_for: Self::ASK_FOR,
            volume: Self::VOLUME,
        }
    }
}

/// Where a Music Assistant server listens.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AssistantConfig {
    pub host: String,
    pub port: u16,
    /// A long-lived token of a user of it.
    pub token: Option<Secret>,
}

/// A loudspeaker in a room: a client of the Snapcast server, a renderer, or a player of Music Assistant.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PlayerConfig {
    pub place: Place,
    pub name: String,
    /// Key of a room.
    pub room: String,
    /// Its id at the server (`snapclient --hostID`).
    pub client: String,
    /// Where the description of a DLNA renderer is; it is no client then.
    pub dlna: Option<String>,
    /// What it is called by Music Assistant, or its id there.
    pub assistant: Option<String>,
    /// It is simulated.
    pub twin: bool,
}

/// What somebody listens to, wherever they are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StreamConfig {
    pub place: Place,
    pub name: String,
    /// Key of the person whom it follows. `None`: nobody; it is put into rooms by hand.
    pub person: Option<String>,
    /// Its name at the Snapcast server.
    pub stream: String,
    /// Where renderers and Music Assistant find it.
    pub url: Option<String>,
    /// The Music Player Daemon that feeds it: paused and skipped there.
    pub mpd: Option<MpdConfig>,
    /// It is simulated.
    pub twin: bool,
}

/// Where a Music Player Daemon listens.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MpdConfig {
    pub host: String,
    pub port: u16,
    pub password: Option<Secret>,
}

impl PlayerConfig {
    /// The key of the device that a player is.
    pub fn device(key: &str) -> String {
        format!("player-{key}")
    }
}

impl StreamConfig {
    /// The key of the device that a stream is.
    pub fn device(key: &str) -> String {
        format!("stream-{key}")
    }
}
