//! The filter string: `kind:device room:kitchen -status:online brightness>20 "hall lamp"`. Everything that is said must fit.

mod parse;
mod test;
mod within;

use std::ops::Range;

use super::Wrong;

pub(super) use test::{Score, Test, unknown};

/// A filter as it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
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

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether it says something of a field.
    pub(super) fn names(&self, field: &str) -> bool {
        self.terms.iter().any(|t| matches!(&t.what, What::Field { name, .. } if name == field))
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Term {
    /// It must not fit.
    pub negated: bool,
    pub what: What,
    /// Bytes of the text.
    pub at: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
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
pub(super) enum Op {
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
pub(super) struct Alternative {
    pub value: Written,
    pub at: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Written {
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
