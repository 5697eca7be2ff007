//! What of the home concerns music.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::{Home, MediaConfig, PlayerConfig, StreamConfig};
use lares_model::{Component, NodeId};

use crate::Directory;

#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    pub dwell: Duration,
    pub overlap: Duration,
    pub fade: Duration,
    pub ask_for: Duration,
    /// Percent.
    pub volume: f64,
    /// By room: the players in it. Only rooms with one.
    pub rooms: BTreeMap<String, Vec<NodeId>>,
    pub streams: BTreeMap<String, StreamSettings>,
    /// Rooms of the microphones and displays, by the source of what is wished there.
    pub sources: BTreeMap<String, String>,
    /// What rooms and people are called.
    pub names: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct StreamSettings {
    pub name: String,
    pub person: Option<String>,
    /// What plays on it.
    pub player: Option<NodeId>,
    /// Whether it follows.
    pub follow: Option<NodeId>,
    /// File and line of its section.
    pub file: String,
    pub line: u32,
}

impl Settings {
    /// Players that have not announced themselves yet are left out.
    pub fn of(home: &Home, directory: &Directory) -> Self {
        let MediaConfig { place: _, server: _, assistant: _, dwell, overlap, fade, ask_for, volume } =
            home.media.clone();
        let entity = |device: &str, component: Component| {
            let device = directory.device(device)?;
            directory.entities_of(device).find(|e| e.component == component).map(|e| e.id)
        };
        let mut rooms: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for (key, player) in &home.players {
            if let Some(id) = entity(&PlayerConfig::device(key), Component::MediaPlayer) {
                rooms.entry(player.room.clone()).or_default().push(id);
            }
        }
        let stream = |(key, stream): (&String, &StreamConfig)| {
            let device = StreamConfig::device(key);
            let settings = StreamSettings {
                name: stream.name.clone(),
                person: stream.person.clone(),
                player: entity(&device, Component::MediaPlayer),
                follow: entity(&device, Component::Switch),
                file: stream.place.file.to_string(),
                line: stream.place.line,
            };
            (key.clone(), settings)
        };
        let rooms_called = home.rooms.iter().map(|(key, room)| (format!("room:{key}"), room.name.clone()));
        let people = home.people.iter().map(|(key, person)| (format!("person:{key}"), person.name.clone()));
        let voices = home.satellites.iter().map(|(key, s)| (format!("voice:{key}"), s.room.clone()));
        let displays = home.displays.iter().map(|(key, d)| (format!("display:{key}"), d.room.clone()));
        Self {
            dwell,
            overlap,
            fade,
            ask_for,
            volume,
            rooms,
            streams: home.streams.iter().map(stream).collect(),
            sources: voices.chain(displays).collect(),
            names: rooms_called.chain(people).collect(),
        }
    }

    /// The room of a player.
    pub fn room_of(&self, entity: NodeId) -> Option<&str> {
        self.rooms.iter().find(|(_, players)| players.contains(&entity)).map(|(room, _)| room.as_str())
    }

    pub fn room_name(&self, room: &str) -> String {
        self.names.get(&format!("room:{room}")).cloned().unwrap_or_else(|| room.to_owned())
    }

    pub fn person_name(&self, person: &str) -> String {
        self.names.get(&format!("person:{person}")).cloned().unwrap_or_else(|| person.to_owned())
    }
}
