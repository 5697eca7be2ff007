//! What begins, is due or happens in some time: every property that is a time, of every node, and the repetitions of what comes again.

use lares_model::{PropType, Timestamp, Value, prop, prop_named};

use super::filter::Test;
use super::repeat::repetitions;
use super::{AskError, Filter, Picture, when};

/// One thing at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    pub at: Timestamp,
    /// As it is written.
    pub when: String,
    /// The property: `due`, `start`.
    pub what: &'static str,
    pub place: u32,
    pub repeated: bool,
}

/// Of these the past does not wait for anybody.
const NOT_AHEAD: &[&str] = &["birthday", "bought", "completed", "valid_from"];
/// What has one of these is over.
const OVER: &[&str] = &["done", "cancelled"];

/// What of the nodes that fit lies in `[from, to)`, by time.
pub fn agenda(
    picture: &Picture<'_>,
    filter: &Filter,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Due>, AskError> {
    let shape = &*picture.shape;
    let test = Test::new(filter, picture).map_err(|slip| slip.of(filter.text()))?;
    let mut all = Vec::new();
    for name in shape.props() {
        let Some(known) = prop_named(name).filter(|p| p.of == PropType::When) else { continue };
        if NOT_AHEAD.contains(&known.name) {
            continue;
        }
        for place in shape.column(known.name).during(Some(from), Some(to)) {
            push(picture, place, known.name, (from, to), &mut all);
        }
    }
    // What comes again began at some time before.
    for place in shape.column("rrule").any() {
        let Some(node) = shape.node(place) else { continue };
        let begin = ["start", "due", "at"].into_iter().find_map(|p| {
            prop(node.kind, p)?;
            Some((p, picture.said(node, p)?.as_text()?))
        });
        let (Some((what, begin)), Some(rule)) = (begin, picture.said(node, "rrule").and_then(Value::as_text))
        else {
            continue;
        };
        for (at, when) in repetitions(rule, begin, shape.zone(), (from, to)) {
            all.push(Due { at, when, what, place, repeated: true });
        }
    }
    let mut kept = Vec::new();
    for due in all {
        let over = shape.node(due.place).and_then(|n| picture.said(n, "status")).and_then(Value::as_text);
        let fits = !over.is_some_and(|s| OVER.contains(&s))
            && !picture.is_removed(due.place)
            && test.score(picture, due.place)?.is_some();
        if fits {
            kept.push(due);
        }
    }
    kept.sort_by(|a, b| (a.at, a.place, a.what, a.repeated).cmp(&(b.at, b.place, b.what, b.repeated)));
    // Its first time is told by its own property.
    kept.dedup_by(|b, a| (a.at, a.place, a.what) == (b.at, b.place, b.what));
    Ok(kept)
}

fn push(
    picture: &Picture<'_>,
    place: u32,
    key: &'static str,
    (from, to): (Timestamp, Timestamp),
    all: &mut Vec<Due>,
) {
    let Some(node) = picture.shape.node(place) else { return };
    let Some(text) = picture.said(node, key).and_then(Value::as_text) else { return };
    let Some(stretch) = when(text, picture.shape.zone()) else { return };
    if from <= stretch.from && stretch.from < to {
        all.push(Due { at: stretch.from, when: text.to_owned(), what: key, place, repeated: false });
    }
}
