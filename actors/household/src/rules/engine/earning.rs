//! Trust that is earned and lost: yes in a row, offers, what is taken back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::Intent;
use lares_model::{
    Asking, Autonomy, Body, Causes, Draft, Earned, Missed, NodeId, Origin, Question, Reply, TrustKey, Verb,
};

use super::asking::{ended, question_write};
use super::trust::{Sight, Trust, asked_of, deeds};
use super::{Effect, Engine, View};
use crate::rules::compile::Compiled;

/// So often in a row must somebody say yes to something before it is offered to do it by itself.
const ENOUGH: u32 = 5;
/// So often in a row must it be done by itself, and nobody take it back, before it is offered to say nothing of it.
const WELL: u32 = 10;
/// How long an offer stands.
const STANDS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The name of the timer of an offer to a rule alone, as older versions made them; before a key that of an offer of today.
pub(super) const OFFER: &str = "offer";

/// Who answered a question whether a rule may act.
pub(super) enum Answerer<'a> {
    Person(&'a str),
    /// Whoever sits at the machine: it may answer for the household, and for nobody else.
    Household,
    /// Nobody did in time.
    Nobody,
}

impl<'a> Answerer<'a> {
    pub fn of(origin: &'a Origin) -> Self {
        match origin {
            Origin::Person(key) => Self::Person(key),
            _ => Self::Household,
        }
    }

    /// Whether an answer counts for what is kept by this key.
    fn counts(&self, key: &TrustKey, yes: bool) -> bool {
        match self {
            Self::Person(person) => key.person.is_empty() || *key.person == **person,
            Self::Household => key.person.is_empty() || !yes,
            Self::Nobody => true,
        }
    }
}

impl Engine {
    /// A question whether a rule may act was answered. After enough yes in a row it is offered to do the same by itself.
    pub(super) fn answered(
        &mut self,
        (rule, otherwise): (&Arc<Compiled>, bool),
        yes: bool,
        by: &Answerer<'_>,
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(file) = rule.rule.autonomy else { return };
        let mut trust = self.trust_of(&rule.key, file);
        // What was counted for the rule alone goes on being counted.
        let counted = std::mem::take(&mut trust.yes);
        let level = |engine: &Self, deed: &_| engine.level(&trust, deed);
        for deed in deeds(rule, otherwise, &Sight::of(view)) {
            if !by.counts(&deed.key, yes) {
                continue;
            }
            let mut earned = self.earned.get(&deed.key).cloned().unwrap_or_default();
            earned.yes = if yes { earned.yes.max(counted).saturating_add(1) } else { 0 };
            let to = Autonomy::ActWithUndo;
            if earned.yes >= ENOUGH && level(self, &deed) < to && deed.most.0 >= to && deed.allowed {
                let says = format!(
                    "{}: you said yes {} times in a row to {}. Shall it act by itself from now on, as every rule that asks for \
                     this, and say how to undo it?",
                    rule.rule.name, earned.yes, deed.key
                );
                offer(rule, &deed.key, &mut earned, (to, says), causes, view, effects);
            }
            self.keep_earned(&deed.key, earned, effects);
        }
        if counted > 0 {
            self.keep_trust(&rule.key, Some(trust), effects);
        }
    }

    /// A rule does by itself what it earned, and says how to take it back. Often enough, and it is offered to say nothing.
    pub(super) fn did_well(
        &mut self,
        (rule, otherwise): (&Arc<Compiled>, bool),
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(file) = rule.rule.autonomy else { return };
        let trust = self.trust_of(&rule.key, file);
        for deed in deeds(rule, otherwise, &Sight::of(view)) {
            let Some(mut earned) = self.earned.get(&deed.key).cloned() else { continue };
            let by_it = earned.now == Some(Autonomy::ActWithUndo);
            if !by_it || self.level(&trust, &deed) != Autonomy::ActWithUndo {
                continue;
            }
            earned.well = earned.well.saturating_add(1);
            if earned.well >= WELL && deed.most.0 >= Autonomy::Act {
                let says = format!(
                    "{}: {} was done {} times by itself, and nobody took it back. Shall it be done from now on without a word?",
                    rule.rule.name, deed.key, earned.well
                );
                offer(rule, &deed.key, &mut earned, (Autonomy::Act, says), causes, view, effects);
            }
            self.keep_earned(&deed.key, earned, effects);
        }
    }

    /// An offer was taken (`Some`), or was not.
    pub(super) fn offer_ends(
        &mut self,
        question: &Question,
        taken: Option<Autonomy>,
        by: &Origin,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let who = match by {
            Origin::Person(key) => key.to_string(),
            _ => "the command line".to_owned(),
        };
        let of = |offer: &Option<Question>| offer.as_ref().is_some_and(|o| o.id == question.id);
        let (name, rule) = if let Some((key, mut earned)) = self.offered(&of) {
            earned.offer = None;
            (earned.yes, earned.well) = (0, 0);
            if let Some(to) = taken {
                let file = self.set.find(&question.rule).and_then(|at| self.set.rules[at].rule.autonomy);
                let said = file.map(|file| self.trust_of(&question.rule, file).now);
                let from = earned.now.or(said).unwrap_or(Autonomy::Ask);
                self.turn += 1;
                (earned.now, earned.turn) = (Some(to), self.turn);
                let reason = format!("{who} took the offer ({key})");
                effects.push(changed(&question.rule, (from, to), reason, causes));
            }
            self.keep_earned(&key, earned, effects);
            (offer_name(&key), question.rule.clone())
        } else if let Some((key, mut trust)) = self.offered_before(&of) {
            trust.offer = None;
            trust.yes = 0;
            if let Some(to) = taken {
                let from = std::mem::replace(&mut trust.now, to);
                effects.push(changed(&key, (from, to), format!("{who} took the offer"), causes));
            }
            self.keep_trust(&key, Some(trust), effects);
            (OFFER.to_owned(), key)
        } else {
            return;
        };
        effects.push(cancel(&rule, name, "it was answered", causes));
    }

    /// Nobody said anything to an offer: it is made again after as many times more.
    pub(super) fn offer_lapses(
        &mut self,
        rule: &str,
        key: Option<&str>,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let question = match key.map(TrustKey::parse) {
            Some(Some(key)) => {
                let Some(mut earned) = self.earned.get(&key).cloned() else { return };
                let question = earned.offer.take();
                (earned.yes, earned.well) = (0, 0);
                self.keep_earned(&key, earned, effects);
                question
            }
            Some(None) => None,
            None => {
                let kept = self.trust.get_key_value(rule).map(|(k, t)| (k.clone(), t.clone()));
                let Some((key, mut trust)) = kept else { return };
                let question = trust.offer.take();
                trust.yes = 0;
                self.keep_trust(&key, Some(trust), effects);
                question
            }
        };
        if let Some(question) = question {
            effects.push(ended(&question, Reply::Silence, Origin::Timer, causes.clone()));
        }
    }

    /// What a rule did was taken back by somebody: from then on the same is asked for. `done`: what was taken back, as kinds of thing and
    /// what was done with them; empty: nobody knows, and all that the rule does counts.
    pub fn taken_back(
        &mut self,
        intent: &Intent,
        key: &str,
        done: &BTreeSet<(&'static str, Verb)>,
        view: &View<'_>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        let rule = self.set.find(key).map(|at| self.set.rules[at].clone());
        let Some((rule, file)) = rule.and_then(|r| r.rule.autonomy.map(|file| (r, file))) else {
            return effects;
        };
        let trust = self.trust_of(&rule.key, file);
        let reason = format!("what it did was taken back by {}", intent.source);
        // Who is asked loses what they allowed; of somebody else's word all of them do.
        let own = match &intent.origin {
            Origin::Person(person) => asked_of(&rule).into_iter().find(|asked| asked == person),
            _ => None,
        };
        let mut all = deeds(&rule, false, &Sight::of(view));
        all.extend(deeds(&rule, true, &Sight::of(view)));
        let same =
            |key: &TrustKey| done.iter().any(|(domain, verb)| **domain == *key.domain && *verb == key.verb);
        // What goes with it (a lamp's brightness) is known by its kind only.
        let known = all.iter().any(|deed| same(&deed.key));
        let is_done = |key: &TrustKey| match known {
            true => same(key),
            false => done.is_empty() || done.iter().any(|(domain, _)| **domain == *key.domain),
        };
        let mut seen = BTreeSet::new();
        for deed in all {
            let whose = own.as_ref().is_none_or(|own| *own == deed.key.person);
            if !whose || !is_done(&deed.key) || !seen.insert(deed.key.clone()) {
                continue;
            }
            let mut earned = self.earned.get(&deed.key).cloned().unwrap_or_default();
            (earned.yes, earned.well) = (0, 0);
            let from = self.level(&trust, &deed);
            if from >= Autonomy::ActWithUndo {
                self.turn += 1;
                (earned.now, earned.turn) = (Some(Autonomy::Ask), self.turn);
                self.withdraw(&deed.key, &mut earned, "what it offers was taken back", &mut effects);
                let to = file.min(Autonomy::Ask);
                let reason = format!("{reason} ({})", deed.key);
                effects.push(changed(&rule.key, (from, to), reason, &intent.causes));
            }
            self.keep_earned(&deed.key, earned, &mut effects);
        }
        // What it had by itself is gone with it.
        if trust.now >= Autonomy::ActWithUndo && trust.now != file {
            self.keep_trust(&rule.key, Some(Trust { now: file, ..trust }), &mut effects);
        }
        effects
    }

    /// An offer that nobody needs to answer any more.
    pub(super) fn withdraw(
        &self,
        key: &TrustKey,
        earned: &mut Earned,
        reason: &str,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(question) = earned.offer.take() {
            effects.push(ended(&question, Reply::Withdrawn, Origin::System, Causes::new()));
            effects.push(cancel(&question.rule, offer_name(key), reason, &Causes::new()));
        }
    }

    fn offered(&self, is: &dyn Fn(&Option<Question>) -> bool) -> Option<(TrustKey, Earned)> {
        let found = self.earned.iter().find(|(_, earned)| is(&earned.offer));
        found.map(|(key, earned)| (key.clone(), earned.clone()))
    }

    fn offered_before(&self, is: &dyn Fn(&Option<Question>) -> bool) -> Option<(Arc<str>, Trust)> {
        let found = self.trust.iter().find(|(_, trust)| is(&trust.offer));
        found.map(|(key, trust)| (key.clone(), trust.clone()))
    }
}

/// Asks whether so much may be done of something by itself, unless that is asked already.
fn offer(
    rule: &Arc<Compiled>,
    key: &TrustKey,
    earned: &mut Earned,
    (to, text): (Autonomy, String),
    causes: &Causes,
    view: &View<'_>,
    effects: &mut Vec<Effect>,
) {
    if earned.offer.is_some() {
        return;
    }
    let question = Question {
        id: Question::id_of(&format!("{}/{}", rule.key, key.text()), u64::MAX, view.now),
        text,
        rule: rule.key.clone(),
        to: if key.person.is_empty() { Vec::new() } else { vec![key.person.clone()] },
        kind: Asking::Offer(to),
        asked: view.now,
        until: view.now + STANDS,
    };
    let draft = draft(&rule.key, Body::Asked(Box::new(question.clone())), causes);
    effects.push(Effect::Publish(draft, vec![question_write(&question, true)]));
    effects.push(offer_timer(&question, offer_name(key), causes));
    earned.offer = Some(question);
}

pub(super) fn offer_name(key: &TrustKey) -> String {
    format!("{OFFER}:{}", key.text())
}

pub(super) fn offer_timer(question: &Question, name: String, causes: &Causes) -> Effect {
    Effect::SetTimer {
        owner: format!("rule:{}", question.rule).into(),
        name,
        due: question.until,
        length: STANDS,
        missed: Missed::RunOnce,
        causes: causes.clone(),
    }
}

pub(super) fn cancel(rule: &str, name: String, reason: &str, causes: &Causes) -> Effect {
    Effect::CancelTimer {
        owner: format!("rule:{rule}").into(),
        name,
        reason: reason.to_owned(),
        causes: causes.clone(),
    }
}

/// Says on record that a rule does more or less by itself now.
pub(super) fn changed(
    key: &Arc<str>,
    (from, to): (Autonomy, Autonomy),
    reason: String,
    causes: &Causes,
) -> Effect {
    Effect::Publish(draft(key, Body::AutonomyChanged { from, to, reason }, causes), Vec::new())
}

fn draft(key: &Arc<str>, body: Body, causes: &Causes) -> Draft {
    let mut draft = Draft::new(NodeId::rule(key), Origin::Rule(key.clone()), body);
    draft.causes = causes.clone();
    draft
}
