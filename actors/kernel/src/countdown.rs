//! Timers of the household's people, as they are wished and kept: whoever shows them reads the same as whoever keeps them.

use std::sync::Arc;
use std::time::Duration;

use lares_model::Origin;
use serde::{Deserialize, Serialize};

use crate::{Act, Aim};

/// Owner of what is kept of them; of their durable timers as well, with `:` and the room's key where they have one.
pub const COUNTDOWNS: &str = "timer";
/// A problem at this and its id is that what was to be done later did not come about.
pub const LATER: &str = "timer";
/// The name of a timer that does something at its end begins with it: whoever hears of its durable timer alone knows that nothing rings.
const DOES: char = '+';

/// What is wished of a timer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum TimerAct {
    /// A new one. `says`: a reminder, and what of.
    Set {
        length: Duration,
        says: Option<String>,
    },
    /// It ends so much later.
    Add(Duration),
    /// It ends so much earlier.
    Take(Duration),
    Pause,
    Resume,
    Cancel,
    /// A new one at whose end these are wished, as by whoever sets it. `words`: what was said.
    Later {
        length: Duration,
        words: String,
        wishes: Vec<Delayed>,
    },
}

/// Something that is wished when a timer ends. The door looks at it twice: as it is set, and then.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Delayed {
    pub target: Aim,
    pub act: Act,
}

/// What a timer does at its end, and in whose right.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// As it was said.
    pub words: String,
    pub wishes: Vec<Delayed>,
    pub source: Arc<str>,
    pub origin: Origin,
    /// Of the wish that set it.
    pub reason: Arc<str>,
}

/// What is kept of a timer beside when it ends (JSON, by its id): that is a durable timer's.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Countdown {
    /// As it is called; none: by how long it is.
    pub name: Option<String>,
    /// What it was set for, with what was added since.
    pub length_ms: u64,
    /// A reminder: what of.
    #[serde(default)]
    pub says: Option<String>,
    /// It is paused, with so much left.
    #[serde(default)]
    pub left_ms: Option<u64>,
    /// It does something at its end, and does not ring.
    #[serde(default)]
    pub command: Option<Box<Command>>,
}

impl Countdown {
    pub fn length(&self) -> Duration {
        Duration::from_millis(self.length_ms)
    }

    /// What is left, if it is paused.
    pub fn paused(&self) -> Option<Duration> {
        self.left_ms.map(Duration::from_millis)
    }
}

/// A timer's id: `kitchen/pizza`, or `pizza` where it is set in no room.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CountdownId {
    /// Key of a room.
    pub room: Option<String>,
    /// One of a kind in its room.
    pub name: String,
}

impl CountdownId {
    /// Whether it does something at its end.
    pub fn does(&self) -> bool {
        self.name.starts_with(DOES)
    }

    /// The name of one that does something, by a number.
    pub fn doing(number: usize) -> String {
        format!("{DOES}{number}")
    }

    /// What somebody calls a timer, without what would make it another kind of one.
    pub fn plain(name: &str) -> &str {
        name.trim_start_matches([DOES, ' '])
    }

    /// Keys of rooms have no `/`, and no more have names here.
    pub fn parse(id: &str) -> Self {
        let (room, name) = id.split_once('/').map_or((None, id), |(room, name)| (Some(room), name));
        Self { room: room.map(str::to_owned), name: name.replace('/', " ") }
    }

    /// Owner of its durable timer.
    pub fn owner(&self) -> String {
        self.room.as_ref().map_or_else(|| COUNTDOWNS.to_owned(), |room| format!("{COUNTDOWNS}:{room}"))
    }

    /// Whose durable timer it is; `None`: it is no timer of the people's.
    pub fn of(owner: &str, name: &str) -> Option<Self> {
        let room = match owner.strip_prefix(COUNTDOWNS)? {
            "" => None,
            room => Some(room.strip_prefix(':')?.to_owned()),
        };
        Some(Self { room, name: name.to_owned() })
    }
}

impl std::fmt::Display for CountdownId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.room {
            Some(room) => write!(f, "{room}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_room_and_name_and_so_does_its_timer() {
        for (id, owner) in [("kitchen/pizza", "timer:kitchen"), ("pizza", "timer"), ("hall/2", "timer:hall")]
        {
            let parsed = CountdownId::parse(id);
            assert_eq!(parsed.to_string(), id);
            assert_eq!(parsed.owner(), owner);
            assert_eq!(CountdownId::of(owner, &parsed.name), Some(parsed));
        }
        assert_eq!(CountdownId::parse("kitchen/half/half").name, "half half");
        assert!(CountdownId::parse(&format!("hall/{}", CountdownId::doing(2))).does());
        assert!(!CountdownId::parse("hall/2").does() && CountdownId::plain("+ 2") == "2");
        assert_eq!(CountdownId::of("timers", "x"), None);
        assert_eq!(CountdownId::of("rule:hall", "x"), None);
    }
}
