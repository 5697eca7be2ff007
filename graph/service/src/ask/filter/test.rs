//! A filter for one graph: its fields found, its values made ready, tried on nodes.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use lares_model::{NodeKind, Status};

use super::{Alternative, Filter, Op, What, Written, parse::number, within};
use crate::ask::error::{Slip, one_of};
use crate::ask::fold::words;
use crate::ask::names::one_off;
use crate::ask::{Datum, Field, Picture, ReadFailed, Shape, fold, names};

/// How well the words of a filter fit a node; more is better.
pub(crate) type Score = u32;

/// A filter that can be tried.
pub(crate) struct Test {
    parts: Vec<Part>,
}

struct Part {
    negated: bool,
    check: Check,
}

enum Check {
    /// Folded words; quoted: side by side.
    Words {
        words: Vec<String>,
        quoted: bool,
    },
    Within(BTreeSet<u32>),
    Field {
        field: Field,
        op: Op,
        values: Vec<Ready>,
    },
}

/// A value in every meaning it can have.
enum Ready {
    Any,
    Word { folded: String, number: Option<f64>, yes: Option<bool> },
    Prefix(String),
    Range(Option<f64>, Option<f64>),
}

impl Test {
    pub fn new(filter: &Filter, shape: &Shape) -> Result<Self, Slip> {
        let mut parts = Vec::new();
        for term in filter.terms() {
            let (check, turned) = match &term.what {
                What::Words { text, quoted } => {
                    let words = words(&fold(text)).map(str::to_owned).collect();
                    (Check::Words { words, quoted: *quoted }, false)
                }
                What::Field { name, op, alternatives, .. } if matches!(name.as_str(), "in" | "near") => {
                    let set = match name.as_str() {
                        "in" => within::inside(shape, alternatives)?,
                        _ => within::near(shape, alternatives)?,
                    };
                    let turned = match op {
                        Op::Is => false,
                        Op::IsNot => true,
                        _ => return Err(Slip::new(term.at.clone(), format!("`{name}` has no order"))),
                    };
                    (Check::Within(set), turned)
                }
                What::Field { name, name_at, op, alternatives } => {
                    let field = Field::parse(name, shape)
                        .ok_or_else(|| unknown(name, name_at, shape, &["in", "near"]))?;
                    let turned = *op == Op::IsNot;
                    let values = ready(name, &field, *op, alternatives)?;
                    (Check::Field { field, op: *op, values }, turned)
                }
            };
            parts.push(Part { negated: term.negated != turned, check });
        }
        // What needs no reading goes first.
        parts.sort_by_key(|p| match &p.check {
            Check::Within(_) => 0,
            Check::Field { field: Field::Kind, .. } => 1,
            Check::Words { .. } => 2,
            Check::Field { .. } => 3,
        });
        Ok(Self { parts })
    }

    /// How well a node fits; none if it does not.
    pub fn score(&self, picture: &Picture<'_>, place: u32) -> Result<Option<Score>, ReadFailed> {
        let mut score = 0;
        for part in &self.parts {
            let fits = match &part.check {
                Check::Within(set) => set.contains(&place).then_some(0),
                Check::Words { words, quoted } => fit(&picture.shape, place, words, *quoted),
                Check::Field { field, op, values } => {
                    let found = field.of(picture, place)?;
                    values.iter().any(|v| v.fits(&found, *op)).then_some(0)
                }
            };
            match (fits, part.negated) {
                (Some(_), true) | (None, false) => return Ok(None),
                (Some(more), false) => score += more,
                (None, true) => {}
            }
        }
        Ok(Some(score))
    }
}

/// An error that says which fields there are.
pub(crate) fn unknown(name: &str, at: &std::ops::Range<usize>, shape: &Shape, also: &[&str]) -> Slip {
    let known = Field::known(shape);
    let mut all: Vec<&str> = known.iter().map(String::as_str).chain(also.iter().copied()).collect();
    all.sort_unstable();
    let near: Vec<&str> = all
        .iter()
        .copied()
        .filter(|k| {
            k.len() > 1 && name.len() > 1 && (k.starts_with(name) || name.starts_with(k) || one_off(k, name))
        })
        .collect();
    let slip = Slip::new(at.clone(), format!("there is no field `{name}`"));
    let meant = if near.is_empty() { String::new() } else { format!("did you mean {}? ", one_of(near)) };
    slip.help(format!("{meant}the fields are {}", all.join(", ")))
}

fn ready(name: &str, field: &Field, op: Op, values: &[Alternative]) -> Result<Vec<Ready>, Slip> {
    let ordered = !matches!(op, Op::Is | Op::IsNot);
    let closed: Option<Vec<&str>> = match field {
        Field::Kind => Some(NodeKind::ALL.iter().map(|k| k.name()).collect()),
        Field::Status => Some(Status::WORDS.to_vec()),
        _ => None,
    };
    let each = |a: &Alternative| {
        let slip = |what: String| Slip::new(a.at.clone(), what);
        Ok(match &a.value {
            Written::Any | Written::Prefix(_) | Written::Range(..) if ordered => {
                return Err(slip("a single number is wanted here".to_owned()));
            }
            Written::Any => Ready::Any,
            Written::Prefix(start) => Ready::Prefix(fold(start)),
            Written::Range(from, to) => Ready::Range(*from, *to),
            Written::Word(word) => {
                let folded = fold(word);
                if let Some(closed) = &closed
                    && !closed.contains(&folded.as_str())
                {
                    let slip = slip(format!("`{word}` is no {name}"));
                    return Err(slip.help(format!("there are {}", one_of(closed.iter().copied()))));
                }
                let number = number(word);
                if ordered && number.is_none() {
                    let slip = slip(format!("`{word}` is no number"));
                    return Err(slip.help("`<` and `>` compare numbers and lengths such as 90s, 10m, 2h, 7d"));
                }
                Ready::Word { number, yes: yes(&folded), folded }
            }
        })
    };
    values.iter().map(each).collect()
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

impl Ready {
    fn fits(&self, found: &Datum, op: Op) -> bool {
        match (self, found) {
            (_, Datum::Null) => false,
            (Self::Any, _) => true,
            (Self::Word { number: Some(wanted), .. }, Datum::Number(n)) => match op {
                Op::Is | Op::IsNot => n == wanted,
                Op::Less => n < wanted,
                Op::AtMost => n <= wanted,
                Op::More => n > wanted,
                Op::AtLeast => n >= wanted,
            },
            (_, Datum::Text(_) | Datum::Bool(_)) if !matches!(op, Op::Is | Op::IsNot) => false,
            (Self::Word { yes, .. }, Datum::Bool(b)) => *yes == Some(*b),
            (Self::Word { folded, .. }, Datum::Text(t)) => fold(t) == *folded,
            (Self::Prefix(start), Datum::Text(t)) => fold(t).starts_with(start.as_str()),
            (Self::Prefix(start), Datum::Number(n)) => n.to_string().starts_with(start.as_str()),
            (Self::Range(from, to), Datum::Number(n)) => {
                let above = |end: &Option<f64>| end.is_none_or(|e| n.total_cmp(&e) != Ordering::Less);
                let below = |end: &Option<f64>| end.is_none_or(|e| n.total_cmp(&e) != Ordering::Greater);
                above(from) && below(to)
            }
            _ => false,
        }
    }
}

/// How well words fit what a node is called: each must be a word of its name, its reference or its key, or begin one.
/// A whole word of the name counts 8, a begun one 4; of the reference 4 and 2; of the key 2 and 1.
fn fit(shape: &Shape, place: u32, wanted: &[String], quoted: bool) -> Option<Score> {
    let node = shape.node(place)?;
    let texts = [(fold(&node.name), 4), (fold(names::reference(node)), 2), (fold(&node.key), 1)];
    let of = |text: &str, weight: Score| -> Option<Score> {
        let has: Vec<&str> = words(text).collect();
        if quoted {
            let beside = has.windows(wanted.len()).any(|w| w.iter().zip(wanted).all(|(a, b)| a == b));
            return beside.then_some(weight * 2 * wanted.len() as Score);
        }
        wanted.iter().map(|w| word_score(&has, w).map(|s| s * weight)).sum()
    };
    texts.iter().filter_map(|(text, weight)| of(text, *weight)).max()
}

fn word_score(has: &[&str], wanted: &str) -> Option<Score> {
    if has.contains(&wanted) { Some(2) } else { has.iter().any(|w| w.starts_with(wanted)).then_some(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_by_what_is_found() {
        let word = |w: &str| Ready::Word { folded: fold(w), number: number(w), yes: yes(&fold(w)) };
        assert!(word("on").fits(&Datum::Bool(true), Op::Is));
        assert!(word("on").fits(&Datum::text("On"), Op::Is));
        assert!(!word("on").fits(&Datum::Null, Op::Is));
        assert!(word("20").fits(&Datum::Number(21.0), Op::More));
        assert!(!word("20").fits(&Datum::text("21"), Op::More));
        assert!(word("2h").fits(&Datum::Number(60.0), Op::Less));
        assert!(Ready::Range(Some(1.0), None).fits(&Datum::Number(1.0), Op::Is));
        assert!(!Ready::Range(None, Some(1.0)).fits(&Datum::Number(1.5), Op::Is));
        assert!(Ready::Prefix("ku".into()).fits(&Datum::text("Küche"), Op::Is));
        assert!(Ready::Any.fits(&Datum::Bool(false), Op::Is) && !Ready::Any.fits(&Datum::Null, Op::Is));
    }
}
