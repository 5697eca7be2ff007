//! What is going on and what comes next: holds, runs of rules, timers.

use lares_model::{Claim, NodeId, Until};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::say;

use super::{
    Moment, Names, ReadError, Source, Telling, TimerView,
    heads::Heads,
    sentence::set_words,
    table::{plain, table},
    timers::timers_of,
    value_json,
};

/// A claim that stands on a property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HoldView {
    pub entity: String,
    pub property: String,
    pub source: String,
    pub level: String,
    pub value: serde_json::Value,
    /// Null: until its source ends it.
    pub until: Option<Moment>,
    pub reason: String,
    pub text: String,
}

/// A run of a rule that is not finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunView {
    pub key: String,
    /// The rule as people call it.
    #[serde(default)]
    pub text: String,
    pub state: serde_json::Value,
}

/// What is intended at this moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanView {
    pub holds: Vec<HoldView>,
    pub runs: Vec<RunView>,
    pub timers: Vec<TimerView>,
}

pub fn plan(source: &dyn Source, told: &Telling) -> Result<PlanView, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let holds = holds(source, &names)?;
    let rule = |key: &str| names.rule_called(key.split('/').next().unwrap_or(key));
    let run = |(key, bytes): (String, Vec<u8>)| RunView {
        text: say!(told.tongue.phrases().rule, name = rule(&key)),
        key,
        state: serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into()),
    };
    let runs = source.states("rules")?.into_iter().map(run).collect();
    Ok(PlanView { holds, runs, timers: timers_of(source, told, &names)? })
}

/// All claims that stand.
pub(super) fn holds(source: &dyn Source, names: &Names) -> Result<Vec<HoldView>, ReadError> {
    Ok(source.states("claims")?.iter().filter_map(|(key, bytes)| hold(names, key, bytes)).collect())
}

/// Keys are `<entity>/<property>/<source>`.
fn hold(names: &Names, key: &str, bytes: &[u8]) -> Option<HoldView> {
    let (entity, rest) = key.split_once('/')?;
    let (property, _) = rest.split_once('/')?;
    let claim: Claim = serde_json::from_slice(bytes).ok()?;
    let id = u64::from_str_radix(entity, 16).ok().map(NodeId)?;
    let words = match lares_model::Property::parse(property) {
        Some(p) => set_words(names, id, p, &claim.value),
        None => format!("{property} to {}", claim.value),
    };
    Some(HoldView {
        entity: names.of(id),
        property: property.to_owned(),
        level: claim.level.name().to_owned(),
        value: value_json(Some(&claim.value)),
        until: match claim.until {
            Until::At(t) => Some(Moment(t)),
            _ => None,
        },
        reason: names.claim_reason(&claim),
        text: say!(
            names.tongue.phrases().holds,
            who = names.source(&claim.source),
            target = names.called(id),
            wish = words
        ),
        source: claim.source.to_string(),
    })
}

pub fn plan_text(plan: &PlanView, told: &Telling) -> String {
    let heads = Heads::of(told.tongue);
    let mut rows = Vec::new();
    for hold in &plan.holds {
        let until = hold.until.map(|m| say!(heads.until, clock = told.clock(m.0)));
        let until = until.unwrap_or_else(|| heads.until_released.to_owned());
        rows.push(vec![until, plain(&hold.text), plain(&hold.reason)]);
    }
    for run in &plan.runs {
        rows.push(vec![heads.running.to_owned(), plain(&run.text), String::new()]);
    }
    for timer in &plan.timers {
        rows.push(vec![told.clock(timer.due.0), plain(&timer.whose), told.ago(timer.due.0)]);
    }
    if rows.is_empty() { format!("{}\n", heads.no_plan) } else { table(&rows) }
}
