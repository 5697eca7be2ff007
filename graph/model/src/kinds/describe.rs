//! What a kind is made of: enough for exports, surfaces and questions to show what they have never been compiled against.

use serde::Serialize;

use super::{EdgeKind, NodeKind};

/// What a property may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "of")]
pub enum PropType {
    Text,
    Number,
    Bool,
    /// A day (`2026-11-25`), a time in the household's zone (`2026-11-25T18:00`) or an instant (`2026-11-25T17:00:00Z`). Kept as
    /// written: a day stays a day.
    When,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Words with commas between, sorted.
    Words,
}

/// Who should see it: what an export or a surface asks for before it shows one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Of the house: who is in it may know.
    Home,
    /// Of a person.
    Personal,
    Money,
    Health,
}

/// A property of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Prop {
    pub name: &'static str,
    #[serde(flatten)]
    pub of: PropType,
    pub unit: Option<&'static str>,
    pub sensitivity: Sensitivity,
    pub required: bool,
    /// Written by a feature: a person cannot put it.
    pub made: bool,
    pub says: &'static str,
}

impl Prop {
    pub(super) const fn new(name: &'static str, of: PropType, says: &'static str) -> Self {
        Self { name, of, unit: None, sensitivity: Sensitivity::Home, required: false, made: false, says }
    }

    pub(super) const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    pub(super) const fn of(mut self, sensitivity: Sensitivity) -> Self {
        self.sensitivity = sensitivity;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn made(mut self) -> Self {
        self.made = true;
        self
    }
}

/// A text property: most are.
pub(super) const fn text(name: &'static str, says: &'static str) -> Prop {
    Prop::new(name, PropType::Text, says)
}

pub(super) const fn number(name: &'static str, unit: &'static str, says: &'static str) -> Prop {
    Prop::new(name, PropType::Number, says).unit(unit)
}

pub(super) const fn when(name: &'static str, says: &'static str) -> Prop {
    Prop::new(name, PropType::When, says)
}

pub(super) const fn choice(name: &'static str, of: &'static [&'static str], says: &'static str) -> Prop {
    Prop::new(name, PropType::Choice(of), says)
}

/// A kind of node. It is stored with the data as JSON, by name and version.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct KindDescriptor {
    pub kind: NodeKind,
    /// Goes up when a property changes its meaning.
    pub version: u8,
    pub says: &'static str,
    /// One line for a node, with properties in braces; what stands in brackets is left out if one of its properties is not known.
    pub sentence: &'static str,
    /// The type of schema.org that fits, if one does.
    pub schema_org: Option<&'static str>,
    pub props: &'static [Prop],
}

/// A kind of edge.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct EdgeDescriptor {
    pub kind: EdgeKind,
    pub says: &'static str,
    /// Kinds it may leave; empty: any.
    pub from: &'static [NodeKind],
    /// Kinds it may lead to; empty: any.
    pub to: &'static [NodeKind],
}
