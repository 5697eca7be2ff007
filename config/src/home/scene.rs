//! Scenes: how several things are to be together.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{Property, Value};
use serde::Serialize;

use super::{Place, Target};

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Scene {
    pub place: Place,
    pub name: String,
    /// Never empty.
    pub sets: Vec<SceneSet>,
}

/// How one target is in a scene.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SceneSet {
    pub target: Target,
    /// Never empty.
    pub values: BTreeMap<Property, Value>,
    pub transition: Option<Duration>,
}
