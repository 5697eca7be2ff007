//! Durable timers.

use lares_model::Missed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::say;

use super::{
    Moment, Names, ReadError, Source, Telling,
    heads::Heads,
    table::{plain, table},
};

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimerView {
    pub owner: String,
    pub name: String,
    /// Whose it is and what for, as people call it: `rule “Bedtime”`.
    #[serde(default)]
    pub whose: String,
    pub due: Moment,
    pub length_s: f64,
    /// Negative: it should have fired.
    pub left_s: f64,
    /// What happens if it comes due while nothing runs.
    pub missed: String,
    /// The event that set it.
    pub cause: String,
}

/// All timers, the next one first.
pub fn timers(source: &dyn Source, told: &Telling) -> Result<Vec<TimerView>, ReadError> {
    timers_of(source, told, &Names::read(source)?.told_in(told.tongue))
}

pub(super) fn timers_of(
    source: &dyn Source,
    told: &Telling,
    names: &Names,
) -> Result<Vec<TimerView>, ReadError> {
    let mut timers = source.timers()?;
    timers.sort_by(|a, b| (a.due, &a.owner, &a.name).cmp(&(b.due, &b.owner, &b.name)));
    let heads = Heads::of(told.tongue);
    let view = |t: lares_model::Timer| TimerView {
        whose: whose(names, &t.owner, &t.name),
        owner: t.owner.to_string(),
        name: t.name.to_string(),
        due: Moment(t.due),
        length_s: t.length.as_secs_f64(),
        left_s: t.due.0.saturating_sub(told.now.0) as f64 / 1e6,
        missed: match t.missed {
            Missed::RunOnce => heads.fires_late.to_owned(),
            Missed::RunIfWithin(d) => say!(heads.fires_within, length = told.tongue.length(d)),
            Missed::Report => heads.reported.to_owned(),
        },
        cause: t.cause.to_string(),
    };
    Ok(timers.into_iter().map(view).collect())
}

/// Whose a durable timer is, and what for. A rule's times of day are the planner's.
fn whose(names: &Names, owner: &str, name: &str) -> String {
    let t = names.tongue.phrases();
    let key = match owner.split_once(':') {
        None if owner == "plan" => name.split('#').next().unwrap_or(name),
        Some(("rule", key)) => key,
        // Somebody's own: `timer:kitchen` or `timer:`.
        Some(("timer", room)) => {
            let room = if room.is_empty() { String::new() } else { format!(", {}", names.room_called(room)) };
            return format!("{}{room}", say!(t.our_timer, name = name));
        }
        _ => return format!("{owner} {name}"),
    };
    let rule = say!(t.rule, name = names.rule_called(key));
    if name.starts_with("for:") { say!(t.if_it_stays, rule = rule) } else { rule }
}

pub fn timers_text(timers: &[TimerView], told: &Telling) -> String {
    let heads = Heads::of(told.tongue);
    if timers.is_empty() {
        return format!("{}\n", heads.no_timers);
    }
    let row = |t: &TimerView| {
        vec![
            told.clock(t.due.0),
            told.ago(t.due.0),
            plain(&t.whose),
            plain(&format!("{} {}", t.owner, t.name)),
            say!(heads.if_missed, missed = t.missed),
            say!(heads.set_by, cause = t.cause),
        ]
    };
    table(&timers.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tongue::Tongue;

    #[test]
    fn a_timer_is_told_by_whose_it_is() {
        let names = Names::default();
        let told = |owner: &str, name: &str| whose(&names, owner, name);
        assert_eq!(told("plan", "bedtime#1"), "rule bedtime");
        assert_eq!(told("rule:hall-light-off", "for:0"), "rule hall-light-off, if it stays so until then");
        assert_eq!(told("rule:away", "delay:3"), "rule away");
        assert_eq!(told("timer:kitchen", "bread"), "timer bread, kitchen");
        assert_eq!(told("links", "scan"), "links scan");
        let german = Names::default().told_in(Tongue::German);
        assert_eq!(whose(&german, "rule:x", "for:0"), "Regel x, wenn es bis dahin so bleibt");
    }
}
