//! What a property was over time: its samples, or what they come to over minutes, hours and days.

use std::time::Duration;

use lares_graph::{Bucket, Resolution, RolledBucket};
use lares_model::{NodeId, NodeKind, Property, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Moment, Names, NotFound, ReadError, Source, Telling, table::table, value_json};

/// More rows than this are not told: a coarser step tells them.
const MOST: usize = 50_000;
const MINUTES_5: Duration = Duration::from_secs(300);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// What of a series is wanted.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SeriesFilter {
    /// By name; none: the entity's main one.
    pub property: Option<String>,
    /// A day ago.
    pub from: Option<Moment>,
    /// Now.
    pub to: Option<Moment>,
    pub every: Every,
}

/// How wide a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Every {
    /// As fits the span.
    #[default]
    Fitting,
    /// Each sample.
    Sample,
    Step(Duration),
}

impl std::str::FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "sample" || text == "raw" {
            return Ok(Self::Sample);
        }
        let step = super::duration(text)?;
        match step.as_secs() {
            s if s == 0 || !s.is_multiple_of(300) => {
                Err("write `sample`, or a multiple of 5m: 5m, 15m, 1h, 1d".to_owned())
            }
            _ => Ok(Self::Step(step)),
        }
    }
}

/// A property over time, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesView {
    #[serde(rename = "ref")]
    pub reference: String,
    pub property: String,
    pub unit: Option<String>,
    /// What it is as announced: `measurement`, `total`, `total_increasing`.
    pub state_class: Option<String>,
    pub rows: Vec<SeriesRow>,
}

/// A sample, or what came together over a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesRow {
    pub at: Moment,
    /// Seconds it stands for; none: a sample. What is old is kept in wider ones than were asked for.
    pub width_s: Option<u64>,
    /// A sample's value; null: it was not known. Else the last one.
    pub value: serde_json::Value,
    pub of: Option<Rolled>,
}

/// What the samples of a while come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rolled {
    pub count: u32,
    pub min: f64,
    /// Of the samples.
    pub mean: f64,
    pub max: f64,
    pub sum: f64,
    /// Mean over time: each value counts as long as it was so.
    pub average: f64,
    /// How much a counter rose, set-backs left out.
    pub rise: f64,
}

/// It cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    #[error(transparent)]
    Name(#[from] NotFound),
    #[error("{0}")]
    Wrong(String),
    #[error(transparent)]
    Read(#[from] ReadError),
}

pub fn series(
    source: &dyn Source,
    told: &Telling,
    name: &str,
    filter: &SeriesFilter,
) -> Result<SeriesView, SeriesError> {
    let names = Names::read(source)?;
    let found = names.find(name)?;
    let entity = match found.kind {
        NodeKind::Device => only_entity(source, &names, found.id, name)?,
        _ => found.id,
    };
    let property = match &filter.property {
        None => names.main_property(entity),
        Some(word) => property(word)?,
    };
    let to = filter.to.map_or(told.now, |m| m.0).min(told.now);
    let from = filter.from.map_or(told.now - DAY, |m| m.0);
    if from >= to {
        return Err(SeriesError::Wrong("it begins where it ends, or later".to_owned()));
    }
    let rows = rows(source, told, (entity, property), (from, to), filter.every)?;
    if rows.len() > MOST {
        let wrong = format!(
            "these are {} rows, and at most {MOST} are told: ask for less, or --every 1h",
            rows.len()
        );
        return Err(SeriesError::Wrong(wrong));
    }
    let state_class = names.get(entity).and_then(|n| n.info.as_ref()?.state_class.clone());
    Ok(SeriesView {
        reference: names.of(entity),
        property: property.name().to_owned(),
        unit: names.unit(entity, property).map(|u| u.to_string()),
        state_class: state_class.map(|c| c.to_string()),
        rows,
    })
}

pub(super) fn property(word: &str) -> Result<Property, SeriesError> {
    Property::parse(word).ok_or_else(|| SeriesError::Wrong(format!("no property is called `{word}`")))
}

/// The one entity of a device.
pub(super) fn only_entity(
    source: &dyn Source,
    names: &Names,
    device: NodeId,
    name: &str,
) -> Result<NodeId, SeriesError> {
    let parts = source.edges_to(device)?.into_iter().filter(|e| e.kind == lares_model::EdgeKind::PartOf);
    let mut entities: Vec<NodeId> = parts.map(|e| e.from).collect();
    match (entities.pop(), entities.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(SeriesError::Wrong(format!("`{name}` has no entities"))),
        (Some(last), false) => {
            let mut all: Vec<String> = entities.into_iter().chain([last]).map(|e| names.of(e)).collect();
            all.sort();
            Err(SeriesError::Wrong(format!("`{name}` has several: {}", all.join(", "))))
        }
    }
}

fn rows(
    source: &dyn Source,
    told: &Telling,
    (entity, property): (NodeId, Property),
    (from, to): (Timestamp, Timestamp),
    every: Every,
) -> Result<Vec<SeriesRow>, ReadError> {
    let step = match every {
        Every::Step(step) => step,
        Every::Fitting if to.since(from) > DAY * 60 => DAY,
        Every::Fitting if to.since(from) > DAY * 4 => HOUR,
        Every::Fitting if to.since(from) > HOUR * 6 => MINUTES_5,
        Every::Fitting | Every::Sample => {
            let samples = source.samples(entity, property, (from, to))?;
            let row = |s: lares_graph::Sample| SeriesRow {
                at: Moment(s.at),
                width_s: None,
                value: value_json(s.value.as_ref()),
                of: None,
            };
            return Ok(samples.into_iter().map(row).collect());
        }
    };
    Ok(buckets(source, told, (entity, property), (from, to), step)?.into_iter().map(row).collect())
}

/// Roll-ups of one step, or wider where no finer ones are left.
pub(super) fn buckets(
    source: &dyn Source,
    told: &Telling,
    (entity, property): (NodeId, Property),
    span: (Timestamp, Timestamp),
    step: Duration,
) -> Result<Vec<RolledBucket>, ReadError> {
    let whole = |unit: Duration| step.as_secs().is_multiple_of(unit.as_secs());
    // Days are the household's own: they are told from hours as long as there are.
    let resolution = if whole(HOUR) { Resolution::Hours } else { Resolution::Minutes5 };
    let fine = source.rolled(entity, property, span, resolution)?;
    Ok(put_together(told, fine, step))
}

/// Rows of one step, each from where it begins in the household's zone. What is wider already stays as it is.
fn put_together(told: &Telling, fine: Vec<RolledBucket>, step: Duration) -> Vec<RolledBucket> {
    let width = i64::try_from(step.as_micros()).unwrap_or(i64::MAX);
    let mut rows: Vec<RolledBucket> = Vec::new();
    for RolledBucket { width: own, bucket } in fine {
        let at = if own >= width { bucket.at } else { begin(told, bucket.at, width) };
        let width = width.max(own);
        match rows.last_mut() {
            Some(last) if last.bucket.at == at && last.width == width => last.bucket.extend(&bucket),
            _ => rows.push(RolledBucket { width, bucket: Bucket { at, ..bucket } }),
        }
    }
    rows
}

/// Where the row of an instant begins: rows of whole days at the household's midnight, others counted from it.
fn begin(told: &Telling, at: Timestamp, width: i64) -> Timestamp {
    let offset = jiff::Timestamp::from_microsecond(at.0)
        .map_or(0, |t| i64::from(told.zone.to_offset(t).seconds()).saturating_mul(1_000_000));
    let local = at.0.saturating_add(offset);
    let start = local.saturating_sub(local.rem_euclid(width));
    // The night the clock is set: the row begins with another offset than it ends.
    let there = jiff::Timestamp::from_microsecond(start.saturating_sub(offset))
        .map_or(offset, |t| i64::from(told.zone.to_offset(t).seconds()).saturating_mul(1_000_000));
    Timestamp(start.saturating_sub(there))
}

fn row(RolledBucket { width, bucket: b }: RolledBucket) -> SeriesRow {
    SeriesRow {
        at: Moment(b.at),
        width_s: u64::try_from(width / 1_000_000).ok(),
        value: b.last.into(),
        of: Some(Rolled {
            count: b.count,
            min: b.min,
            mean: b.mean_of_samples(),
            max: b.max,
            sum: b.sum,
            average: b.mean,
            rise: b.rise,
        }),
    }
}

/// For people.
pub fn series_text(view: &SeriesView, told: &Telling) -> String {
    let unit = view.unit.as_ref().map(|u| format!(", {u}")).unwrap_or_default();
    let title = format!("{} {}{unit}\n", view.reference, view.property);
    if view.rows.is_empty() {
        return title + "nothing is kept of that time\n";
    }
    let counts = view.state_class.as_deref().is_some_and(|c| c.starts_with("total"));
    let mut rows = Vec::new();
    if view.rows.iter().any(|r| r.of.is_some()) {
        let words = ["from", "over", "samples", "min", "mean", "max", "average", "last"];
        rows.push(words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        rows.iter_mut().filter(|_| counts).for_each(|r| r.push("rise".to_owned()));
    }
    for row in &view.rows {
        let mut cells = vec![told.clock(row.at.0)];
        match (&row.of, row.width_s) {
            (Some(of), Some(width)) => {
                cells.push(super::length(Duration::from_secs(width)));
                cells.push(of.count.to_string());
                cells.extend([of.min, of.mean, of.max, of.average].map(number));
                cells.push(row.value.as_f64().map_or_else(|| row.value.to_string(), number));
                if counts {
                    cells.push(number(of.rise));
                }
            }
            _ => cells.push(match &row.value {
                serde_json::Value::Null => "unknown".to_owned(),
                serde_json::Value::String(text) => super::plain(text),
                other => other.to_string(),
            }),
        }
        rows.push(cells);
    }
    title + &table(&rows)
}

fn number(n: f64) -> String {
    let rounded = (n * 1000.0).round() / 1000.0;
    format!("{rounded}")
}

/// Comma-separated, with a line of names.
pub fn series_csv(view: &SeriesView) -> String {
    let mut out = String::from("at,width_s,count,min,mean,max,sum,average,last,rise\n");
    for row in &view.rows {
        let value = match &row.value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
            other => other.to_string(),
        };
        let line = match (&row.of, row.width_s) {
            (Some(o), Some(width)) => format!(
                "{},{width},{},{},{},{},{},{},{value},{}",
                row.at, o.count, o.min, o.mean, o.max, o.sum, o.average, o.rise
            ),
            _ => format!("{},,,,,,,,{value},", row.at),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_the_households_midnight() {
        let at = |text: &str| text.parse::<Moment>().unwrap().0;
        let told = Telling::in_zone("Europe/Berlin", at("2026-11-22T15:00:00Z"), true);
        let day = 86_400_000_000;
        for (seen, begins) in [
            ("2026-11-22T15:00:00Z", "2026-11-21T23:00:00Z"),
            ("2026-11-21T22:00:00Z", "2026-11-20T23:00:00Z"),
            // Clocks went back at 01:00 UTC.
            ("2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"),
            ("2026-07-01T12:00:00Z", "2026-06-30T22:00:00Z"),
        ] {
            assert_eq!(begin(&told, at(seen), day), at(begins), "{seen}");
        }
        assert_eq!(begin(&told, at("2026-07-01T12:34:00Z"), 3_600_000_000), at("2026-07-01T12:00:00Z"));
    }

    #[test]
    fn steps_are_multiples_of_five_minutes() {
        assert_eq!("1h".parse(), Ok(Every::Step(HOUR)));
        assert_eq!("sample".parse(), Ok(Every::Sample));
        for bad in ["1m", "7m", "soon", "0s"] {
            assert!(bad.parse::<Every>().is_err(), "{bad}");
        }
    }
}
