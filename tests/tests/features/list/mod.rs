//! All features, with where each can be seen.

mod deciding;
mod keeping;
mod surfaces;

use super::Feature;

pub const RULES: &str = "config/examples/cottage/rules.toml";
const DEVICES: &str = "config/examples/cottage/devices.toml";
const HOME: &str = "config/examples/cottage/home.toml";

/// In the order of the table.
pub fn features() -> Vec<&'static Feature> {
    deciding::FEATURES.iter().chain(keeping::FEATURES).chain(surfaces::FEATURES).collect()
}
