//! How much a rule does by itself: what its file says, what it has earned, and what is never earned.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::Intent;
use lares_model::{
    Asking, Autonomy, Body, Causes, Draft, Level, Missed, NodeId, Origin, Question, Reply, Write,
};
use serde::{Deserialize, Serialize};

use super::asking::{ended, question_write};
use super::{Effect, Engine, View};
use crate::rules::compile::Compiled;
use crate::rules::concerned::concerned;

/// The graph's owner of what rules have earned, by their keys.
const TRUST_OWNER: &str = "autonomy";
/// So often in a row must somebody say yes before a rule is offered to act by itself.
const ENOUGH: u32 = 5;
/// How long an offer stands.
const STANDS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The name of an offer's timer.
pub(super) const OFFER: &str = "offer";

/// What a rule has earned since its file says what it says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Trust {
    /// What the file said then: it begins again when that is something else.
    pub file: Autonomy,
    pub now: Autonomy,
    /// How often somebody said yes in a row.
    pub yes: u32,
    pub offer: Option<Question>,
}

impl Trust {
    fn new(file: Autonomy) -> Self {
        Self { file, now: file, yes: 0, offer: None }
    }
}

impl Engine {
    /// How much a rule does by itself with one of its ways, and what says so.
    pub(super) fn autonomy(&self, rule: &Compiled, otherwise: bool, view: &View<'_>) -> (Autonomy, String) {
        let own = rule.rule.autonomy;
        if own.is_none() && view.home.autonomy.is_empty() {
            return (Autonomy::Act, String::new());
        }
        let earned = own.map(|own| self.trust_of(rule, own).now).unwrap_or(Autonomy::Act);
        let (most, because) = self.most(rule, otherwise, view);
        match most < earned {
            true => (most, because),
            false => (earned, format!("its autonomy is {}", earned.name())),
        }
    }

    /// The most that a rule may ever do by itself with one of its ways, and what says so.
    fn most(&self, rule: &Compiled, otherwise: bool, view: &View<'_>) -> (Autonomy, String) {
        let mut most = (Autonomy::Act, String::new());
        // What is done for safety is not held back.
        if rule.rule.level <= Level::Security {
            return most;
        }
        let actions = if otherwise { &rule.rule.otherwise } else { &rule.rule.then };
        for one in concerned(actions, view.home, view.directory) {
            let risk = one.risk(&view.home.autonomy);
            let reference = &one.entity.reference;
            if let Some(limit) = view.home.autonomy.of(one.entity.component, risk)
                && limit < most.0
            {
                most = (limit, format!("[autonomy] of the home allows {} for {reference}", limit.name()));
            }
            if let Some(risk) = risk.filter(|_| rule.rule.autonomy.is_some() && Autonomy::Ask < most.0) {
                most = (Autonomy::Ask, format!("{} {reference} is asked first, always", risk.words()));
            }
        }
        most
    }

    fn trust_of(&self, rule: &Compiled, file: Autonomy) -> Trust {
        let kept = self.trust.get(&rule.key).filter(|t| t.file == file);
        kept.cloned().unwrap_or_else(|| Trust::new(file))
    }

    /// A question whether a rule may act was answered. After enough yes in a row it is offered to act by itself.
    pub(super) fn answered(
        &mut self,
        rule: &Arc<Compiled>,
        otherwise: bool,
        yes: bool,
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(file) = rule.rule.autonomy else { return };
        let mut trust = self.trust_of(rule, file);
        trust.yes = if yes { trust.yes + 1 } else { 0 };
        let more = self.most(rule, otherwise, view).0 >= Autonomy::ActWithUndo;
        if trust.yes >= ENOUGH && trust.offer.is_none() && trust.now < Autonomy::ActWithUndo && more {
            let question = Question {
                id: Question::id_of(&rule.key, u64::MAX, view.now),
                text: format!(
                    "{}: you said yes {} times in a row. Shall it act by itself from now on, and say how to undo it?",
                    rule.rule.name, trust.yes
                ),
                rule: rule.key.clone(),
                to: rule.rule.ask.iter().map(|key| key.as_str().into()).collect(),
                kind: Asking::Offer(Autonomy::ActWithUndo),
                asked: view.now,
                until: view.now + STANDS,
            };
            let draft = draft(&rule.key, Body::Asked(Box::new(question.clone())), causes);
            effects.push(Effect::Publish(draft, vec![question_write(&question, true)]));
            effects.push(offer_timer(&question, causes));
            trust.offer = Some(question);
        }
        self.keep_trust(&rule.key, Some(trust), effects);
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
        let Some(mut trust) = self.trust.get(&question.rule).cloned() else { return };
        if trust.offer.take().is_none_or(|offer| offer.id != question.id) {
            return;
        }
        effects.push(Effect::CancelTimer {
            owner: format!("rule:{}", question.rule).into(),
            name: OFFER.to_owned(),
            reason: "it was answered".to_owned(),
            causes: causes.clone(),
        });
        let who = match by {
            Origin::Person(key) => key.to_string(),
            _ => "the command line".to_owned(),
        };
        if let Some(to) = taken {
            self.change(&question.rule, &mut trust, to, format!("{who} took the offer"), causes, effects);
        }
        trust.yes = 0;
        self.keep_trust(&question.rule, Some(trust), effects);
    }

    /// Nobody said anything to an offer: it is made again after as many times more.
    pub(super) fn offer_lapses(&mut self, key: &str, causes: &Causes, effects: &mut Vec<Effect>) {
        let Some((key, mut trust)) = self.trust.get_key_value(key).map(|(k, t)| (k.clone(), t.clone()))
        else {
            return;
        };
        let Some(question) = trust.offer.take() else { return };
        effects.push(ended(&question, Reply::Silence, Origin::Timer, causes.clone()));
        trust.yes = 0;
        self.keep_trust(&key, Some(trust), effects);
    }

    /// What a rule did was taken back by somebody: from then on it asks.
    pub fn taken_back(&mut self, intent: &Intent, key: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        let rule = self.set.find(key).map(|at| self.set.rules[at].clone());
        let Some((rule, file)) = rule.and_then(|r| r.rule.autonomy.map(|file| (r, file))) else {
            return effects;
        };
        let mut trust = self.trust_of(&rule, file);
        if trust.now >= Autonomy::ActWithUndo {
            let reason = format!("what it did was taken back by {}", intent.source);
            self.change(&rule.key, &mut trust, Autonomy::Ask, reason, &intent.causes, &mut effects);
            trust.yes = 0;
            self.keep_trust(&rule.key, Some(trust), &mut effects);
        }
        effects
    }

    fn change(
        &self,
        key: &Arc<str>,
        trust: &mut Trust,
        to: Autonomy,
        reason: String,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let from = std::mem::replace(&mut trust.now, to);
        let body = Body::AutonomyChanged { from, to, reason };
        effects.push(Effect::Publish(draft(key, body, causes), vec![trust_write(key, Some(trust))]));
    }

    /// Of a rule that says something else of itself now, or is no more: it begins again.
    pub(super) fn forget_trust(&mut self, effects: &mut Vec<Effect>) {
        for (key, trust) in self.trust.clone() {
            let now = self.set.find(&key).and_then(|at| self.set.rules[at].rule.autonomy);
            if now == Some(trust.file) {
                continue;
            }
            if let Some(question) = &trust.offer {
                effects.push(ended(question, Reply::Withdrawn, Origin::System, Causes::new()));
                effects.push(Effect::CancelTimer {
                    owner: format!("rule:{key}").into(),
                    name: OFFER.to_owned(),
                    reason: "its rule changed".to_owned(),
                    causes: Causes::new(),
                });
            }
            if trust.now != trust.file {
                let to = now.unwrap_or(Autonomy::Act);
                let reason = "the home says something else of it now".to_owned();
                let body = Body::AutonomyChanged { from: trust.now, to, reason };
                effects
                    .push(Effect::Publish(draft(&key, body, &Causes::new()), vec![trust_write(&key, None)]));
            }
            self.keep_trust(&key, None, effects);
        }
    }

    fn keep_trust(&mut self, key: &Arc<str>, trust: Option<Trust>, effects: &mut Vec<Effect>) {
        // What has earned nothing is as if it were new.
        let trust = trust.filter(|t| *t != Trust::new(t.file));
        let value = trust.as_ref().and_then(|t| serde_json::to_vec(t).ok());
        effects.push(Effect::Keep((format!("trust:{key}"), value)));
        match trust {
            Some(trust) => drop(self.trust.insert(key.clone(), trust)),
            None => drop(self.trust.remove(key)),
        }
    }
}

pub(super) fn offer_timer(question: &Question, causes: &Causes) -> Effect {
    Effect::SetTimer {
        owner: format!("rule:{}", question.rule).into(),
        name: OFFER.to_owned(),
        due: question.until,
        length: STANDS,
        missed: Missed::RunOnce,
        causes: causes.clone(),
    }
}

fn draft(key: &Arc<str>, body: Body, causes: &Causes) -> Draft {
    let mut draft = Draft::new(NodeId::rule(key), Origin::Rule(key.clone()), body);
    draft.causes = causes.clone();
    draft
}

/// What surfaces are told a rule has earned.
fn trust_write(key: &Arc<str>, trust: Option<&Trust>) -> Write {
    let value = trust.and_then(|t| serde_json::to_vec(&t.now).ok());
    Write::PutState { owner: TRUST_OWNER.into(), key: key.clone(), value }
}
