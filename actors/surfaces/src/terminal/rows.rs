//! What a page consists of: rows of pieces, each with what can be done with it.

use serde_json::Value as Json;

use super::look::Tone;
use super::text::{cut, fit, width};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub text: String,
    pub tone: Tone,
}

impl Piece {
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// What is opened with Enter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Open {
    Why(String),
    Device(String),
    /// The devices that fit.
    Devices(String),
    /// Opens or closes a branch of the tree.
    Fold(String),
    /// Shows all of what needs somebody.
    Needs,
}

/// What kind of wish it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Set,
    /// An answer to a question: yes or no is its value.
    Answer,
    /// Enough of what rings.
    Stop,
}

/// A wish that a key makes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub order: Order,
    pub target: String,
    pub property: String,
    pub value: Json,
    /// The thing asks for a code with it: that is typed first. It is no part of the wish, which is shown.
    pub coded: bool,
}

impl Wish {
    pub fn new(target: &str, property: &str, value: Json) -> Self {
        let (target, property) = (target.to_owned(), property.to_owned());
        Self { order: Order::Set, target, property, value, coded: false }
    }

    pub fn answer(question: &str, yes: bool) -> Self {
        Self { order: Order::Answer, ..Self::new(question, "", Json::Bool(yes)) }
    }

    pub fn stop(ring: &str) -> Self {
        Self { order: Order::Stop, ..Self::new(ring, "", Json::Null) }
    }

    /// Whether it goes with a code.
    pub fn coded(self, coded: bool) -> Self {
        Self { coded, ..self }
    }
}

/// One line of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Stays the same when the page is made anew; empty: it cannot be chosen.
    pub key: String,
    pub pieces: Vec<Piece>,
    /// What there was no room for, shown below while it is chosen.
    pub note: String,
    pub open: Option<Open>,
    /// What `w` asks about.
    pub why: Option<String>,
    /// What Space asks for.
    pub act: Option<Wish>,
    /// What `-` and `+` ask for.
    pub less: Option<Wish>,
    pub more: Option<Wish>,
    /// What `y` and `n` ask for.
    pub yes: Option<Wish>,
    pub no: Option<Wish>,
}

impl Row {
    pub fn new(key: impl Into<String>, pieces: Vec<Piece>) -> Self {
        Self { key: key.into(), pieces, ..Self::default() }
    }

    /// Words that only stand there.
    pub fn words(text: impl Into<String>, tone: Tone) -> Self {
        Self::new("", vec![Piece::new(text, tone)])
    }

    pub fn can_be_chosen(&self) -> bool {
        !self.key.is_empty()
    }
}

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// What it is about, in the line below the tabs.
    pub title: String,
    /// Names of the columns.
    pub head: Option<String>,
    pub rows: Vec<Row>,
    /// Keys that do something here.
    pub keys: Vec<(&'static str, &'static str)>,
}

/// Widths of columns: one of 0 takes what the others leave. Between two there is one free column.
pub(super) fn columns(total: usize, wanted: &[usize]) -> Vec<usize> {
    let taken: usize = wanted.iter().sum::<usize>() + wanted.len().saturating_sub(1);
    let free = wanted.iter().filter(|w| **w == 0).count().max(1);
    let left = total.saturating_sub(taken) / free;
    wanted.iter().map(|w| if *w == 0 { left.max(4) } else { *w }).collect()
}

/// Cells in their columns; the last one may go to the end of the line.
pub(super) fn cells(cells: Vec<Piece>, widths: &[usize]) -> Vec<Piece> {
    let last = cells.len().saturating_sub(1);
    let piece = |(n, cell): (usize, Piece)| {
        let columns = widths.get(n).copied().unwrap_or(0);
        if n == last {
            return Piece::new(cut(&cell.text, columns), cell.tone);
        }
        Piece::new(format!("{} ", fit(&cell.text, columns)), cell.tone)
    };
    cells.into_iter().enumerate().map(piece).collect()
}

/// Names of columns in one line.
pub(super) fn head(names: &[&str], widths: &[usize]) -> String {
    cells(names.iter().map(|n| Piece::plain(*n)).collect(), widths).into_iter().map(|p| p.text).collect()
}

/// As wide as the widest, within bounds.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>, least: usize, most: usize) -> usize {
    texts.map(width).max().unwrap_or(0).clamp(least, most)
}
