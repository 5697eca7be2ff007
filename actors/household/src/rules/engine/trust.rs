//! How much a rule does by itself: what its file says, what was earned with what it does, and what is never earned.
//!
//! What is earned counts for who is asked, what kind of thing is moved and how ([`TrustKey`]), for every rule that does the same.
//! What a rule's file says is where it begins, and begins again when it says something else.

use std::sync::Arc;

use lares_config::{Home, Risk, may, may_act};
use lares_model::{Autonomy, Level, NOTICE, Question, Timestamp, TrustKey, Verb};
use serde::{Deserialize, Serialize};

use super::{Engine, View};
use crate::Directory;
use crate::rules::compile::Compiled;
use crate::rules::concerned::{Concerned, concerned};

/// What a rule says of itself. Kept as JSON: versions that trusted rules one by one kept that here (`now`, `yes`, `offer`), and
/// that still counts for it alone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Trust {
    /// What the file says.
    pub file: Autonomy,
    /// What the rule has by itself: what the file says, or what was earned or lost before trust was kept by what is done.
    pub now: Autonomy,
    /// How often somebody said yes in a row, before the same.
    pub yes: u32,
    pub offer: Option<Question>,
    /// What was earned with this [turn](lares_model::Earned::turn) or before does not count for it: its file was changed after that.
    #[serde(default)]
    pub since: u64,
}

impl Trust {
    pub(super) fn new(file: Autonomy) -> Self {
        Self { file, now: file, yes: 0, offer: None, since: 0 }
    }
}

/// One thing that is done with a right that somebody may earn it.
pub(super) struct Deed {
    pub key: TrustKey,
    /// The most that the rule may ever do of it by itself, and what says so.
    pub most: (Autonomy, String),
    /// Whether the person may do it themselves: else what they allowed does not count for it.
    pub allowed: bool,
}

/// What is needed to tell what a rule does, and for whom.
pub(super) struct Sight<'a> {
    pub home: &'a Home,
    pub directory: &'a Directory,
    /// `None`: whether a person has rights at this time is not looked at.
    pub now: Option<Timestamp>,
}

impl<'a> Sight<'a> {
    pub fn of(view: &View<'a>) -> Self {
        Self { home: view.home, directory: view.directory, now: Some(view.now) }
    }

    /// Whether what a person allowed counts for this thing: they may move it themselves.
    fn allows(&self, person: &str, one: Option<&Concerned<'_>>) -> bool {
        let Some(known) = self.home.people.get(person) else { return true };
        self.now.is_none_or(|now| may_act(self.home, person, now).is_ok())
            && one.is_none_or(|one| may(known, &one.thing()).is_ok())
    }
}

impl Engine {
    /// How much a rule does by itself with one of its ways, and what says so.
    pub(super) fn autonomy(&self, rule: &Compiled, otherwise: bool, view: &View<'_>) -> (Autonomy, String) {
        if rule.rule.autonomy.is_none() && view.home.autonomy.is_empty() {
            return (Autonomy::Act, String::new());
        }
        let deeds = deeds(rule, otherwise, &Sight::of(view));
        let earned = self.earned_of(rule, &deeds);
        let most = deeds.into_iter().map(|deed| deed.most).min_by_key(|(most, _)| *most);
        match most.filter(|(most, _)| *most < earned.0) {
            Some(most) => most,
            None => earned,
        }
    }

    /// What a rule has earned with all of these, and what says so; an order is carried out.
    pub(super) fn earned_of(&self, rule: &Compiled, deeds: &[Deed]) -> (Autonomy, String) {
        let Some(file) = rule.rule.autonomy else { return (Autonomy::Act, String::new()) };
        let trust = self.trust_of(&rule.key, file);
        let least = deeds.iter().map(|deed| (self.level(&trust, deed), &deed.key)).min_by_key(|(l, _)| *l);
        match least {
            Some((level, key)) if level != trust.now => {
                let how = if level > trust.now { "was earned" } else { "an undo asks for it" };
                (level, format!("{} of {key}: {how} (the rule says {})", level.name(), file.name()))
            }
            _ => (trust.now, format!("its autonomy is {}", trust.now.name())),
        }
    }

    /// How much a rule does of one thing by itself, whatever limits it.
    pub(super) fn level(&self, trust: &Trust, deed: &Deed) -> Autonomy {
        let base = trust.now;
        let newer = self.earned.get(&deed.key).filter(|earned| earned.turn > trust.since);
        match newer.and_then(|earned| earned.now) {
            // It is to be watched only: it asks for nothing, and earns nothing.
            _ if base == Autonomy::Observe => base,
            // What was taken back is asked for; what is only suggested still is.
            Some(now) if now <= Autonomy::Ask => base.min(now),
            Some(now) if deed.allowed => now,
            _ => base,
        }
    }

    pub(super) fn trust_of(&self, key: &str, file: Autonomy) -> Trust {
        let kept = self.trust.get(key).filter(|t| t.file == file);
        kept.cloned().unwrap_or_else(|| Trust::new(file))
    }
}

/// All that a rule does with one of its ways, each thing once for everybody whom it asks.
pub(super) fn deeds(rule: &Compiled, otherwise: bool, sight: &Sight<'_>) -> Vec<Deed> {
    let actions = if otherwise { &rule.rule.otherwise } else { &rule.rule.then };
    let mut all = Vec::new();
    let mut moves = false;
    for one in concerned(actions, sight.home, sight.directory) {
        moves = true;
        for verb in one.verbs() {
            put(&mut all, rule, (sight, Some(&one)), (one.entity.component.name(), verb));
        }
    }
    if !moves {
        put(&mut all, rule, (sight, None), (NOTICE, Verb::Say));
    }
    all
}

/// Puts what is done beside the rest. Where the same is done with several things the lowest limit counts.
fn put(
    all: &mut Vec<Deed>,
    rule: &Compiled,
    (sight, one): (&Sight<'_>, Option<&Concerned<'_>>),
    (domain, verb): (&'static str, Verb),
) {
    for person in asked_of(rule) {
        let key = TrustKey { person, domain: domain.into(), verb };
        let allowed = sight.allows(&key.person, one);
        let most = most(rule, sight.home, one, &key);
        match all.iter_mut().find(|deed| deed.key == key) {
            Some(deed) => {
                deed.allowed &= allowed;
                if most.0 < deed.most.0 {
                    deed.most = most;
                }
            }
            None => all.push(Deed { key, most, allowed }),
        }
    }
}

/// Keys of the persons whom a rule asks; empty: whoever lives there.
pub(super) fn asked_of(rule: &Compiled) -> Vec<Arc<str>> {
    match rule.rule.ask.is_empty() {
        true => vec!["".into()],
        false => rule.rule.ask.iter().map(|key| key.as_str().into()).collect(),
    }
}

/// The most that a rule may ever do of one thing by itself, and what says so.
fn most(rule: &Compiled, home: &Home, one: Option<&Concerned<'_>>, key: &TrustKey) -> (Autonomy, String) {
    let mut most = (Autonomy::Act, String::new());
    // What is done for safety is not held back.
    if rule.rule.level <= Level::Security {
        return most;
    }
    let limit = &home.autonomy;
    let mut at_most = |limit: Option<Autonomy>, says: &dyn Fn(&str) -> String| {
        if let Some(limit) = limit.filter(|limit| *limit < most.0) {
            most = (limit, says(limit.name()));
        }
    };
    at_most(limit.ceiling(key), &|word| format!("[autonomy] of the home allows {word} of {key}"));
    if let Some(one) = one {
        let (risk, reference) = (one.risk(limit), &one.entity.reference);
        at_most(limit.of(one.entity.component, risk), &|word| {
            format!("[autonomy] of the home allows {word} for {reference}")
        });
        // An order stays one.
        if let Some(risk) = risk.filter(|_| rule.rule.autonomy.is_some()) {
            at_most(Some(Autonomy::Ask), &|_| always_asked(risk, reference));
        }
    }
    most
}

fn always_asked(risk: Risk, reference: &str) -> String {
    format!("{} {reference} is asked first, always", risk.words())
}
