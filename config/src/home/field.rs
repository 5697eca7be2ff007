//! Properties of the household's own.

use lares_model::OwnProp;
use serde::Serialize;

use super::Place;

/// `[field.shoe_size]`: what `my_shoe_size` may be, and of which kinds of node.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FieldConfig {
    pub place: Place,
    pub prop: OwnProp,
}
