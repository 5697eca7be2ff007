//! What is kept of trust, and what becomes of it when the home says something else.

use std::sync::Arc;

use lares_config::Home;
use lares_model::{Autonomy, Causes, Earned, Origin, Reply, Timer, TrustKey};

use super::asking::ended;
use super::earning::{OFFER, cancel, changed, offer_name, offer_timer};
use super::trust::{Sight, Trust, deeds};
use super::{Effect, Engine};
use crate::Directory;

/// The keys that what was earned is kept under begin so.
pub const EARNED: &str = "deed:";

impl Engine {
    /// Takes back one thing that was kept; `false`: it is none of this.
    pub fn restore_trust(&mut self, key: &str, bytes: &[u8]) -> bool {
        if let Some(rule) = key.strip_prefix("trust:") {
            if let Ok(trust) = serde_json::from_slice(bytes) {
                self.trust.insert(rule.into(), trust);
            }
            return true;
        }
        let Some(of) = key.strip_prefix(EARNED) else { return false };
        if let (Some(of), Ok(earned)) = (TrustKey::parse(of), serde_json::from_slice::<Earned>(bytes)) {
            self.turn = self.turn.max(earned.turn);
            self.earned.insert(of, earned);
        }
        true
    }

    /// Timers of offers that are missing.
    pub(super) fn offer_timers(&self, stands: &dyn Fn(&str, &str) -> bool, effects: &mut Vec<Effect>) {
        let before = self.trust.values().filter_map(|t| Some((t.offer.as_ref()?, OFFER.to_owned())));
        let of_deeds = self.earned.iter().filter_map(|(key, e)| Some((e.offer.as_ref()?, offer_name(key))));
        for (offer, name) in before.chain(of_deeds) {
            if !stands(&format!("rule:{}", offer.rule), &name) {
                effects.push(offer_timer(offer, name, &Causes::new()));
            }
        }
    }

    /// Whether a timer is one of an offer, and whether the offer stands.
    pub(super) fn is_of_an_offer(&self, rule: &str, timer: &Timer) -> Option<bool> {
        let rest = timer.name.strip_prefix(OFFER)?;
        if rest.is_empty() {
            return Some(self.trust.get(rule).is_some_and(|t| t.offer.is_some()));
        }
        let key = TrustKey::parse(rest.strip_prefix(':')?);
        let earned = key.and_then(|key| self.earned.get(&key));
        Some(earned.and_then(|e| e.offer.as_ref()).is_some_and(|offer| *offer.rule == *rule))
    }

    /// What rules say of themselves now: of one that says something else what was earned does not count any more, the file is the
    /// stronger word. What persons allowed who are no more is forgotten.
    pub(super) fn mind_words(&mut self, home: &Home, directory: &Directory, effects: &mut Vec<Effect>) {
        for (key, trust) in self.trust.clone() {
            let now = self.set.find(&key).and_then(|at| self.set.rules[at].rule.autonomy);
            if now == Some(trust.file) {
                continue;
            }
            let reason = "its rule changed";
            if let Some(question) = &trust.offer {
                effects.push(ended(question, Reply::Withdrawn, Origin::System, Causes::new()));
                effects.push(cancel(&key, OFFER.to_owned(), reason, &Causes::new()));
            }
            let from = self.stood(&key, &trust, home, directory);
            if from != trust.file {
                let to = now.unwrap_or(Autonomy::Act);
                let reason = "the home says something else of it now".to_owned();
                effects.push(changed(&key, (from, to), reason, &Causes::new()));
            }
            let word = now.map(|file| Trust { since: self.turn, ..Trust::new(file) });
            self.keep_trust(&key, word, effects);
        }
        self.note_words(effects);
        self.forget_gone(home, effects);
    }

    /// How much a rule did by itself under its old word, as far as its steps of now can tell.
    fn stood(&self, key: &str, trust: &Trust, home: &Home, directory: &Directory) -> Autonomy {
        let Some(at) = self.set.find(key) else { return trust.now };
        let deeds = deeds(&self.set.rules[at], false, &Sight { home, directory, now: None });
        deeds.iter().map(|deed| self.level(trust, deed)).min().unwrap_or(trust.now)
    }

    /// What each rule says is noted, so that it is seen when it says something else, also after a restart.
    fn note_words(&mut self, effects: &mut Vec<Effect>) {
        let says = |rule: &Arc<super::Compiled>| rule.rule.autonomy.map(|file| (rule.key.clone(), file));
        let all: Vec<_> = self.set.rules.iter().filter_map(says).collect();
        for (key, file) in
            all.into_iter().filter(|(key, _)| !self.trust.contains_key(key)).collect::<Vec<_>>()
        {
            self.keep_trust(&key, Some(Trust::new(file)), effects);
        }
    }

    /// Offers of rules that are gone, and what was allowed by persons who are.
    fn forget_gone(&mut self, home: &Home, effects: &mut Vec<Effect>) {
        for (key, mut earned) in self.earned.clone() {
            let person_gone = !key.person.is_empty() && !home.people.contains_key(&*key.person);
            let rule_says = |rule: &str| self.set.find(rule).and_then(|at| self.set.rules[at].rule.autonomy);
            let rule_gone = earned.offer.as_ref().is_some_and(|o| rule_says(&o.rule).is_none());
            if person_gone || rule_gone {
                self.withdraw(&key, &mut earned, "its rule or its person is gone", effects);
                let left = if person_gone { Earned::default() } else { Earned { yes: 0, well: 0, ..earned } };
                self.keep_earned(&key, left, effects);
            }
        }
    }

    pub(super) fn keep_trust(&mut self, key: &Arc<str>, trust: Option<Trust>, effects: &mut Vec<Effect>) {
        let value = trust.as_ref().and_then(|t| serde_json::to_vec(t).ok());
        effects.push(Effect::Keep((format!("trust:{key}"), value)));
        match trust {
            Some(trust) => drop(self.trust.insert(key.clone(), trust)),
            None => drop(self.trust.remove(key)),
        }
    }

    pub(super) fn keep_earned(&mut self, key: &TrustKey, earned: Earned, effects: &mut Vec<Effect>) {
        if self.earned.get(key) == Some(&earned) {
            return;
        }
        // What has earned nothing is as if it were new.
        let earned = Some(earned).filter(|e| *e != Earned::default());
        let value = earned.as_ref().and_then(|e| serde_json::to_vec(e).ok());
        effects.push(Effect::Keep((format!("{EARNED}{}", key.text()), value)));
        match earned {
            Some(earned) => drop(self.earned.insert(key.clone(), earned)),
            None => drop(self.earned.remove(key)),
        }
    }
}
