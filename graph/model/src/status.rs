//! Whether a thing can be reached, and if not, why. A closed list.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Status of a device, entity, link or actor. Details are as typed as openHAB's.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Status {
    /// Known, being set up.
    Initializing,
    /// Nothing heard yet.
    #[default]
    Unknown,
    Online,
    Offline(Detail),
    /// Stopped after too many failures; tried again slowly.
    Quarantined(Detail),
    Removed,
}

/// Why something is not online.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Detail {
    /// The device said so itself (its last will or availability topic).
    Reported,
    /// Nothing was heard within the time it promised.
    Silent,
    /// The bridge that it hangs on is offline.
    Bridge,
    /// The wire it is reached by is down: what the wire said.
    Communication(String),
    /// The configuration does not let it work.
    Configuration(String),
    /// It failed more often than its limit: the last reason.
    Failed(String),
}

impl Status {
    /// Every word that [`Status::word`] gives.
    pub const WORDS: &[&str] = &["initializing", "unknown", "online", "offline", "quarantined", "removed"];

    pub fn is_online(&self) -> bool {
        matches!(self, Self::Online)
    }

    /// The word of the closed list, without its detail.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Initializing => "initializing",
            Self::Unknown => "unknown",
            Self::Online => "online",
            Self::Offline(_) => "offline",
            Self::Quarantined(_) => "quarantined",
            Self::Removed => "removed",
        }
    }

    pub fn detail(&self) -> Option<&Detail> {
        match self {
            Self::Offline(d) | Self::Quarantined(d) => Some(d),
            _ => None,
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported => f.write_str("it said so itself"),
            Self::Silent => f.write_str("nothing heard in time"),
            Self::Bridge => f.write_str("its bridge is offline"),
            Self::Communication(why) | Self::Configuration(why) | Self::Failed(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail() {
            Some(detail) => write!(f, "{} ({detail})", self.word()),
            None => f.write_str(self.word()),
        }
    }
}
