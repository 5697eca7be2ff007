//! The guard around each rule: one that fails is left out, and the others go on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lares_model::{Body, Causes, Detail, Draft, NodeId, Origin, Status};

use super::{Effect, Engine};
use crate::rules::compile::Compiled;
use crate::status::status_write;

impl Engine {
    /// Does something for one rule. If it fails, nothing of it is carried out and the rule is quarantined.
    pub(super) fn guarded(
        &mut self,
        rule: &Arc<Compiled>,
        causes: &Causes,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Self, &mut Vec<Effect>),
    ) {
        if self.quarantined.contains(&rule.key) {
            return;
        }
        let before = effects.len();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            assert!(self.broken.as_ref() != Some(&rule.key), "broken on purpose");
            act(self, effects);
        }));
        if let Err(panic) = outcome {
            effects.truncate(before);
            self.quarantine(rule, &words(&*panic), causes, effects);
        }
    }

    /// Leaves a rule out until the configuration changes; what it waits for and holds ends.
    pub(super) fn quarantine(
        &mut self,
        rule: &Arc<Compiled>,
        why: &str,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        tracing::error!(rule = %rule.key, why, "a rule failed; it is left out until the configuration changes");
        self.quarantined.insert(rule.key.clone());
        let status = Status::Quarantined(Detail::Failed(why.to_owned()));
        let node = NodeId::rule(&rule.key);
        let body = Body::RuleFailed { rule: rule.reference.clone(), reason: why.to_owned() };
        let mut draft = Draft::new(node, Origin::Rule(rule.key.clone()), body);
        draft.causes = causes.clone();
        effects.push(Effect::Publish(draft, vec![status_write(node, &status)]));
        let reason = "its rule failed";
        for trigger in 0..rule.rule.when.len() {
            self.disarm(&rule.key, trigger, reason, causes.clone(), effects);
            self.release(&rule.key, trigger, reason, causes, effects);
        }
        for number in self.runs_of(&rule.key) {
            self.cancel_run(number, reason, causes, effects);
        }
        self.queued.remove(&rule.key);
        effects.push(self.keep_queue(&rule.key));
    }

    /// A new configuration: every rule gets another chance.
    pub(super) fn unquarantine(&mut self, effects: &mut Vec<Effect>) {
        for key in std::mem::take(&mut self.quarantined) {
            let node = NodeId::rule(&key);
            let status = if self.set.find(&key).is_some() { Status::Online } else { Status::Removed };
            let write = status_write(node, &status);
            let draft = Draft::new(node, Origin::System, Body::StatusChanged { status });
            effects.push(Effect::Publish(draft, vec![write]));
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}
