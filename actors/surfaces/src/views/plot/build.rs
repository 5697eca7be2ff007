//! From what is asked for to what is drawn.

use std::time::Duration;

use lares_model::{NodeId, NodeKind, Property, Value, ValueKind};

use super::silence::{gone, without};
use super::subject::{Drawing, Subject};
use super::{PlotFilter, PlotKind, PlotSilence, PlotView};
use crate::views::devices::{Statuses, stale_after};
use crate::views::names::Names;
use crate::views::series::property;
use crate::views::{Moment, ReadError, SeriesError, Source, Telling};

const DAY: Duration = Duration::from_secs(86_400);
/// A measurement that nothing renews counts for a day, as it does in roll-ups.
const HELD: Duration = DAY;
/// More points and spans than this are not told.
const MOST: usize = 5_000;

/// What is drawn of the property of an entity, by its reference.
///
/// # Errors
/// Nothing bears that name, the property is none, the span is none, there is too much of it, or the store cannot be read.
pub fn plot(
    source: &dyn Source,
    told: &Telling,
    entity: &str,
    filter: &PlotFilter,
) -> Result<PlotView, SeriesError> {
    let names = Names::read(source)?;
    let named = names.find(entity)?;
    if named.kind != NodeKind::Entity {
        return Err(SeriesError::Wrong(format!("`{entity}` is no entity")));
    }
    let id = named.id;
    let property = match &filter.property {
        None => names.main_property(id),
        Some(word) => property(word)?,
    };
    let to = filter.to.map_or(told.now, |m| m.0).min(told.now);
    let from = filter.from.map_or(to - DAY, |m| m.0);
    if from >= to {
        let words = format!("`from` ({}) is not before `to` ({})", Moment(from), Moment(to));
        return Err(SeriesError::Wrong(words));
    }
    let info = named.info.as_deref();
    let declared = info.and_then(|i| i.property(property));
    let held = declared.is_some_and(|p| p.writable);
    let kind =
        kind(source, id, property, declared.map(|p| &p.kind), info.and_then(|i| i.state_class.as_deref()))?;
    let stale = source.node(id)?.and_then(|node| stale_after(&node, info));
    let counts = stale.or_else(|| (kind == PlotKind::Number && !held).then_some(HELD));
    let statuses = Statuses::read(source)?;
    let mut away = Vec::new();
    for thing in std::iter::once(id).chain(device_of(source, id)?) {
        away.extend(gone(source, thing, statuses.of(thing), (from, to))?);
    }
    let subject =
        Subject { source, told, entity: id, property, span: (from, to), kind, held, counts, gone: away };
    let Drawing { step_s, points, spans, known } = subject.draw(filter.step)?;
    if points.len().max(spans.len()) > MOST {
        let many = points.len().max(spans.len());
        return Err(SeriesError::Wrong(format!(
            "these are {many} points, and at most {MOST} are told: ask for less, or in wider steps"
        )));
    }
    let silent = without((from, to), &known);
    Ok(PlotView {
        entity: names.of(id),
        name: named.name.clone(),
        property: property.name().to_owned(),
        unit: names.unit(id, property).map(|u| u.to_string()),
        kind,
        held,
        from: Moment(from),
        to: Moment(to),
        step_s,
        points,
        spans,
        silent: silent
            .into_iter()
            .map(|(from, to)| PlotSilence { from: Moment(from), to: Moment(to) })
            .collect(),
    })
}

/// By what it is now rather than by what was announced: a sensor without a unit may be either.
fn kind(
    source: &dyn Source,
    entity: NodeId,
    property: Property,
    declared: Option<&ValueKind>,
    state_class: Option<&str>,
) -> Result<PlotKind, ReadError> {
    if property.is_momentary() {
        return Ok(PlotKind::Moments);
    }
    let last =
        source.last(entity)?.into_iter().find(|(p, _)| *p == property).and_then(|(_, known)| known.value);
    let is_number = match (last, declared) {
        (Some(value), _) => matches!(value, Value::Number(_)),
        (None, Some(kind)) => matches!(kind, ValueKind::Number { .. }),
        (None, None) => false,
    };
    let counts = property == Property::State && state_class.is_some_and(|c| c.starts_with("total"));
    Ok(match (is_number, counts) {
        (false, _) => PlotKind::States,
        (true, false) => PlotKind::Number,
        (true, true) => PlotKind::Counter,
    })
}

fn device_of(source: &dyn Source, entity: NodeId) -> Result<Option<NodeId>, ReadError> {
    let edges = source.edges_from(entity)?;
    Ok(edges.into_iter().find(|e| e.kind == lares_model::EdgeKind::PartOf).map(|e| e.to))
}
