//! Counts what happens on the bus. It only counts: it neither answers nor keeps anything from anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use lares_household::House;
use lares_kernel::Interest;
use lares_model::{Body, ChildChange, Event, EventId, NodeId, Origin, Outcome, Timestamp, Verdict};

use super::{Deed, RuleCount, Summary};

/// Counts of one replay.
#[derive(Clone, Default)]
pub struct Observer(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    commands: u64,
    receipts: BTreeMap<&'static str, u64>,
    decisions: BTreeMap<&'static str, u64>,
    rules: BTreeMap<Arc<str>, RuleCount>,
    entities: BTreeMap<NodeId, u64>,
    problems: u64,
    restarts: u64,
    /// Firings whose decisions were seen: one firing may wish for many things.
    fired: BTreeSet<(Arc<str>, EventId)>,
    deeds: Vec<(Timestamp, Option<NodeId>, String, Arc<str>)>,
}

impl Observer {
    /// Listens to everything from now on.
    pub fn attend(&self, house: &House) {
        let seen = self.0.clone();
        house.world().bus().subscribe(
            &"simulation/observer".into(),
            vec![Interest::Everything],
            move |event| {
                seen.lock().unwrap_or_else(PoisonError::into_inner).note(event);
            },
        );
    }

    /// Puts what was seen into a summary, with names in place of nodes.
    pub fn tell(&self, house: &House, summary: &mut Summary) {
        let seen = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let directory = house.directory();
        let name = |id: NodeId| match directory.entity(id) {
            Some(entity) => entity.reference.to_string(),
            None => id.to_string(),
        };
        let words = |counts: BTreeMap<&'static str, u64>| {
            counts.into_iter().map(|(k, n)| (k.to_owned(), n)).collect()
        };
        summary.commands = seen.commands;
        summary.receipts = words(seen.receipts);
        summary.decisions = words(seen.decisions);
        summary.rules = seen.rules.into_iter().map(|(k, c)| (k.to_string(), c)).collect();
        summary.entities = seen.entities.into_iter().map(|(id, n)| (name(id), n)).collect();
        summary.problems = seen.problems;
        summary.restarts = seen.restarts;
        let deed = |(at, entity, what, by): (Timestamp, Option<NodeId>, String, Arc<str>)| Deed {
            at,
            entity: entity.map(name),
            what,
            by: by.to_string(),
        };
        summary.deeds = seen.deeds.into_iter().map(deed).collect();
    }
}

impl Seen {
    fn note(&mut self, event: &Event) {
        match &event.body {
            Body::Decision(verdict) => self.decision(event, verdict),
            Body::Receipt { receipt, .. } => *self.receipts.entry(receipt.word()).or_default() += 1,
            Body::RuleSkipped { basis } => self.rule(&basis.rule.key).skipped += 1,
            Body::RuleFailed { rule, .. } => self.rule(&rule.key).failed += 1,
            Body::Problem { .. } => self.problems += 1,
            Body::Child { change: ChildChange::Restarted | ChildChange::Quarantined, .. } => {
                self.restarts += 1
            }
            Body::Notice { text } => {
                let by = match &event.origin {
                    Origin::Rule(key) => {
                        self.rule(key).notices += 1;
                        self.firing(key, event);
                        format!("rule:{key}").into()
                    }
                    _ => "household".into(),
                };
                self.deeds.push((event.seen, None, text.clone(), by));
            }
            _ => {}
        }
    }

    fn decision(&mut self, event: &Event, verdict: &Verdict) {
        let word = match &verdict.outcome {
            Outcome::Commanded { .. } => "commanded",
            Outcome::AlreadySo { .. } => "already_so",
            Outcome::Not(receipt) => receipt.word(),
        };
        *self.decisions.entry(word).or_default() += 1;
        if let Some(basis) = &verdict.basis {
            self.firing(&basis.rule.key, event);
        }
        let Outcome::Commanded { value } = &verdict.outcome else { return };
        self.commands += 1;
        *self.entities.entry(event.subject).or_default() += 1;
        if let Some(basis) = &verdict.basis {
            self.rule(&basis.rule.key).commands += 1;
        }
        let what = format!("{}={value}", verdict.property.name());
        self.deeds.push((event.seen, Some(event.subject), what, verdict.claim.source.clone()));
    }

    fn rule(&mut self, key: &Arc<str>) -> &mut RuleCount {
        self.rules.entry(key.clone()).or_default()
    }

    /// What a rule does names what set it off: last, after the timers of its delays.
    fn firing(&mut self, key: &Arc<str>, event: &Event) {
        let cause = event.causes.last().copied().unwrap_or(event.id);
        if self.fired.insert((key.clone(), cause)) {
            self.rule(key).fired += 1;
        }
    }
}
