//! The resolved home: what the household is built from. Immutable; every reference in it exists.

mod action;
mod action_words;
mod autonomy;
mod backup;
mod blueprint;
mod device;
mod display;
mod field;
mod interlock;
mod media;
mod people;
mod phone;
mod place;
mod private;
mod retention;
mod rights;
mod rule;
mod rule_parts;
mod scene;
mod schedule;
mod spaces;
mod template;
mod verbs;
mod voice;
mod web;
mod wires;
mod words;

pub use action::{Action, Awaited, Branch, Hold, OnTimeout, Rounds};
pub use autonomy::{Ceiling, Limit, Risk};
pub use backup::BackupConfig;
pub use blueprint::{Blueprint, BlueprintParam};
pub use device::{
    Bind, Device, EntityConfig, EntityRef, Group, RecordedBinding, Target, TwinConfig, TwinKind,
};
pub use display::{DisplayConfig, Shown};
pub use field::FieldConfig;
pub use interlock::{
    After, Agree, Budget, Draw, Ineffective, Input, Interlock, Limits, MaxRun, MaxStarts, Plausible,
    StaleInput, Veto,
};
pub use media::{
    AssistantConfig, MEDIA, MUSIC_ASSISTANT, MediaConfig, MpdConfig, PlayerConfig, StreamConfig,
};
pub use people::{Grant, Person, Role};
pub use phone::{Codec, DoorConfig, PHONE, PhoneConfig, Recording, TrunkConfig};
pub use place::Place;
pub use private::PrivateConfig;
pub use retention::{KeepConfig, KeepJournal, KeptFor, RetentionConfig};
pub use rights::{Care, DOSING, Thing, care, may, may_act, trusted};
pub use rule::{
    About, AboutNodes, Condition, Missed, Mode, Other, People, Reach, Rule, Stale, SunEvent, SunPosition,
    Trigger,
};
pub use rule_parts::{Change, Test};
pub use scene::{Scene, SceneSet};
pub use schedule::Days;
pub use spaces::{Floor, Household, Receiver, Room, Within, Zone};
pub use template::{Ask, Asked, FUNCTIONS, Template, calls as template_calls};
pub use verbs::verbs;
pub use voice::{
    Engine, EsphomeAt, QuietHours, RING, SATELLITES, SERVER_VOICE, SatelliteAt, SatelliteConfig,
    SpeechConfig, VoiceConfig, VoiceServerConfig,
};
pub use web::{TlsConfig, WebConfig};
pub use wires::{BROKER_USER, BrokerConfig, BrokerUser, MqttConfig, Secret};
pub use words::duration_words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

/// One immutable configuration. Maps are keyed by table key (`hall-motion` in `[device.hall-motion]`).
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// SHA-256 over the sorted (relative path, file hash) pairs, then the environment and flag layers.
    pub snapshot: [u8; 32],
    /// The files it was made of, sorted by path. They hold no secret: those are named by reference only.
    pub files: Vec<HomeFile>,
    /// The home folder. No part of the snapshot.
    #[serde(skip)]
    pub root: PathBuf,
    pub household: Household,
    pub floors: BTreeMap<String, Floor>,
    pub rooms: BTreeMap<String, Room>,
    pub zones: BTreeMap<String, Zone>,
    pub receivers: BTreeMap<String, Receiver>,
    pub people: BTreeMap<String, Person>,
    pub devices: BTreeMap<String, Device>,
    pub groups: BTreeMap<String, Group>,
    pub scenes: BTreeMap<String, Scene>,
    pub rules: BTreeMap<String, Rule>,
    /// What rules can be made of, the household's own and those of every home, by name.
    #[serde(skip)]
    pub blueprints: Vec<Blueprint>,
    pub interlocks: BTreeMap<String, Interlock>,
    /// Connections to brokers, by link key. Never empty: without one in the files there is `mqtt`, to the
    /// embedded broker.
    pub mqtt: BTreeMap<String, MqttConfig>,
    pub broker: BrokerConfig,
    pub web: WebConfig,
    pub displays: BTreeMap<String, DisplayConfig>,
    /// `None`: nothing is heard.
    pub voice: Option<VoiceConfig>,
    /// Each is a device as well (`satellite-KEY`).
    pub satellites: BTreeMap<String, SatelliteConfig>,
    pub media: MediaConfig,
    /// Each is a device as well (`player-KEY`).
    pub players: BTreeMap<String, PlayerConfig>,
    /// Each is a device as well (`stream-KEY`).
    pub streams: BTreeMap<String, StreamConfig>,
    /// `None`: it has no telephone.
    pub phone: Option<PhoneConfig>,
    /// `None`: the household makes none by itself.
    pub backup: Option<BackupConfig>,
    pub retention: RetentionConfig,
    /// Parts of life with keys of their own.
    pub private: BTreeMap<String, PrivateConfig>,
    /// The most that rules do by themselves.
    pub autonomy: Limit,
    /// Properties of the household's own.
    pub fields: BTreeMap<String, FieldConfig>,
}

impl Home {
    /// The text of a file of this home, by its relative path.
    pub fn file(&self, path: &str) -> Option<&HomeFile> {
        self.files.iter().find(|f| &*f.path == path)
    }

    /// Whether the room with this key (none: no room that is known) is there; everywhere is, if no place is named.
    pub fn is_within(&self, place: Option<&Within>, room: Option<&str>) -> bool {
        match place {
            None => true,
            Some(Within::Room(key)) => room == Some(key.as_str()),
            Some(Within::Zone(key)) => {
                let rooms = self.zones.get(key).map(|z| z.rooms.as_slice()).unwrap_or_default();
                room.is_some_and(|room| rooms.iter().any(|r| r == room))
            }
        }
    }
}

/// A file as it was when it was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HomeFile {
    /// Relative to the home folder, with `/`.
    pub path: Arc<str>,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    #[serde(skip)]
    pub text: Arc<str>,
}
