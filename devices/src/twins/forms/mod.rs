//! Twins of gateways that announce in Home Assistant's form and have no folder of their own: their topics and payloads are theirs.

mod shelly;
mod theengs;
mod zwave;

pub use shelly::Shelly;
pub use theengs::Theengs;
pub use zwave::Zwave;
