//! What media decides. Pure: input and time go in, effects come out.

mod also;
mod follow;
mod held;
mod rooms;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lares_model::{NodeId, Property, Timestamp, Value};

use super::consent::others_in;
use super::kept::{Memory, Place, Step};
use super::settings::Settings;

/// How long a server takes to put a room onto a stream.
pub const ARRIVES: Duration = Duration::from_millis(1_200);
/// How often it is looked whether it did.
pub const TRIES: u8 = 8;
/// Steps in which a room fades out.
pub const FADES: u8 = 4;

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// Somebody is in a room of the house, somewhere, or away.
    Moved {
        person: String,
        whereabouts: Whereabouts,
    },
    /// A player or stream reports.
    Reading {
        entity: NodeId,
        property: Property,
        value: Option<Value>,
    },
    /// Somebody else's claim on a player decides: it stands, or was made once; it is done, or on its way.
    Taken {
        entity: NodeId,
        property: Property,
        value: Value,
        stands: bool,
        done: bool,
        /// The source of the claim.
        by: String,
    },
    /// A stream is to play in a room as well, where somebody must be asked.
    Wished {
        stream: String,
        room: String,
        /// The source of the wish.
        by: String,
        /// Players that are silent once it plays there.
        silences: Vec<NodeId>,
    },
    /// Nobody is in a room any more.
    Emptied {
        room: String,
    },
    /// Ours decides.
    Ours {
        entity: NodeId,
        property: Property,
    },
    /// Nobody else's claim on it decides any more.
    GivenBack {
        entity: NodeId,
        property: Property,
    },
    Fired {
        timer: String,
    },
    Answered {
        question: String,
        yes: bool,
    },
    /// Players have spoken: what was left otherwise is put right.
    PutRight,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whereabouts {
    Room(String),
    /// At home, nobody knows where.
    Somewhere,
    Away,
}

/// Something to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// A claim of ours: it stands, or is made once.
    Claim {
        entity: NodeId,
        property: Property,
        value: Value,
        stands: bool,
        stream: String,
        why: String,
    },
    Release {
        entity: NodeId,
        properties: Vec<Property>,
        why: String,
    },
    /// Somebody else's hold on what a player plays ends: whoever said it has left.
    LetGo {
        entity: NodeId,
        by: String,
        why: String,
    },
    SetTimer {
        name: String,
        after: Duration,
    },
    CancelTimer {
        name: String,
        why: String,
    },
    Ask {
        stream: String,
        to: String,
        people: Vec<String>,
        text: String,
        stands: Duration,
    },
    /// What was asked does not matter any more.
    Withdraw {
        question: String,
    },
    /// Nobody answered in time.
    Silence {
        question: String,
    },
    /// It looked and did not move: what was not met, and what was found.
    Stays {
        stream: String,
        trigger: String,
        condition: String,
        found: String,
    },
}

/// What a player said last.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Heard {
    pub source: Option<String>,
    pub muted: Option<bool>,
    /// Percent.
    pub volume: Option<f64>,
}

pub struct State {
    pub settings: Settings,
    pub memory: Memory,
    people: BTreeMap<String, Whereabouts>,
    pub(super) heard: BTreeMap<NodeId, Heard>,
    /// Streams that play, and those that stay where they are.
    pub(super) plays: BTreeSet<String>,
    pub(super) stays: BTreeSet<String>,
    /// Where somebody else's claim stands.
    pub(super) foreign: BTreeSet<(NodeId, Property)>,
    /// By player: who holds what plays there.
    holds: BTreeMap<NodeId, held::Held>,
    /// Players that somebody else held until just now: what they play is left over, and nobody's choice.
    pub(super) lent: BTreeSet<NodeId>,
    /// What somebody else wished once, until it is reported.
    awaited: BTreeMap<(NodeId, Property), Value>,
    /// Where our own stands.
    pub(super) ours: BTreeSet<(NodeId, Property)>,
    /// When the question of a stream ends; the id is given by whoever publishes it.
    pub now: Timestamp,
}

impl State {
    pub fn new(settings: Settings, mut memory: Memory) -> Self {
        memory.streams.retain(|key, _| settings.streams.contains_key(key));
        Self {
            settings,
            memory,
            people: BTreeMap::new(),
            heard: BTreeMap::new(),
            plays: BTreeSet::new(),
            stays: BTreeSet::new(),
            foreign: BTreeSet::new(),
            holds: BTreeMap::new(),
            lent: BTreeSet::new(),
            awaited: BTreeMap::new(),
            ours: BTreeSet::new(),
            now: Timestamp(0),
        }
    }

    /// Timers that must stand for what is under way, after a start.
    pub fn timers(&self) -> Vec<(String, Duration)> {
        let timer = |(key, place): (&String, &Place)| Some((timer(key), self.length(&place.step)?));
        self.memory.streams.iter().filter_map(timer).chain(self.asked_also()).collect()
    }

    fn length(&self, step: &Step) -> Option<Duration> {
        Some(match step {
            Step::Rest => return None,
            Step::Dwell { .. } => self.settings.dwell,
            Step::Asking { .. } => self.settings.ask_for,
            Step::Arriving { .. } => ARRIVES,
            Step::Overlap { .. } => self.settings.overlap,
            Step::Fading { .. } => self.settings.fade / u32::from(FADES),
        })
    }

    /// What was so before this start: nothing follows from it.
    pub fn know(&mut self, input: Input) {
        match input {
            Input::Moved { person, whereabouts } => drop(self.people.insert(person, whereabouts)),
            Input::Reading { entity, property, value } => drop(self.note(entity, property, value)),
            Input::Taken { entity, property, value, by, .. } => {
                self.foreign.insert((entity, property));
                self.held(entity, property, &value, &by);
            }
            Input::Ours { entity, property } => drop(self.ours.insert((entity, property))),
            Input::Wished { .. }
            | Input::Emptied { .. }
            | Input::GivenBack { .. }
            | Input::Fired { .. }
            | Input::Answered { .. }
            | Input::PutRight => {}
        }
    }

    /// What follows from something that happened.
    pub fn step(&mut self, input: Input) -> Vec<Effect> {
        let out = self.follows(input);
        for effect in &out {
            match effect {
                Effect::Claim { entity, property, stands: true, .. } => {
                    self.ours.insert((*entity, *property));
                }
                Effect::Claim { entity, property, .. } => drop(self.ours.remove(&(*entity, *property))),
                Effect::Release { entity, properties, .. } => {
                    self.ours.retain(|(e, p)| e != entity || !properties.contains(p));
                }
                _ => {}
            }
        }
        out
    }

    /// What somebody wished once, if this report says that it is so.
    fn arrived(&mut self, entity: NodeId, property: Property, value: Option<&Value>) -> Option<Value> {
        let wished = self.awaited.get(&(entity, property))?;
        value.is_some_and(|value| value.meets(wished, 1.0)).then_some(())?;
        self.awaited.remove(&(entity, property))
    }

    fn follows(&mut self, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Moved { person, whereabouts } => {
                if self.people.insert(person.clone(), whereabouts.clone()) != Some(whereabouts) {
                    self.moved(&person, &mut out);
                }
            }
            Input::Reading { entity, property, value } => {
                let done = self.arrived(entity, property, value.as_ref());
                if self.note(entity, property, value) {
                    self.look_all(&mut out);
                }
                if let Some(value) = done {
                    self.taken(entity, property, &value, &mut out);
                }
            }
            Input::Taken { entity, property, value, stands: true, by, .. } => {
                // It is given back when that ends: our own claim is still there.
                self.foreign.insert((entity, property));
                self.awaited.remove(&(entity, property));
                if self.held(entity, property, &value, &by) {
                    self.look_all(&mut out);
                }
            }
            Input::Taken { entity, property, value, done, .. } => {
                self.foreign.remove(&(entity, property));
                let gone = self.let_go(entity, property);
                match done {
                    true => self.taken(entity, property, &value, &mut out),
                    // A claim of ours before it is reported would take its receipt from whoever wished.
                    false => drop(self.awaited.insert((entity, property), value)),
                }
                if gone {
                    self.look_all(&mut out);
                }
            }
            Input::Ours { entity, property } => {
                self.foreign.remove(&(entity, property));
                self.awaited.remove(&(entity, property));
                if self.let_go(entity, property) {
                    self.look_all(&mut out);
                }
            }
            Input::GivenBack { entity, property } => {
                self.foreign.remove(&(entity, property));
                if property == Property::Source {
                    self.lent.insert(entity);
                }
                if self.let_go(entity, property) {
                    self.look_all(&mut out);
                }
            }
            Input::Wished { stream, room, by, silences } => {
                self.wished(&room, &stream, (&by, silences), &mut out);
            }
            Input::Emptied { room } => self.emptied(&room, &mut out),
            Input::Fired { timer } => match timer.strip_prefix("step:") {
                Some(stream) => self.fired(stream, &mut out),
                None => self.unanswered(&timer, &mut out),
            },
            Input::Answered { question, yes } => {
                if !self.answered_also(&question, yes, &mut out) {
                    self.answered(&question, yes, &mut out);
                }
            }
            Input::PutRight => self.put_right(&mut out),
        }
        out
    }

    /// The question has been asked under this id.
    pub fn asked(&mut self, stream: &str, to: &str, id: &str) {
        if let Some(question) = self.place(stream).asking.get_mut(to).filter(|question| question.is_empty()) {
            id.clone_into(question);
        } else if let Step::Asking { question, .. } = &mut self.place(stream).step {
            id.clone_into(question);
        }
    }

    pub(super) fn place(&mut self, stream: &str) -> &mut Place {
        self.memory.streams.entry(stream.to_owned()).or_default()
    }

    pub(super) fn at(&self, stream: &str) -> Option<&str> {
        self.memory.streams.get(stream)?.at.as_deref()
    }

    /// The stream whose music is in a room.
    pub(super) fn playing_in(&self, room: &str) -> Option<&str> {
        let there = self.memory.streams.iter().find(|(_, place)| place.is_in(room));
        there.map(|(key, _)| key.as_str())
    }

    pub(super) fn players(&self, room: &str) -> Vec<NodeId> {
        self.settings.rooms.get(room).cloned().unwrap_or_default()
    }

    /// People who are known to be in a room, but for one.
    pub(super) fn others_in(&self, room: &str, but: Option<&str>) -> Vec<String> {
        others_in(&self.people, room, but)
    }

    /// Goes to a step, whose timer is set in place of the one before.
    pub(super) fn goto(&mut self, stream: &str, step: Step, why: &str, out: &mut Vec<Effect>) {
        let was = std::mem::replace(&mut self.place(stream).step, step.clone());
        if let Step::Asking { question, .. } = was
            && !matches!(step, Step::Asking { .. })
        {
            out.push(Effect::Withdraw { question });
        }
        match self.length(&step) {
            Some(after) => out.push(Effect::SetTimer { name: timer(stream), after }),
            None => out.push(Effect::CancelTimer { name: timer(stream), why: why.to_owned() }),
        }
    }
}

/// The one timer of a stream.
fn timer(stream: &str) -> String {
    format!("step:{stream}")
}
