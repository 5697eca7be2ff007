//! A filter for one graph: its fields found, its values made ready, tried on nodes.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use lares_model::{
    Alternative, Filter, NodeKind, Op, PropType, Slip, Status, Timestamp, What, Written,
    filter_number as number, one_of, prop_named,
};

use super::within;
use crate::ask::column::Column;
use crate::ask::fold::words;
use crate::ask::names::one_off;
use crate::ask::when::{Stretch, spoken, when};
use crate::ask::{Datum, Field, Picture, ReadFailed, Shape, fold, names};

/// How well the words of a filter fit a node; more is better.
pub(crate) type Score = u32;

/// A filter that can be tried.
pub(crate) struct Test {
    parts: Vec<Part>,
    zone: TimeZone,
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
    Word {
        folded: String,
        number: Option<f64>,
        yes: Option<bool>,
    },
    Prefix(String),
    Range(Option<f64>, Option<f64>),
    When(Stretch),
    /// From the begin of the first until the end of the last.
    During(Option<Timestamp>, Option<Timestamp>),
}

impl Test {
    pub fn new(filter: &Filter, picture: &Picture<'_>) -> Result<Self, Slip> {
        let shape = &*picture.shape;
        let mut parts = Vec::new();
        for term in filter.terms() {
            let (check, turned) = match &term.what {
                What::Words { text, quoted } => {
                    let words = words(&fold(text)).map(str::to_owned).collect();
                    (Check::Words { words, quoted: *quoted }, false)
                }
                What::Field { name, op, alternatives, .. }
                    if lares_model::PLACE_FIELDS.contains(&name.as_str()) =>
                {
                    let set = match name.as_str() {
                        "in" => within::inside(shape, alternatives)?,
                        "who" => within::of_whom(shape, alternatives)?,
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
                        .ok_or_else(|| unknown(name, name_at, shape, &lares_model::PLACE_FIELDS))?;
                    let turned = *op == Op::IsNot;
                    let values = ready(name, &field, *op, alternatives, picture)?;
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
        Ok(Self { parts, zone: shape.zone().clone() })
    }

    /// Nodes among which all that fit are: those of the part that leaves the fewest. None: any node may fit.
    pub fn candidates(&self, shape: &Shape) -> Option<Vec<u32>> {
        let parts = self.parts.iter().filter(|p| !p.negated);
        let mut places = parts.filter_map(|p| p.check.candidates(shape)).min_by_key(Vec::len)?;
        places.sort_unstable();
        places.dedup();
        Some(places)
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
                    values.iter().any(|v| v.fits(&found, *op, &self.zone)).then_some(0)
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

impl Check {
    /// Nodes among which all that fit are, if that can be told without looking at each.
    fn candidates(&self, shape: &Shape) -> Option<Vec<u32>> {
        match self {
            Self::Within(set) => Some(set.iter().copied().collect()),
            Self::Words { words, quoted } => {
                let index = shape.words();
                let of = |word: &String| -> Vec<u32> {
                    if *quoted {
                        return index.get(word).cloned().unwrap_or_default();
                    }
                    let from = index.range(word.clone()..).take_while(|(w, _)| w.starts_with(word.as_str()));
                    from.flat_map(|(_, places)| places).copied().collect()
                };
                words.iter().map(of).min_by_key(Vec::len)
            }
            Self::Field { field: Field::Kind, op: Op::Is, values } => {
                let kind = |v: &Ready| match v {
                    Ready::Word { folded, .. } => NodeKind::parse(folded),
                    _ => None,
                };
                let kinds = values.iter().map(kind).collect::<Option<Vec<_>>>()?;
                Some(kinds.into_iter().flat_map(|kind| shape.of_kind(kind)).copied().collect())
            }
            Self::Field { field, op, values } => {
                let key = match field {
                    Field::Prop(key) => key,
                    _ => return None,
                };
                let column = shape.column(key);
                let of = |v: &Ready| v.candidates(&column, *op);
                Some(values.iter().map(of).collect::<Option<Vec<_>>>()?.concat())
            }
        }
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

fn ready(
    name: &str,
    field: &Field,
    op: Op,
    values: &[Alternative],
    picture: &Picture<'_>,
) -> Result<Vec<Ready>, Slip> {
    let is_when =
        matches!(field, Field::Prop(key) if prop_named(key).is_some_and(|p| p.of == PropType::When));
    let (zone, now) = (picture.shape.zone(), picture.now);
    let ordered = !matches!(op, Op::Is | Op::IsNot);
    let closed: Option<Vec<&str>> = match field {
        Field::Kind => Some(NodeKind::ALL.iter().map(|k| k.name()).collect()),
        Field::Status => Some(Status::WORDS.iter().chain(STATUSES).copied().collect()),
        _ => None,
    };
    let each = |a: &Alternative| {
        let slip = |what: String| Slip::new(a.at.clone(), what);
        Ok(match &a.value {
            Written::Any | Written::Prefix(_) | Written::Range(..) | Written::During(..) if ordered => {
                return Err(slip("a single number is wanted here".to_owned()));
            }
            Written::Any => Ready::Any,
            Written::Prefix(start) => Ready::Prefix(fold(start)),
            // Of what has a time, numbers are seconds from now.
            Written::Range(from, to) if is_when => {
                let end = |seconds: &Option<f64>| seconds.map(|s| later(now, s));
                Ready::During(end(from), end(to))
            }
            Written::Range(from, to) => Ready::Range(*from, *to),
            Written::During(from, to) => {
                let end = |text: &Option<String>| -> Result<Option<Stretch>, Slip> {
                    let Some(text) = text else { return Ok(None) };
                    spoken(text, now, zone)
                        .map(Some)
                        .ok_or_else(|| no_time(slip(format!("`{text}` is no day or time"))))
                };
                Ready::During(end(from)?.map(|s| s.from), end(to)?.map(|s| s.to))
            }
            Written::Word(word) => {
                let folded = fold(word);
                if let Some(closed) = &closed
                    && !closed.contains(&folded.as_str())
                {
                    let slip = slip(format!("`{word}` is no {name}"));
                    return Err(slip.help(format!("there are {}", one_of(closed.iter().copied()))));
                }
                let number = number(word);
                let time = spoken(word, now, zone).filter(|_| is_when || ordered);
                match (time, number) {
                    (Some(stretch), _) if is_when || number.is_none() => return Ok(Ready::When(stretch)),
                    (None, Some(seconds)) if is_when && word.ends_with(char::is_alphabetic) => {
                        return Ok(Ready::When(Stretch::instant(later(now, seconds))));
                    }
                    _ if is_when => return Err(no_time(slip(format!("`{word}` is no day or time")))),
                    _ => {}
                }
                if ordered && number.is_none() {
                    let slip = slip(format!("`{word}` is no number"));
                    return Err(
                        slip.help("`<` and `>` compare numbers, lengths such as 90s, 10m, 2h, 7d, and times")
                    );
                }
                Ready::Word { number, yes: yes(&folded), folded }
            }
        })
    };
    values.iter().map(each).collect()
}

/// What tasks, batches and events may be.
const STATUSES: &[&str] = &["open", "started", "waiting", "done", "cancelled", "tentative", "confirmed"];

fn no_time(slip: Slip) -> Slip {
    slip.help("write 2026-11-25, 2026-11, 2026-11-25T18:00, today, tomorrow, yesterday, or a length from now such as 7d or -2h")
}

fn later(now: Timestamp, seconds: f64) -> Timestamp {
    #[allow(clippy::cast_possible_truncation, reason = "saturates")]
    Timestamp(now.0.saturating_add((seconds * 1e6) as i64))
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

impl Ready {
    /// Nodes of a column among which all that fit are.
    fn candidates(&self, column: &Column, op: Op) -> Option<Vec<u32>> {
        let number = |n: f64| match op {
            Op::Is => Some(column.between(Some(n), Some(n))),
            Op::IsNot => None,
            Op::Less | Op::AtMost => Some(column.between(None, Some(n))),
            Op::More | Op::AtLeast => Some(column.between(Some(n), None)),
        };
        match (self, op) {
            (_, Op::IsNot) => None,
            (Self::Any, _) => Some(column.any()),
            (Self::Word { folded, number: n, yes }, Op::Is) => {
                let mut all = column.same(folded);
                all.extend(n.and_then(number).into_iter().flatten());
                all.extend(yes.iter().flat_map(|yes| column.truth(*yes)));
                Some(all)
            }
            (Self::Word { number: n, .. }, _) => number((*n)?),
            // A number may begin so too.
            (Self::Prefix(start), _) if start.starts_with(|c: char| c.is_ascii_digit() || c == '-') => None,
            (Self::Prefix(start), _) => Some(column.begins(start)),
            (Self::Range(from, to), _) => Some(column.between(*from, *to)),
            (Self::When(s), Op::Is) => Some(column.during(Some(s.from), Some(s.to))),
            (Self::When(s), Op::Less | Op::AtMost) => Some(column.during(None, Some(s.to))),
            (Self::When(s), _) => Some(column.during(Some(s.from), None)),
            (Self::During(from, to), _) => Some(column.during(*from, *to)),
        }
    }

    fn fits(&self, found: &Datum, op: Op, zone: &TimeZone) -> bool {
        match (self, found) {
            (_, Datum::Null) => false,
            (_, Datum::List(all)) => all.iter().any(|one| self.fits(one, op, zone)),
            (Self::When(wanted), Datum::Text(text)) => when(text, zone).is_some_and(|s| match op {
                Op::Is | Op::IsNot => wanted.from <= s.from && s.from < wanted.to,
                Op::Less => s.to <= wanted.from,
                Op::AtMost => s.to <= wanted.to,
                Op::More => s.from >= wanted.to,
                Op::AtLeast => s.from >= wanted.from,
            }),
            (Self::During(from, to), Datum::Text(text)) => when(text, zone)
                .is_some_and(|s| from.is_none_or(|f| f <= s.from) && to.is_none_or(|t| s.from < t)),
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
        assert!(word("on").fits(&Datum::Bool(true), Op::Is, &TimeZone::UTC));
        assert!(word("on").fits(&Datum::text("On"), Op::Is, &TimeZone::UTC));
        assert!(!word("on").fits(&Datum::Null, Op::Is, &TimeZone::UTC));
        assert!(word("20").fits(&Datum::Number(21.0), Op::More, &TimeZone::UTC));
        assert!(!word("20").fits(&Datum::text("21"), Op::More, &TimeZone::UTC));
        assert!(word("2h").fits(&Datum::Number(60.0), Op::Less, &TimeZone::UTC));
        assert!(Ready::Range(Some(1.0), None).fits(&Datum::Number(1.0), Op::Is, &TimeZone::UTC));
        assert!(!Ready::Range(None, Some(1.0)).fits(&Datum::Number(1.5), Op::Is, &TimeZone::UTC));
        assert!(Ready::Prefix("ku".into()).fits(&Datum::text("Küche"), Op::Is, &TimeZone::UTC));
        assert!(
            Ready::Any.fits(&Datum::Bool(false), Op::Is, &TimeZone::UTC)
                && !Ready::Any.fits(&Datum::Null, Op::Is, &TimeZone::UTC)
        );
    }
}
