//! What the home says of its ears and of those who listen in its rooms.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Serialize;

use super::{Home, Person, Place};

/// Who speaks at the household's own Wyoming server: its key among voices. No satellite can have it, a key has no `:`.
pub const SERVER_VOICE: &str = "wyoming:server";
/// The link of the devices that satellites are.
pub const SATELLITES: &str = "satellites";

/// How speech becomes text.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct VoiceConfig {
    pub place: Place,
    /// Where `libvosk.so` is (absolute). `None`: it is looked for in the data folder and in the system.
    pub library: Option<PathBuf>,
    /// The folder of a vosk model (absolute). `None`: nothing is recognised.
    pub model: Option<PathBuf>,
    /// `en`, `de`, `es`, `fr` or `nl`. `None`: the household's.
    pub language: Option<String>,
    /// The words before a command where the microphone hears all the time, in small letters.
    pub wake: Option<String>,
    /// How many utterances are recognised at once.
    pub threads: u8,
    pub server: Option<VoiceServerConfig>,
}

/// The household as a Wyoming server.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct VoiceServerConfig {
    pub listen: SocketAddr,
    /// Who may connect beside this machine; the protocol knows no password.
    pub from: Vec<IpAddr>,
    /// What is allowed of what is said there. `None`: nothing is moved for it.
    pub speaker: Option<Person>,
}

/// A microphone with a loudspeaker in a room, which speaks Wyoming; we connect to it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SatelliteConfig {
    pub place: Place,
    pub name: String,
    /// Key of a room.
    pub room: String,
    pub host: String,
    pub port: u16,
    pub language: Option<String>,
    /// Whoever speaks there, until it is known who: role and rooms.
    pub speaker: Person,
}

impl SatelliteConfig {
    /// The key of the device that a satellite is.
    pub fn device(key: &str) -> String {
        format!("satellite-{key}")
    }
}

impl Home {
    /// With whose rights a voice acts; `None`: with none.
    pub fn speaker(&self, voice: &str) -> Option<&Person> {
        if voice == SERVER_VOICE {
            return self.voice.as_ref()?.server.as_ref()?.speaker.as_ref();
        }
        self.satellites.get(voice).map(|satellite| &satellite.speaker)
    }
}
