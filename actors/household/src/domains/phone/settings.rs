//! What of the home concerns the telephone.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::{Home, PhoneConfig, Recording, Role, SatelliteConfig};

use super::book::digits;

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Settings {
    pub name: String,
    pub language: String,
    pub recording: Recording,
    pub message_for: Duration,
    pub ask_for: Duration,
    pub urgent: Vec<String>,
    pub blocked: Vec<String>,
    /// By the digits of their number.
    pub names: BTreeMap<String, String>,
    /// Keys of those who are asked.
    pub people: Vec<String>,
    pub transfer: Option<String>,
    /// Something speaks and hears in a room, so that a call can be taken there.
    pub rooms: bool,
    /// By what they call themselves: the door's key and its name.
    pub doors: BTreeMap<String, (String, String)>,
}

impl Settings {
    /// `None`: the home has no telephone.
    pub fn of(home: &Home) -> Option<Self> {
        let phone = home.phone.as_ref()?;
        let PhoneConfig { recording, message_for, ask_for, urgent, blocked, names, transfer, .. } =
            phone.clone();
        let grown = home.people.iter().filter(|(_, p)| p.role <= Role::Adult).map(|(key, _)| key.clone());
        let people = if phone.people.is_empty() { grown.collect() } else { phone.people.clone() };
        let door = |(key, door): (&String, &lares_config::DoorConfig)| {
            (door.caller.clone(), (key.clone(), door.name.clone()))
        };
        Some(Self {
            name: phone.name.clone().unwrap_or_else(|| home.household.name.clone()),
            language: home.household.language.clone(),
            recording,
            message_for,
            ask_for,
            urgent,
            blocked,
            names: names.into_iter().map(|(number, name)| (digits(&number), name)).collect(),
            people,
            transfer,
            rooms: home.satellites.values().any(SatelliteConfig::talks),
            doors: phone.doors.iter().map(door).collect(),
        })
    }
}
