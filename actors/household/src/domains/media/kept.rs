//! What outlives the process: where each stream is and what it is about to do, and how loud each room was.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::NodeId;
use serde::{Deserialize, Serialize};

/// Where a stream is, and what it is about to do.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// Key of the room that it plays in.
    pub at: Option<String>,
    #[serde(default)]
    pub step: Step,
    /// Where it was told not to go, or let go, until its person has moved.
    #[serde(default)]
    pub declined: Option<String>,
    /// Because of somebody who was there, or their music: once that is gone, it is free to go.
    #[serde(default)]
    pub occupied: bool,
    /// Rooms that somebody put it into beside that one.
    #[serde(default)]
    pub also: BTreeSet<String>,
    /// Rooms that it is to play in as well if somebody there says yes: the questions' ids.
    #[serde(default)]
    pub asking: BTreeMap<String, String>,
    /// Players that are silent once it plays in such a room.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub silences: BTreeMap<String, Vec<NodeId>>,
}

impl Place {
    /// It is in that room no longer. Of others that it was put into, one is from now on the one that follows.
    pub fn leaves(&mut self, room: &str) {
        self.also.remove(room);
        if self.at.as_deref() == Some(room) {
            self.at = self.also.first().cloned();
        }
    }

    /// Nothing is asked of a room any more; gives the question's id.
    pub fn asked_no_more(&mut self, room: &str) -> Option<String> {
        self.silences.remove(room);
        self.asking.remove(room)
    }

    pub fn is_in(&self, room: &str) -> bool {
        self.at.as_deref() == Some(room) || self.also.contains(room)
    }
}

/// Each but the first has a timer.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    #[default]
    Rest,
    /// Its person is there; `None`: they left the house.
    Dwell { to: Option<String> },
    /// Somebody is asked whether it may come. The question's id.
    Asking { to: String, question: String },
    /// The room is put on it, still silent.
    Arriving { to: String, tries: u8 },
    /// Both rooms sound.
    Overlap { from: String },
    /// The old room goes, in so many steps yet.
    Fading { from: String, left: u8 },
}

/// All of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Memory {
    pub streams: BTreeMap<String, Place>,
    /// Percent, by room.
    pub volumes: BTreeMap<String, f64>,
}

pub type Pair = (Vec<u8>, Option<Vec<u8>>);

impl Memory {
    /// From what was written. What cannot be read is left out.
    pub fn read(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        let mut memory = Self::default();
        for (key, value) in pairs {
            let key = String::from_utf8_lossy(&key).into_owned();
            match key.split_once('/') {
                Some(("stream", key)) => {
                    if let Ok(place) = serde_json::from_slice(&value) {
                        memory.streams.insert(key.to_owned(), place);
                    }
                }
                Some(("volume", room)) => {
                    if let Ok(volume) = serde_json::from_slice(&value) {
                        memory.volumes.insert(room.to_owned(), volume);
                    }
                }
                _ => {}
            }
        }
        memory
    }

    /// What must be written so that `self` becomes `new`.
    pub fn changes(&self, new: &Self) -> Vec<Pair> {
        let mut changes = Vec::new();
        for (key, place) in new.streams.iter().filter(|(key, place)| self.streams.get(*key) != Some(place)) {
            changes.push((format!("stream/{key}").into_bytes(), serde_json::to_vec(place).ok()));
        }
        for (room, volume) in new.volumes.iter().filter(|(room, v)| self.volumes.get(*room) != Some(v)) {
            changes.push((format!("volume/{room}").into_bytes(), serde_json::to_vec(volume).ok()));
        }
        changes
    }
}
