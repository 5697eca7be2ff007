//! The tables within an `[interlock.*]`.

use super::Scope;
use super::quantity::{Quantity, of_entity};
use super::trigger::between;
use crate::decode::{Fields, Node, Unit};
use crate::home::{
    After, Agree, Budget, Draw, Ineffective, Input, Limits, MaxRun, MaxStarts, Plausible, Stale, StaleInput,
    Test, Veto,
};

/// `entity` and `property` of a table.
fn input(fields: &Fields<'_>, scope: &Scope<'_>) -> (Option<Input>, Quantity) {
    let entity = fields.required("entity", "name the measurement: entity = \"tank.temperature\"");
    let entity = entity.and_then(|node| node.entity(scope));
    let property = fields.get("property").and_then(|node| node.property());
    let quantity = of_entity(entity.as_ref(), property);
    (entity.map(|entity| Input { entity, property }), quantity)
}

/// `stale = { entity = "...", after = "15m" }`.
pub(super) fn stale(node: &Node<'_>, scope: &Scope<'_>) -> Option<StaleInput> {
    let fields = node.fields()?;
    let (input, _) = input(&fields, scope);
    let after = fields.required("after", "say how old a reading may be: after = \"15m\"");
    let after = after.and_then(|node| node.duration());
    fields.finish();
    Some(StaleInput { input: input?, after: after? })
}

/// `plausible = { entity = "...", min = -20, max = 90 }`.
pub(super) fn plausible(node: &Node<'_>, scope: &Scope<'_>) -> Option<Plausible> {
    let fields = node.fields()?;
    let (input, quantity) = input(&fields, scope);
    let limits = ends(&fields, quantity);
    fields.finish();
    Some(Plausible { input: input?, limits: limits? })
}

/// `{ min = 5, max = "60 °C" }`.
pub(super) fn limits(node: &Node<'_>, quantity: Quantity) -> Option<Limits> {
    let fields = node.fields()?;
    let limits = ends(&fields, quantity);
    fields.finish();
    limits
}

fn ends(fields: &Fields<'_>, quantity: Quantity) -> Option<Limits> {
    let written = fields.present(&["min", "max"]).len();
    let end = |key| fields.get(key).and_then(|node| node.threshold(quantity));
    let limits = Limits { min: end("min"), max: end("max") };
    if written == 0 {
        fields.missing("max", "write min = ..., max = ... or both");
    }
    if let (Some(min), Some(max)) = (limits.min, limits.max)
        && min > max
        && let Some(node) = fields.get("max")
    {
        node.error("out-of-range", format!("nothing is at least {min} and at most {max}"), "swap them");
        return None;
    }
    let read = usize::from(limits.min.is_some()) + usize::from(limits.max.is_some());
    (written > 0 && read == written).then_some(limits)
}

/// `agree = { entities = ["a.temperature", "b.temperature"], within = 2 }`.
pub(super) fn agree(node: &Node<'_>, scope: &Scope<'_>) -> Option<Agree> {
    let fields = node.fields()?;
    let entities =
        fields.required("entities", "name the two: entities = [\"a.temperature\", \"b.temperature\"]");
    let written = entities.as_ref().and_then(|node| node.list()).unwrap_or_default();
    if let Some(node) = entities.filter(|n| n.value.as_array().is_some_and(|a| a.len() != 2)) {
        node.error("one-pair", "two measurements can agree", "name just two");
    }
    let mut read =
        written.iter().filter_map(|node| node.entity(scope)).map(|entity| Input { entity, property: None });
    let (one, other) = (read.next(), read.next());
    let within = fields.required("within", "say how far apart they may be: within = 2");
    let within = within.and_then(|node| node.number_within(None, 0.0, 1e9));
    fields.finish();
    Some(Agree { one: one?, other: other?, within: within? })
}

/// An item of `lockout`: `{ entity = "...", is = true }`. What cannot be heard vetoes unless `stale = "fail"`.
pub(super) fn veto(node: &Node<'_>, scope: &Scope<'_>) -> Option<Veto> {
    let fields = node.fields()?;
    let (input, quantity) = input(&fields, scope);
    let test = test(&fields, quantity);
    let stale =
        fields.get("stale").and_then(|node| node.word(super::condition::STALE)).unwrap_or(Stale::Pass);
    fields.finish();
    Some(Veto { input: input?, test, unheard: stale == Stale::Pass })
}

/// An item of `after`: `{ entity = "stirrer.switch", is = true, for = "2m" }`.
pub(super) fn after(node: &Node<'_>, scope: &Scope<'_>) -> Option<After> {
    let fields = node.fields()?;
    let (input, quantity) = input(&fields, scope);
    let test = test(&fields, quantity);
    let time = fields.required("for", "say how long it must have been so: for = \"2m\"");
    let time = time.and_then(|node| node.duration());
    fields.finish();
    Some(After { input: input?, test, time: time? })
}

fn test(fields: &Fields<'_>, quantity: Quantity) -> Test {
    let test = Test {
        is: fields.get("is").and_then(|node| node.value_of(quantity)),
        above: fields.get("above").and_then(|node| node.threshold(quantity)),
        below: fields.get("below").and_then(|node| node.threshold(quantity)),
    };
    between(fields, test.above, test.below);
    if fields.present(&["is", "above", "below"]).is_empty() {
        fields.missing("is", "say what it must be: is = ..., above = ... or below = ...");
    }
    test
}

/// `budget = { most = "3.5 kW", draws = "2 kW", beside = [{ entity = "oven.switch", draws = "2.4 kW" }] }`.
pub(super) fn budget(node: &Node<'_>, scope: &Scope<'_>) -> Option<Budget> {
    let fields = node.fields()?;
    let watts = |node: Node<'_>| node.number_within(Unit::of("power"), 0.0, 1e6);
    let most = fields.required("most", "say what may be drawn together: most = \"3.5 kW\"");
    let draws = fields.required("draws", "say what the thing itself draws: draws = \"2 kW\"");
    let (most, draws) = (most.and_then(watts), draws.and_then(watts));
    let beside = fields
        .required("beside", "name the others: beside = [{ entity = \"oven.switch\", draws = \"2.4 kW\" }]");
    let beside = beside.map(|node| node.filled_list("a budget for one thing only")).unwrap_or_default();
    let beside = beside.iter().filter_map(|node| {
        let fields = node.fields()?;
        let (input, _) = input(&fields, scope);
        let draws = fields.required("draws", "say what it draws: draws = \"2.4 kW\"").and_then(watts);
        fields.finish();
        Some(Draw { input: input?, draws: draws? })
    });
    let beside: Vec<Draw> = beside.collect();
    fields.finish();
    let (most, draws) = (most?, draws?);
    if draws > most {
        let message = format!("it draws {draws} W by itself, and {most} W are allowed: it could never run");
        node.error("out-of-range", message, "make `most` larger");
        return None;
    }
    Some(Budget { most, draws, beside })
}

/// `max_run = { per_hour = "5m", per_day = "20m" }`.
pub(super) fn max_run(node: &Node<'_>) -> MaxRun {
    let Some(fields) = node.fields() else { return MaxRun::default() };
    let time = |key| fields.get(key).and_then(|node| node.duration());
    let read = MaxRun { per_hour: time("per_hour"), per_day: time("per_day") };
    if fields.present(&["per_hour", "per_day"]).is_empty() && fields.each().next().is_none() {
        fields.missing("per_hour", "write per_hour = \"5m\", per_day = \"20m\" or both");
    }
    fields.finish();
    read
}

/// `max_starts = { per_hour = 4, per_day = 20 }`.
pub(super) fn max_starts(node: &Node<'_>) -> MaxStarts {
    let Some(fields) = node.fields() else { return MaxStarts::default() };
    let count = |key| fields.get(key).and_then(|node| whole(&node));
    let read = MaxStarts { per_hour: count("per_hour"), per_day: count("per_day") };
    if fields.present(&["per_hour", "per_day"]).is_empty() && fields.each().next().is_none() {
        fields.missing("per_hour", "write per_hour = 4, per_day = 20 or both");
    }
    fields.finish();
    read
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1-1000")]
fn whole(node: &Node<'_>) -> Option<u32> {
    let number = node.number_within(None, 1.0, 1000.0)?;
    if number.fract() != 0.0 {
        node.error("out-of-range", format!("`{}` must be a whole number", node.path.last_key()), "");
        return None;
    }
    Some(number as u32)
}

/// `ineffective = { entity = "...", expect = "rise", by = 2, within = "20m" }`.
pub(super) fn ineffective(node: &Node<'_>, scope: &Scope<'_>) -> Option<Ineffective> {
    let fields = node.fields()?;
    let (input, _) = input(&fields, scope);
    let expect = fields.required("expect", "write expect = \"rise\" or expect = \"fall\"");
    let rises = expect.and_then(|node| node.word(&[("rise", true), ("fall", false)]));
    let by = fields.required("by", "say by how much, in its unit: by = 2");
    let by = by.and_then(|node| node.number_within(None, 0.0, 1e9));
    let within = fields.required("within", "say within what time: within = \"20m\"");
    let within = within.and_then(|node| node.duration());
    fields.finish();
    Some(Ineffective { input: input?, rises: rises?, by: by?, within: within? })
}
