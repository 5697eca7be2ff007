//! A file of samples, checked against what there is: what of it is new, and what was something else.

use lares_config::{convert_unit, units_like};
use lares_graph::samples::{Column, Given, Meant, RowError, Series, read};
use lares_graph::{Sifted, sift};
use lares_model::{EntityInfo, Measured, NodeId, NodeKind, Property, ValueKind};
use serde::{Deserialize, Serialize};

use super::{Moment, Names, ReadError, Source, Telling, nearest, series::only_entity};
use crate::control::Trouble;

/// As many samples go in one event: some hundred kilobytes, a few milliseconds of a commit.
const A_PART: usize = 20_000;

/// What a file of samples comes to.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct ImportView {
    pub file: String,
    /// Samples of instants of which nothing was known.
    pub new: u64,
    /// Samples that were something else.
    pub corrected: u64,
    /// Samples that are there already.
    pub same: u64,
    pub series: Vec<ImportedSeries>,
}

/// What of it is of one series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportedSeries {
    #[serde(rename = "ref")]
    pub reference: String,
    pub property: String,
    /// The unit in which it is kept.
    pub unit: Option<String>,
    pub first: Moment,
    pub last: Moment,
    pub samples: u64,
}

impl From<RowError> for Trouble {
    fn from(wrong: RowError) -> Self {
        Self::input(wrong)
    }
}

impl From<ReadError> for Trouble {
    fn from(e: ReadError) -> Self {
        Self::failed(e)
    }
}

/// Checks all of a file. What is there already is not told again.
pub fn import(
    source: &dyn Source,
    told: &Telling,
    (file, text): (&str, &str),
    given: &Given,
) -> Result<(Vec<Measured>, ImportView), Trouble> {
    let names = Names::read(source)?;
    let meant = |entity: &str, property: &str, unit: &str| meant(source, &names, (entity, property, unit));
    let all = read(file, text, given, told.now, meant)?;
    let mut view = ImportView { file: file.to_owned(), ..ImportView::default() };
    let mut parts = Vec::new();
    for Series { entity, property, samples } in all {
        let (Some((first, _)), Some((last, _))) = (samples.first(), samples.last()) else { continue };
        view.series.push(ImportedSeries {
            reference: names.of(entity),
            property: property.name().to_owned(),
            unit: names.unit(entity, property).map(|u| u.to_string()),
            first: Moment(*first),
            last: Moment(*last),
            samples: samples.len() as u64,
        });
        for part in samples.chunks(A_PART) {
            let (Some((from, _)), Some((to, _))) = (part.first(), part.last()) else { continue };
            let there = source.samples(entity, property, (*from, *to))?;
            let Sifted { new, changed, same } = sift(&there, part);
            view.same += same as u64;
            view.new += new.len() as u64;
            view.corrected += changed.len() as u64;
            if new.is_empty() && changed.is_empty() {
                continue;
            }
            let (counted, corrected) = (new.len() as u32, changed.len() as u32);
            let mut samples = [new, changed].concat();
            samples.sort_by_key(|(at, _)| *at);
            parts.push(Measured { entity, property, samples, new: counted, corrected });
        }
    }
    Ok((parts, view))
}

/// What a series of the file is here.
fn meant(
    source: &dyn Source,
    names: &Names,
    (entity, property, unit): (&str, &str, &str),
) -> Result<Meant, (Column, String)> {
    let of_entity = |reason: String| (Column::Entity, reason);
    if entity.is_empty() {
        return Err(of_entity(
            "it is not said of which entity this is: in a column, or with --entity".to_owned(),
        ));
    }
    let found = names.find(entity).map_err(|e| of_entity(e.to_string()))?;
    let id = match found.kind {
        NodeKind::Entity => found.id,
        NodeKind::Device => {
            only_entity(source, names, found.id, entity).map_err(|e| of_entity(e.to_string()))?
        }
        kind => {
            let reason = format!("`{entity}` is a {}: samples are taken of entities only", kind.name());
            return Err(of_entity(reason));
        }
    };
    let info = names.get(id).and_then(|named| named.info.clone());
    let info = info.ok_or_else(|| of_entity(format!("what `{entity}` measures is not known")))?;
    let (property, kind) = property_of(&info, entity, property).map_err(|e| (Column::Property, e))?;
    let own = names.unit(id, property);
    let convert = conversion(unit, own.as_deref(), &kind).map_err(|e| (Column::Unit, e))?;
    let gone_before = gone(source, id, property).map_err(of_entity)?;
    Ok(Meant { entity: id, property, kind, convert, gone_before })
}

fn gone(
    source: &dyn Source,
    entity: NodeId,
    property: Property,
) -> Result<Option<lares_model::Timestamp>, String> {
    source.samples_gone_before(entity, property).map_err(|e| e.to_string())
}

fn property_of(info: &EntityInfo, entity: &str, word: &str) -> Result<(Property, ValueKind), String> {
    let has: Vec<&str> = info.properties.iter().map(|p| p.property.name()).collect();
    let property = match word {
        "" => Some(info.component.main_property()),
        word => Property::parse(word),
    };
    let own = property.and_then(|p| info.property(p));
    own.map(|own| (own.property, own.kind.clone())).ok_or_else(|| {
        let near = nearest(word, has.iter().copied());
        let hint =
            if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) };
        format!("`{entity}` has no property `{word}`; {hint}there are {}", has.join(", "))
    })
}

/// From the unit of the file to the one that is kept.
fn conversion(unit: &str, own: Option<&str>, kind: &ValueKind) -> Result<Option<(f64, f64)>, String> {
    match own {
        _ if unit.is_empty() => Ok(None),
        Some(own) if own == unit => Ok(None),
        Some(own) if matches!(kind, ValueKind::Number { .. }) => match convert_unit(unit, own) {
            Some(convert) => Ok(Some(convert)),
            None => {
                Err(format!("`{unit}` cannot be converted to {own}; write {}", units_like(own).join(", ")))
            }
        },
        _ => Err(format!("`{unit}` is no unit of it, since it has none: leave it empty")),
    }
}

/// For people.
pub fn import_text(view: &ImportView) -> String {
    let ImportView { file, new, corrected, same, series } = view;
    if new + corrected == 0 {
        return format!("{file}: nothing has changed, all {same} samples are there already\n");
    }
    let mut out = format!("{file}: {new} new samples, {corrected} corrected, {same} there already\n");
    for ImportedSeries { reference, property, unit, first, last, samples } in series {
        let unit = unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
        out.push_str(&format!("  {reference} {property}{unit}: {samples}, {first} to {last}\n"));
    }
    out
}
