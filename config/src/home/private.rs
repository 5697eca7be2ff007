//! What is kept under keys of its own.

use serde::Serialize;

use super::{EntityRef, Place};

/// A part of life whose devices and entities have a key of their own, so that it can be forgotten.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PrivateConfig {
    pub place: Place,
    pub of: Vec<EntityRef>,
}
