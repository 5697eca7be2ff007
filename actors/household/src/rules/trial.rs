//! A rule tried without moving anything: the engine that decides, on the facts as they are or as they are assumed, and
//! what it would do at which moment. Nothing is kept and nobody is told.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::Home;
use lares_kernel::{Act, Aim, HoldFor};
use lares_model::{Body, Causes, Event, EventId, Level, NodeId, Origin, Property, Timestamp, Value};

use super::engine::{EARNED, Effect, Engine, Graph, View};
use super::facts::{Facts, Known};
use super::remembered;
use super::runs::SPACE;
use crate::{Directory, House};

/// Steps that are told, and how far they are followed.
const MOST_STEPS: usize = 50;
const FURTHEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What is taken as so while a rule is tried.
#[derive(Clone, Debug, Default)]
pub struct Assumed {
    /// `id` or number of the trigger, from 1; none: the first.
    pub trigger: Option<String>,
    /// Readings: `hall-motion.illuminance` and its value.
    pub values: Vec<(String, Value)>,
    /// The time it is.
    pub at: Option<Timestamp>,
}

/// What a rule would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    pub name: String,
    /// Why it would not be set off at all; empty: it would.
    pub rests: String,
    /// Its triggers, in words.
    pub triggers: Vec<String>,
    /// Which of them is taken as having happened, from 0.
    pub trigger: usize,
    /// Conditions in words, what was found, and whether they hold.
    pub conditions: Vec<(String, String, bool)>,
    pub met: bool,
    pub steps: Vec<TrialStep>,
    /// It would go on after the last step that is told.
    pub goes_on: bool,
}

/// Something that it would do.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialStep {
    pub after: Duration,
    pub text: String,
    /// What it would claim: target as it is named, property, level.
    pub claims: Vec<(String, Property, Level)>,
}

/// Tries a rule of a household.
///
/// # Errors
/// There is no such rule, trigger or entity, or the graph cannot be read: in words.
pub fn try_rule(house: &House, key: &str, assumed: &Assumed) -> Result<Trial, String> {
    let (home, directory) = (house.home(), house.directory().clone());
    let facts = remembered::facts(&house.graph().reader(), &home)?;
    let clock = house.world().clock();
    let map = house.graph().map(SPACE);
    let mut trust = Vec::new();
    for space in ["trust:", EARNED] {
        let kept = map.scan(space.as_bytes())?;
        trust.extend(kept.into_iter().filter_map(|(key, value)| Some((String::from_utf8(key).ok()?, value))));
    }
    Bench {
        home: &home,
        directory: &directory,
        graph: house,
        now: clock.now(),
        clock_set: clock.behind().is_none(),
        trust: &trust,
    }
    .tries(facts, key, assumed)
}

/// Where a rule is tried.
pub(super) struct Bench<'a> {
    pub home: &'a Home,
    pub directory: &'a Directory,
    pub graph: &'a dyn Graph,
    pub now: Timestamp,
    pub clock_set: bool,
    /// What is kept of trust.
    pub trust: &'a [(String, Vec<u8>)],
}

impl Bench<'_> {
    pub fn tries(&self, facts: Facts, key: &str, assumed: &Assumed) -> Result<Trial, String> {
        let rule = self.home.rules.get(key).ok_or_else(|| {
            let known: Vec<&str> = self.home.rules.keys().map(String::as_str).collect();
            format!("there is no rule `{key}`; there is {}", known.join(", "))
        })?;
        let start = assumed.at.unwrap_or(self.now);
        let trigger = trigger(rule, assumed.trigger.as_deref())?;
        let mut trial = Trial {
            name: rule.name.clone(),
            triggers: rule.when.iter().map(ToString::to_string).collect(),
            trigger,
            ..Trial::default()
        };
        if !rule.enabled {
            "it is not enabled".clone_into(&mut trial.rests);
        }
        // It alone, and as if it were enabled.
        let mut home = self.home.clone();
        home.rules = BTreeMap::from([(key.to_owned(), lares_config::Rule { enabled: true, ..rule.clone() })]);
        let mut engine = Engine::on_trial(facts);
        if engine.facts.offline.contains(&NodeId::rule(key)) {
            "it failed and is set aside until the configuration changes".clone_into(&mut trial.rests);
        }
        for (key, bytes) in self.trust {
            engine.restore_trust(key, bytes);
        }
        engine.configure(&home, self.directory);
        for (name, value) in &assumed.values {
            let (entity, property) = self.entity(name)?;
            let known = Known { value: Some(value.clone()), at: start, event: EventId::default() };
            engine.facts.note(entity, property, known);
        }
        let view = |now| View {
            now,
            clock_set: self.clock_set || assumed.at.is_some(),
            home: &home,
            directory: self.directory,
            graph: self.graph,
        };
        let (met, conditions) = engine.would(key, trigger, &view(start));
        trial.met = met;
        trial.conditions = conditions.into_iter().map(|f| (f.text, f.found, f.met)).collect();
        if met || !rule.otherwise.is_empty() {
            self.follow(&mut engine, key, start, &view, &mut trial);
        }
        Ok(trial)
    }

    /// What it would do, up to its end or the end of patience.
    fn follow<'v>(
        &self,
        engine: &mut Engine,
        key: &str,
        start: Timestamp,
        view: &dyn Fn(Timestamp) -> View<'v>,
        trial: &mut Trial,
    ) {
        let mut now = start;
        let mut effects = engine.sets_off(key, trial.trigger, &view(now));
        let mut timers: BTreeMap<String, Timestamp> = BTreeMap::new();
        loop {
            for effect in effects {
                match effect {
                    Effect::SetTimer { name, due, .. } => drop(timers.insert(name, due)),
                    Effect::CancelTimer { name, .. } => drop(timers.remove(&name)),
                    effect => trial.steps.extend(step(&effect, now.since(start), self.directory)),
                }
            }
            if trial.steps.len() > MOST_STEPS {
                trial.steps.truncate(MOST_STEPS);
                trial.goes_on = true;
                return;
            }
            // What it waits for is taken as coming, a second later.
            if let Some((number, text)) = engine.waits_for() {
                let text = format!("wait {text}");
                trial.steps.push(TrialStep { after: now.since(start), text, claims: Vec::new() });
                now = now + Duration::from_secs(1);
                effects = Vec::new();
                engine.came(number, Causes::new(), &view(now), &mut effects);
                continue;
            }
            let Some((name, due)) = timers.iter().min_by_key(|(_, due)| **due).map(|(n, d)| (n.clone(), *d))
            else {
                return;
            };
            if due.since(start) > FURTHEST {
                trial.goes_on = true;
                return;
            }
            timers.remove(&name);
            now = due.max(now);
            let owner = format!("rule:{key}");
            let body =
                Body::TimerFired { owner: owner.as_str().into(), name: name.as_str().into(), late_ms: 0 };
            let (id, subject) = (EventId::default(), NodeId::derive("timer", &owner));
            let event =
                Event { id, at: now, seen: now, causes: Causes::new(), origin: Origin::Timer, subject, body };
            effects = engine.hear(&event, &view(now));
        }
    }

    fn entity(&self, name: &str) -> Result<(NodeId, Property), String> {
        let (device, slug) = name.split_once('.').map_or((name, None), |(d, s)| (d, Some(s.to_owned())));
        let entity = lares_config::EntityRef { device: device.to_owned(), slug };
        let found = self.directory.resolve(&entity, None);
        found
            .map(|r| (r.entity, r.property))
            .ok_or_else(|| format!("there is no entity `{name}`, or it has not announced itself"))
    }
}

fn trigger(rule: &lares_config::Rule, wanted: Option<&str>) -> Result<usize, String> {
    let Some(wanted) = wanted else { return Ok(0) };
    let by_id = rule.ids.iter().position(|id| id.as_deref() == Some(wanted));
    let by_number =
        wanted.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < rule.when.len());
    by_id.or(by_number).ok_or_else(|| {
        let all = rule.when.iter().zip(&rule.ids).enumerate();
        let all = all.map(|(n, (t, id))| match id {
            Some(id) => format!("{} or {id} ({t})", n + 1),
            None => format!("{} ({t})", n + 1),
        });
        format!("there is no trigger `{wanted}`; there is {}", all.collect::<Vec<_>>().join(", "))
    })
}

/// What an effect would come to, in words; what is only kept is none.
fn step(effect: &Effect, after: Duration, directory: &Directory) -> Option<TrialStep> {
    let step = |text: String, claims| Some(TrialStep { after, text, claims });
    match effect {
        Effect::Intend(intent) => {
            let target = match &intent.target {
                Aim::Name(name) => name.clone(),
                Aim::Group(key) => format!("group:{key}"),
                Aim::Room { room, component: Some(c) } => format!("room:{room}/{}", c.name()),
                Aim::Room { room, component: None } => format!("room:{room}"),
                Aim::Find(filter) => format!("everything that fits `{filter}`"),
                Aim::Entity(id) => directory.entity(*id)?.reference.to_string(),
                Aim::Scene(key) => format!("scene {key}"),
                Aim::Graph | Aim::Interlock(_) | Aim::Question(_) | Aim::Rule(_) | Aim::Timer(_) => {
                    return None;
                }
            };
            match &intent.act {
                Act::Set { values, hold, .. } => {
                    let all: Vec<String> =
                        values.iter().map(|(p, v)| format!("{} = {v}", p.name())).collect();
                    let until = match hold {
                        HoldFor::Momentary => String::new(),
                        HoldFor::For(length) => format!(", for {}", lares_config::duration_words(*length)),
                        HoldFor::UntilReleased => ", for as long as its trigger holds".to_owned(),
                    };
                    let claims = values.keys().map(|p| (target.clone(), *p, intent.level)).collect();
                    let what = if all.is_empty() { String::new() } else { format!(": {}", all.join(", ")) };
                    step(format!("set {target}{what}{until}"), claims)
                }
                Act::Release { .. } => step(format!("let go of {target}"), Vec::new()),
                Act::Say { .. } | Act::Acknowledge | Act::Answer { .. } | Act::TakenBack | Act::Timer(_) => {
                    None
                }
                Act::Announce { text } => step(format!("say {text:?} in {target}"), Vec::new()),
            }
        }
        Effect::Publish(draft, _) => match &draft.body {
            Body::Notice { text } => step(format!("say {text:?}"), Vec::new()),
            Body::Asked(question) => step(format!("ask {:?}", question.text), Vec::new()),
            Body::RuleSkipped { basis } => {
                let unmet = basis.conditions.iter().rfind(|f| !f.met);
                unmet.and_then(|f| step(format!("end: {}: {}", f.text, f.found), Vec::new()))
            }
            _ => None,
        },
        Effect::SetTimer { .. } | Effect::CancelTimer { .. } | Effect::Keep(_) => None,
    }
}
