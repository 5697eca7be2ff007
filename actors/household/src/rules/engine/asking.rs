//! Runs that wait for somebody's answer: before they begin, or in the middle of their steps.

use std::sync::Arc;
use std::time::Duration;

use lares_config::{Action, duration_words};
use lares_model::{
    Asking, Autonomy, Body, Causes, Draft, Event, Fact, NodeId, Origin, Question, Reply, Write,
};

use super::earning::Answerer;
use super::{Effect, Engine, View};
use crate::rules::program::Op;
use crate::rules::runs::{Run, Waiting};

/// The graph's owner of the questions that stand, by their ids.
pub const QUESTION_OWNER: &str = "question";
/// How long a question stands if nothing else is said.
const STANDS: Duration = Duration::from_secs(10 * 60);
const SUGGESTION_STANDS: Duration = Duration::from_secs(24 * 60 * 60);
/// Characters of a rule's steps that are told in a question.
const MOST_TOLD: usize = 240;

impl Engine {
    /// The question that stands under this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        let runs = self.runs.values().filter_map(|r| r.question.as_ref());
        let offers = self.trust.values().filter_map(|t| t.offer.as_ref());
        let offers = offers.chain(self.earned.values().filter_map(|e| e.offer.as_ref()));
        runs.chain(offers).find(|q| &*q.id == id)
    }

    /// The steps that a yes to a question would let go on.
    pub fn steps_behind(&self, question: &Question) -> &[Action] {
        let asks = |run: &&Run| run.question.as_ref().is_some_and(|q| q.id == question.id);
        if let Some(run) = self.runs.values().find(asks) {
            return if run.otherwise { &run.rule.rule.otherwise } else { &run.rule.rule.then };
        }
        // An offer: what the rule does if all is as it should be.
        self.set.find(&question.rule).map_or(&[], |at| &self.set.rules[at].rule.then)
    }

    /// Whether a rule waits for leave to act: then it does not ask again.
    pub(super) fn waits_for_leave(&self, key: &str) -> bool {
        self.runs.values().any(|r| *r.rule.key == *key && r.question.is_some() && r.next == 0)
    }

    /// A run that is to begin, by how much its rule does by itself.
    pub(super) fn begin(&mut self, mut run: Run, view: &View<'_>, effects: &mut Vec<Effect>) {
        let rule = run.rule.clone();
        let (autonomy, because) = self.autonomy(&rule, run.otherwise, view);
        if !because.is_empty() && autonomy != Autonomy::Observe {
            // Kept with what it does, so that it can be told why it did that by itself, or asked.
            let fact = Fact { text: "trust".to_owned(), found: because.clone(), met: true };
            Arc::make_mut(&mut run.basis).conditions.push(fact);
        }
        match autonomy {
            Autonomy::Act => self.proceed(run, view, effects),
            Autonomy::ActWithUndo => {
                let text = format!("{}: done. `lares undo rule:{}` takes it back.", rule.rule.name, rule.key);
                effects.push(said(&run, Body::Notice { text }, Vec::new()));
                let causes: Causes = run.causes.iter().copied().collect();
                if !self.trial {
                    self.did_well((&rule, run.otherwise), &causes, view, effects);
                }
                self.proceed(run, view, effects);
            }
            Autonomy::Observe => {
                let found = format!("it would have done this: {}", steps(&run));
                self.stop(run, (&because, &found), view, effects);
            }
            Autonomy::Suggest | Autonomy::Ask => {
                let (kind, stands) = match autonomy {
                    Autonomy::Suggest => (Asking::Suggestion, SUGGESTION_STANDS),
                    _ => (Asking::Permission, STANDS),
                };
                let text = format!("{}: {}", rule.rule.name, steps(&run));
                let stands = rule.rule.ask_for.unwrap_or(stands);
                self.ask(run, (kind, text), &rule.rule.ask, stands, view, effects);
            }
        }
    }

    /// A question in the middle of a run.
    pub(super) fn ask_step(&mut self, run: Run, op: &Op, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Op::Ask { text, to, timeout, .. } = op else { return };
        let text = self.words(text, &run, view);
        self.ask(run, (Asking::Step, text), to, timeout.unwrap_or(STANDS), view, effects);
    }

    fn ask(
        &mut self,
        mut run: Run,
        (kind, text): (Asking, String),
        to: &[String],
        stands: Duration,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let until = view.now + stands;
        let question = Question {
            id: Question::id_of(&run.rule.key, run.number, view.now),
            text,
            rule: run.rule.key.clone(),
            to: to.iter().map(|key| key.as_str().into()).collect(),
            kind,
            asked: view.now,
            until,
        };
        effects.push(said(
            &run,
            Body::Asked(Box::new(question.clone())),
            vec![question_write(&question, true)],
        ));
        run.waits = Waiting::Answer;
        run.due = Some(until);
        run.question = Some(question);
        self.shelve(run, stands, effects);
    }

    /// Somebody answered.
    pub(super) fn replied(
        &mut self,
        question: &Question,
        reply: Reply,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let yes = match reply {
            Reply::Yes => true,
            Reply::No => false,
            // What ended by itself was seen to where it ended.
            Reply::Silence | Reply::Withdrawn => return,
        };
        let causes = Causes::from_slice(&[event.id]);
        if let Asking::Offer(to) = question.kind {
            return self.offer_ends(question, yes.then_some(to), &event.origin, &causes, effects);
        }
        let asks = |run: &&Run| run.question.as_ref().is_some_and(|q| q.id == question.id);
        let Some(number) = self.runs.values().find(asks).map(|run| run.number) else { return };
        let Some(mut run) = self.take(number) else { return };
        effects.push(run.cancel_timer("it was answered", causes.clone()));
        effects.push(Effect::Keep(run.erase()));
        run.causes.splice(0..0, causes.iter().copied());
        let rule = run.rule.clone();
        if question.kind != Asking::Step {
            let by = Answerer::of(&event.origin);
            self.answered((&rule, run.otherwise), yes, &by, &causes, view, effects);
        }
        self.guarded(&rule, &causes, effects, |engine, effects| match yes {
            true => {
                run.question = None;
                engine.proceed(run, view, effects);
            }
            false => engine.go_without(run, "no", view, effects),
        });
    }

    /// Nobody answered in time: that is no.
    pub(super) fn silence(&mut self, run: Run, causes: &Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(question) = run.question.clone() else { return };
        effects.push(ended(&question, Reply::Silence, Origin::Timer, causes.clone()));
        if question.kind != Asking::Step {
            let rule = run.rule.clone();
            self.answered((&rule, run.otherwise), false, &Answerer::Nobody, causes, view, effects);
        }
        let waited = duration_words(question.until.since(question.asked));
        self.go_without(run, &format!("nobody answered within {waited}"), view, effects);
    }

    /// The way of a run that was told no.
    fn go_without(&mut self, mut run: Run, found: &str, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(question) = run.question.take() else { return };
        match run.at() {
            Some(Op::Ask { to_else: Some(at), .. }) => {
                run.next = *at;
                self.proceed(run, view, effects);
            }
            _ => self.stop(run, (&format!("asked {:?}", question.text), found), view, effects),
        }
    }
}

/// The write for a question that stands, or does no more.
pub fn question_write(question: &Question, stands: bool) -> Write {
    let value = if stands { serde_json::to_vec(question).ok() } else { None };
    Write::PutState { owner: QUESTION_OWNER.into(), key: question.id.clone(), value }
}

/// A question came to its end.
pub(super) fn ended(question: &Question, reply: Reply, origin: Origin, causes: Causes) -> Effect {
    let body = Body::Replied { question: Box::new(question.clone()), reply };
    let mut draft = Draft::new(NodeId::rule(&question.rule), origin, body);
    draft.causes = causes;
    Effect::Publish(draft, vec![question_write(question, false)])
}

/// Something that a rule says.
fn said(run: &Run, body: Body, writes: Vec<Write>) -> Effect {
    let key = &run.rule.key;
    let draft = Draft::new(NodeId::rule(key), Origin::Rule(key.clone()), body);
    Effect::Publish(draft.caused_by(run.causes.iter().copied()), writes)
}

/// A run's steps in words, as far as they are told.
fn steps(run: &Run) -> String {
    let actions = if run.otherwise { &run.rule.rule.otherwise } else { &run.rule.rule.then };
    let all: Vec<String> = actions.iter().map(ToString::to_string).collect();
    let all = all.join(", then ");
    match all.char_indices().nth(MOST_TOLD) {
        Some((at, _)) => format!("{}...", all.get(..at).unwrap_or_default()),
        None => all,
    }
}
