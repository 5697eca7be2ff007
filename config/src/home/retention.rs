//! What the home says of how long things are kept.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{EntityRef, Place};

/// How long samples, roll-ups and the journal are kept, and how much all may take.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct RetentionConfig {
    pub place: Place,
    pub all: KeepConfig,
    /// Of a device's entities or of one, before those of a class.
    pub of: Vec<(EntityRef, KeepConfig)>,
    /// Of a device class or, where an entity has none, its component.
    pub classes: BTreeMap<String, KeepConfig>,
    pub journal: KeepJournal,
    /// Bytes.
    pub budget: Option<u64>,
}

/// Of the journal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeepJournal {
    /// Months that are over for so long are folded together. Nothing of them is lost.
    pub archive: KeptFor,
    /// Kinds of entries that go, and after how many days.
    pub kinds: BTreeMap<&'static str, u32>,
}

impl Default for KeepJournal {
    fn default() -> Self {
        Self { archive: KeptFor::Days(400), kinds: BTreeMap::new() }
    }
}

/// What is not said is as for all, and there as the defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct KeepConfig {
    /// Samples as they came.
    pub raw: Option<KeptFor>,
    /// Roll-ups of five minutes.
    pub minutes: Option<KeptFor>,
    pub hours: Option<KeptFor>,
    pub days: Option<KeptFor>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum KeptFor {
    Days(u32),
    Ever,
}
