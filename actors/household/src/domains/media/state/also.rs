//! One stream in several rooms. One of them follows its person; those that somebody put it into beside that one stay until they are told
//! otherwise, or its person has left the house. Where somebody else is, they are asked first.

use std::time::Duration;

use lares_model::{NodeId, Property, Value};

use super::super::consent::to_ask;
use super::{Effect, State};

/// What a timer of such a question begins with.
const ALSO: &str = "also:";

fn timer(stream: &str, room: &str) -> String {
    format!("{ALSO}{stream}:{room}")
}

impl State {
    /// Somebody wishes a stream in a room that it is not in. Whoever is there is asked; what plays there goes on.
    pub(super) fn wished(
        &mut self,
        room: &str,
        stream: &str,
        (by, silences): (&str, Vec<NodeId>),
        out: &mut Vec<Effect>,
    ) {
        if self.place(stream).is_in(room) {
            return;
        }
        // What was said last is what a yes is to.
        match silences.is_empty() {
            true => drop(self.place(stream).silences.remove(room)),
            false => drop(self.place(stream).silences.insert(room.to_owned(), silences)),
        }
        if self.place(stream).asking.contains_key(room) {
            return;
        }
        let others = to_ask(&self.settings, &self.people, (room, stream), by);
        if others.is_empty() {
            // They have gone meanwhile.
            return self.granted(room, stream, "nobody is there any more", out);
        }
        let names: Vec<String> = others.iter().map(|p| self.settings.person_name(p)).collect();
        let (called, room_called) = (self.called(stream), self.settings.room_name(room));
        let text = format!(
            "{called}: shall it play in the {room_called} as well, where {} is?",
            names.join(" and ")
        );
        self.place(stream).asking.insert(room.to_owned(), String::new());
        let stands = self.settings.ask_for;
        out.push(Effect::SetTimer { name: timer(stream, room), after: stands });
        let person = self.owner(stream);
        out.push(Effect::Ask {
            stream: stream.to_owned(),
            to: room.to_owned(),
            people: others.into_iter().chain(person).collect(),
            text,
            stands,
        });
    }

    fn owner(&self, stream: &str) -> Option<String> {
        self.settings.streams.get(stream).and_then(|s| s.person.clone())
    }

    fn called(&self, stream: &str) -> String {
        self.settings.streams.get(stream).map_or(stream, |s| s.name.as_str()).to_owned()
    }

    /// Nobody minds it there. What was to be silent then is silent now.
    fn granted(&mut self, room: &str, stream: &str, why: &str, out: &mut Vec<Effect>) {
        let silences = self.place(stream).silences.remove(room).unwrap_or_default();
        self.drop_question(stream, room, why, out);
        self.joins(room, stream, out);
        for entity in silences {
            let other = self.settings.room_of(entity).filter(|other| *other != room).map(str::to_owned);
            if other.is_some_and(|other| self.place(stream).is_in(&other)) {
                self.taken(entity, Property::Muted, &Value::Bool(true), out);
            }
        }
    }

    /// The room is the stream's, whatever played there.
    pub(super) fn joins(&mut self, room: &str, stream: &str, out: &mut Vec<Effect>) {
        self.lost(room, stream, out);
        self.drop_question(stream, room, "it is there", out);
        let place = self.place(stream);
        match place.at {
            Some(_) => drop(place.also.insert(room.to_owned())),
            None => (place.at, place.declined) = (Some(room.to_owned()), None),
        }
        self.tune(stream, room, out);
        self.unmute(stream, room, out);
    }

    /// A room is another stream's from now on, or nobody's: all but that one have left it, and do not come back by themselves.
    pub(super) fn lost(&mut self, room: &str, to: &str, out: &mut Vec<Effect>) {
        for old in self.settings.streams.keys().filter(|old| *old != to).cloned().collect::<Vec<_>>() {
            let place = self.place(&old);
            if place.at.as_deref() == Some(room) {
                (place.declined, place.occupied) = (Some(room.to_owned()), false);
            }
            place.leaves(room);
            self.drop_question(&old, room, "the room plays something else", out);
        }
    }

    /// What is beside the room that follows is taken out of it.
    pub(super) fn taken_out(&mut self, room: &str, stream: &str, out: &mut Vec<Effect>) {
        self.place(stream).leaves(room);
        self.silence(stream, room, out);
    }

    /// Nothing is asked of that room any more.
    pub(super) fn drop_question(&mut self, stream: &str, room: &str, why: &str, out: &mut Vec<Effect>) {
        if let Some(question) = self.place(stream).asked_no_more(room) {
            out.push(Effect::CancelTimer { name: timer(stream, room), why: why.to_owned() });
            out.push(Effect::Withdraw { question });
        }
    }

    /// Whoever was asked has left: nobody is there to mind.
    pub(super) fn nobody_to_ask(&mut self, out: &mut Vec<Effect>) {
        let asking = |(stream, place): (&String, &super::Place)| {
            place.asking.keys().map(|room| (stream.clone(), room.clone())).collect::<Vec<_>>()
        };
        for (stream, room) in self.memory.streams.iter().flat_map(asking).collect::<Vec<_>>() {
            if self.others_in(&room, self.owner(&stream).as_deref()).is_empty() {
                self.granted(&room, &stream, "nobody is there any more", out);
            }
        }
    }

    /// Timers that stand for what is asked.
    pub(super) fn asked_also(&self) -> impl Iterator<Item = (String, Duration)> {
        let asking = move |(stream, place): (&String, &super::Place)| {
            place.asking.keys().map(|room| (timer(stream, room), self.settings.ask_for)).collect::<Vec<_>>()
        };
        self.memory.streams.iter().flat_map(asking)
    }

    /// Nobody answered in time.
    pub(super) fn unanswered(&mut self, timer: &str, out: &mut Vec<Effect>) {
        let Some((stream, room)) = timer.strip_prefix(ALSO).and_then(|rest| rest.split_once(':')) else {
            return;
        };
        if let Some(question) = self.place(stream).asked_no_more(room) {
            out.push(Effect::Silence { question });
            self.not_there(stream, room, "nobody answered", out);
        }
    }

    /// Somebody answered whether it may play in one more room. Whether it was that question.
    pub(super) fn answered_also(&mut self, id: &str, yes: bool, out: &mut Vec<Effect>) -> bool {
        let asked = |place: &super::Place| {
            place.asking.iter().find(|(_, question)| *question == id).map(|(room, _)| room.clone())
        };
        let found = self.memory.streams.iter().find_map(|(key, place)| Some((key.clone(), asked(place)?)));
        let Some((stream, room)) = found else { return false };
        self.place(&stream).asking.remove(&room);
        out.push(Effect::CancelTimer { name: timer(&stream, &room), why: "it was answered".into() });
        match yes {
            true => self.granted(&room, &stream, "it was answered", out),
            false => {
                self.place(&stream).silences.remove(&room);
                self.not_there(&stream, &room, "no", out);
            }
        }
        true
    }

    fn not_there(&self, stream: &str, room: &str, found: &str, out: &mut Vec<Effect>) {
        let (called, room_called) = (self.called(stream), self.settings.room_name(room));
        out.push(Effect::Stays {
            stream: stream.to_owned(),
            trigger: format!("somebody put {called} into the {room_called} as well"),
            condition: format!("somebody says yes to {called} there"),
            found: found.to_owned(),
        });
    }

    /// Rooms of a stream that nobody but its person would hear it in, or keeps it in.
    pub(super) fn unheard(&self, stream: &str) -> Vec<String> {
        let owner = self.owner(stream);
        let Some(place) = self.memory.streams.get(stream) else { return Vec::new() };
        let beside = place.also.iter().filter(|room| Some(*room) != place.at.as_ref());
        let unheard = |room: &&String| {
            self.others_in(room, owner.as_deref()).is_empty() && !self.is_kept_in(room, stream)
        };
        place.at.iter().chain(beside).filter(unheard).cloned().collect()
    }

    /// Its person has left the house: where nobody else is, it goes.
    pub(super) fn leaves_all(&mut self, stream: &str, out: &mut Vec<Effect>) -> Option<String> {
        let at = self.at(stream).map(str::to_owned);
        let rooms = self.unheard(stream);
        for room in &rooms {
            self.place(stream).leaves(room);
            if Some(room) != at.as_ref() {
                self.silence(stream, room, out);
            }
        }
        // The one that followed fades.
        at.filter(|at| rooms.contains(at))
    }
}
