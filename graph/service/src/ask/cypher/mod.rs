//! A read-only subset of openCypher: one `MATCH` with its `WHERE`, `RETURN`, `ORDER BY`, `SKIP`, `LIMIT`, and `AS OF`.
//!
//! Text becomes tokens (`lex`), those a [`Query`] (`parse`, `expression`), that a plan for one graph (`bind`, `order`), which is
//! walked (`walk`) and told (`rows`). What is not understood is refused where it stands.

mod aggregate;
mod ast;
mod bind;
mod calc;
mod count;
mod expression;
mod groups;
mod lex;
mod order;
mod parse;
mod pattern;
mod rows;
mod verdicts;
mod walk;

use std::time::Duration;

use lares_model::Slip;

use super::{AskError, Datum, Picture, Wrong};

/// A question as it was written.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    ast: ast::Ast,
}

impl Query {
    /// Reads a question. Whether its fields exist is only known of a graph.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let ast = parse::query(text).map_err(|slip| slip.of(text))?;
        Ok(Self { text: text.to_owned(), ast })
    }

    /// The instant of `AS OF`, as it was written: who asks knows the zone.
    pub fn as_of(&self) -> Option<&str> {
        self.ast.as_of.as_ref().map(|(text, _)| text.as_str())
    }

    /// The instant of `VALID AT`, as it was written.
    pub fn valid_at(&self) -> Option<&str> {
        self.ast.valid_at.as_ref().map(|(text, _)| text.as_str())
    }

    /// An instant that the question names is none, for this reason.
    pub fn wrong_instant(&self, instant: &str, why: impl Into<String>) -> Wrong {
        let named =
            [&self.ast.as_of, &self.ast.valid_at].into_iter().flatten().find(|(text, _)| text == instant);
        Slip::new(named.map_or(0..0, |(_, at)| at.clone()), why).of(&self.text)
    }

    /// Answers it.
    pub fn run(&self, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<Answer, AskError> {
        let plan = bind::plan(&self.ast, &picture.shape).map_err(|slip| slip.of(&self.text))?;
        rows::run(&plan, picture, limits).map_err(|stop| match stop {
            Stop::Slip(slip) => slip.of(&self.text).into(),
            Stop::Failed(error) => error,
        })
    }
}

/// How much may be spent on one question.
pub struct Limits<'a> {
    /// Edges followed and nodes begun with.
    pub expansions: u64,
    /// Rows, or groups, or values of a list.
    pub rows: usize,
    pub time: Duration,
    /// Since the question was asked.
    pub elapsed: &'a dyn Fn() -> Duration,
}

impl<'a> Limits<'a> {
    /// A million expansions, 100,000 rows and two seconds: a person's patience, and no burden for a household's machine.
    pub fn new(elapsed: &'a dyn Fn() -> Duration) -> Self {
        Self { expansions: 1_000_000, rows: 100_000, time: Duration::from_secs(2), elapsed }
    }
}

/// Rows, each with a value for every column.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Datum>>,
    /// How many were spent.
    pub expansions: u64,
}

/// Why a walk ended early.
#[derive(Debug)]
enum Stop {
    Slip(Slip),
    Failed(AskError),
}

impl From<super::ReadFailed> for Stop {
    fn from(e: super::ReadFailed) -> Self {
        Self::Failed(e.into())
    }
}

impl From<Slip> for Stop {
    fn from(slip: Slip) -> Self {
        Self::Slip(slip)
    }
}

impl Stop {
    fn limit(what: String) -> Self {
        Self::Failed(AskError::Limit(what))
    }
}
