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
    /// Bytes.
    pub budget: Option<u64>,
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
