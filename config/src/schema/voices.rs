//! Ears, voice and satellites, as they may be written.
#![allow(dead_code, reason = "only the schema of these types is used")]

use schemars::JsonSchema;
use serde::Deserialize;

/// How speech becomes text.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Voice {
    /// Where `libvosk.so` is. Default: looked for in the data folder (`voice/libvosk.so`) and in the system.
    library: Option<String>,
    /// The folder of a vosk model.
    model: Option<String>,
    /// `en`, `de`, `es`, `fr` or `nl`. Default: the household's.
    language: Option<String>,
    /// The words before a command where a microphone hears all the time: `hey computer`.
    wake: Option<String>,
    /// How many utterances are recognised at once; 2.
    #[schemars(range(min = 1, max = 16))]
    threads: Option<u8>,
    /// How long a timer that is over rings, unless somebody stops it: `0s` (it is told once) to `15m`; 60s.
    ring: Option<String>,
    /// Look for satellites that make themselves known by mDNS; `false`.
    find: Option<bool>,
    speech: Option<Speech>,
    server: Option<VoiceServer>,
}

/// How the house speaks. One of `engine`, `command` and `address`.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speech {
    /// `espeak-ng` (the default) or `flite`.
    engine: Option<String>,
    /// A program and its arguments: it reads words from its standard input and writes a WAV file.
    command: Option<Vec<String>>,
    /// A Wyoming server that speaks: `192.168.1.5:10200`.
    address: Option<String>,
    /// The engine's name of a voice.
    voice: Option<String>,
    /// Percent; 100.
    volume: Option<u8>,
    /// Hours in which it speaks more softly.
    quiet: Option<QuietHours>,
    /// How loud music is while the house speaks in its room, in percent of what it was; 20.
    duck: Option<u8>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietHours {
    /// `HH:MM`.
    from: String,
    /// `HH:MM`; before `from`, it is that of the next day.
    to: String,
    /// Percent; 30.
    volume: Option<u8>,
}

/// The household as a Wyoming server, for Home Assistant.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct VoiceServer {
    /// Address to listen on; beyond loopback only with `from`.
    listen: Option<String>,
    /// 10300; 0 is one that is free.
    port: Option<u16>,
    /// Addresses that may connect, beside this machine.
    from: Option<Vec<String>>,
    /// The role with whose rights sentences are carried out. Default: none is.
    rights: Option<String>,
    /// Keys of the rooms that may be acted in. Default: all.
    rooms: Option<Vec<String>>,
    /// Make it known by mDNS; `false`.
    announce: Option<bool>,
}

/// A microphone with a loudspeaker in a room: a Wyoming satellite, a voice device of ESPHome, or sound devices of this machine.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Satellite {
    name: Option<String>,
    /// Key of a room.
    room: String,
    /// Where a Wyoming satellite listens: `192.168.1.30:10700`.
    address: Option<String>,
    /// Where a voice device of ESPHome is, by its native API: `192.168.1.31`, port 6053.
    esphome: Option<String>,
    /// A file with the `key` of the device's `encryption`.
    encryption_key_file: Option<String>,
    /// A variable of the environment with it.
    encryption_key_env: Option<String>,
    /// A file with the password of a device that has one, as old ones do.
    password_file: Option<String>,
    /// A variable of the environment with it.
    password_env: Option<String>,
    /// The port by which the device fetches what is said, for a firewall that asks for one. Default: one that is free.
    answers_port: Option<u16>,
    /// A sound device of this machine, as `lares-sound --list` names it; `default`.
    microphone: Option<String>,
    /// The same, to speak by.
    loudspeaker: Option<String>,
    /// How loud the house speaks there, in percent. Default: the one of `[voice.speech]`.
    volume: Option<u8>,
    /// Keep the words that are heard there in the journal; `true`.
    keep: Option<bool>,
    /// Default: the one of `[voice]`.
    language: Option<String>,
    /// The role with whose rights whoever speaks there acts; `guest`.
    rights: Option<String>,
    /// Keys of the rooms that may be acted in. Default: of a guest its own room, else all.
    rooms: Option<Vec<String>>,
}
