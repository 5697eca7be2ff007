//! What begins, is due or happens in some time.

use lares_graph::ask::{self, AskError, Filter, ReadFailed, spoken};
use lares_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Instants, Moment, Source, Telling,
    table::{plain, table},
};

/// As much is told if nothing is named.
const DAYS: i64 = 7;

/// What happens from one instant to another, by time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgendaView {
    pub from: Moment,
    pub to: Moment,
    pub things: Vec<AgendaLine>,
}

/// One thing at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgendaLine {
    pub at: Moment,
    /// As it is written: a day has no hour.
    pub when: String,
    /// `due`, `start`, `best_before`, ...
    pub what: String,
    pub kind: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub line: String,
    /// It comes again and again: this is one of its times.
    pub repeated: bool,
}

/// What of the nodes that fit `only` lies from the begin of `from` to the end of `to`.
pub fn agenda(
    source: &dyn Source,
    told: &Telling,
    from: Option<&str>,
    to: Option<&str>,
    only: &str,
) -> Result<AgendaView, AskError> {
    let filter = Filter::parse(only)?;
    let picture = source.picture(told.now, Instants::default()).map_err(ReadFailed::from)?;
    let zone = picture.shape.zone().clone();
    let read = |text: &str| {
        let found = spoken(text, told.now, &zone);
        found.ok_or_else(|| {
            AskError::Limit(format!(
                "`{text}` is no day or time: write 2026-12-01, 2026-12, today or tomorrow"
            ))
        })
    };
    let begin = read(from.unwrap_or("today"))?;
    let end = match (from, to) {
        (_, Some(to)) => read(to)?.to,
        (Some(_), None) => begin.to,
        (None, None) => Timestamp(begin.from.0.saturating_add(DAYS * 86_400_000_000)),
    };
    let things = ask::agenda(&picture, &filter, begin.from, end)?;
    let line = |thing: ask::Due| AgendaLine {
        at: Moment(thing.at),
        when: thing.when,
        what: thing.what.to_owned(),
        kind: picture.shape.kind(thing.place).name().to_owned(),
        reference: picture.shape.node(thing.place).map(|n| ask::reference(n).to_owned()).unwrap_or_default(),
        line: ask::line(&picture, thing.place)
            .or_else(|| picture.shape.node(thing.place).map(|n| n.name.clone()))
            .unwrap_or_default(),
        repeated: thing.repeated,
    };
    Ok(AgendaView {
        from: Moment(begin.from),
        to: Moment(end),
        things: things.into_iter().map(line).collect(),
    })
}

pub fn agenda_text(view: &AgendaView, told: &Telling) -> String {
    if view.things.is_empty() {
        return "nothing\n".to_owned();
    }
    let row = |l: &AgendaLine| {
        let when = if l.when.len() <= 10 { l.when.clone() } else { told.clock(l.at.0) };
        let what = if l.repeated { format!("{} (again)", l.what) } else { l.what.clone() };
        vec![when, what, l.kind.clone(), plain(&l.reference), plain(&l.line)]
    };
    table(&view.things.iter().map(row).collect::<Vec<_>>())
}
