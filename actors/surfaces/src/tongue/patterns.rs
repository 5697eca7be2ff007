//! What a reason was made of: a row of the table, and the parts that stand in it.

use std::sync::OnceLock;

use lares_model::value_words_in;

use super::Tongue;
use super::asked::ASKED;
use super::checker::CHECKER;
use super::codes::CODES;
use super::conditions::CONDITIONS;
use super::facts::FACTS;
use super::modes::MODES;
use super::reasons::GERMAN;
use super::watched::WATCHED;

/// A row: the English words as literal pieces with parts between them, and the other language's.
struct Row {
    /// One more than there are parts; empty at an end where a part stands.
    pieces: Vec<&'static str>,
    names: Vec<&'static str>,
    other: &'static str,
}

pub(super) struct Patterns {
    tongue: Tongue,
    rows: Vec<Row>,
    /// Of values, and of nothing else: `heat` may be somebody's name for something.
    modes: &'static [(&'static str, &'static str)],
}

/// What somebody calls a part of a reason, by the name of that part and what stands there; none: it is called nothing else.
pub(crate) type Called<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// Reasons within reasons are few deep; words that were made to go on for ever are left as they are.
const DEEPEST: usize = 6;
/// Bytes; no reason of the household is longer.
const LONGEST: usize = 2_000;

impl Patterns {
    pub(super) fn of(tongue: Tongue) -> &'static Self {
        static ENGLISH_ROWS: OnceLock<Patterns> = OnceLock::new();
        static GERMAN_ROWS: OnceLock<Patterns> = OnceLock::new();
        let rows = || [GERMAN, CODES, FACTS, ASKED, CONDITIONS, CHECKER, WATCHED].concat();
        match tongue {
            // The same words: what stands in them is told by its name.
            Tongue::English => ENGLISH_ROWS.get_or_init(|| {
                let mut rows: Vec<_> = rows().into_iter().map(|(en, _)| (en, en)).collect();
                rows.extend(value_words_in("de").map(|(en, _)| (en, en)));
                Self::new(tongue, &rows, &[])
            }),
            Tongue::German => GERMAN_ROWS.get_or_init(|| {
                let mut rows = rows();
                // What a thing of a kind is, as its words in a reason.
                rows.extend(value_words_in("de"));
                Self::new(tongue, &rows, MODES)
            }),
        }
    }

    fn new(
        tongue: Tongue,
        table: &[(&'static str, &'static str)],
        modes: &'static [(&'static str, &'static str)],
    ) -> Self {
        let mut rows: Vec<Row> = table.iter().map(|(en, other)| Row::new(en, other)).collect();
        // What says more goes before: `{}: {}` would fit nearly anything.
        rows.sort_by_key(|row| std::cmp::Reverse(row.pieces.iter().map(|p| p.len()).sum::<usize>()));
        Self { tongue, rows, modes }
    }

    /// A reason in the other language, with what stands in it as it is called; none if no row fits all of it.
    pub(super) fn told(&self, text: &str, called: Called<'_>) -> Option<String> {
        match self.mode(text) {
            Some(mode) => Some(mode.to_owned()),
            None if text.len() > LONGEST => None,
            None => self.within(text, called, DEEPEST),
        }
    }

    fn mode(&self, text: &str) -> Option<&'static str> {
        self.modes.iter().find(|(en, _)| *en == text).map(|(_, other)| *other)
    }

    fn within(&self, text: &str, called: Called<'_>, deep: usize) -> Option<String> {
        let deeper = deep.checked_sub(1)?;
        if let Some(all) = self.joined(text, called, deeper) {
            return Some(all);
        }
        let (row, parts) = self.rows.iter().find_map(|row| Some((row, row.parts(text)?)))?;
        // A part may be a reason itself.
        let parts: Vec<String> = parts
            .into_iter()
            .zip(&row.names)
            .zip(&row.pieces)
            .map(|((part, name), before)| {
                // What is to be typed stands as it is typed.
                let named = if before.ends_with('`') { None } else { called(name, part) };
                let told = named.or_else(|| self.part(name, part, called, deeper));
                told.unwrap_or_else(|| part.to_owned())
            })
            .collect();
        let named: Vec<(&str, &dyn std::fmt::Display)> = row
            .names
            .iter()
            .zip(&parts)
            .map(|(name, part)| (*name, part as &dyn std::fmt::Display))
            .collect();
        Some(super::fill(row.other, &named))
    }

    fn part(&self, name: &str, part: &str, called: Called<'_>, deep: usize) -> Option<String> {
        match name {
            OWN => None,
            LEVEL => Some(self.tongue.level(part).to_owned()),
            DAYS if self.tongue == Tongue::English => None,
            DAYS => Some(days(part)),
            _ => {
                let mode = if VALUES.contains(&name) { self.mode(part) } else { None };
                mode.map(str::to_owned).or_else(|| self.within(part, called, deep))
            }
        }
    }
}

/// What several conditions are joined with, in English and here.
const JOINTS: &[(&str, &str)] = &[(" or ", " oder "), (" and ", " und ")];

impl Patterns {
    /// `(the sun is down or hall is empty)`: each by itself.
    fn joined(&self, text: &str, called: Called<'_>, deep: usize) -> Option<String> {
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        JOINTS.iter().find_map(|(joint, other)| {
            let parts = apart(inner, joint);
            let told = |part: &&str| self.within(part, called, deep).unwrap_or_else(|| (*part).to_owned());
            let told: Vec<String> = parts.iter().map(told).collect();
            let joint = if self.tongue == Tongue::English { joint } else { other };
            (parts.len() > 1).then(|| format!("({})", told.join(joint)))
        })
    }
}

/// Splits at what stands in no parentheses.
fn apart<'t>(text: &'t str, joint: &str) -> Vec<&'t str> {
    let (mut parts, mut from, mut open) = (Vec::new(), 0, 0_i32);
    for (at, sign) in text.char_indices() {
        open += i32::from(sign == '(') - i32::from(sign == ')');
        if open == 0 && at >= from && text[at..].starts_with(joint) {
            parts.push(&text[from..at]);
            from = at + joint.len();
        }
    }
    parts.push(&text[from..]);
    parts
}

impl Row {
    fn new(en: &'static str, other: &'static str) -> Self {
        let (mut pieces, mut names, mut rest) = (Vec::new(), Vec::new(), en);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            pieces.push(before);
            names.push(name);
            rest = after;
        }
        pieces.push(rest);
        Self { pieces, names, other }
    }

    /// What stands for each part, if all of the text is this row. No part is empty.
    fn parts<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.pieces.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let Some((last, between)) = others.split_last() else { return rest.is_empty().then(Vec::new) };
        let mut parts = Vec::with_capacity(others.len());
        for piece in between {
            let at = rest.char_indices().skip(1).find(|(at, _)| rest[*at..].starts_with(piece))?.0;
            let (part, after) = rest.split_at(at);
            parts.push(part);
            rest = &after[piece.len()..];
        }
        let part = rest.strip_suffix(last).filter(|part| !part.is_empty())?;
        parts.push(part);
        self.names.iter().zip(&parts).all(|(name, part)| fits(name, part)).then_some(parts)
    }
}

/// Parts of this name are things as the configuration calls them, with a property at most: `hall`, `hall-lamp.light brightness`. So a row
/// that is nearly all parts (`{thing} is {value}`) takes no sentence apart that it knows nothing of.
const THING: &str = "thing";

/// Parts of this name are lengths as files have them: `2h30m`.
const SPAN: &str = "span";
/// And these are days of the week: `mon, tue`.
const DAYS: &str = "days";
/// Numbers, so that `{min} to {max}` takes no sentence apart.
const NUMBERS: [&str; 2] = ["min", "max"];
/// Parts that say how a thing is, and so may be one of its modes.
const VALUES: [&str; 4] = ["value", "found", "from", "to"];
/// Somebody's own words, which stay as they are.
const OWN: &str = "own";
/// A level of claims.
const LEVEL: &str = "level";

fn fits(name: &str, part: &str) -> bool {
    let words = part.split(' ').count();
    match name {
        THING => words == 1 || (words == 2 && part.contains('.')),
        SPAN => words == 1 && part.starts_with(|c: char| c.is_ascii_digit()),
        name if NUMBERS.contains(&name) => part.parse::<f64>().is_ok(),
        DAYS => part.split(", ").all(|day| GERMAN_DAYS.iter().any(|(en, _)| *en == day)),
        _ => true,
    }
}

const GERMAN_DAYS: &[(&str, &str)] = &[
    ("mon", "Mo"),
    ("tue", "Di"),
    ("wed", "Mi"),
    ("thu", "Do"),
    ("fri", "Fr"),
    ("sat", "Sa"),
    ("sun", "So"),
];

fn days(part: &str) -> String {
    let one =
        |day: &str| GERMAN_DAYS.iter().find(|(en, _)| *en == day).map_or(day, |(_, other)| *other).to_owned();
    part.split(", ").map(one).collect::<Vec<_>>().join(", ")
}
