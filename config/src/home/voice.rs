//! What the home says of its ears and of those who listen in its rooms.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Time;
use serde::Serialize;

use super::{Home, Person, Place, Secret};

/// Who speaks at the household's own Wyoming server: its key among voices. No satellite can have it, a key has no `:`.
pub const SERVER_VOICE: &str = "wyoming:server";
/// The link of the devices that satellites are.
pub const SATELLITES: &str = "satellites";

/// How long what is over rings where the home does not say it.
pub const RING: Duration = Duration::from_secs(60);

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
    /// How long a timer that is over rings, unless somebody stops it. Nothing: it is told once.
    pub ring: Duration,
    /// Satellites that make themselves known by mDNS are looked for.
    pub find: bool,
    pub speech: SpeechConfig,
    pub server: Option<VoiceServerConfig>,
}

/// How the house speaks.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SpeechConfig {
    pub engine: Engine,
    /// The engine's name of a voice. `None`: the engine's own for the language.
    pub voice: Option<String>,
    /// Percent.
    pub volume: u8,
    pub quiet: Option<QuietHours>,
    /// How loud music is while somebody is spoken to, in percent of what it was. 100: it stays as it is.
    pub duck: u8,
}

impl Default for SpeechConfig {
    fn default() -> Self {
        Self { engine: Engine::Espeak, voice: None, volume: 100, quiet: None, duck: 20 }
    }
}

/// What makes sound of words.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Engine {
    Espeak,
    Flite,
    /// A program and its arguments: words come by its standard input, a WAV file is what it writes.
    Command(Vec<String>),
    /// Somebody's Wyoming server.
    Wyoming {
        host: String,
        port: u16,
    },
}

/// Hours in which it speaks more softly, by the household's clock. They may go over midnight.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct QuietHours {
    pub from: Time,
    pub to: Time,
    /// Percent.
    pub volume: u8,
}

impl SpeechConfig {
    /// Percent; `room`: what the satellite of the room says instead.
    pub fn volume_at(&self, time: Time, room: Option<u8>) -> u8 {
        let loud = room.unwrap_or(self.volume);
        let is_quiet = |quiet: &&QuietHours| {
            let (from, to) = (quiet.from, quiet.to);
            if from <= to { from <= time && time < to } else { time >= from || time < to }
        };
        self.quiet.as_ref().filter(is_quiet).map_or(loud, |quiet| quiet.volume.min(loud))
    }
}

/// The household as a Wyoming server.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct VoiceServerConfig {
    pub listen: SocketAddr,
    /// Who may connect beside this machine; the protocol knows no password.
    pub from: Vec<IpAddr>,
    /// What is allowed of what is said there. `None`: nothing is moved for it.
    pub speaker: Option<Person>,
    /// It makes itself known by mDNS.
    pub announce: bool,
}

/// Where a satellite's microphone and loudspeaker are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum SatelliteAt {
    /// A device that speaks Wyoming; we connect to it.
    Wyoming { host: String, port: u16 },
    /// A voice device of ESPHome, by its native API; we connect to it.
    Esphome(EsphomeAt),
    /// Sound devices of this machine, by their names; at least one of them.
    Card { microphone: Option<String>, loudspeaker: Option<String> },
}

/// Where a voice device of ESPHome is, and how it is spoken to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct EsphomeAt {
    pub host: String,
    pub port: u16,
    /// 32 bytes in base64. `None`: nothing is encrypted.
    pub encryption_key: Option<Secret>,
    pub password: Option<Secret>,
    /// Where what is said is fetched from. `None`: a port that is free.
    pub answers_port: Option<u16>,
}

/// A microphone with a loudspeaker in a room.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SatelliteConfig {
    pub place: Place,
    pub name: String,
    /// Key of a room.
    pub room: String,
    pub at: SatelliteAt,
    pub language: Option<String>,
    /// How loud the house speaks there, in percent. `None`: as everywhere.
    pub volume: Option<u8>,
    /// Words that are heard there are kept in the journal; else only that something was heard.
    pub keep: bool,
    /// Whoever speaks there, until it is known who: role and rooms.
    pub speaker: Person,
}

impl SatelliteConfig {
    /// The key of the device that a satellite is.
    pub fn device(key: &str) -> String {
        format!("satellite-{key}")
    }

    /// Whether a caller can be spoken with there: what it hears and says goes to and fro as it comes. A device of ESPHome fetches what it says.
    pub fn talks(&self) -> bool {
        match &self.at {
            SatelliteAt::Wyoming { .. } => true,
            SatelliteAt::Card { microphone, loudspeaker } => microphone.is_some() && loudspeaker.is_some(),
            SatelliteAt::Esphome(_) => false,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_speaks_softly_in_quiet_hours_also_over_midnight() {
        let at = |hour| Time::constant(hour, 0, 0, 0);
        let quiet = QuietHours { from: at(22), to: at(7), volume: 30 };
        let speech = SpeechConfig { volume: 80, quiet: Some(quiet), ..SpeechConfig::default() };
        let loud = |hour, room| speech.volume_at(at(hour), room);
        assert_eq!([loud(21, None), loud(22, None), loud(3, None), loud(7, None)], [80, 30, 30, 80]);
        assert_eq!([loud(12, Some(50)), loud(23, Some(50)), loud(23, Some(10))], [50, 30, 10]);
    }
}
