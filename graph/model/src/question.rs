//! What the household asks before it does something, and how much it does by itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{NodeId, Timestamp};

macro_rules! autonomies {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// How much a rule does by itself. The order is that of trust.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Autonomy { $($(#[$doc])* $variant,)* }

        impl Autonomy {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

autonomies! {
    /// It only says on record what it would have done.
    Observe "observe",
    /// It makes a suggestion that lies there for a day.
    Suggest "suggest",
    /// It asks; silence is no.
    Ask "ask",
    /// It acts, and says how that is taken back.
    ActWithUndo "act_with_undo",
    Act "act",
}

impl Autonomy {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }
}

/// A question to the people of the household.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Told and typed: six hexadecimal digits.
    pub id: Arc<str>,
    pub text: String,
    /// Key of the rule that asks.
    pub rule: Arc<str>,
    /// Keys of the persons who may answer; empty: whoever may do it themselves.
    pub to: Vec<Arc<str>>,
    pub kind: Asking,
    pub asked: Timestamp,
    /// From then on the answer is no.
    pub until: Timestamp,
}

/// What a question is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// Whether a rule may do what it would do now. It interrupts nobody.
    Suggestion,
    /// The same, and somebody is waited for.
    Permission,
    /// A rule's own question, in the middle of its steps.
    Step,
    /// Whether the rule may do so much by itself from now on.
    Offer(Autonomy),
}

impl Asking {
    pub fn name(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Permission => "permission",
            Self::Step => "step",
            Self::Offer(_) => "offer",
        }
    }
}

/// How a question came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Yes,
    No,
    /// Nobody answered in time: that is no.
    Silence,
    /// What it was asked for is over.
    Withdrawn,
}

impl Question {
    /// An id that no other question of the household has at that time.
    pub fn id_of(rule: &str, number: u64, asked: Timestamp) -> Arc<str> {
        let NodeId(hash) = NodeId::derive("question", &format!("{rule}/{number}/{}", asked.0));
        format!("{:06x}", hash >> 40).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_has_an_order_and_names() {
        assert!(Autonomy::ALL.is_sorted());
        for autonomy in Autonomy::ALL {
            assert_eq!(Autonomy::parse(autonomy.name()), Some(*autonomy));
        }
    }

    #[test]
    fn ids_are_short_and_differ() {
        let one = Question::id_of("away", 1, Timestamp(5));
        assert_eq!(one.len(), 6);
        assert_ne!(one, Question::id_of("away", 2, Timestamp(5)));
        assert_eq!(one, Question::id_of("away", 1, Timestamp(5)));
    }
}
