//! Interlocks: what no rule, plan, voice or person passes silently.

use std::fmt;
use std::time::Duration;

use lares_model::{Level, Property, Value};
use serde::Serialize;

use super::{EntityRef, Place, Test, duration_words};

/// One interlock, on one property of one entity.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Interlock {
    pub place: Place,
    pub name: String,
    /// From `life_safety` to `interlock`: it clamps every claim at this level and below.
    pub level: Level,
    /// What it guards.
    pub of: EntityRef,
    pub property: Property,
    /// The declared safe state of the property. `None` only where nothing but a range is declared.
    pub safe: Option<Value>,
    /// In the property's unit.
    pub bound: Option<Limits>,
    pub stale: Option<StaleInput>,
    pub plausible: Option<Plausible>,
    pub agree: Option<Agree>,
    /// Any of these vetoes.
    pub lockout: Vec<Veto>,
    /// Once tripped by a lockout or by `max_on`, only a person clears it.
    pub latched: bool,
    pub min_on: Option<Duration>,
    pub min_off: Option<Duration>,
    pub max_on: Option<Duration>,
    pub max_starts: MaxStarts,
    /// None of these may be out of its own safe state together with this one.
    pub exclusive: Vec<EntityRef>,
    pub ineffective: Option<Ineffective>,
    /// It stays safe for so long after the household started.
    pub boot_delay: Option<Duration>,
    /// All of these must have been so, each for its time.
    pub after: Vec<After>,
    pub budget: Option<Budget>,
    /// What somebody must say before each start, in words.
    pub gate: Option<String>,
    /// How much it may run within an hour and a day.
    pub max_run: MaxRun,
    /// A latch is told again each time it has waited so long for somebody.
    pub remind: Option<Duration>,
}

impl Interlock {
    /// Devices whose readings it looks at.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        let agree = self.agree.iter().flat_map(|a| [&a.one, &a.other]);
        (self.stale.iter().map(|s| &s.input))
            .chain(self.plausible.iter().map(|p| &p.input))
            .chain(agree)
            .chain(self.lockout.iter().map(|v| &v.input))
            .chain(self.ineffective.iter().map(|i| &i.input))
            .chain(self.after.iter().map(|a| &a.input))
            .chain(self.budget.iter().flat_map(|b| b.beside.iter().map(|d| &d.input)))
    }

    /// Whether a device has to do with it: it is guarded, or its readings count.
    pub fn names(&self, device: &str) -> bool {
        self.of.device == device || self.inputs().any(|i| i.entity.device == device)
    }
}

/// The least and the most that a number may be; the ends are allowed.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Limits {
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// A property whose readings are looked at. `property: None`: the entity's main one.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Input {
    pub entity: EntityRef,
    pub property: Option<Property>,
}

/// A measurement older than `after` is none.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StaleInput {
    pub input: Input,
    pub after: Duration,
}

/// A measurement beyond these is the sensor's failure.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Plausible {
    pub input: Input,
    pub limits: Limits,
}

/// Two measurements of the same thing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Agree {
    pub one: Input,
    pub other: Input,
    /// In their unit.
    pub within: f64,
}

/// A condition that vetoes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Veto {
    pub input: Input,
    pub test: Test,
    /// An input that cannot be heard vetoes as well.
    pub unheard: bool,
}

/// What must have been so for so long.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct After {
    pub input: Input,
    pub test: Test,
    pub time: Duration,
}

/// What may be drawn together, watts.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Budget {
    pub most: f64,
    /// By the thing itself.
    pub draws: f64,
    pub beside: Vec<Draw>,
}

/// What another thing draws while it is on, watts.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Draw {
    pub input: Input,
    pub draws: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MaxRun {
    pub per_hour: Option<Duration>,
    pub per_day: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MaxStarts {
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
}

/// Running must move a measurement.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Ineffective {
    pub input: Input,
    pub rises: bool,
    /// In its unit.
    pub by: f64,
    pub within: Duration,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entity.fmt(f)?;
        self.property.map_or(Ok(()), |p| write!(f, " {}", p.name()))
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (Some(min), Some(max)) => write!(f, "{min} to {max}"),
            (Some(min), None) => write!(f, "at least {min}"),
            (None, Some(max)) => write!(f, "at most {max}"),
            (None, None) => f.write_str("anything"),
        }
    }
}

impl fmt::Display for MaxStarts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.per_hour, "an hour"), (self.per_day, "a day")];
        let words: Vec<String> =
            parts.iter().filter_map(|(n, per)| Some(format!("{} {per}", (*n)?))).collect();
        f.write_str(&words.join(", "))
    }
}

/// What it does, in a line: `stale after 15m; at least 5m off`.
impl fmt::Display for Interlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if let Some(stale) = &self.stale {
            parts.push(format!("{} no older than {}", stale.input, duration_words(stale.after)));
        }
        if let Some(plausible) = &self.plausible {
            parts.push(format!("{} plausible within {}", plausible.input, plausible.limits));
        }
        if let Some(agree) = &self.agree {
            parts.push(format!("{} and {} agree within {}", agree.one, agree.other, agree.within));
        }
        parts.extend(self.lockout.iter().map(|v| format!("not while {}{}", v.input, v.test)));
        if let Some(limits) = &self.bound {
            parts.push(limits.to_string());
        }
        let times = [
            (self.min_on, "at least", "on"),
            (self.min_off, "at least", "off"),
            (self.max_on, "at most", "on"),
        ];
        parts.extend(
            times.iter().filter_map(|(d, how, what)| Some(format!("{how} {} {what}", duration_words((*d)?)))),
        );
        if self.max_starts != MaxStarts::default() {
            parts.push(format!("at most {} starts", self.max_starts));
        }
        let runs = [(self.max_run.per_hour, "an hour"), (self.max_run.per_day, "a day")];
        parts.extend(
            runs.iter().filter_map(|(d, per)| Some(format!("at most {} on {per}", duration_words((*d)?)))),
        );
        for after in &self.after {
            let time = duration_words(after.time);
            parts.push(format!("only after {}{} for {time}", after.input, after.test));
        }
        if let Some(budget) = &self.budget {
            let beside: Vec<String> = budget.beside.iter().map(|d| d.input.to_string()).collect();
            parts.push(format!("at most {} W together with {}", budget.most, beside.join(", ")));
        }
        parts.extend(self.gate.iter().map(|words| format!("somebody says before each start: {words}")));
        parts.extend(self.exclusive.iter().map(|e| format!("not together with {e}")));
        if let Some(i) = &self.ineffective {
            let way = if i.rises { "rises" } else { "falls" };
            parts.push(format!("{} {way} by {} within {}", i.input, i.by, duration_words(i.within)));
        }
        parts.extend(self.boot_delay.map(|d| format!("safe for {} after a start", duration_words(d))));
        f.write_str(&parts.join("; "))
    }
}
