//! The tests on values that triggers and conditions share.

use lares_model::Value;
use serde::Serialize;

/// A change of a value. All that is given must fit; nothing given fits any change. A threshold is *crossed*: the value
/// before was not beyond it (or unknown), the new one is.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Change {
    pub to: Option<Value>,
    pub from: Option<Value>,
    /// In the canonical unit of the quantity (degrees Celsius, lux, percent, watt) if one was written, else in the
    /// entity's own.
    pub above: Option<f64>,
    pub below: Option<f64>,
    /// So far back over its limit must a value go before it can cross it again. 0: not at all.
    pub hysteresis: f64,
}

impl Change {
    /// Whether a value that was beyond the limits has not come back from them: `hysteresis` counts.
    pub fn stays(&self, value: Option<&Value>) -> bool {
        let above = self.above.map(|limit| limit - self.hysteresis);
        let below = self.below.map(|limit| limit + self.hysteresis);
        Self { above, below, ..self.clone() }.holds(value)
    }

    /// Whether a value is one that this change leads to: what `for` and `hold_while` ask of later values. `None` is
    /// unknown and fits nothing but the empty change.
    pub fn holds(&self, value: Option<&Value>) -> bool {
        let test = Test { is: self.to.clone(), above: self.above, below: self.below };
        test.is_empty() || value.is_some_and(|v| test.holds(v))
    }

    /// Whether going from `old` to `new` is such a change. `None`: unknown before, or the first value since the start.
    pub fn fits(&self, old: Option<&Value>, new: &Value) -> bool {
        if old == Some(new) {
            return false;
        }
        let from = self.from.as_ref().is_none_or(|from| old == Some(from));
        let beyond = self.above.is_some() || self.below.is_some() || self.to.is_some();
        let already = beyond && old.is_some_and(|o| self.holds(Some(o)));
        from && !already && self.holds(Some(new))
    }
}

/// What a value must be. Never empty in a condition.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Test {
    pub is: Option<Value>,
    /// See [`Change::above`].
    pub above: Option<f64>,
    pub below: Option<f64>,
}

impl Test {
    pub fn is_empty(&self) -> bool {
        self.is.is_none() && self.above.is_none() && self.below.is_none()
    }

    pub fn holds(&self, value: &Value) -> bool {
        let number = value.as_number();
        self.is.as_ref().is_none_or(|is| is == value)
            && self.above.is_none_or(|limit| number.is_some_and(|n| n > limit))
            && self.below.is_none_or(|limit| number.is_some_and(|n| n < limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: f64) -> Value {
        Value::Number(n)
    }

    #[test]
    fn a_threshold_is_crossed_once() {
        let above = Change { above: Some(21.0), ..Change::default() };
        assert!(above.fits(Some(&number(20.0)), &number(22.0)));
        assert!(!above.fits(Some(&number(22.0)), &number(23.0)), "it was already above");
        assert!(!above.fits(Some(&number(22.0)), &number(20.0)));
        assert!(above.fits(None, &number(22.0)), "unknown before: this is the first that is known");
        assert!(!above.fits(Some(&number(20.0)), &number(21.0)), "the limit itself is not above");
    }

    #[test]
    fn to_and_from_both_count() {
        let change = Change { to: Some(true.into()), from: Some(false.into()), ..Change::default() };
        assert!(change.fits(Some(&false.into()), &true.into()));
        assert!(!change.fits(None, &true.into()));
        assert!(!change.fits(Some(&true.into()), &true.into()));
    }

    #[test]
    fn the_empty_change_is_any_change() {
        let any = Change::default();
        assert!(any.fits(Some(&number(1.0)), &number(2.0)));
        assert!(!any.fits(Some(&number(2.0)), &number(2.0)));
    }
}
