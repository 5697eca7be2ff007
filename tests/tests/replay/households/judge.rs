//! Looks at what a household does and knows its interlocks by other means than the household: by their words alone.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use lares_model::{Body, Event, EventId, NodeId, Outcome, Property, Receipt, Timestamp, Value};

use super::make::Machine;

/// A report comes 200 ms after its command, and a deadline is looked at within a second.
pub(super) const SLACK: Duration = Duration::from_secs(2);
/// Times count from the command, whose report comes a moment later.
pub(super) const REPORT: Duration = Duration::from_millis(500);
/// What does not obey is told again each minute.
const AGAIN: Duration = Duration::from_secs(62);
/// More changes of one thing in a minute are a fight.
const FIGHT: usize = 12;

#[derive(Default, Debug)]
pub struct Told {
    pub commands: u64,
    pub refused: u64,
    pub trips: u64,
    pub hands: u64,
    pub wrong: Vec<String>,
}

impl Told {
    pub fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.refused += other.refused;
        self.trips += other.trips;
        self.hands += other.hands;
    }
}

#[derive(Default)]
pub(super) struct Is {
    pub on: Option<bool>,
    /// When it became so.
    pub since: Option<Timestamp>,
    /// From when to when it was on.
    pub runs: Vec<(Timestamp, Timestamp)>,
    /// What running must move, as it was when it began.
    pub from: Option<f64>,
    /// The same for who was told to rest and to go on in one breath, should it say that it rested.
    anew: Option<f64>,
    starts: VecDeque<Timestamp>,
    commands: VecDeque<(bool, Timestamp)>,
    latched: bool,
    /// What happened to it last, for who looks for the reason.
    trail: VecDeque<String>,
}

/// So much of it.
const TRAIL: usize = 12;

impl Is {
    fn note(&mut self, what: String) {
        if self.trail.len() >= TRAIL {
            self.trail.pop_front();
        }
        self.trail.push_back(what);
    }
}

pub struct Judge {
    machines: Vec<Machine>,
    began: Option<Timestamp>,
    pub(super) now: Timestamp,
    pub(super) is: BTreeMap<NodeId, Is>,
    /// Sensors: what they said last, when it began to be so, when they said it.
    pub(super) said: BTreeMap<NodeId, (Value, Timestamp, Timestamp)>,
    open: BTreeMap<EventId, (String, Timestamp)>,
    /// What speaks against a machine that is on, and since when.
    speaking: BTreeMap<(NodeId, &'static str), Timestamp>,
    told: Told,
}

impl Judge {
    pub fn new(machines: &[Machine]) -> Self {
        Self {
            machines: machines.to_vec(),
            began: None,
            now: Timestamp::MIN,
            is: BTreeMap::new(),
            said: BTreeMap::new(),
            open: BTreeMap::new(),
            speaking: BTreeMap::new(),
            told: Told::default(),
        }
    }

    pub fn see(&mut self, event: &Event) {
        self.began.get_or_insert(event.seen);
        self.now = self.now.max(event.seen);
        self.watch();
        match &event.body {
            Body::Reading { value: Some(value), .. } => self.reading(event, value),
            Body::Decision(verdict) => match &verdict.outcome {
                Outcome::Commanded { value } => {
                    self.open.insert(event.id, (verdict.claim.source.to_string(), event.seen));
                    self.command(event, verdict.property, value, &verdict.claim.source);
                }
                Outcome::Not(Receipt::Overridden(by)) if by.contains("interlock:") => self.told.refused += 1,
                _ => {}
            },
            Body::Receipt { command, .. } if self.open.remove(command).is_none() => {
                self.wrong(format!("{}: a receipt for {command}, which is no open command", event.id));
            }
            Body::InterlockTripped { .. } => self.told.trips += 1,
            _ => {}
        }
    }

    fn wrong(&mut self, what: String) {
        if self.told.wrong.len() < 10 {
            self.told.wrong.push(what);
        }
    }

    fn reading(&mut self, event: &Event, value: &Value) {
        if self.machines.iter().any(|m| m.id == event.subject) {
            let Some(on) = value.as_bool() else { return };
            let moves = self.moves(event.subject);
            let is = self.is.entry(event.subject).or_default();
            // A report may come when another command has left already: it answers all the same.
            let answer = is.commands.iter().any(|(value, at)| *value == on && event.seen.since(*at) < SLACK);
            let hand = !answer;
            is.note(format!("{} {} says {on}, by hand: {hand}", event.seen.0 / 1000, event.id));
            if is.on != Some(on) {
                if hand && is.on.is_some() {
                    self.told.hands += 1;
                }
                if is.on == Some(true) {
                    is.runs.extend(is.since.map(|from| (from, event.seen)));
                }
                is.on = Some(on);
                is.since = Some(event.seen);
                if hand {
                    is.from = moves;
                } else if on && is.anew.is_some() {
                    is.from = is.anew.take();
                }
                // Who moves it by hand goes by other rules, and starts it all the same.
                if on && hand {
                    is.starts.push_back(event.seen);
                }
            }
            return;
        }
        let begun = match self.said.get(&event.subject) {
            Some((was, begun, _)) if was == value => *begun,
            _ => event.seen,
        };
        self.said.insert(event.subject, (value.clone(), begun, event.seen));
        for machine in &self.machines {
            if let Some((leak, true)) = machine.lockout
                && leak == event.subject
                && value.as_bool() == Some(true)
            {
                self.is.entry(machine.id).or_default().latched = true;
            }
        }
    }

    fn command(&mut self, event: &Event, property: Property, value: &Value, source: &str) {
        self.told.commands += 1;
        let Some(machine) = self.machines.iter().find(|m| m.id == event.subject).cloned() else { return };
        let Some(on) = value.as_bool() else {
            return self.wrong(format!("{}: {} = {value}", event.id, property.name()));
        };
        let (now, began) = (event.seen, self.began.unwrap_or(event.seen));
        let mut wrong = Vec::new();
        let other = machine.exclusive.and_then(|o| self.is.get(&o)).is_some_and(|o| o.on == Some(true));
        let (against, moves) = (self.against(&machine, true), self.moves(machine.id));
        let is = self.is.entry(event.subject).or_default();
        is.note(format!("{} {} {on} by {source}", now.0 / 1000, event.id));
        let since = is.since.map(|at| now.since(at));
        // Told twice in a moment it begins once, and ends once.
        let told = is.commands.back().filter(|(_, at)| now.since(*at) < SLACK).map(|(last, _)| *last);
        if on && is.on != Some(true) && told != Some(true) {
            if let (Some(least), Some(off)) = (machine.min_off, since)
                && is.on == Some(false)
                // Off since the first word of all: nobody knows since when.
                && is.starts.len() + is.commands.len() > 0
                && off + REPORT < least
            {
                wrong.push(format!("on after {off:?} off, and min_off is {least:?}"));
            }
            while is.starts.front().is_some_and(|at| now.since(*at) >= Duration::from_secs(3600)) {
                is.starts.pop_front();
            }
            if machine.per_hour.is_some_and(|most| is.starts.len() >= most) {
                let before: Vec<Duration> = is.starts.iter().map(|at| now.since(*at)).collect();
                wrong.push(format!("start {} of an hour: others {before:?} before", is.starts.len() + 1));
            }
            if other {
                wrong.push("the other one is on".to_owned());
            }
            if is.latched {
                wrong.push("it is latched".to_owned());
            }
            wrong.extend(against.into_iter().map(str::to_owned));
            if machine.boot_delay.is_some_and(|delay| now.since(began) < delay) {
                wrong.push("it has just started".to_owned());
            }
            is.starts.push_back(now);
            (is.from, is.anew) = (moves, None);
        } else if on && told == Some(false) {
            is.anew = moves;
        }
        let by_rule = source.starts_with("rule:");
        if let (false, true, Some(least), Some(for_)) = (on, by_rule, machine.min_on, since)
            && is.on == Some(true)
            && told != Some(false)
            && for_ + REPORT < least
        {
            wrong.push(format!("off after {for_:?} on by {source}, and min_on is {least:?}"));
        }
        while is.commands.front().is_some_and(|(_, at)| now.since(*at) > Duration::from_secs(60)) {
            is.commands.pop_front();
        }
        is.commands.push_back((on, now));
        if is.commands.len() > FIGHT {
            wrong.push(format!("told {} times in a minute", is.commands.len()));
        }
        let trail = is.trail.clone();
        for what in wrong {
            self.wrong(format!("{} {} on={on} by {source}: {what}; {trail:#?}", event.id, machine.name));
        }
    }

    /// What running of a machine must move, as it is.
    fn moves(&self, machine: NodeId) -> Option<f64> {
        let (probe, ..) = self.machines.iter().find(|m| m.id == machine)?.wide.ineffective?;
        self.said.get(&probe)?.0.as_number()
    }

    /// What must not go on for longer than it may.
    fn watch(&mut self) {
        let mut wrong = Vec::new();
        for machine in &self.machines {
            let on = self.is.get(&machine.id).filter(|is| is.on == Some(true)).and_then(|is| is.since);
            let on = on.map(|at| self.now.since(at));
            if let (Some(most), Some(on)) = (machine.max_on, on)
                && on > most + SLACK
            {
                wrong.push(format!("{} is on for {on:?}, and max_on is {most:?}", machine.name));
            }
            let against = if on.is_some() { self.against(machine, false) } else { Vec::new() };
            self.speaking.retain(|(id, what), _| *id != machine.id || against.contains(what));
            for what in against {
                let since = *self.speaking.entry((machine.id, what)).or_insert(self.now);
                if self.now.since(since) > AGAIN {
                    let (long, trail) = (self.now.since(since), self.is.get(&machine.id).map(|is| &is.trail));
                    wrong.push(format!(
                        "{} {} is on, and for {long:?} {what}; {trail:#?}",
                        self.now.0 / 1000,
                        machine.name
                    ));
                }
            }
        }
        wrong.into_iter().for_each(|what| self.wrong(what));
    }

    pub fn end(&mut self) -> Told {
        let lost: Vec<String> = self
            .open
            .iter()
            .filter(|(_, (_, at))| self.now.since(*at) > Duration::from_secs(30))
            .map(|(id, (source, _))| format!("{id} of {source} has no receipt"))
            .collect();
        lost.into_iter().for_each(|what| self.wrong(what));
        std::mem::take(&mut self.told)
    }
}
