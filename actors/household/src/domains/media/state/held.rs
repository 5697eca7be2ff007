//! "Keep it here", said by somebody who may not decide where the stream goes: a hold of theirs on what plays in their room.

use lares_model::{NodeId, Property, Value};

use super::{Effect, State};

/// Whose holds are a voice's or a guest's word, and end when nobody is there any more to hear it.
const A_VOICE: &str = "voice:";

/// Somebody's hold on what a player plays.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Held {
    stream: String,
    /// The source of the claim.
    by: String,
}

impl State {
    /// Somebody else's claim on what a player plays decides from now on. Whether streams are to be looked at again is the answer.
    pub(super) fn held(&mut self, entity: NodeId, property: Property, value: &Value, by: &str) -> bool {
        let Some(stream) = value.as_text().filter(|stream| self.settings.streams.contains_key(*stream))
        else {
            return self.let_go(entity, property);
        };
        if property != Property::Source {
            return false;
        }
        let held = Held { stream: stream.to_owned(), by: by.to_owned() };
        self.holds.insert(entity, held.clone()) != Some(held)
    }

    /// It does not any more.
    pub(super) fn let_go(&mut self, entity: NodeId, property: Property) -> bool {
        property == Property::Source && self.holds.remove(&entity).is_some()
    }

    /// Whether somebody keeps a stream where it is.
    pub(super) fn is_kept(&self, stream: &str) -> bool {
        self.at(stream).is_some_and(|room| self.is_kept_in(room, stream))
    }

    pub(super) fn is_kept_in(&self, room: &str, stream: &str) -> bool {
        let here = |entity: &NodeId| self.holds.get(entity).is_some_and(|held| held.stream == stream);
        self.players(room).iter().any(here)
    }

    /// Nobody is in a room any more: what a voice held there is let go.
    pub(super) fn emptied(&mut self, room: &str, out: &mut Vec<Effect>) {
        for entity in self.players(room) {
            let Some(held) = self.holds.get(&entity).filter(|held| held.by.starts_with(A_VOICE)) else {
                continue;
            };
            let why = format!("nobody is in the {} any more", self.settings.room_name(room));
            out.push(Effect::LetGo { entity, by: held.by.clone(), why });
        }
    }
}
