//! `alarm_control_panel`: its state, and the states that it can be told to take. Who may do so is the household's to say:
//! a code that stands in the announcement is sent along, one that only a person knows is not made up.

use std::sync::Arc;

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder};
use super::sink::Sink;
use super::writer::{How, Writer};

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

/// What is wished, the feature that it needs, the key and default of its payload, and when it takes a code.
const WISHES: [(&str, &str, &str, &str, &str); 7] = [
    ("disarmed", "", "payload_disarm", "DISARM", "code_disarm_required"),
    ("armed_home", "arm_home", "payload_arm_home", "ARM_HOME", "code_arm_required"),
    ("armed_away", "arm_away", "payload_arm_away", "ARM_AWAY", "code_arm_required"),
    ("armed_night", "arm_night", "payload_arm_night", "ARM_NIGHT", "code_arm_required"),
    ("armed_vacation", "arm_vacation", "payload_arm_vacation", "ARM_VACATION", "code_arm_required"),
    (
        "armed_custom_bypass",
        "arm_custom_bypass",
        "payload_arm_custom_bypass",
        "ARM_CUSTOM_BYPASS",
        "code_arm_required",
    ),
    ("triggered", "trigger", "payload_trigger", "TRIGGER", "code_trigger_required"),
];

pub fn build(b: &mut Builder<'_>) {
    let options: Vec<Arc<str>> = STATES.map(Into::into).to_vec();
    let sink = Sink::OneOf { property: Property::State, options: options.clone() };
    let readable = b.read("state_topic", "value_template", sink);
    let able = b.config.get("supported_features").map(|_| b.config.list("supported_features"));
    let code = b.config.text("code").filter(|code| !code.is_empty());
    let asks = code.as_deref().is_some_and(|code| matches!(code, "REMOTE_CODE" | "REMOTE_CODE_TEXT"));
    let mut words = Vec::new();
    for (state, feature, key, default, code_key) in WISHES {
        let unable = able.as_ref().is_some_and(|able| able.iter().all(|a| a != feature));
        let needs_code = asks && b.config.flag(code_key).unwrap_or(true);
        if (unable && !feature.is_empty()) || needs_code {
            continue;
        }
        words.push((Value::from(state), b.config.text_or(key, default)));
    }
    let mut writable = false;
    if let (false, Some(delivery), Ok(template)) =
        (words.is_empty(), b.delivery("command_topic"), b.template("command_template"))
    {
        let also = Some("action");
        let code = code.filter(|_| !asks).unwrap_or_default();
        let how = How::Coded { words, code };
        b.push_writer(Writer { property: Property::State, delivery, template, also, how });
        writable = true;
    }
    b.property(Property::State, ValueKind::Enum(options), None, Access { readable, writable });
}
