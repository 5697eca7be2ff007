//! How a stream follows its person: it waits, asks, arrives, and only then leaves.

use lares_model::{Property, Value};

use super::super::kept::Step;
use super::{Effect, FADES, State, TRIES, Whereabouts};

impl State {
    /// Somebody moved: their own stream may follow, and others may come to where they left.
    pub(super) fn moved(&mut self, person: &str, out: &mut Vec<Effect>) {
        let own = self.settings.streams.iter().find(|(_, s)| s.person.as_deref() == Some(person));
        if let Some(own) = own.map(|(key, _)| key.clone())
            && self.place(&own).declined.clone() != self.wanted(&own).flatten()
        {
            self.place(&own).declined = None;
        }
        self.nobody_to_ask(out);
        self.look_all(out);
    }

    /// Looks at all streams: a room that one did not go to may be free now.
    pub(super) fn look_all(&mut self, out: &mut Vec<Effect>) {
        for stream in self.settings.streams.keys().cloned().collect::<Vec<_>>() {
            let place = self.place(&stream).clone();
            if place.occupied && place.declined.is_some_and(|room| self.is_free(&stream, &room)) {
                self.place(&stream).declined = None;
            }
            self.look(&stream, out);
        }
    }

    fn is_free(&self, stream: &str, room: &str) -> bool {
        let person = self.settings.streams.get(stream).and_then(|s| s.person.as_deref());
        let free = |other: &str| other == stream || !self.plays.contains(other);
        self.others_in(room, person).is_empty() && self.playing_in(room).is_none_or(free)
    }

    /// Where a stream ought to be. `None`: nothing speaks for another place than where it is; `Some(None)`: nowhere.
    fn wanted(&self, stream: &str) -> Option<Option<String>> {
        let person = self.settings.streams.get(stream)?.person.as_deref()?;
        match self.people.get(person)? {
            Whereabouts::Room(room) if self.settings.rooms.contains_key(room) => Some(Some(room.clone())),
            Whereabouts::Away => (!self.unheard(stream).is_empty()).then_some(None),
            _ => None,
        }
    }

    /// Whether it is to go anywhere: its person has begun to dwell, or does not any more.
    pub(super) fn look(&mut self, stream: &str, out: &mut Vec<Effect>) {
        let moves = self.plays.contains(stream) && !self.stays.contains(stream) && !self.is_kept(stream);
        let wanted = self.wanted(stream).filter(|_| moves);
        let place = self.place(stream).clone();
        let to = wanted.filter(|to| place.at != *to && (to.is_none() || place.declined != *to));
        match (&place.step, to) {
            // It goes on from there when it has arrived, and looks again.
            (Step::Arriving { .. } | Step::Overlap { .. } | Step::Fading { .. }, _) => {}
            (Step::Dwell { to: before }, Some(to)) if *before == to => {}
            (Step::Asking { to: before, .. }, Some(Some(to))) if *before == to => {}
            (_, Some(to)) => self.goto(stream, Step::Dwell { to }, "", out),
            (Step::Rest, None) => {}
            (_, None) => self.goto(stream, Step::Rest, "there is nothing to follow any more", out),
        }
    }

    /// The time of a step is over.
    pub(super) fn fired(&mut self, stream: &str, out: &mut Vec<Effect>) {
        match self.place(stream).step.clone() {
            Step::Rest => {}
            Step::Dwell { to: Some(to) } => self.may_come(stream, &to, out),
            Step::Dwell { to: None } => match self.leaves_all(stream, out) {
                Some(from) => self.goto(stream, Step::Fading { from, left: FADES }, "", out),
                None => self.goto(stream, Step::Rest, "it played nowhere, or somebody hears it", out),
            },
            Step::Asking { to, question } => {
                out.push(Effect::Silence { question: question.clone() });
                let allowed = self.allowed(stream);
                self.stay(stream, &to, &allowed, "nobody answered", out);
                self.place(stream).step = Step::Rest;
            }
            Step::Arriving { to, tries } => self.arriving(stream, &to, tries, out),
            Step::Overlap { from } => self.goto(stream, Step::Fading { from, left: FADES }, "", out),
            Step::Fading { from, left } => self.fade(stream, &from, left, out),
        }
    }

    fn allowed(&self, stream: &str) -> String {
        let name = self.settings.streams.get(stream).map_or(stream, |s| s.name.as_str());
        format!("somebody says yes to {name} there")
    }

    /// Its person has been there for long enough.
    fn may_come(&mut self, stream: &str, to: &str, out: &mut Vec<Effect>) {
        let person = self.settings.streams.get(stream).and_then(|s| s.person.clone());
        let room = self.settings.room_name(to);
        if let Some(other) =
            self.playing_in(to).filter(|other| *other != stream && self.plays.contains(*other))
        {
            let name = self.settings.streams.get(other).map_or(other, |s| s.name.as_str()).to_owned();
            let condition = format!("nobody else's music plays in the {room}");
            self.stay(stream, to, &condition, &format!("{name} plays there"), out);
            return self.goto(stream, Step::Rest, "somebody else's music plays there", out);
        }
        let others = self.others_in(to, person.as_deref());
        // Where it is already, whoever is there knows it.
        if others.is_empty() || self.memory.streams.get(stream).is_some_and(|place| place.is_in(to)) {
            return self.arrive(stream, to, out);
        }
        let names: Vec<String> = others.iter().map(|p| self.settings.person_name(p)).collect();
        let name = self.settings.streams.get(stream).map_or(stream, |s| s.name.as_str());
        let text = format!("{name}: shall it come to the {room}, where {} is?", names.join(" and "));
        let (stream_, to_) = (stream.to_owned(), to.to_owned());
        self.goto(stream, Step::Asking { to: to.to_owned(), question: String::new() }, "", out);
        out.push(Effect::Ask {
            stream: stream_,
            to: to_,
            people: others.into_iter().chain(person).collect(),
            text,
            stands: self.settings.ask_for,
        });
    }

    /// It does not go there, and does not try again until something has changed.
    fn stay(&mut self, stream: &str, to: &str, condition: &str, found: &str, out: &mut Vec<Effect>) {
        let occupied = !self.is_free(stream, to);
        let person = self.settings.streams.get(stream).and_then(|s| s.person.as_deref()).unwrap_or_default();
        let who = self.settings.person_name(person);
        let trigger = format!("{who} has been in the {} for a while", self.settings.room_name(to));
        let place = self.place(stream);
        (place.declined, place.occupied) = (Some(to.to_owned()), occupied);
        out.push(Effect::Stays {
            stream: stream.to_owned(),
            trigger,
            condition: condition.to_owned(),
            found: found.to_owned(),
        });
    }

    /// Somebody answered.
    pub(super) fn answered(&mut self, id: &str, yes: bool, out: &mut Vec<Effect>) {
        let asks = |step: &Step| matches!(step, Step::Asking { question, .. } if question == id);
        let stream =
            self.memory.streams.iter().find(|(_, place)| asks(&place.step)).map(|(key, _)| key.clone());
        let Some(stream) = stream else { return };
        let Step::Asking { to, .. } = std::mem::take(&mut self.place(&stream).step) else { return };
        if yes && self.wanted(&stream) == Some(Some(to.clone())) {
            return self.arrive(&stream, &to, out);
        }
        if !yes {
            let allowed = self.allowed(&stream);
            self.stay(&stream, &to, &allowed, "no", out);
        }
        self.goto(&stream, Step::Rest, "it was answered", out);
    }

    /// The room is put onto the stream, silent, as loud as it was there last.
    fn arrive(&mut self, stream: &str, to: &str, out: &mut Vec<Effect>) {
        self.tune(stream, to, out);
        self.goto(stream, Step::Arriving { to: to.to_owned(), tries: 0 }, "", out);
    }

    fn arriving(&mut self, stream: &str, to: &str, tries: u8, out: &mut Vec<Effect>) {
        if self.is_on(to, stream) {
            let from = self.place(stream).at.replace(to.to_owned()).filter(|from| from != to);
            let others = self.memory.streams.iter_mut().filter(|(key, _)| key.as_str() != stream);
            // Another's, paused there, has lost the room.
            others.for_each(|(_, place)| place.leaves(to));
            self.drop_question(stream, to, "it is there", out);
            self.unmute(stream, to, out);
            return match from {
                Some(from) => self.goto(stream, Step::Overlap { from }, "", out),
                None => self.rest(stream, out),
            };
        }
        if tries < TRIES {
            // A kill or a server that was away may have swallowed it.
            if tries % 3 == 2 {
                self.tune(stream, to, out);
            }
            return self.goto(stream, Step::Arriving { to: to.to_owned(), tries: tries + 1 }, "", out);
        }
        let condition = format!("the {} takes it", self.settings.room_name(to));
        self.stay(stream, to, &condition, "its player did not, or somebody else has it", out);
        self.leave(to, "the music did not come here", out);
        self.goto(stream, Step::Rest, "the room did not take it", out);
    }

    /// The old room goes step by step, then is silent, and as loud as it was for whoever plays there next.
    fn fade(&mut self, stream: &str, from: &str, left: u8, out: &mut Vec<Effect>) {
        // Somebody else's music, or its own again, is in that room by now.
        if self.playing_in(from).is_some() {
            return self.rest(stream, out);
        }
        let left = left.saturating_sub(1);
        if left == 0 {
            self.silence(stream, from, out);
            return self.rest(stream, out);
        }
        let volume = self.volume(from) * f64::from(left) / f64::from(FADES);
        for entity in self.players(from) {
            out.push(Effect::Claim {
                entity,
                property: Property::Volume,
                value: Value::Number(volume.round()),
                stands: true,
                stream: stream.to_owned(),
                why: "fades out here".to_owned(),
            });
        }
        self.goto(stream, Step::Fading { from: from.to_owned(), left }, "", out);
    }

    /// It is where it is; its person may have gone on meanwhile.
    fn rest(&mut self, stream: &str, out: &mut Vec<Effect>) {
        self.goto(stream, Step::Rest, "it has arrived", out);
        self.look_all(out);
    }
}
