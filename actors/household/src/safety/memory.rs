//! What is kept of an interlock, so that a kill forgets nothing.

use lares_config::{Interlock, MaxStarts};
use lares_model::{Timestamp, Write};
use serde::{Deserialize, Serialize};

/// Owner of the memories among the graph's states; the key is the interlock's, the value JSON.
pub const OWNER: &str = "interlocks";
/// Owner of what the home says of interlocks, for surfaces; written with the home.
pub const ABOUT_OWNER: &str = "interlock";

/// Its memory.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Since when the guarded thing is told to be out of its safe state, or is without being told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_since: Option<Timestamp>,
    /// Since when it is out of its safe state for all that it said itself: being told to rest, even when told to go on in the same
    /// breath, ends nothing until it says that it rests.
    #[serde(alias = "leaving", skip_serializing_if = "Option::is_none")]
    pub out_since: Option<Timestamp>,
    /// When it last went back to its safe state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_since: Option<Timestamp>,
    /// Starts of the last day, oldest first; only where starts are limited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Timestamp>,
    /// Others of an exclusion that are out of their safe state, or have not said that they are back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others_on: Vec<String>,
    /// Somebody's wish for the safe state waits for `min_on` until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<Timestamp>,
    /// The measurement that running must move, as it was at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tripped: Option<Trip>,
    /// Somebody said that it may run: until it has.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opened: bool,
    /// Its runs of the last day, from and to; only where they are limited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ran: Vec<(Timestamp, Timestamp)>,
    /// When it was last told that somebody is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Timestamp>,
}

/// Why and since when it is tripped.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Trip {
    pub reason: String,
    pub since: Timestamp,
    /// Only a person clears it.
    pub latched: bool,
}

impl Memory {
    /// Out of its safe state, or not known to be back.
    pub fn runs(&self) -> bool {
        self.out_since.is_some()
    }

    /// Told to rest, and has not said that it does.
    pub fn leaves(&self) -> bool {
        self.on_since.is_none() && self.runs()
    }

    /// As it was kept, also before what it said itself was kept apart from what it was told.
    pub fn restored(mut self) -> Self {
        self.out_since = self.out_since.or(self.on_since);
        self
    }

    pub fn write(&self, key: &str) -> Write {
        Write::PutState { owner: OWNER.into(), key: key.into(), value: serde_json::to_vec(self).ok() }
    }
}

/// What surfaces show of an interlock beside its memory.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    pub name: String,
    /// `living-heating.climate`.
    pub of: String,
    pub property: String,
    pub level: String,
    /// Its safe state, in words.
    pub safe: Option<String>,
    /// What it watches, in words.
    pub watches: String,
    pub min_off_ms: Option<u64>,
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
}

/// The write of what the home says of an interlock; `None` removes it.
pub fn about_write(key: &str, interlock: Option<&Interlock>) -> Write {
    let about = |i: &Interlock| {
        let MaxStarts { per_hour, per_day } = i.max_starts;
        About {
            name: i.name.clone(),
            of: i.of.to_string(),
            property: i.property.name().to_owned(),
            level: i.level.name().to_owned(),
            safe: i.safe.as_ref().map(ToString::to_string),
            watches: i.to_string(),
            min_off_ms: i.min_off.and_then(|d| u64::try_from(d.as_millis()).ok()),
            per_hour,
            per_day,
        }
    };
    let value = interlock.and_then(|i| serde_json::to_vec(&about(i)).ok());
    Write::PutState { owner: ABOUT_OWNER.into(), key: key.into(), value }
}
