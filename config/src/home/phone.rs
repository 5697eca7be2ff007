//! What the home says of its telephone: where calls come in, who is let in, what callers are told.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Serialize;

use super::{EntityRef, Place, Secret};

/// The link that calls come in on.
pub const PHONE: &str = "phone";

/// The telephone.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PhoneConfig {
    pub place: Place,
    /// Where SIP comes in, by UDP.
    pub listen: SocketAddr,
    /// What callers are told to send sound to. `None`: the address that is listened on.
    pub address: Option<IpAddr>,
    /// Who may call beside the trunk and this machine; SIP's own words on who calls are nobody's proof.
    pub from: Vec<IpAddr>,
    pub trunk: Option<TrunkConfig>,
    /// As whose telephone it answers. `None`: the household's name.
    pub name: Option<String>,
    /// Calls at once; more are told that it is busy.
    pub at_once: u8,
    /// What sound is spoken, the one that is liked best first; never empty.
    pub codecs: Vec<Codec>,
    pub recording: Recording,
    /// The longest message.
    pub message_for: Duration,
    /// What callers are called, by number.
    pub names: BTreeMap<String, String>,
    /// Numbers that are turned away; one that ends in `*` stands for all that begin so. `anonymous`: those without.
    pub blocked: Vec<String>,
    /// Words that make a call urgent, in small letters.
    pub urgent: Vec<String>,
    /// Keys of those who are asked whether they take an urgent call. Empty: all owners and adults.
    pub people: Vec<String>,
    /// How long that question stands.
    pub ask_for: Duration,
    /// The extension that an urgent call is handed to.
    pub transfer: Option<String>,
    pub doors: BTreeMap<String, DoorConfig>,
}

/// The exchange that calls come from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TrunkConfig {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<Secret>,
}

/// A door with a bell that calls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DoorConfig {
    pub place: Place,
    pub name: String,
    /// What it calls itself.
    pub caller: String,
    /// The image that shows who is there.
    pub camera: Option<EntityRef>,
}

/// How sound is written on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// Both of its curves.
    G711,
    Opus,
}

impl Codec {
    pub const NAMES: &[(&str, Self)] = &[("g711", Self::G711), ("opus", Self::Opus)];
}

/// What is kept of what callers say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// They are told, and whoever goes on agrees.
    #[default]
    Notice,
    /// They are asked, and agree with the key 1; else nothing is listened to.
    Consent,
    /// What was understood, as text; no sound.
    Text,
}

impl Recording {
    pub const NAMES: &[(&str, Self)] =
        &[("notice", Self::Notice), ("consent", Self::Consent), ("text", Self::Text)];

    /// Where whoever is recorded must agree first. No legal advice: `recording` says otherwise.
    const CONSENT: &[&str] = &["at", "ch", "de", "fr", "li", "lu"];

    /// What is usual in a country (ISO 3166, small letters).
    pub fn of_country(country: &str) -> Self {
        if Self::CONSENT.contains(&country) { Self::Consent } else { Self::Notice }
    }
}

impl PhoneConfig {
    pub const AT_ONCE: u8 = 4;
    /// What every exchange speaks comes first; Opus is for whoever offers nothing else.
    pub const CODECS: &[Codec] = &[Codec::G711, Codec::Opus];
    pub const MESSAGE_FOR: Duration = Duration::from_secs(60);
    pub const ASK_FOR: Duration = Duration::from_secs(30);
    /// Of a home that says none, in the languages that the household speaks.
    pub const URGENT: &[&str] = &[
        "urgent",
        "emergency",
        "dringend",
        "notfall",
        "urgente",
        "emergencia",
        "urgence",
        "spoed",
        "noodgeval",
    ];
}
