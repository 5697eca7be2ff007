//! The messages of ESPHome's native API that a voice device and its client need, by their numbers there.

use super::protobuf::{Fields, Malformed, Writer};

/// What the API can do that we speak: its major and minor number.
const VERSION: (u64, u64) = (1, 10);
/// From this minor number on a device may tell what it can do by a message of its own.
const CAPABILITIES: u64 = 15;

/// Sound by the connection, as the definitions number it and as Home Assistant does: two bits for one wish.
const BY_CONNECTION: u64 = 1 | 4;

/// What a device can do by voice, as its flags say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    const VOICE: u32 = 1;
    const SPEAKER: u32 = 2;
    const API_AUDIO: u32 = 4;
    const TIMERS: u32 = 8;
    const ANNOUNCE: u32 = 16;

    /// It has a microphone, and sends its sound by this connection.
    pub fn hears(self) -> bool {
        self.has(Self::VOICE) && self.has(Self::API_AUDIO)
    }

    /// It takes sound by this connection; else it fetches it.
    pub fn speaker(self) -> bool {
        self.has(Self::SPEAKER)
    }

    pub fn timers(self) -> bool {
        self.has(Self::TIMERS)
    }

    /// It can be spoken by without having been spoken to.
    pub fn announces(self) -> bool {
        self.has(Self::ANNOUNCE)
    }

    pub fn is_voice(self) -> bool {
        self.has(Self::VOICE)
    }

    fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

/// How a device wants the sound of what it fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Samples a second.
    pub rate: u32,
    pub channels: u16,
}

/// What a device sends.
#[derive(Clone, Debug, PartialEq)]
pub enum FromDevice {
    Hello {
        major: u64,
        /// It knows a message of its own for what it can do.
        tells_capabilities: bool,
    },
    Authenticated {
        refused: bool,
    },
    Disconnects,
    Ping,
    Pong,
    Info {
        name: String,
        model: String,
        version: String,
        features: Features,
    },
    Capabilities(Features),
    /// One of its media players, and what it wants for what is said.
    Player(Option<Form>),
    /// That was all that it has.
    Listed,
    AsksTime,
    /// Somebody called, or ended it.
    Asks {
        start: bool,
        /// The wake word is to be looked for in what it sends.
        wakes: bool,
        /// The end of speech is to be looked for.
        ends: bool,
    },
    Audio {
        bytes: Vec<u8>,
        end: bool,
    },
    /// What it was given to say was said.
    Said,
    /// Lights, logs and whatever else: nothing for a voice.
    Other,
}

/// # Errors
/// The bytes are none.
pub fn read(kind: u32, bytes: &[u8]) -> Result<FromDevice, Malformed> {
    let fields = || Fields::of(bytes);
    Ok(match kind {
        2 => {
            let (mut major, mut minor) = (0, 0);
            for field in fields() {
                match field? {
                    (1, value) => major = value.number(),
                    (2, value) => minor = value.number(),
                    _ => {}
                }
            }
            FromDevice::Hello { major, tells_capabilities: minor >= CAPABILITIES }
        }
        4 => FromDevice::Authenticated { refused: flag(bytes, 1)? },
        5 => FromDevice::Disconnects,
        7 => FromDevice::Ping,
        8 => FromDevice::Pong,
        10 => {
            let (mut name, mut model, mut version) = (String::new(), String::new(), String::new());
            let mut features = Features::default();
            for field in fields() {
                match field? {
                    (2, value) => name = value.text(),
                    (4, value) => version = value.text(),
                    (6, value) => model = value.text(),
                    (17, value) => features = Features(value.number() as u32),
                    _ => {}
                }
            }
            FromDevice::Info { name, model, version, features }
        }
        19 => FromDevice::Listed,
        36 => FromDevice::AsksTime,
        63 => FromDevice::Player(announced_form(bytes)?),
        90 => {
            let (mut start, mut flags) = (false, 0);
            for field in fields() {
                match field? {
                    (1, value) => start = value.flag(),
                    (3, value) => flags = value.number(),
                    _ => {}
                }
            }
            FromDevice::Asks { start, ends: flags & 1 != 0, wakes: flags & 2 != 0 }
        }
        106 => {
            let (mut data, mut end) = (&[][..], false);
            for field in fields() {
                match field? {
                    (1, value) => data = value.bytes(),
                    (2, value) => end = value.flag(),
                    _ => {}
                }
            }
            FromDevice::Audio { bytes: data.to_vec(), end }
        }
        120 => FromDevice::Said,
        150 => {
            let mut features = Features::default();
            for field in fields() {
                if let (2, voice) = field? {
                    for field in Fields::of(voice.bytes()) {
                        if let (1, value) = field? {
                            features = Features(value.number() as u32);
                        }
                    }
                }
            }
            FromDevice::Capabilities(features)
        }
        _ => FromDevice::Other,
    })
}

/// Of the forms that a media player takes, the one that is meant for announcements.
fn announced_form(bytes: &[u8]) -> Result<Option<Form>, Malformed> {
    let mut found = None;
    for field in Fields::of(bytes) {
        let (9, one) = field? else { continue };
        let (mut rate, mut channels, mut purpose) = (0, 0, 0);
        for field in Fields::of(one.bytes()) {
            match field? {
                (2, value) => rate = value.number(),
                (3, value) => channels = value.number(),
                (4, value) => purpose = value.number(),
                _ => {}
            }
        }
        if purpose == 1 && (8_000..=96_000).contains(&rate) {
            found = Some(Form { rate: rate as u32, channels: if channels == 2 { 2 } else { 1 } });
        }
    }
    Ok(found)
}

fn flag(bytes: &[u8], number: u32) -> Result<bool, Malformed> {
    let mut found = false;
    for field in Fields::of(bytes) {
        let (field, value) = field?;
        found |= field == number && value.flag();
    }
    Ok(found)
}

/// What happens in a run, by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Error = 0,
    RunStart = 1,
    RunEnd = 2,
    SttStart = 3,
    SttEnd = 4,
    IntentStart = 5,
    IntentEnd = 6,
    TtsStart = 7,
    TtsEnd = 8,
    WakeWordStart = 9,
    WakeWordEnd = 10,
    SttVadStart = 11,
    SttVadEnd = 12,
    TtsStreamStart = 98,
    TtsStreamEnd = 99,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerEvent {
    Started = 0,
    Updated = 1,
    Cancelled = 2,
    Finished = 3,
}

/// What a device is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum ToDevice {
    Hello,
    /// Old devices wait for it, also those without a password.
    Authenticate(String),
    Disconnect,
    Disconnected,
    Ping,
    Pong,
    AskInfo,
    AskCapabilities,
    /// What it has: a media player says what it takes.
    List,
    /// Seconds since 1970.
    Time(u32),
    /// Its voice is ours, with its sound by this connection; or not any more.
    Subscribe(bool),
    /// To what it asked: it may begin, or not.
    Begin {
        refused: bool,
    },
    Event(Event, Vec<(&'static str, String)>),
    Audio(Vec<u8>),
    Timer {
        event: TimerEvent,
        id: String,
        name: String,
        total_s: u64,
        left_s: u64,
        runs: bool,
    },
    Announce {
        url: String,
        text: String,
    },
}

impl ToDevice {
    /// Its number, and its bytes.
    pub fn write(&self) -> (u32, Vec<u8>) {
        let empty = Writer::default;
        let (kind, message) = match self {
            Self::Hello => (1, empty().text(1, "Lares").number(2, VERSION.0).number(3, VERSION.1)),
            Self::Authenticate(password) => (3, empty().text(1, password)),
            Self::Disconnect => (5, empty()),
            Self::Disconnected => (6, empty()),
            Self::Ping => (7, empty()),
            Self::Pong => (8, empty()),
            Self::AskInfo => (9, empty()),
            Self::AskCapabilities => (149, empty()),
            Self::List => (11, empty()),
            Self::Time(seconds) => (37, empty().fixed_32(1, *seconds)),
            Self::Subscribe(on) => (89, empty().flag(1, *on).number(2, if *on { BY_CONNECTION } else { 0 })),
            Self::Begin { refused } => (91, empty().flag(2, *refused)),
            Self::Event(event, data) => {
                let message = data.iter().fold(empty().number(1, *event as u64), |message, (name, value)| {
                    message.message(2, empty().text(1, name).text(2, value))
                });
                (92, message)
            }
            Self::Audio(bytes) => (106, empty().bytes(1, bytes)),
            Self::Timer { event, id, name, total_s, left_s, runs } => {
                let message = empty().number(1, *event as u64).text(2, id).text(3, name);
                (115, message.number(4, *total_s).number(5, *left_s).flag(6, *runs))
            }
            Self::Announce { url, text } => (119, empty().text(1, url).text(2, text)),
        };
        (kind, message.done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_device_can_do_stands_in_either_message() {
        let info = Writer::default()
            .text(2, "kitchen-voice")
            .text(6, "esp32-s3-box-3")
            .number(17, 1 | 4 | 16)
            .done();
        let FromDevice::Info { name, features, .. } = read(10, &info).unwrap() else { panic!() };
        assert_eq!(name, "kitchen-voice");
        assert!(features.hears() && features.announces() && !features.speaker() && !features.timers());
        let voice = Writer::default().number(1, 3);
        let told = read(150, &Writer::default().message(2, voice).done()).unwrap();
        assert_eq!(told, FromDevice::Capabilities(Features(3)));
        let form = Writer::default().text(1, "flac").number(2, 48_000).number(3, 1);
        let player = Writer::default().message(9, form.number(4, 0)).done();
        assert_eq!(read(63, &player), Ok(FromDevice::Player(None)), "of music");
        let form = Writer::default().text(1, "flac").number(2, 48_000).number(3, 2).number(4, 1);
        let player = Writer::default().message(9, form).done();
        let wanted = Form { rate: 48_000, channels: 2 };
        assert_eq!(read(63, &player), Ok(FromDevice::Player(Some(wanted))));
        assert!(!Features(3).hears() && Features(3).is_voice(), "its sound goes by another way");
    }

    #[test]
    fn what_is_not_known_is_nothing_and_what_is_no_message_an_error() {
        assert_eq!(read(30_000, &[0xff]), Ok(FromDevice::Other));
        assert!(read(90, &[0xff]).is_err() && read(150, &[0x12, 9]).is_err());
        let unknown = Writer::default().text(99, "new").flag(1, true).number(3, 3).done();
        assert_eq!(read(90, &unknown), Ok(FromDevice::Asks { start: true, wakes: true, ends: true }));
    }
}
