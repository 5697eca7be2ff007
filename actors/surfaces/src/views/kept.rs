//! Which series there are, and what they take.

use serde::{Deserialize, Serialize};

use super::{Moment, Names, ReadError, Source, Telling, table::plain, table::table};

/// A series as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptView {
    #[serde(rename = "ref")]
    pub reference: String,
    pub property: String,
    pub unit: Option<String>,
    /// Samples, as they came.
    pub samples: u64,
    /// Of its samples; none: only roll-ups are left.
    pub first: Option<Moment>,
    pub last: Option<Moment>,
    /// On disk, with its roll-ups. The newest samples lie together with others and are not counted.
    pub bytes: u64,
    /// Before this only roll-ups are kept; none: no sample was let go.
    pub rolled_before: Option<Moment>,
}

/// All series, by name.
pub fn kept(source: &dyn Source) -> Result<Vec<KeptView>, ReadError> {
    let names = Names::read(source)?;
    let mut all = Vec::new();
    for series in source.series()? {
        let (entity, property) = (series.entity, series.property);
        all.push(KeptView {
            reference: names.of(entity),
            property: property.name().to_owned(),
            unit: names.unit(entity, property).map(|u| u.to_string()),
            samples: series.samples,
            first: series.first.map(Moment),
            last: series.last.map(Moment),
            bytes: series.bytes,
            rolled_before: source.samples_gone_before(entity, property)?.map(Moment),
        });
    }
    all.sort_by(|a, b| (&a.reference, &a.property).cmp(&(&b.reference, &b.property)));
    Ok(all)
}

/// For people.
pub fn kept_text(all: &[KeptView], told: &Telling) -> String {
    if all.is_empty() {
        return "no series is kept yet\n".to_owned();
    }
    let words = ["series", "unit", "samples", "first", "last", "bytes", "only roll-ups before"];
    let mut rows = vec![words.map(str::to_owned).to_vec()];
    let at = |at: Option<Moment>| at.map(|at| told.clock(at.0)).unwrap_or_else(|| "-".to_owned());
    for series in all {
        rows.push(vec![
            format!("{}.{}", plain(&series.reference), series.property),
            series.unit.as_deref().map_or_else(|| "-".to_owned(), plain),
            series.samples.to_string(),
            at(series.first),
            at(series.last),
            series.bytes.to_string(),
            at(series.rolled_before),
        ]);
    }
    table(&rows)
}
