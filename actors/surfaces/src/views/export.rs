//! Series as comma-separated values, for files and other programs: as many rows as there are.

use std::io::Write;
use std::time::Duration;

use lares_graph::samples::{RolledRow, Writer};
use lares_model::{NodeId, NodeKind, Property, Timestamp};

use super::series::{buckets, only_entity, property};
use super::{Every, Names, ReadError, SeriesError, SeriesFilter, Source, Telling};

/// Samples are read for so long at once: a month of one sensor is a few megabytes.
const WINDOW: Duration = Duration::from_secs(30 * 86_400);

/// It cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Series(#[from] SeriesError),
    #[error(transparent)]
    Write(#[from] csv::Error),
}

impl From<ReadError> for ExportError {
    fn from(e: ReadError) -> Self {
        Self::Series(e.into())
    }
}

/// Writes one property of an entity, or all that are kept of it, and gives how many rows there were. `name` is an entity, a
/// device that has one, or either with a property after a point. Without a span it is all; without a step each sample.
pub fn export(
    source: &dyn Source,
    told: &Telling,
    name: &str,
    filter: &SeriesFilter,
    out: impl Write,
) -> Result<u64, ExportError> {
    let names = Names::read(source)?;
    let (entity, properties) = wanted(source, &names, name, filter)?;
    let from = filter.from.map_or(Timestamp::MIN, |m| m.0);
    let to = filter.to.map_or(told.now, |m| m.0).min(told.now);
    if from >= to {
        return Err(SeriesError::Wrong("it begins where it ends, or later".to_owned()).into());
    }
    let step = match filter.every {
        Every::Step(step) => Some(step),
        Every::Fitting | Every::Sample => None,
    };
    let mut writer = Writer::new(out, step.is_some())?;
    let mut rows = 0;
    for property in properties {
        let unit = names.unit(entity, property).map(|u| u.to_string()).unwrap_or_default();
        writer.series(&names.of(entity), property.name(), &unit);
        match step {
            None => rows += samples(source, (entity, property), (from, to), &mut writer)?,
            Some(step) => {
                for row in buckets(source, told, (entity, property), (from, to), step)? {
                    let width_s = u64::try_from(row.width / 1_000_000).unwrap_or_default();
                    writer.rolled(RolledRow { bucket: &row.bucket, width_s })?;
                    rows += 1;
                }
            }
        }
    }
    writer.finish()?;
    Ok(rows)
}

/// The entity, and which of its properties.
fn wanted(
    source: &dyn Source,
    names: &Names,
    name: &str,
    filter: &SeriesFilter,
) -> Result<(NodeId, Vec<Property>), ExportError> {
    // `hall-lamp.light.brightness`: what no thing is called may be one and its property.
    let (found, mut word) = match (names.find(name), name.rsplit_once('.')) {
        (Ok(found), _) => (found, None),
        (Err(missing), Some((rest, word))) if Property::parse(word).is_some() => {
            (names.find(rest).map_err(|_| SeriesError::Name(missing))?, Some(word))
        }
        (Err(missing), _) => return Err(SeriesError::Name(missing).into()),
    };
    let entity = match found.kind {
        NodeKind::Device => only_entity(source, names, found.id, name)?,
        _ => found.id,
    };
    word = filter.property.as_deref().or(word);
    if let Some(word) = word {
        return Ok((entity, vec![property(word)?]));
    }
    let kept = source.series()?.into_iter().filter(|series| series.entity == entity);
    let mut properties: Vec<Property> = kept.map(|series| series.property).collect();
    properties.sort_by_key(|p| p.name());
    Ok((entity, properties))
}

fn samples(
    source: &dyn Source,
    (entity, property): (NodeId, Property),
    (from, to): (Timestamp, Timestamp),
    writer: &mut Writer<impl Write>,
) -> Result<u64, ExportError> {
    let kept = source.series()?.into_iter().find(|s| s.entity == entity && s.property == property);
    let Some((first, last)) = kept.and_then(|kept| kept.first.zip(kept.last)) else { return Ok(0) };
    let (mut begin, end) = (from.max(first), to.min(last));
    let mut rows = 0;
    while begin <= end {
        let until = Timestamp((begin + WINDOW).0 - 1).min(end);
        let found = source.samples(entity, property, (begin, until))?;
        for (n, sample) in found.iter().enumerate() {
            // Of several at one instant the last stands.
            if found.get(n + 1).is_none_or(|next| next.at != sample.at) {
                writer.sample(sample)?;
                rows += 1;
            }
        }
        begin = Timestamp(until.0 + 1);
    }
    Ok(rows)
}
