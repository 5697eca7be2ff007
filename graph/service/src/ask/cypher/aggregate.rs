//! Aggregates: values of many matches as one.

use std::collections::BTreeSet;

use lares_model::IdMap;

use super::Stop;
use super::ast::{Function, Span};
use crate::ask::Datum;
use crate::ask::datum::Key;
use lares_model::Slip;

/// Values that were there already: nodes are told apart quickly.
#[derive(Debug, Default)]
struct Seen {
    nodes: IdMap<u64, ()>,
    others: BTreeSet<Key>,
}

impl Seen {
    /// Whether it was not there yet.
    fn insert(&mut self, value: &Datum) -> bool {
        match value {
            Datum::Node(place) => self.nodes.insert(u64::from(*place), ()).is_none(),
            other => self.others.insert(Key(vec![other.clone()])),
        }
    }
}

/// An aggregate of the matches so far.
#[derive(Debug)]
pub(super) struct Aggregate {
    function: Function,
    count: u64,
    sum: f64,
    /// What most of them do not need: there may be one for each node of the graph.
    values: Option<Box<Values>>,
}

#[derive(Debug, Default)]
struct Values {
    /// Values that were counted; none: each counts.
    seen: Option<Seen>,
    extreme: Datum,
    all: Vec<Datum>,
}

impl Aggregate {
    pub fn new(function: Function, distinct: bool) -> Self {
        let values = distinct.then(|| Box::new(Values { seen: Some(Seen::default()), ..Values::default() }));
        Self { function, count: 0, sum: 0.0, values }
    }

    /// More matches, whatever they hold.
    pub fn count(&mut self, matches: u64) {
        self.count += matches;
    }

    /// One more value; what is not known does not count. Lists have at most `longest` values.
    pub fn add(&mut self, value: Datum, at: &Span, longest: usize) -> Result<(), Stop> {
        if value.is_null() {
            return Ok(());
        }
        if let Some(seen) = self.values.as_mut().and_then(|v| v.seen.as_mut())
            && !seen.insert(&value)
        {
            return Ok(());
        }
        self.count += 1;
        match self.function {
            Function::Count => {}
            Function::Sum | Function::Avg => match value {
                Datum::Number(n) => self.sum += n,
                _ => return Err(Slip::new(at.clone(), "there is a value that is no number").into()),
            },
            Function::Min | Function::Max => {
                let extreme = &mut self.values.get_or_insert_default().extreme;
                let order = value.total(extreme);
                let better = if self.function == Function::Min { order.is_lt() } else { order.is_gt() };
                if extreme.is_null() || better {
                    *extreme = value;
                }
            }
            Function::Collect => {
                let all = &mut self.values.get_or_insert_default().all;
                if all.len() >= longest {
                    return Err(Stop::limit(format!("a list has more than {longest} values")));
                }
                all.push(value);
            }
        }
        Ok(())
    }

    /// What it comes to.
    pub fn done(self) -> Datum {
        let values = self.values.unwrap_or_default();
        match self.function {
            Function::Count => Datum::Number(self.count as f64),
            Function::Sum => Datum::Number(self.sum),
            Function::Avg if self.count == 0 => Datum::Null,
            Function::Avg => Datum::Number(self.sum / self.count as f64),
            Function::Min | Function::Max => values.extreme,
            Function::Collect => Datum::List(values.all),
        }
    }

    /// Its number, where it is one of matches.
    pub fn number(&self) -> Option<u64> {
        (self.function == Function::Count).then_some(self.count)
    }
}
