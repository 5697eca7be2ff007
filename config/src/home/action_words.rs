//! Actions in the household's words, for `why`, `lares rule try` and messages.

use std::collections::BTreeMap;
use std::fmt::{self, Display as _};

use lares_model::{Property, Value};

use super::words::{duration_words, joined};
use super::{Action, Awaited, Condition, Hold, Rounds, SceneSet, Target};

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set { target, values, reckoned, hold, .. } => {
                f.write_str("set ")?;
                set(f, target, values)?;
                for (property, template) in reckoned {
                    write!(f, " {} {}", property.name(), template.source)?;
                }
                match hold {
                    Hold::Momentary => Ok(()),
                    Hold::WhileWhen => f.write_str(" for as long as its trigger holds"),
                    Hold::For(d) => write!(f, " for {}", duration_words(*d)),
                }
            }
            Self::Scene { scene, hold } => {
                write!(f, "scene {scene}")?;
                hold.map_or(Ok(()), |d| write!(f, " for {}", duration_words(d)))
            }
            Self::Let { values } => {
                let all: Vec<String> = values.iter().map(|(k, t)| format!("{k} = {}", t.source)).collect();
                write!(f, "let {}", all.join(", "))
            }
            Self::Delay { length } => write!(f, "wait {}", duration_words(*length)),
            Self::Notify { text } => write!(f, "say {text:?}"),
            Self::Say { text, room } => write!(f, "say {text:?} in {room}"),
            Self::Do { actions } => steps(f, actions),
            Self::Choose { branches, otherwise } => {
                for (n, branch) in branches.iter().enumerate() {
                    f.write_str(if n == 0 { "if " } else { "; else if " })?;
                    joined(f, &branch.conditions, " and ")?;
                    f.write_str(": ")?;
                    steps(f, &branch.then)?;
                }
                if otherwise.is_empty() {
                    return Ok(());
                }
                f.write_str("; else: ")?;
                steps(f, otherwise)
            }
            Self::Repeat { rounds, actions } => {
                match rounds {
                    Rounds::Times(n) => write!(f, "{n} times: ")?,
                    Rounds::While(conditions) => looped(f, "while", conditions)?,
                    Rounds::Until(conditions) => looped(f, "until", conditions)?,
                }
                steps(f, actions)
            }
            Self::Parallel { branches } => {
                for (n, branch) in branches.iter().enumerate() {
                    f.write_str(if n == 0 { "side by side: " } else { " | " })?;
                    steps(f, branch)?;
                }
                Ok(())
            }
            Self::Wait { awaited, timeout, .. } => {
                write!(f, "wait {awaited}")?;
                timeout.map_or(Ok(()), |d| write!(f, ", at most {}", duration_words(d)))
            }
            Self::Ask { text, then, otherwise, .. } => {
                write!(f, "ask {text:?}")?;
                if !then.is_empty() {
                    f.write_str("; if yes: ")?;
                    steps(f, then)?;
                }
                if otherwise.is_empty() {
                    return Ok(());
                }
                f.write_str("; else: ")?;
                steps(f, otherwise)
            }
            Self::Stop { reason } => write!(f, "stop: {reason}"),
        }
    }
}

/// `for hall-motion.occupancy became on`.
impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Triggers(triggers) => {
                let all: Vec<String> = triggers.iter().map(ToString::to_string).collect();
                write!(f, "for {}", all.join(" or "))
            }
            Self::Conditions(conditions) => {
                f.write_str("until ")?;
                joined(f, conditions, " and ")
            }
        }
    }
}

/// `hall-lamp on brightness 40`.
impl fmt::Display for SceneSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        set(f, &self.target, &self.values)
    }
}

fn set(f: &mut fmt::Formatter<'_>, target: &Target, values: &BTreeMap<Property, Value>) -> fmt::Result {
    target.fmt(f)?;
    for (property, value) in values {
        match value {
            Value::Bool(true) if *property == Property::On => f.write_str(" on")?,
            Value::Bool(false) if *property == Property::On => f.write_str(" off")?,
            _ => write!(f, " {} {value}", property.name())?,
        }
    }
    Ok(())
}

fn looped(f: &mut fmt::Formatter<'_>, word: &str, conditions: &[Condition]) -> fmt::Result {
    write!(f, "again {word} ")?;
    joined(f, conditions, " and ")?;
    f.write_str(": ")
}

fn steps(f: &mut fmt::Formatter<'_>, actions: &[Action]) -> fmt::Result {
    let all: Vec<String> = actions.iter().map(ToString::to_string).collect();
    f.write_str(&all.join(", then "))
}
