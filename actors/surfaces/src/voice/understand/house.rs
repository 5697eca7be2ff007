//! What can be named in a sentence.

/// Floors, areas and things, each with its names; the first name is the one that is shown.
#[derive(Clone, Debug, Default)]
pub struct House {
    pub floors: Vec<Place>,
    pub areas: Vec<Place>,
    pub things: Vec<Thing>,
}

/// A floor or an area.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub id: String,
    pub names: Vec<String>,
    /// Of an area: the id of its floor.
    pub floor: Option<String>,
}

/// An entity.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    pub id: String,
    pub names: Vec<String>,
    /// Home Assistant's word for its kind, such as `light` or `cover`.
    pub domain: String,
    pub device_class: Option<String>,
    /// Id of its area.
    pub area: Option<String>,
}
