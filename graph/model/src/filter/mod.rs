//! The filter string: `kind:device room:kitchen -status:online brightness>20 "hall lamp"`. Everything that is said must fit.
//! What it is written like; who has a graph tries it on nodes.

mod fields;
mod parse;

use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::Wrong;

pub use fields::{NODE_FIELDS, PLACE_FIELDS};
pub use parse::number as filter_number;

/// A filter as it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

/// As its text.
impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl Filter {
    /// Reads a filter. Whether its fields exist is only known of a graph.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let terms = parse::terms(text).map_err(|slip| slip.of(text))?;
        Ok(Self { text: text.to_owned(), terms })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts, in their order.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether it says something of a field.
    pub fn names(&self, field: &str) -> bool {
        self.terms.iter().any(|t| matches!(&t.what, What::Field { name, .. } if name == field))
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct Term {
    /// It must not fit.
    pub negated: bool,
    pub what: What,
    /// Bytes of the text.
    pub at: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// Words that a name has, the last one perhaps only begun; quoted: in this order, side by side.
    Words {
        text: String,
        quoted: bool,
    },
    Field {
        name: String,
        name_at: Range<usize>,
        op: Op,
        alternatives: Vec<Alternative>,
    },
}

/// How a field is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// `:` and `=`
    Is,
    /// `!=`
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// One of the values behind a field; any of them may fit.
#[derive(Clone, PartialEq, Debug)]
pub struct Alternative {
    pub value: Written,
    pub at: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Written {
    /// `*`: there is a value.
    Any,
    Word(String),
    /// `lam*`
    Prefix(String),
    /// `10..20`, `10..`, `..20`, both ends within.
    Range(Option<f64>, Option<f64>),
    /// `2026-11-25..2026-12-01`, `today..`: from the begin of the first to the end of the last.
    During(Option<String>, Option<String>),
}
