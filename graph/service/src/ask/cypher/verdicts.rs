//! Checks of a step, tried on every node at once: numbers that nodes carry lie beside each other in a column.

use std::cmp::Ordering;

use super::ast::Compare;
use super::calc::Calc;
use crate::ask::{Datum, Field, Shape};

/// A node that has to be tried by itself.
const UNKNOWN: u8 = 0;
pub(super) const NO: u8 = 1;
pub(super) const YES: u8 = 2;

/// By node: whether all checks hold. Unknown of every node, if a check compares anything else than a carried number with a given
/// one; and of those whose number depends on the instant that is asked about.
pub(super) fn verdicts(checks: &[Calc], shape: &Shape) -> Vec<u8> {
    let all: Option<Vec<Ordered<'_>>> = checks.iter().map(ordered).collect();
    let Some(all) = all else { return vec![UNKNOWN; shape.nodes().len()] };
    let mut verdicts = vec![YES; shape.nodes().len()];
    for (key, fits) in all {
        let column = shape.column(key);
        let mut own = vec![NO; verdicts.len()];
        for (number, place) in column.numbers() {
            if let Some(verdict) = own.get_mut(*place as usize)
                && fits(*number)
            {
                *verdict = YES;
            }
        }
        for place in column.dated() {
            if let Some(verdict) = own.get_mut(*place as usize) {
                *verdict = UNKNOWN;
            }
        }
        // No is certain, and unknown is so unless it is no.
        verdicts.iter_mut().zip(own).for_each(|(verdict, own)| {
            *verdict = match (*verdict, own) {
                (NO, _) | (_, NO) => NO,
                (YES, YES) => YES,
                _ => UNKNOWN,
            };
        });
    }
    verdicts
}

/// The key of a property, and whether a number of it fits.
type Ordered<'c> = (&'c str, Box<dyn Fn(f64) -> bool + 'c>);

/// A check that compares what a node carries with a number, by their order.
fn ordered(check: &Calc) -> Option<Ordered<'_>> {
    let Calc::Compare(op, a, b) = check else { return None };
    let wanted: fn(Ordering) -> bool = match op {
        Compare::Equal => Ordering::is_eq,
        Compare::Less => Ordering::is_lt,
        Compare::AtMost => Ordering::is_le,
        Compare::More => Ordering::is_gt,
        Compare::AtLeast => Ordering::is_ge,
        _ => return None,
    };
    match (&**a, &**b) {
        (Calc::Field(_, Field::Prop(key)), Calc::Constant(Datum::Number(with))) => {
            Some((key, Box::new(move |number| number.partial_cmp(with).is_some_and(wanted))))
        }
        (Calc::Constant(Datum::Number(with)), Calc::Field(_, Field::Prop(key))) => {
            Some((key, Box::new(move |number| with.partial_cmp(&number).is_some_and(wanted))))
        }
        _ => None,
    }
}
