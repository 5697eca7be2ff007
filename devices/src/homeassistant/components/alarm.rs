//! `alarm_control_panel`: its state, and the states that it can be told to take. Who may do so is the household's to say. A code
//! that stands in the announcement is compared here, one that only a person knows is passed on; neither is kept anywhere.

use std::sync::Arc;

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder, NUMBER};
use super::sink::Sink;
use super::writer::{How, Writer};
use crate::Credential;

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

/// Longest code that is passed on, in bytes.
const LONGEST_CODE: usize = 64;

/// What a panel obeys, and the code that it asks for.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What is wished, its payload, and whether it takes the code.
    wishes: Vec<(Value, String, bool)>,
    code: Code,
}

#[derive(Clone)]
enum Code {
    None,
    /// It stands in the announcement.
    Known(String),
    /// The panel itself compares it: digits, or any text.
    Remote {
        digits: bool,
    },
}

impl std::fmt::Debug for Code {
    /// Without the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Known(_) => "Known",
            Self::Remote { .. } => "Remote",
        })
    }
}

pub fn build(b: &mut Builder<'_>) {
    let options: Vec<Arc<str>> = STATES.map(Into::into).to_vec();
    let sink = Sink::OneOf { property: Property::State, options: options.clone() };
    let readable = b.read("state_topic", "value_template", sink);
    let able = b.config.get("supported_features").map(|_| b.config.list("supported_features"));
    let code = match b.config.text("code").filter(|code| !code.is_empty()) {
        None => Code::None,
        Some(word) if word == "REMOTE_CODE" => Code::Remote { digits: true },
        Some(word) if word == "REMOTE_CODE_TEXT" => Code::Remote { digits: false },
        Some(known) => Code::Known(known),
    };
    let mut wishes = Vec::new();
    for (state, feature, key, default, code_key) in WISHES {
        let unable = able.as_ref().is_some_and(|able| able.iter().all(|a| a != feature));
        if unable && !feature.is_empty() {
            continue;
        }
        let asks = !matches!(code, Code::None) && b.config.flag(code_key).unwrap_or(true);
        wishes.push((Value::from(state), b.config.text_or(key, default), asks));
    }
    let kind = match &code {
        Code::Remote { digits: true } => Some(NUMBER),
        Code::Known(code) if code.bytes().all(|b| b.is_ascii_digit()) => Some(NUMBER),
        Code::Remote { .. } | Code::Known(_) => Some(ValueKind::Text),
        Code::None => None,
    };
    let mut writable = false;
    if let (Some(delivery), Ok(template)) = (b.delivery("command_topic"), b.template("command_template")) {
        let also = Some("action");
        let how = How::Coded(Panel { wishes, code });
        b.push_writer(Writer { property: Property::State, delivery, template, also, how });
        writable = true;
    }
    b.property(Property::State, ValueKind::Enum(options), None, Access { readable, writable });
    if let Some(kind) = kind {
        b.property(Property::Code, kind, None, Access { readable: false, writable });
    }
}

impl Panel {
    pub fn takes(&self, value: &Value) -> bool {
        self.wishes.iter().any(|(wish, ..)| wish == value)
    }

    pub fn payload(&self, value: &Value) -> Option<&str> {
        self.wishes.iter().find(|(wish, ..)| wish == value).map(|(_, payload, _)| payload.as_str())
    }

    /// The code that goes with a wish; nothing where it takes none.
    ///
    /// # Errors
    /// None was given, or the wrong one. Never says which would be right.
    pub fn code(&self, value: &Value, by: Credential<'_>) -> Result<String, String> {
        let asks = self.wishes.iter().any(|(wish, _, asks)| wish == value && *asks);
        let given = match by {
            Credential::Household => None,
            Credential::Person(given) => given,
        };
        if given.is_some_and(|given| given.is_empty() || given.len() > LONGEST_CODE) {
            return Err(format!("a code has 1 to {LONGEST_CODE} characters"));
        }
        match (&self.code, given, by) {
            (Code::None, given, _) => Ok(given.unwrap_or_default().to_owned()),
            // What the household does by its own rules it may: the code was announced to it.
            (Code::Known(known), None, Credential::Household) => Ok(known.clone()),
            (Code::Known(known), None, _) if !asks => Ok(known.clone()),
            (Code::Known(known), Some(given), _) if given == known => Ok(known.clone()),
            (Code::Known(_), Some(_), _) => Err("the code is wrong".to_owned()),
            (Code::Remote { digits: true }, Some(given), _) if !given.bytes().all(|b| b.is_ascii_digit()) => {
                Err("its code has digits only".to_owned())
            }
            (Code::Remote { .. }, Some(given), _) => Ok(given.to_owned()),
            (Code::Remote { .. }, None, _) if !asks => Ok(String::new()),
            (_, None, Credential::Person(_)) => {
                Err(format!("it takes a code for `{value}`: give it with the wish, as `code`"))
            }
            (_, None, Credential::Household) => {
                Err(format!("it takes a code for `{value}` that only a person knows"))
            }
        }
    }
}
