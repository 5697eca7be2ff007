//! What came of a command.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Value;

/// The outcome of a command. A claim of success is only ever a device's own report (`Confirmed`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Receipt {
    /// Handed to the wire; the device has no way to report.
    Sent,
    /// The device reports what was asked for.
    Confirmed,
    /// The device reports something else.
    Differs(Value),
    /// The wire or the driver could not deliver it.
    Failed(Arc<str>),
    /// It waited longer than it was worth and was not sent.
    Expired,
    /// Not allowed, or not possible for this property.
    Refused(Arc<str>),
    /// A claim that goes before it stands.
    Overridden(Arc<str>),
    /// It may or may not have happened; it is not sent again.
    Unknown,
}

impl Receipt {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Differs(_) => "differs",
            Self::Failed(_) => "failed",
            Self::Expired => "expired",
            Self::Refused(_) => "refused",
            Self::Overridden(_) => "overridden",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs(v) => write!(f, "differs: it reports {v}"),
            Self::Failed(why) => write!(f, "failed: {why}"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Overridden(by) => write!(f, "overridden by {by}"),
            other => f.write_str(other.word()),
        }
    }
}
