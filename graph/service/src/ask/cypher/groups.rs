//! Rows of matches that have the same in all columns that are not aggregates.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::ops::ControlFlow;

use lares_model::IdMap;

use super::aggregate::Aggregate;
use super::bind::{Ending, Plan, Told};
use super::calc::{Calc, Frame};
use super::rows::too_many;
use super::walk::walk;
use super::{Limits, Stop};
use crate::ask::datum::Key;
use crate::ask::{Datum, Picture};

type Rows = Vec<Vec<Datum>>;

/// A row for every group, and the expansions spent.
pub(super) fn rows(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<(Rows, u64), Stop> {
    if plan.columns.iter().all(|c| matches!(c.value, Told::Aggregate { .. })) {
        // Of nothing there is a count as well.
        let mut all: Vec<Aggregate> = fresh(plan).collect();
        let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
            tell(plan, limits, frame, &mut all).map(ControlFlow::Continue)
        })?;
        return Ok((vec![all.into_iter().map(Aggregate::done).collect()], spent));
    }
    match plan.by {
        Some(by) => by_node(plan, picture, limits, by),
        None => by_values(plan, picture, limits),
    }
}

fn fresh(plan: &Plan) -> impl Iterator<Item = Aggregate> {
    plan.columns.iter().filter_map(|c| match &c.value {
        Told::Aggregate { function, distinct, .. } => Some(Aggregate::new(*function, *distinct)),
        Told::Plain(_) => None,
    })
}

/// Tells a match to the aggregates of its group.
fn tell(plan: &Plan, limits: &Limits<'_>, frame: &Frame<'_>, group: &mut [Aggregate]) -> Result<(), Stop> {
    let columns = plan.columns.iter().filter_map(|c| match &c.value {
        Told::Aggregate { of, .. } => Some((of, &c.at)),
        Told::Plain(_) => None,
    });
    for (aggregate, (of, at)) in group.iter_mut().zip(columns) {
        match of {
            None => aggregate.count(frame.weight),
            // A node is always known.
            Some(Calc::Node(_)) if plan.ending != Ending::Walked => aggregate.count(frame.weight),
            Some(calc) => aggregate.add(calc.of(frame)?, at, limits.rows)?,
        }
    }
    Ok(())
}

/// What is told of a group beside its aggregates.
fn key(plan: &Plan, frame: &Frame<'_>) -> Result<Vec<Datum>, Stop> {
    let mut key = Vec::with_capacity(plan.columns.len());
    for column in &plan.columns {
        if let Told::Plain(calc) = &column.value {
            key.push(calc.of(frame)?);
        }
    }
    Ok(key)
}

fn row(plan: &Plan, key: Vec<Datum>, aggregates: impl IntoIterator<Item = Aggregate>) -> Vec<Datum> {
    let (mut key, mut aggregates) = (key.into_iter(), aggregates.into_iter());
    let told = plan.columns.iter().map(|c| match c.value {
        Told::Plain(_) => key.next().unwrap_or_default(),
        Told::Aggregate { .. } => aggregates.next().map(Aggregate::done).unwrap_or_default(),
    });
    told.collect()
}

/// Each node is a group of its own: what is told of it is read only where it is needed.
fn by_node(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>, by: usize) -> Result<(Rows, u64), Stop> {
    /// A node that is in no group yet.
    const NONE: u32 = u32::MAX;
    let mut group_of = vec![NONE; picture.shape.nodes().len()];
    let mut nodes: Vec<u32> = Vec::new();
    let mut all: Vec<Aggregate> = Vec::new();
    let width = fresh(plan).count();
    let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
        let node = frame.nodes.get(by).copied().unwrap_or(NONE);
        let Some(group) = group_of.get_mut(node as usize) else { return Ok(ControlFlow::Continue(())) };
        if *group == NONE {
            if nodes.len() >= limits.rows {
                return Err(too_many(limits));
            }
            *group = nodes.len() as u32;
            nodes.push(node);
            all.extend(fresh(plan));
        }
        let from = *group as usize * width;
        let group = all.get_mut(from..from + width).unwrap_or_default();
        tell(plan, limits, frame, group).map(ControlFlow::Continue)
    })?;
    let least = least(plan, &all, width);
    let mut frame = vec![NONE; plan.nodes];
    let (mut rows, mut all) = (Vec::new(), all.into_iter());
    for node in nodes {
        let aggregates: Vec<Aggregate> = all.by_ref().take(width).collect();
        if let Some((column, least)) = least
            && aggregates.get(column).and_then(Aggregate::number).is_some_and(|n| n < least)
        {
            continue;
        }
        if let Some(slot) = frame.get_mut(by) {
            *slot = node;
        }
        let frame = Frame { picture, nodes: &frame, edges: &[], weight: 1 };
        rows.push(row(plan, key(plan, &frame)?, aggregates));
    }
    Ok((rows, spent))
}

/// Where only the groups with the largest numbers are told: which aggregate that is, and the least number that is told.
fn least(plan: &Plan, all: &[Aggregate], width: usize) -> Option<(usize, u64)> {
    let (column, true) = *plan.sorts.first()? else { return None };
    let is_aggregate = |c: &super::bind::Column| matches!(c.value, Told::Aggregate { .. });
    if !plan.columns.get(column).is_some_and(is_aggregate) {
        return None;
    }
    let place = plan.columns.iter().take(column).filter(|c| is_aggregate(c)).count();
    let needed = plan.limit?.saturating_add(plan.skip);
    let numbers = all.iter().skip(place).step_by(width);
    let mut numbers: Vec<u64> = numbers.map(Aggregate::number).collect::<Option<_>>()?;
    if needed == 0 || needed >= numbers.len() {
        return None;
    }
    let (_, least, _) = numbers.select_nth_unstable_by(needed - 1, |a, b| b.cmp(a));
    Some((place, *least))
}

fn by_values(plan: &Plan, picture: &Picture<'_>, limits: &Limits<'_>) -> Result<(Rows, u64), Stop> {
    let mut groups = Groups::default();
    let spent = walk(plan, picture, limits, &mut |frame: &Frame<'_>| {
        let fresh = || fresh(plan).collect();
        let group = groups.of(key(plan, frame)?, fresh, limits.rows).ok_or_else(|| too_many(limits))?;
        tell(plan, limits, frame, group).map(ControlFlow::Continue)
    })?;
    let rows = groups.all.into_iter().map(|(Key(key), aggregates)| row(plan, key, aggregates));
    let mut rows: Rows = rows.collect();
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
