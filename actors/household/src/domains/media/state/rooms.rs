//! What players say, who else moves them, and how a room is put onto a stream and off it.

use std::collections::BTreeSet;

use lares_model::{NodeId, Property, Value};

use super::super::kept::{Place, Step};
use super::super::settings::StreamSettings;
use super::{Effect, Heard, State};

const OURS: [Property; 3] = [Property::Source, Property::Volume, Property::Muted];

/// Whether that is new.
fn put(set: &mut BTreeSet<String>, key: &str, is: bool) -> bool {
    if is { set.insert(key.to_owned()) } else { set.remove(key) }
}

impl State {
    /// Takes note of what is reported. Whether streams are to be looked at again is the answer.
    pub(super) fn note(&mut self, entity: NodeId, property: Property, value: Option<Value>) -> bool {
        let of = |pick: fn(&StreamSettings) -> Option<NodeId>| {
            self.settings.streams.iter().find(|(_, s)| pick(s) == Some(entity)).map(|(key, _)| key.clone())
        };
        match property {
            Property::State => {
                let Some(stream) = of(|s| s.player) else { return false };
                let plays = value.as_ref().and_then(Value::as_text) == Some("playing");
                put(&mut self.plays, &stream, plays)
            }
            Property::On => {
                let Some(stream) = of(|s| s.follow) else { return false };
                let stays = value.and_then(|v| v.as_bool()) == Some(false);
                let new = put(&mut self.stays, &stream, stays);
                if new {
                    // Who says that it follows again means now.
                    self.place(&stream).declined = None;
                }
                new
            }
            Property::Source => {
                let source = value.and_then(|v| Some(v.as_text()?.to_owned()));
                self.heard.entry(entity).or_default().source = source;
                false
            }
            Property::Muted => {
                self.heard.entry(entity).or_default().muted = value.and_then(|v| v.as_bool());
                false
            }
            Property::Volume => {
                self.heard.entry(entity).or_default().volume = value.and_then(|v| v.as_number());
                false
            }
            _ => false,
        }
    }

    /// What somebody else wished once is done.
    pub(super) fn taken(&mut self, entity: NodeId, property: Property, value: &Value, out: &mut Vec<Effect>) {
        let Some(room) = self.settings.room_of(entity).map(str::to_owned) else { return };
        let ours = self.playing_in(&room).map(str::to_owned);
        match (property, ours) {
            (Property::Source, _) => self.chosen(&room, value.as_text().unwrap_or_default(), out),
            (Property::Volume, Some(stream)) => {
                if let Some(percent) = value.as_number().filter(|_| !self.fades(&room)) {
                    self.memory.volumes.insert(room.clone(), percent);
                    self.keep_so(&stream, entity, property, value, out);
                }
            }
            (Property::Volume, None) => {
                if let Some(percent) = value.as_number().filter(|_| !self.fades(&room)) {
                    self.memory.volumes.insert(room, percent);
                }
            }
            // Beside the room that follows its person, silent is gone.
            (Property::Muted, Some(stream))
                if *value == Value::Bool(true) && self.at(&stream) != Some(room.as_str()) =>
            {
                self.taken_out(&room, &stream, out);
            }
            (Property::Muted, Some(stream)) => self.keep_so(&stream, entity, property, value, out),
            // Nobody's music is here: whoever makes it sound knows why.
            (Property::Muted, None) => {
                let why = "somebody else decides here".to_owned();
                out.push(Effect::Release { entity, properties: vec![Property::Muted], why });
            }
            _ => {}
        }
    }

    /// What was wished once is what is given back from now on.
    fn keep_so(
        &self,
        stream: &str,
        entity: NodeId,
        property: Property,
        value: &Value,
        out: &mut Vec<Effect>,
    ) {
        out.push(Effect::Claim {
            entity,
            property,
            value: value.clone(),
            stands: true,
            stream: stream.to_owned(),
            why: "stays as somebody set it here".to_owned(),
        });
    }

    /// Somebody chose what plays in a room: it is theirs, or the stream's that they chose.
    fn chosen(&mut self, room: &str, source: &str, out: &mut Vec<Effect>) {
        if !self.settings.streams.contains_key(source) {
            self.lost(room, source, out);
            return self.leave(room, "somebody chose something else here", out);
        }
        if !self.place(source).is_in(room) {
            return self.joins(room, source, out);
        }
        // It is there: who chooses it once more wants to hear it.
        let silent = |entity: &NodeId| self.heard.get(entity).is_some_and(|heard| heard.muted == Some(true));
        if self.players(room).iter().any(silent) {
            self.unmute(source, room, out);
        }
    }

    fn fades(&self, room: &str) -> bool {
        let fades = |step: &Step| matches!(step, Step::Fading { from, .. } if from == room);
        self.memory.streams.values().any(|place| fades(&place.step))
    }

    pub(super) fn volume(&self, room: &str) -> f64 {
        self.memory.volumes.get(room).copied().unwrap_or(self.settings.volume)
    }

    /// Whether all players of a room are on a stream.
    pub(super) fn is_on(&self, room: &str, stream: &str) -> bool {
        let on = |entity: &NodeId| self.heard.get(entity).and_then(|h| h.source.as_deref()) == Some(stream);
        self.players(room).iter().all(on)
    }

    pub(super) fn tune(&self, stream: &str, room: &str, out: &mut Vec<Effect>) {
        for entity in self.players(room) {
            for (property, value) in [
                (Property::Source, Value::from(stream)),
                (Property::Volume, Value::Number(self.volume(room))),
            ] {
                let why = format!("comes to the {}", self.settings.room_name(room));
                out.push(Effect::Claim {
                    entity,
                    property,
                    value,
                    stands: true,
                    stream: stream.to_owned(),
                    why,
                });
            }
        }
    }

    pub(super) fn unmute(&self, stream: &str, room: &str, out: &mut Vec<Effect>) {
        self.mute(stream, room, false, "plays here", out);
    }

    fn mute(&self, stream: &str, room: &str, muted: bool, why: &str, out: &mut Vec<Effect>) {
        for entity in self.players(room) {
            out.push(Effect::Claim {
                entity,
                property: Property::Muted,
                value: Value::Bool(muted),
                stands: true,
                stream: stream.to_owned(),
                why: why.to_owned(),
            });
        }
    }

    /// A room from which the music has gone: silent, and its volume as it was.
    pub(super) fn silence(&self, stream: &str, room: &str, out: &mut Vec<Effect>) {
        self.mute(stream, room, true, "has left this room", out);
        for entity in self.players(room) {
            out.push(Effect::Claim {
                entity,
                property: Property::Volume,
                value: Value::Number(self.volume(room)),
                stands: false,
                stream: stream.to_owned(),
                why: "has left: as loud as before for what plays next".to_owned(),
            });
            let why = "the music has left".to_owned();
            out.push(Effect::Release { entity, properties: vec![Property::Source], why });
        }
    }

    /// All of ours in a room ends.
    pub(super) fn leave(&self, room: &str, why: &str, out: &mut Vec<Effect>) {
        for entity in self.players(room) {
            out.push(Effect::Release { entity, properties: OURS.to_vec(), why: why.to_owned() });
        }
    }

    /// Servers remember groups, streams and mutes of yesterday. What was decided is put right, and what sounds in a room
    /// where nobody's music was left is silent.
    pub(super) fn put_right(&mut self, out: &mut Vec<Effect>) {
        let new = self.memory.streams.values().all(|place| *place == Place::default());
        for room in self.settings.rooms.keys().cloned().collect::<Vec<_>>() {
            let under_way = self.memory.streams.values().any(|place| {
                matches!(&place.step, Step::Arriving { to, .. } if *to == room)
                    || matches!(&place.step, Step::Fading { from, .. } | Step::Overlap { from } if *from == room)
            });
            if under_way {
                continue;
            }
            match self.playing_in(&room).map(str::to_owned) {
                Some(stream) => self.again(&stream, &room, out),
                None => self.left_on(&room, new, out),
            }
        }
        self.lent.clear();
        self.look_all(out);
    }

    fn again(&self, stream: &str, room: &str, out: &mut Vec<Effect>) {
        let foreign = |entity: &NodeId, property| self.foreign.contains(&(*entity, property));
        for entity in self.players(room) {
            let source = self.heard.get(&entity).and_then(|heard| heard.source.as_deref());
            let strayed =
                source.is_some_and(|source| source != stream) && !foreign(&entity, Property::Source);
            let values = [Value::from(stream), Value::Number(self.volume(room)), Value::Bool(false)];
            for (property, value) in OURS.into_iter().zip(values) {
                // A kill may have come between what was decided and its claim.
                let lost = !self.ours.contains(&(entity, property));
                if lost || (strayed && property == Property::Source) {
                    let why = "comes back to where it was".to_owned();
                    let stream = stream.to_owned();
                    out.push(Effect::Claim { entity, property, value, stands: true, stream, why });
                }
            }
        }
    }

    fn left_on(&mut self, room: &str, new: bool, out: &mut Vec<Effect>) {
        let heard: Vec<(NodeId, Heard)> = self
            .players(room)
            .into_iter()
            .filter_map(|entity| Some((entity, self.heard.get(&entity)?.clone())))
            .collect();
        for (entity, heard) in heard {
            let Some(stream) = heard.source.filter(|s| self.settings.streams.contains_key(s)) else {
                continue;
            };
            let foreign = OURS.iter().any(|p| self.foreign.contains(&(entity, *p)));
            if heard.muted != Some(false) || foreign {
                continue;
            }
            // In a household that never decided, what plays is what was meant.
            if new && !self.lent.contains(&entity) {
                if self.plays.contains(&stream) && self.at(&stream).is_none() {
                    self.place(&stream).at = Some(room.to_owned());
                    self.memory.volumes.extend(heard.volume.map(|percent| (room.to_owned(), percent)));
                    self.tune_as_it_is(&stream, (entity, heard.volume), out);
                }
                continue;
            }
            out.push(Effect::Claim {
                entity,
                property: Property::Muted,
                value: Value::Bool(true),
                stands: true,
                stream,
                why: match self.lent.contains(&entity) {
                    true => "was put here for a while, which is over",
                    false => "was still on here from before",
                }
                .to_owned(),
            });
        }
    }

    /// Ours from now on, and nothing moves.
    fn tune_as_it_is(&self, stream: &str, (entity, loud): (NodeId, Option<f64>), out: &mut Vec<Effect>) {
        let is = [(Property::Source, Value::from(stream)), (Property::Muted, Value::Bool(false))];
        let volume = loud.map(|percent| (Property::Volume, Value::Number(percent)));
        for (property, value) in is.into_iter().chain(volume) {
            let why = "plays here already".to_owned();
            out.push(Effect::Claim { entity, property, value, stands: true, stream: stream.to_owned(), why });
        }
    }
}
