//! A rule tried, as a surface shows it.

use lares_household::House;
use lares_household::rules::{Assumed, Trial, try_rule};
use lares_surfaces::control::TryRule;
use lares_surfaces::views::{TrialCondition, TrialStep, TrialView};

pub(super) fn tried(house: &House, asked: &TryRule) -> Result<TrialView, String> {
    let assumed = Assumed { trigger: asked.trigger.clone(), values: asked.assume.clone(), at: asked.at };
    let trial = try_rule(house, &asked.rule, &assumed)?;
    let Trial { name, rests, triggers, trigger, conditions, met, steps, goes_on } = trial;
    let condition = |(text, found, met)| TrialCondition { text, found, met };
    let step = |step: lares_household::rules::TrialStep| TrialStep {
        after_s: step.after.as_secs(),
        text: step.text,
        behind: Vec::new(),
        claims: step.claims.into_iter().map(|(t, p, l)| (t, p.name().to_owned(), l.into())).collect(),
    };
    let others = triggers.iter().enumerate().filter(|(n, _)| *n != trigger);
    Ok(TrialView {
        id: asked.rule.clone(),
        name,
        rests,
        trigger: triggers.get(trigger).cloned().unwrap_or_default(),
        others: others.map(|(n, text)| format!("{}: {text}", n + 1)).collect(),
        conditions: conditions.into_iter().map(condition).collect(),
        met,
        steps: steps.into_iter().map(step).collect(),
        goes_on,
    })
}
