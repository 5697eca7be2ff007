//! What a rule would do, tried without moving anything.

use std::time::Duration;

use lares_model::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::interlocks::active_of;
use super::{Names, ReadError, Source, Telling, length, plain};

/// What a rule would do, tried without moving anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialView {
    pub id: String,
    pub name: String,
    /// Why it would not be set off at all; empty: it would.
    pub rests: String,
    /// What is taken as having happened.
    pub trigger: String,
    /// What else could set it off.
    pub others: Vec<String>,
    pub conditions: Vec<TrialCondition>,
    /// All conditions hold.
    pub met: bool,
    pub steps: Vec<TrialStep>,
    /// It would go on after the last step that is shown.
    pub goes_on: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialCondition {
    pub text: String,
    pub found: String,
    pub met: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialStep {
    /// Seconds after it was set off.
    pub after_s: u64,
    pub text: String,
    /// Who goes before it now, if anybody does: the wish would stand behind.
    pub behind: Vec<String>,
    /// What it would claim: target as it is named, property, level.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub claims: Vec<(String, String, u16)>,
}

/// Says who stands before each wish of a trial.
pub fn trial(source: &dyn Source, told: &Telling, mut trial: TrialView) -> Result<TrialView, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let holds = super::plan::holds(source, &names)?;
    trial.rests = names.reason(&trial.rests);
    trial.trigger = names.reason(&trial.trigger);
    for other in &mut trial.others {
        // `2: at 07:00`
        let (number, text) = other.split_once(": ").unwrap_or(("", other));
        *other = format!("{number}: {}", names.reason(text));
    }
    for condition in &mut trial.conditions {
        (condition.text, condition.found) = names.fact(&condition.text, &condition.found);
    }
    let locks = super::interlocks(source, told)?;
    for step in &mut trial.steps {
        step.text = names.tried(&step.text);
        for (target, property, level) in &step.claims {
            step.behind.extend(active_of(&locks, target).map(|lock| lock.words(told.tongue)));
            let before = holds.iter().filter(|h| {
                let stronger = Level::parse(&h.level).is_some_and(|l| u16::from(l) < *level);
                h.entity == *target && h.property == *property && stronger
            });
            step.behind.extend(before.map(|h| format!("{} ({})", h.text, told.tongue.level(&h.level))));
        }
    }
    Ok(trial)
}

pub fn trial_text(trial: &TrialView) -> String {
    let mut out = format!("{} ({}), tried: nothing is moved\n", plain(&trial.name), trial.id);
    if !trial.rests.is_empty() {
        out.push_str(&format!("  it would not be set off: {}\n", trial.rests));
    }
    out.push_str(&format!("  when  {}\n", plain(&trial.trigger)));
    for c in &trial.conditions {
        let word = if c.met { "holds" } else { "does not hold" };
        out.push_str(&format!("  if    {}: {word} ({})\n", plain(&c.text), plain(&c.found)));
    }
    if trial.steps.is_empty() {
        out.push_str(if trial.met { "  then  nothing\n" } else { "  so it would do nothing\n" });
    }
    for (n, step) in trial.steps.iter().enumerate() {
        let word = match (n, trial.met) {
            (0, true) => "then",
            (0, false) => "else",
            _ => "    ",
        };
        let after = Duration::from_secs(step.after_s);
        let after = if step.after_s == 0 { "at once".to_owned() } else { format!("after {}", length(after)) };
        out.push_str(&format!("  {word}  {after}: {}\n", plain(&step.text)));
        for who in &step.behind {
            out.push_str(&format!("          but it would stand behind: {}\n", plain(who)));
        }
    }
    if trial.goes_on {
        out.push_str("        and so on\n");
    }
    if !trial.others.is_empty() {
        let others = trial.others.join("; ");
        out.push_str(&format!("  other triggers (--trigger): {}\n", plain(&others)));
    }
    out
}
