//! From matches to rows: columns, groups, order, limits.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::bind::{Plan, Told};
use super::calc::Frame;
use super::groups;
use super::walk::walk;
use super::{Answer, Limits, Stop};
use crate::ask::datum::Key;
use crate::ask::{Datum, Picture};

pub(super) fn run(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<Answer, Stop> {
    let (mut rows, expansions) = if plan.is_aggregated() {
        groups::rows(plan, picture, limits)?
    } else {
        each(plan, picture, limits)?
    };
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

pub(super) fn too_many(limits: &Limits<'_>) -> Stop {
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
