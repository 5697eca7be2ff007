//! `alarm_control_panel`: its state can be read. **Absent on purpose:** arming and disarming, which need codes and the
//! safety rules of the household.

use std::sync::Arc;

use lares_model::{Property, ValueKind};

use super::builder::{Access, Builder};
use super::sink::Sink;

const STATES: [&str; 10] = [
    "disarmed",
    "armed_home",
    "armed_away",
    "armed_night",
    "armed_vacation",
    "armed_custom_bypass",
    "pending",
    "triggered",
    "arming",
    "disarming",
];

pub fn build(b: &mut Builder<'_>) {
    let options: Vec<Arc<str>> = STATES.map(Into::into).to_vec();
    let readable = b.read(
        "state_topic",
        "value_template",
        Sink::OneOf { property: Property::State, options: options.clone() },
    );
    b.property(Property::State, ValueKind::Enum(options), None, Access { readable, writable: false });
}
