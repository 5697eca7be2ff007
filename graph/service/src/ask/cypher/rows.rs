//! From matches to rows: columns, groups, order, limits.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::ops::ControlFlow;

use lares_model::IdMap;

use super::aggregate::Aggregate;
use super::bind::{Plan, Told};
use super::calc::{Calc, Frame};
use super::walk::walk;
use super::{Answer, Limits, Stop};
use crate::ask::datum::Key;
use crate::ask::{Datum, Picture};

pub(super) fn run(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<Answer, Stop> {
    let (mut rows, expansions) =
        if plan.is_aggregated() { grouped(plan, picture, limits)? } else { each(plan, picture, limits)? };
    if !plan.sorts.is_empty() {
        let needed = plan.limit.map_or(usize::MAX, |limit| limit.saturating_add(plan.skip));
        rows = sort(rows, &plan.sorts, needed);
    }
    let shown = rows.into_iter().skip(plan.skip).take(plan.limit.unwrap_or(usize::MAX));
    let rows = shown.map(|mut row| {
        row.truncate(plan.columns.len());
        row
    });
    Ok(Answer {
        columns: plan.columns.iter().map(|c| c.name.clone()).collect(),
        rows: rows.collect(),
        expansions,
    })
}

fn too_many(limits: &Limits<'_>) -> Stop {
    Stop::limit(format!("there are more than {} rows: narrow the question, or add LIMIT", limits.rows))
}

/// A row for every match, or for every different one.
fn each(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<(Vec<Vec<Datum>>, u64), Stop> {
    let mut rows: Vec<Vec<Datum>> = Vec::new();
    let mut seen = BTreeSet::new();
    // Nothing is sorted: the first ones are enough.
    let enough = plan.limit.filter(|_| plan.sorts.is_empty()).map(|limit| limit.saturating_add(plan.skip));
    if plan.limit == Some(0) {
        return Ok((rows, 0));
    }
    let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
        let mut row = Vec::with_capacity(plan.columns.len() + plan.hidden.len());
        for column in &plan.columns {
            if let Told::Plain(calc) = &column.value {
                row.push(calc.of(frame)?);
            }
        }
        for calc in &plan.hidden {
            row.push(calc.of(frame)?);
        }
        if plan.distinct && !seen.insert(Key(row.clone())) {
            return Ok(ControlFlow::Continue(()));
        }
        if rows.len() >= limits.rows {
            return Err(too_many(limits));
        }
        rows.push(row);
        let done = enough.is_some_and(|enough| rows.len() >= enough);
        Ok(if done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok((rows, spent))
}

/// A row for every group of matches that have the same in all columns that are not aggregates.
fn grouped(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<(Vec<Vec<Datum>>, u64), Stop> {
    let fresh = || -> Vec<Aggregate> {
        let aggregates = plan.columns.iter().filter_map(|c| match &c.value {
            Told::Aggregate { function, distinct, .. } => Some(Aggregate::new(*function, *distinct)),
            Told::Plain(_) => None,
        });
        aggregates.collect()
    };
    let told = |frame: &Frame<'_>, group: &mut [Aggregate]| -> Result<(), Stop> {
        let columns = plan.columns.iter().filter_map(|c| match &c.value {
            Told::Aggregate { of, .. } => Some((of, &c.at)),
            Told::Plain(_) => None,
        });
        for (aggregate, (of, at)) in group.iter_mut().zip(columns) {
            match of {
                None => aggregate.count(frame.weight),
                // A node is always known.
                Some(Calc::Node(_)) if plan.counted => aggregate.count(frame.weight),
                Some(calc) => aggregate.add(calc.of(frame)?, at, limits.rows)?,
            }
        }
        Ok(())
    };
    if plan.columns.iter().all(|c| matches!(c.value, Told::Aggregate { .. })) {
        // Of nothing there is a count as well.
        let mut all = fresh();
        let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
            told(frame, &mut all).map(ControlFlow::Continue)
        })?;
        return Ok((vec![all.into_iter().map(Aggregate::done).collect()], spent));
    }
    let mut groups = Groups::default();
    let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
        let mut key = Vec::new();
        for column in &plan.columns {
            if let Told::Plain(calc) = &column.value {
                key.push(calc.of(frame)?);
            }
        }
        let group = groups.of(key, fresh, limits.rows).ok_or_else(|| too_many(limits))?;
        told(frame, group).map(ControlFlow::Continue)
    })?;
    let mut rows = Vec::with_capacity(groups.all.len());
    for (Key(key), aggregates) in groups.all {
        let (mut key, mut aggregates) = (key.into_iter(), aggregates.into_iter());
        let row = plan.columns.iter().map(|c| match c.value {
            Told::Plain(_) => key.next().unwrap_or_default(),
            Told::Aggregate { .. } => aggregates.next().map(Aggregate::done).unwrap_or_default(),
        });
        let row: Vec<Datum> = row.collect();
        rows.push(row);
    }
    // What is returned twice is told once.
    if plan.distinct {
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(Key(row.clone())));
    }
    Ok((rows, spent))
}

/// Groups in the order in which they were met.
#[derive(Default)]
struct Groups {
    all: Vec<(Key, Vec<Aggregate>)>,
    /// By hash: places of groups.
    places: IdMap<u64, Places>,
}

/// Nearly always one.
type Places = Vec<u32>;

impl Groups {
    /// The group of a key; none if there would be more than `most`.
    fn of(
        &mut self,
        key: Vec<Datum>,
        fresh: impl Fn() -> Vec<Aggregate>,
        most: usize,
    ) -> Option<&mut Vec<Aggregate>> {
        let mut hasher = DefaultHasher::new();
        key.iter().for_each(|datum| datum.hash(&mut hasher));
        let key = Key(key);
        let places = self.places.entry(hasher.finish()).or_default();
        let known =
            places.iter().copied().find(|p| self.all.get(*p as usize).is_some_and(|(k, _)| *k == key));
        let place = match known {
            Some(place) => place as usize,
            None if self.all.len() >= most => return None,
            None => {
                let place = self.all.len();
                places.push(place as u32);
                self.all.push((key, fresh()));
                place
            }
        };
        self.all.get_mut(place).map(|(_, group)| group)
    }
}

/// Sorts rows; where only the first `needed` are told, only those.
fn sort(rows: Vec<Vec<Datum>>, sorts: &[(usize, bool)], needed: usize) -> Vec<Vec<Datum>> {
    // Rows that sort alike stay as they came.
    let mut placed: Vec<(usize, Vec<Datum>)> = rows.into_iter().enumerate().collect();
    let order = |(i, a): &(usize, Vec<Datum>), (j, b): &(usize, Vec<Datum>)| {
        for (column, down) in sorts {
            let order = match (a.get(*column), b.get(*column)) {
                (Some(a), Some(b)) => a.total(b),
                _ => Ordering::Equal,
            };
            if order.is_ne() {
                return if *down { order.reverse() } else { order };
            }
        }
        i.cmp(j)
    };
    if needed > 0 && needed < placed.len() {
        placed.select_nth_unstable_by(needed - 1, order);
        placed.truncate(needed);
    }
    placed.sort_by(order);
    placed.into_iter().map(|(_, row)| row).collect()
}
