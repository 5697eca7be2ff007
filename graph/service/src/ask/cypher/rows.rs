//! From matches to rows: columns, groups, order, limits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

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
        rows.sort_by(|a, b| {
            let differ = plan.sorts.iter().map(|(column, down)| {
                let order = match (a.get(*column), b.get(*column)) {
                    (Some(a), Some(b)) => a.total(b),
                    _ => std::cmp::Ordering::Equal,
                };
                if *down { order.reverse() } else { order }
            });
            differ.into_iter().find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
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
    let mut groups: BTreeMap<Key, Vec<Aggregate>> = BTreeMap::new();
    let alone = plan.columns.iter().all(|c| matches!(c.value, Told::Aggregate { .. }));
    if alone {
        // Of nothing there is a count as well.
        groups.insert(Key(Vec::new()), fresh());
    }
    let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
        let mut key = Vec::new();
        for column in &plan.columns {
            if let Told::Plain(calc) = &column.value {
                key.push(calc.of(frame)?);
            }
        }
        let key = Key(key);
        if groups.len() >= limits.rows && !groups.contains_key(&key) {
            return Err(too_many(limits));
        }
        let group = groups.entry(key).or_insert_with(fresh);
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
        Ok(ControlFlow::Continue(()))
    })?;
    let mut rows = Vec::with_capacity(groups.len());
    for (Key(key), aggregates) in groups {
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
