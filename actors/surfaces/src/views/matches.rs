//! Answers to questions in the subset of openCypher.

use std::time::Duration;

use lares_graph::ask::{AskError, Limits, Query, ReadFailed};
use serde::{Deserialize, Serialize};

use super::{
    Instants, Moment, Source, Telling,
    find::{datum_json, words},
    instant,
    table::{plain, table},
};

/// Rows, with a value for every column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchView {
    pub columns: Vec<String>,
    /// Nodes are objects with id, kind and reference; edges with kind and both ends.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Edges followed and nodes begun with.
    pub expansions: u64,
    /// The instant that was asked about; none: now.
    pub as_of: Option<Moment>,
    /// The instant at which it was to be so in the world; none: then.
    #[serde(default)]
    pub valid_at: Option<Moment>,
}

/// Answers a question; `elapsed` is the time since it was asked.
pub fn matches(
    source: &dyn Source,
    told: &Telling,
    question: &str,
    elapsed: &dyn Fn() -> Duration,
) -> Result<MatchView, AskError> {
    let query = Query::parse(question)?;
    let named = |text: &str| instant(text, told).map_err(|why| query.wrong_instant(text, why));
    let at = Instants {
        as_of: query.as_of().map(named).transpose()?,
        valid_at: query.valid_at().map(named).transpose()?,
    };
    let picture = source.picture(told.now, at).map_err(ReadFailed::from)?;
    let answer = query.run(&picture, &Limits::new(elapsed))?;
    let row = |row: &Vec<_>| row.iter().map(|d| datum_json(&picture, d)).collect();
    Ok(MatchView {
        columns: answer.columns,
        rows: answer.rows.iter().map(row).collect(),
        expansions: answer.expansions,
        as_of: at.as_of.map(Moment),
        valid_at: at.valid_at.map(Moment),
    })
}

pub fn matches_text(answer: &MatchView) -> String {
    if answer.rows.is_empty() {
        return "no match\n".to_owned();
    }
    let mut rows = vec![answer.columns.iter().map(|c| plain(c)).collect::<Vec<_>>()];
    rows.extend(answer.rows.iter().map(|row| row.iter().map(words).collect()));
    table(&rows)
}
