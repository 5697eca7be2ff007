//! What rules can be made of.

/// A rule with parameters, of this home or of every home (`lares/...`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blueprint {
    pub name: String,
    /// What it is for.
    pub says: String,
    pub params: Vec<BlueprintParam>,
}

/// What a blueprint is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlueprintParam {
    pub name: String,
    /// What it is.
    pub says: String,
    /// What it is if nothing is given, as it is written; `None`: it must be given.
    pub default: Option<String>,
}
