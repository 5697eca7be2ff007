//! The engine: events in, effects out. Pure: it sees the world through [`View`] and touches nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use lares_config::{Action, Hold, Home, Mode, Target, Trigger};
use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{Basis, Body, Causes, Draft, Event, Missed, NodeId, Origin, Status, Timestamp, Write};

use super::compile::{Compiled, Place, RuleSet};
use super::conditions::look;
use super::facts::{Facts, Known, Whereabouts};
use super::runs::{Kept, KeptRun, Run, Whiles, parse_while, while_write};
use super::triggers::{Happening, fires, lasting, still_holds};
use crate::Directory;

/// The world as a rule sees it.
pub struct View<'a> {
    pub now: Timestamp,
    pub home: &'a Home,
    pub directory: &'a Directory,
}

impl View<'_> {
    /// Local time of the household.
    pub fn civil(&self) -> Option<jiff::Zoned> {
        let now = jiff::Timestamp::from_microsecond(self.now.0).ok()?;
        Some(now.to_zoned(self.home.household.zone.clone()))
    }

    pub fn coordinates(&self) -> Option<(f64, f64)> {
        self.home.household.latitude.zip(self.home.household.longitude)
    }
}

/// What the engine wants done.
#[derive(Debug)]
pub enum Effect {
    Intend(Box<Intent>),
    Publish(Draft, Vec<Write>),
    SetTimer {
        owner: Arc<str>,
        name: String,
        due: Timestamp,
        length: Duration,
        missed: Missed,
        causes: Causes,
    },
    CancelTimer {
        owner: Arc<str>,
        name: String,
        reason: String,
        causes: Causes,
    },
    Keep(Kept),
}

/// All rules of a household and what they know.
#[derive(Default)]
pub struct Engine {
    set: RuleSet,
    pub facts: Facts,
    /// `for` timers that run, by rule and trigger.
    armed: BTreeSet<(Arc<str>, usize)>,
    whiles: Whiles,
    runs: BTreeMap<u64, Run>,
    queued: BTreeMap<Arc<str>, VecDeque<(usize, Causes)>>,
    next_run: u64,
    /// Rules that failed: they are left out until the configuration changes.
    pub quarantined: BTreeSet<Arc<str>>,
}

/// Runs of one rule that may wait their turn or run side by side.
const MOST_RUNS: usize = 10;

impl Engine {
    /// Takes the rules of a configuration. Runs under way finish under their old text; those of rules that are gone
    /// are cancelled, as are holds and waits of triggers that changed.
    pub fn configure(&mut self, home: &Home, directory: &Directory) -> Vec<Effect> {
        let old = std::mem::replace(&mut self.set, RuleSet::new(home, directory));
        self.quarantined.clear();
        let mut effects = Vec::new();
        let same = |set: &RuleSet, key: &Arc<str>, trigger: usize| {
            let before = old.find(key).and_then(|at| old.trigger((at, trigger)));
            before.is_some() && before == set.find(key).and_then(|at| set.trigger((at, trigger)))
        };
        for (key, trigger) in self.armed.clone() {
            if !same(&self.set, &key, trigger) {
                self.disarm(&key, trigger, "its rule changed", Causes::new(), &mut effects);
            }
        }
        for (key, trigger) in self.whiles.keys().cloned().collect::<Vec<_>>() {
            if !same(&self.set, &key, trigger) {
                self.release(&key, trigger, "its rule changed", &Causes::new(), &mut effects);
            }
        }
        let gone: Vec<u64> =
            self.runs.values().filter(|r| self.set.find(&r.rule.key).is_none()).map(|r| r.number).collect();
        for number in gone {
            self.cancel_run(number, "its rule was removed", &Causes::new(), &mut effects);
        }
        effects
    }

    /// Takes back what was kept before a restart: runs, holds, armed timers.
    pub fn restore(&mut self, kept: Vec<(String, Vec<u8>)>, timers: Vec<lares_model::Timer>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (key, bytes) in kept {
            if let Some(place) = parse_while(&key) {
                self.whiles.insert(place, serde_json::from_slice(&bytes).unwrap_or_default());
            } else if let Ok(run) = serde_json::from_slice::<KeptRun>(&bytes) {
                self.restore_run(&key, run, &mut effects);
            }
        }
        for timer in timers {
            let Some(key) = timer.owner.strip_prefix("rule:") else { continue };
            if let Some(trigger) = timer.name.strip_prefix("for:").and_then(|n| n.parse().ok()) {
                self.armed.insert((key.into(), trigger));
            }
        }
        effects
    }

    fn restore_run(&mut self, key: &str, kept: KeptRun, effects: &mut Vec<Effect>) {
        self.next_run = self.next_run.max(kept.number + 1);
        let rule = self.set.find(&kept.rule).map(|at| self.set.rules[at].clone());
        match rule.filter(|r| r.reference.snapshot == kept.snapshot) {
            Some(rule) => {
                let run = Run {
                    number: kept.number,
                    rule,
                    otherwise: kept.otherwise,
                    next: kept.next,
                    trigger: kept.trigger,
                    basis: Arc::new(kept.basis),
                    causes: kept.causes,
                };
                self.runs.insert(run.number, run);
            }
            None => {
                effects.push(Effect::CancelTimer {
                    owner: format!("rule:{}", kept.rule).into(),
                    name: format!("run:{}", kept.number),
                    reason: "the configuration changed while nothing ran".to_owned(),
                    causes: Causes::new(),
                });
                effects.push(Effect::Keep((key.to_owned(), None)));
            }
        }
    }

    /// After all facts are restored: holds whose trigger ended while nothing ran are given up, waits likewise.
    pub fn settle(&mut self, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.review(&mut effects, &Causes::new(), view, "it ended while nothing ran", None);
        effects
    }

    /// A device announced itself.
    pub fn attend(&mut self, device: &str, directory: &Directory) {
        self.set.attend(device, directory);
    }

    /// One event.
    pub fn hear(&mut self, event: &Event, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match &event.body {
            Body::Reading { property, value, .. } => {
                let known = Known { value: value.clone(), at: event.at, event: event.id };
                let old = self.facts.note(event.subject, *property, known);
                let Some(places) = self.set.by_entity.get(&event.subject).cloned() else { return effects };
                let happening = Happening::Reading {
                    entity: event.subject,
                    property: *property,
                    old: old.as_ref(),
                    new: value.as_ref(),
                };
                self.happened(&places, &happening, event, view, &mut effects);
            }
            Body::StatusChanged { status } => self.status(event, status, view, &mut effects),
            Body::RoomOccupied { occupied } => {
                let home = view.home;
                let Some(room) = home.rooms.keys().find(|k| NodeId::room(k) == event.subject) else {
                    return effects;
                };
                let old = self.facts.rooms.insert(room.clone(), *occupied);
                let places = self.set.by_room.get(room).cloned().unwrap_or_default();
                self.happened(&places, &Happening::Room { old, new: *occupied }, event, view, &mut effects);
            }
            Body::PersonMoved { presence, room } => {
                self.person(event, *presence, room.clone(), view, &mut effects);
            }
            Body::TimerFired { owner, name, .. } => self.timer(owner, name, event, view, &mut effects),
            _ => {}
        }
        effects
    }

    fn status(&mut self, event: &Event, status: &Status, view: &View<'_>, effects: &mut Vec<Effect>) {
        if !matches!(status, Status::Offline(_) | Status::Quarantined(_)) {
            self.facts.offline.remove(&event.subject);
            return;
        }
        self.facts.offline.insert(event.subject);
        let directory = view.directory;
        let lost: Vec<NodeId> = match directory.device_by_node(event.subject) {
            Some(device) => directory.entities_of(device).map(|e| e.id).collect(),
            None => vec![event.subject],
        };
        for entity in lost {
            let places = self.set.by_entity.get(&entity).cloned().unwrap_or_default();
            self.happened(&places, &Happening::Lost, event, view, effects);
        }
    }

    fn person(
        &mut self,
        event: &Event,
        presence: lares_model::Presence,
        room: Option<Arc<str>>,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(person) = view.home.people.keys().find(|k| NodeId::person(k) == event.subject) else {
            return;
        };
        let before = (self.facts.nobody_home(), self.facts.anybody_home());
        let old = self.facts.people.insert(person.clone(), Whereabouts { presence, room: room.clone() });
        let after = (self.facts.nobody_home(), self.facts.anybody_home());
        let happening = Happening::Person {
            old: old.as_ref().map(|w| (w.presence, w.room.as_deref())),
            new: (presence, room.as_deref()),
        };
        let places = self.set.by_person.get(person).cloned().unwrap_or_default();
        self.happened(&places, &happening, event, view, effects);
        if old.is_some() {
            let people = Happening::People { nobody: (before.0, after.0), anybody: (before.1, after.1) };
            let places = self.set.by_people.clone();
            self.happened(&places, &people, event, view, effects);
        }
    }

    /// Looks at each trigger that the happening may concern.
    fn happened(
        &mut self,
        places: &[Place],
        happening: &Happening<'_>,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let causes = Causes::from_slice(&[event.id]);
        for place in places {
            let rule = self.set.rules[place.0].clone();
            if self.quarantined.contains(&rule.key) {
                continue;
            }
            let trigger = &rule.rule.when[place.1];
            if fires(trigger, happening, view) {
                match lasting(trigger) {
                    Some(length) => self.arm(&rule, place.1, length, &causes, view, effects),
                    None => self.set_off(&rule, place.1, causes.clone(), view, effects),
                }
            } else {
                self.review(
                    effects,
                    &causes,
                    view,
                    "its trigger no longer holds",
                    Some((&rule.key, place.1)),
                );
            }
        }
    }

    /// Ends waits and holds of triggers that no longer hold (of one, or of all).
    fn review(
        &mut self,
        effects: &mut Vec<Effect>,
        causes: &Causes,
        view: &View<'_>,
        reason: &str,
        only: Option<(&Arc<str>, usize)>,
    ) {
        let concerns = |key: &Arc<str>, n: usize| only.is_none_or(|(k, t)| k == key && t == n);
        let over = |(key, n): &(Arc<str>, usize)| {
            let at = self.set.find(key)?;
            let trigger = self.set.trigger((at, *n))?;
            (concerns(key, *n) && !still_holds(trigger, &self.facts, view)).then(|| (key.clone(), *n))
        };
        let disarmed: Vec<_> = self.armed.iter().filter_map(over).collect();
        let released: Vec<_> = self.whiles.keys().filter_map(over).collect();
        for (key, n) in disarmed {
            self.disarm(&key, n, reason, causes.clone(), effects);
        }
        for (key, n) in released {
            self.release(&key, n, reason, causes, effects);
        }
    }

    fn arm(
        &mut self,
        rule: &Arc<Compiled>,
        trigger: usize,
        length: Duration,
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        self.armed.insert((rule.key.clone(), trigger));
        effects.push(Effect::SetTimer {
            owner: rule.source.clone(),
            name: format!("for:{trigger}"),
            due: view.now + length,
            length,
            missed: rule.rule.missed,
            causes: causes.clone(),
        });
    }

    fn disarm(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        reason: &str,
        causes: Causes,
        effects: &mut Vec<Effect>,
    ) {
        if self.armed.remove(&(key.clone(), trigger)) {
            effects.push(Effect::CancelTimer {
                owner: format!("rule:{key}").into(),
                name: format!("for:{trigger}"),
                reason: reason.to_owned(),
                causes,
            });
        }
    }

    fn timer(&mut self, owner: &str, name: &str, event: &Event, view: &View<'_>, effects: &mut Vec<Effect>) {
        let causes = Causes::from_slice(&[event.id]);
        if owner == crate::planner::OWNER {
            let Some((key, trigger)) = name.rsplit_once('#') else { return };
            let (Some(at), Ok(n)) = (self.set.find(key), trigger.parse::<usize>()) else { return };
            if self
                .set
                .trigger((at, n))
                .is_some_and(|t| matches!(t, Trigger::Time { .. } | Trigger::Sun { .. }))
            {
                let rule = self.set.rules[at].clone();
                self.set_off(&rule, n, causes, view, effects);
            }
            return;
        }
        let Some(key) = owner.strip_prefix("rule:") else { return };
        if let Some(n) = name.strip_prefix("for:").and_then(|n| n.parse::<usize>().ok()) {
            let armed = self.armed.remove(&(Arc::from(key), n));
            if let (true, Some(at)) = (armed, self.set.find(key)) {
                if n < self.set.rules[at].rule.when.len() {
                    let rule = self.set.rules[at].clone();
                    self.set_off(&rule, n, causes, view, effects);
                }
            }
        } else if let Some(number) = name.strip_prefix("run:").and_then(|n| n.parse::<u64>().ok()) {
            if let Some(mut run) = self.runs.remove(&number) {
                effects.push(Effect::Keep(run.erase()));
                run.causes.insert(0, event.id);
                self.proceed(run, view, effects);
            }
        }
    }

    /// A trigger fired: mode, conditions, actions.
    fn set_off(
        &mut self,
        rule: &Arc<Compiled>,
        trigger: usize,
        causes: Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let running: Vec<u64> =
            self.runs.values().filter(|r| r.rule.key == rule.key).map(|r| r.number).collect();
        match rule.rule.mode {
            Mode::Single if !running.is_empty() => return,
            Mode::Parallel if running.len() >= MOST_RUNS => return,
            Mode::Queued if !running.is_empty() => {
                let queue = self.queued.entry(rule.key.clone()).or_default();
                if queue.len() < MOST_RUNS {
                    queue.push_back((trigger, causes));
                }
                return;
            }
            _ => {}
        }
        let (met, conditions) = look(&rule.rule.conditions, &self.facts, view);
        let basis = Arc::new(Basis {
            rule: rule.reference.clone(),
            trigger: rule.rule.when[trigger].to_string(),
            conditions,
        });
        if !met && rule.rule.otherwise.is_empty() {
            let origin = Origin::Rule(rule.key.clone());
            let mut draft = Draft::new(
                NodeId::rule(&rule.key),
                origin,
                Body::RuleSkipped { basis: Box::new((*basis).clone()) },
            );
            draft.causes = causes;
            effects.push(Effect::Publish(draft, Vec::new()));
            return;
        }
        if rule.rule.mode == Mode::Restart {
            for number in running {
                self.cancel_run(number, "it was set off again", &causes, effects);
            }
        }
        let number = self.next_run;
        self.next_run += 1;
        let causes = causes.to_vec();
        self.proceed(
            Run { number, rule: rule.clone(), otherwise: !met, next: 0, trigger, basis, causes },
            view,
            effects,
        );
    }

    /// Does a run's actions up to its end or its next delay.
    fn proceed(&mut self, mut run: Run, view: &View<'_>, effects: &mut Vec<Effect>) {
        let rule = run.rule.clone();
        let actions = if run.otherwise { &rule.rule.otherwise } else { &rule.rule.then };
        while let Some(action) = actions.get(run.next) {
            run.next += 1;
            match action {
                Action::Set { .. } => self.set(&run, action, view, effects),
                Action::Notify { text } => {
                    let body = Body::Notice { text: text.clone() };
                    let draft = Draft::new(NodeId::rule(&rule.key), Origin::Rule(rule.key.clone()), body);
                    effects.push(Effect::Publish(draft.caused_by(run.causes.iter().copied()), Vec::new()));
                }
                Action::Delay { length } => {
                    effects.push(Effect::Keep(run.write()));
                    effects.push(Effect::SetTimer {
                        owner: rule.source.clone(),
                        name: run.timer_name(),
                        due: view.now + *length,
                        length: *length,
                        missed: rule.rule.missed,
                        causes: Causes::from_slice(&run.causes[..run.causes.len().min(4)]),
                    });
                    self.runs.insert(run.number, run);
                    return;
                }
            }
        }
        if let Some((trigger, causes)) = self.queued.get_mut(&rule.key).and_then(VecDeque::pop_front) {
            self.set_off(&rule, trigger, causes, view, effects);
        }
    }

    fn set(&mut self, run: &Run, action: &Action, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Action::Set { target, values, hold, transition } = action else { return };
        let main = values.keys().next().copied().unwrap_or(lares_model::Property::On);
        let (aim, name) = match target {
            Target::Entity(entity) => match view.directory.movable(entity, main) {
                Some(found) => (Aim::Entity(found.id), found.reference.to_string()),
                None => (Aim::Name(entity.to_string()), entity.to_string()),
            },
            Target::Group(key) => (Aim::Group(key.clone()), format!("group:{key}")),
            Target::Room { room, component } => {
                let what = component.map(|c| format!(":{}", c.name())).unwrap_or_default();
                (Aim::Room { room: room.clone(), component: *component }, format!("room:{room}{what}"))
            }
        };
        let hold = match hold {
            Hold::Momentary => HoldFor::Momentary,
            Hold::For(length) => HoldFor::For(*length),
            Hold::WhileWhen => {
                let held = self.whiles.entry((run.rule.key.clone(), run.trigger)).or_default();
                if !held.contains(&name) {
                    held.push(name);
                    effects.push(Effect::Keep(while_write(&run.rule.key, run.trigger, Some(held))));
                }
                HoldFor::UntilReleased
            }
        };
        effects.push(Effect::Intend(Box::new(Intent {
            source: run.rule.source.clone(),
            origin: Origin::Rule(run.rule.key.clone()),
            level: run.rule.rule.level,
            target: aim,
            act: Act::Set { values: values.clone(), hold, transition: *transition },
            reason: run.rule.rule.name.as_str().into(),
            causes: run.causes.iter().copied().collect(),
            basis: Some(run.basis.clone()),
            reply: None,
        })));
    }

    /// Ends the holds that a rule has while one of its triggers holds.
    fn release(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        reason: &str,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let Some(held) = self.whiles.remove(&(key.clone(), trigger)) else { return };
        effects.push(Effect::Keep(while_write(key, trigger, None)));
        for name in held {
            effects.push(Effect::Intend(Box::new(Intent {
                source: format!("rule:{key}").into(),
                origin: Origin::Rule(key.clone()),
                level: lares_model::Level::Rule,
                target: aim_of(&name),
                act: Act::Release { properties: Vec::new() },
                reason: reason.into(),
                causes: causes.clone(),
                basis: None,
                reply: None,
            })));
        }
    }

    fn cancel_run(&mut self, number: u64, reason: &str, causes: &Causes, effects: &mut Vec<Effect>) {
        let Some(run) = self.runs.remove(&number) else { return };
        effects.push(Effect::CancelTimer {
            owner: run.rule.source.clone(),
            name: run.timer_name(),
            reason: reason.to_owned(),
            causes: causes.clone(),
        });
        effects.push(Effect::Keep(run.erase()));
    }

    /// Waits, holds and runs that stand now.
    pub fn waiting(&self) -> (usize, usize, usize) {
        (self.armed.len(), self.whiles.len(), self.runs.len())
    }
}

fn aim_of(name: &str) -> Aim {
    if let Some(key) = name.strip_prefix("group:") {
        return Aim::Group(key.to_owned());
    }
    if let Some(room) = name.strip_prefix("room:") {
        let (room, component) = match room.split_once(':') {
            Some((room, component)) => (room, lares_model::Component::parse(component)),
            None => (room, None),
        };
        return Aim::Room { room: room.to_owned(), component };
    }
    Aim::Name(name.to_owned())
}
