//! What the household was trusted with: by whom, with what kind of thing, to do what.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Autonomy, Question};

macro_rules! verbs {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// What is done with a thing.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Verb { $($(#[$doc])* $variant,)* }

        impl Verb {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

verbs! {
    TurnOn "turn_on",
    TurnOff "turn_off",
    Open "open",
    Close "close",
    Lock "lock",
    Unlock "unlock",
    Arm "arm",
    Disarm "disarm",
    Press "press",
    Dose "dose",
    /// To another value than the ends above: warmer, brighter, another programme.
    Set "set",
    /// Words for the household, of a rule that moves nothing.
    Say "say",
}

impl Verb {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.name() == name)
    }
}

/// The domain of what moves nothing, beside the kinds of entity.
pub const NOTICE: &str = "notice";

/// What trust is kept by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TrustKey {
    /// Key of the person who is asked; empty: whoever lives there.
    pub person: Arc<str>,
    /// The kind of entity (`light`), or [`NOTICE`].
    pub domain: Arc<str>,
    pub verb: Verb,
}

impl TrustKey {
    /// What it is kept under: `anna/light/turn_on`.
    pub fn text(&self) -> String {
        format!("{}/{}/{}", self.person, self.domain, self.verb.name())
    }

    /// Of [`TrustKey::text`]; `None`: it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, '/');
        let verb = Verb::parse(parts.next()?)?;
        let (domain, person) = (parts.next()?.into(), parts.next()?.into());
        Some(Self { person, domain, verb })
    }
}

/// In words: `light.turn_on for anna`.
impl fmt::Display for TrustKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let person = if self.person.is_empty() { "anybody" } else { &self.person };
        write!(f, "{}.{} for {person}", self.domain, self.verb.name())
    }
}

/// How much was earned, or lost, with one [`TrustKey`]. Kept as JSON: fields are added with a default, and none is taken away.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Earned {
    /// `None`: nothing yet, each rule does as much as its file says.
    #[serde(default)]
    pub now: Option<Autonomy>,
    /// How often somebody said yes in a row.
    #[serde(default)]
    pub yes: u32,
    /// How often it was done by itself in a row, and nobody took it back.
    #[serde(default)]
    pub well: u32,
    /// Counts the changes of `now` in the household: the newer of two has the higher one.
    #[serde(default)]
    pub turn: u64,
    /// Whether it may be done by itself is asked.
    #[serde(default)]
    pub offer: Option<Question>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        for verb in Verb::ALL {
            for person in ["", "anna", "a/b"] {
                let key = TrustKey { person: person.into(), domain: "light".into(), verb: *verb };
                assert_eq!(TrustKey::parse(&key.text()), Some(key));
            }
        }
        for wrong in ["", "light", "light/turn_on", "anna/light/fly"] {
            assert_eq!(TrustKey::parse(wrong), None, "{wrong}");
        }
    }
}
