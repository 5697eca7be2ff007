//! Reading rows: all of a file is checked before anything of it is given.

use std::collections::{BTreeMap, HashMap};

use lares_model::{NodeId, Property, Timestamp, Value, ValueKind};

use super::value::{instant, value};
use super::{COLUMNS, ROLLED};

/// More rows than this go in several files.
pub const MOST_ROWS: usize = 1_000_000;
/// A file larger than this goes in parts. A row of five columns takes some 60 bytes.
pub const MOST_BYTES: usize = 48 << 20;

/// What the file itself does not say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    pub entity: Option<String>,
    pub property: Option<String>,
    pub unit: Option<String>,
}

/// A column that is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    Entity,
    Property,
    Unit,
}

/// What a series of the file means here.
#[derive(Clone, PartialEq, Debug)]
pub struct Meant {
    pub entity: NodeId,
    pub property: Property,
    pub kind: ValueKind,
    /// Times this, and so much more, is the number in the unit that is kept here.
    pub convert: Option<(f64, f64)>,
    /// Nothing can be taken from before.
    pub gone_before: Option<Timestamp>,
}

/// Samples of one series, by instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    pub entity: NodeId,
    pub property: Property,
    pub samples: Vec<(Timestamp, Option<Value>)>,
}

/// The row that is wrong, and what is allowed there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}{}: {reason}", .column.as_ref().map(|(n, name)| format!(":{n} (column `{name}`)")).unwrap_or_default())]
pub struct RowError {
    pub file: String,
    /// Counted from 1, as an editor does.
    pub line: u64,
    /// Counted from 1, and its name.
    pub column: Option<(usize, String)>,
    pub reason: String,
}

/// Where the columns of a file are.
struct Places {
    names: Vec<String>,
    at: [Option<usize>; 5],
}

impl Places {
    fn of(header: &csv::StringRecord) -> Result<Self, String> {
        let names: Vec<String> = header.iter().map(|n| n.trim().to_lowercase()).collect();
        if let Some(rolled) =
            names.iter().find(|n| ROLLED.contains(&n.as_str()) && !COLUMNS.contains(&n.as_str()))
        {
            return Err(format!(
                "the column `{rolled}` is of roll-ups, and only samples are taken: export with --every raw"
            ));
        }
        let all = COLUMNS.join(", ");
        if let Some(other) = names.iter().find(|n| !COLUMNS.contains(&n.as_str())) {
            return Err(format!("there is no column `{other}`; there are {all}"));
        }
        if let Some((_, twice)) = names.iter().enumerate().find(|(n, name)| names[..*n].contains(name)) {
            return Err(format!("the column `{twice}` is there twice"));
        }
        let at = COLUMNS.map(|name| names.iter().position(|n| n == name));
        match at {
            [Some(_), _, _, _, Some(_)] => Ok(Self { names, at }),
            _ => Err(format!("the first line names the columns: `time` and `value` at least, of {all}")),
        }
    }

    fn cell<'r>(&self, row: &'r csv::StringRecord, column: usize) -> Option<&'r str> {
        row.get(self.at.get(column).copied().flatten()?).map(str::trim)
    }

    fn named(&self, column: usize) -> Option<(usize, String)> {
        let at = self.at.get(column).copied().flatten()?;
        Some((at + 1, self.names.get(at)?.clone()))
    }
}

/// Reads a whole file. `meant` tells what (entity, property, unit) is; an empty one is not said.
pub fn read(
    file: &str,
    text: &str,
    given: &Given,
    now: Timestamp,
    mut meant: impl FnMut(&str, &str, &str) -> Result<Meant, (Column, String)>,
) -> Result<Vec<Series>, RowError> {
    let wrong = |line: u64, column, reason: String| RowError { file: file.to_owned(), line, column, reason };
    if text.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(wrong(1, None, format!("the file has more than {most} MiB: take it apart")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = rows.headers().map_err(|e| wrong(1, None, e.to_string()))?;
    let places = Places::of(header).map_err(|reason| wrong(1, None, reason))?;
    let mut known: HashMap<[String; 3], (usize, Meant)> = HashMap::new();
    let mut places_of: BTreeMap<(NodeId, Property), usize> = BTreeMap::new();
    let mut all: Vec<(Series, Vec<(Timestamp, u64)>)> = Vec::new();
    let mut row = csv::StringRecord::new();
    let mut count = 0;
    loop {
        let line = rows.position().line();
        match rows.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => return Err(broken(file, line, &e)),
        }
        let line = row.position().map_or(line, csv::Position::line);
        count += 1;
        if count > MOST_ROWS {
            return Err(wrong(
                line,
                None,
                format!("these are more than {MOST_ROWS} rows: take the file apart"),
            ));
        }
        let at = |column: usize, reason| wrong(line, places.named(column), reason);
        let said = |column: usize, option: &Option<String>| {
            let cell = places.cell(&row, column).filter(|cell| !cell.is_empty());
            cell.map(str::to_owned).or_else(|| option.clone()).unwrap_or_default()
        };
        let name = [said(1, &given.entity), said(2, &given.property), said(3, &given.unit)];
        if !known.contains_key(&name) {
            let [entity, property, unit] = &name;
            let means = meant(entity, property, unit).map_err(|(column, reason)| match column {
                Column::Entity => at(1, reason),
                Column::Property => at(2, reason),
                Column::Unit => at(3, reason),
            })?;
            let series = (means.entity, means.property);
            let next = places_of.len();
            let place = *places_of.entry(series).or_insert(next);
            if place == next {
                all.push((Series { entity: series.0, property: series.1, samples: Vec::new() }, Vec::new()));
            }
            known.insert(name.clone(), (place, means));
        }
        let Some((place, means)) = known.get(&name) else { continue };
        let when = instant(places.cell(&row, 0).unwrap_or_default()).map_err(|reason| at(0, reason))?;
        in_time(when, now, means.gone_before).map_err(|reason| at(0, reason))?;
        let cell = places.at[4].and_then(|at| row.get(at)).unwrap_or_default();
        let cell =
            if matches!(means.kind, ValueKind::Text | ValueKind::Enum(_)) { cell } else { cell.trim() };
        let value = value(cell, &means.kind).map_err(|reason| at(4, reason))?;
        if let Some((series, lines)) = all.get_mut(*place) {
            series.samples.push((when, converted(value, means.convert)));
            lines.push((when, line));
        }
    }
    for (series, mut lines) in all.iter_mut().map(|(series, lines)| (series, std::mem::take(lines))) {
        lines.sort_unstable();
        if let Some([(when, first), (_, second)]) = lines.array_windows::<2>().find(|[a, b]| a.0 == b.0) {
            let reason = format!("{} stands in line {first} already", super::instant_text(*when));
            return Err(wrong(*second, places.named(0), reason + ": a series has one value at an instant"));
        }
        series.samples.sort_by_key(|(at, _)| *at);
    }
    Ok(all.into_iter().map(|(series, _)| series).collect())
}

fn in_time(at: Timestamp, now: Timestamp, gone_before: Option<Timestamp>) -> Result<(), String> {
    let text = super::instant_text;
    if at > now {
        return Err(format!("{} is in the future: it is {} now", text(at), text(now)));
    }
    if at.0 < 0 {
        return Err(format!("{} is before 1970-01-01T00:00:00Z", text(at)));
    }
    match gone_before {
        Some(gone) if at < gone => Err(format!(
            "{} cannot be taken: only roll-ups are kept of the time before {}, and they are not made anew",
            text(at),
            text(gone)
        )),
        _ => Ok(()),
    }
}

fn converted(value: Option<Value>, convert: Option<(f64, f64)>) -> Option<Value> {
    match (value, convert) {
        (Some(Value::Number(n)), Some((factor, offset))) => Some(Value::Number(n * factor + offset)),
        (value, _) => value,
    }
}

fn broken(file: &str, line: u64, e: &csv::Error) -> RowError {
    let line = e.position().map_or(line, csv::Position::line);
    let reason = match e.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the line has {len} columns, and the first one names {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        _ => e.to_string(),
    };
    RowError { file: file.to_owned(), line, column: None, reason }
}
