//! The plan: what comes next for every timed trigger. Pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, ToSpan, Zoned};
use lares_config::{Home, Missed, Trigger};
use lares_model::{Filter, Timer, Timestamp};

use super::sun_event;

/// Owner of the plan's timers.
pub const OWNER: &str = "plan";

/// One step: a trigger of a rule and when it is due.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    pub due: Timestamp,
    pub missed: Missed,
}

/// The next moment of every timed trigger, by timer name (`rule#trigger`). Immutable: a new one has this as its parent.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    pub steps: BTreeMap<String, Step>,
}

/// What turns a plan into the next.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Difference {
    pub set: Vec<(String, Step)>,
    pub cancel: Vec<String>,
}

/// What begins and is due, for those who plan.
pub trait Calendar {
    /// When the next of what fits begins or is due, after an instant.
    fn next(&self, filter: &Filter, after: Timestamp) -> Option<Timestamp>;
}

impl Plan {
    /// The plan of a home from `now` on.
    pub fn make(home: &Home, now: Timestamp, calendar: &dyn Calendar) -> Self {
        let mut steps = BTreeMap::new();
        for (key, rule) in home.rules.iter().filter(|(_, r)| r.enabled) {
            for (n, trigger) in rule.when.iter().enumerate() {
                if let Some(due) = next(trigger, home, now, calendar) {
                    steps.insert(format!("{key}#{n}"), Step { due, missed: rule.missed });
                }
            }
        }
        Self { steps }
    }

    /// What must change so that `standing` timers become this plan. A timer that is overdue is left: it was missed, and
    /// its policy decides.
    pub fn differs_from(&self, standing: &[Timer], now: Timestamp) -> Difference {
        let mut difference = Difference::default();
        for (name, step) in &self.steps {
            let stands = standing.iter().find(|t| *t.name == **name);
            if stands.is_none_or(|t| t.due > now && (t.due != step.due || t.missed != step.missed)) {
                difference.set.push((name.clone(), *step));
            }
        }
        let gone = standing.iter().filter(|t| !self.steps.contains_key(&*t.name));
        difference.cancel.extend(gone.map(|t| t.name.to_string()));
        difference
    }
}

/// The next moment of a timed trigger after `now`.
pub fn next(trigger: &Trigger, home: &Home, now: Timestamp, calendar: &dyn Calendar) -> Option<Timestamp> {
    let zone = home.household.zone.clone();
    let local = jiff::Timestamp::from_microsecond(now.0).ok()?.to_zoned(zone.clone());
    // A year finds every day of the week and, but for the poles, a sunrise.
    let mut days = (-1..=366).filter_map(|n| local.date().checked_add(n.days()).ok());
    match trigger {
        Trigger::Time { at, days: on } => days
            .filter(|day| on.contains(day.weekday()))
            .filter_map(|day| day.to_datetime(*at).to_zoned(zone.clone()).ok())
            .map(|z: Zoned| Timestamp(z.timestamp().as_microsecond()))
            .find(|due| *due > now),
        Trigger::Every { period } => days.find_map(|day| {
            let midnight = day.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond();
            let period = i64::try_from(period.as_micros()).ok()?;
            let due = midnight + ((now.0 - midnight).max(0) / period + 1) * period;
            // A day that is not a whole number of periods ends with a short one.
            let end = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond();
            (now.0 < end).then_some(Timestamp(due.min(end).max(midnight)))
        }),
        Trigger::Sun { event, offset } => {
            let (latitude, longitude) = home.household.latitude.zip(home.household.longitude)?;
            days.find_map(|day| {
                let due = shifted(sun_event(*event, day, latitude, longitude)?, *offset);
                (due > now).then_some(due)
            })
        }
        Trigger::Calendar { filter, offset } => {
            Some(shifted(calendar.next(filter, shifted(now, -*offset))?, *offset))
        }
        _ => None,
    }
}

fn shifted(at: Timestamp, offset: SignedDuration) -> Timestamp {
    Timestamp(at.0.saturating_add(i64::try_from(offset.as_micros()).unwrap_or(0)))
}
