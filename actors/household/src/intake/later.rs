//! What is wished of a later time.

use lares_kernel::{Act, Aim, Delayed};
use lares_model::{Origin, Property};

use super::actor::Intake;
use super::resolve::reach_set;

impl Intake {
    /// What is wished of a later time must be allowed now; then it comes through this door once more.
    pub(super) fn may_wish_later(&self, origin: &Origin, wishes: &[Delayed]) -> Result<(), String> {
        for Delayed { target, act } in wishes {
            match (target, act) {
                (Aim::Room { room, .. }, Act::Announce { .. }) => self.may_speak_of(origin, Some(room))?,
                (target, Act::Set { values, silences, .. }) => {
                    if values.contains_key(&Property::Code) {
                        return Err("a code is given when it is used, and not before".to_owned());
                    }
                    let reached = reach_set(&self.house, target, values, silences)?;
                    match origin {
                        Origin::Person(person) => self.allows(person, true, &reached)?,
                        Origin::Voice(voice) => self.hears(voice, act, &reached)?,
                        _ => {}
                    }
                }
                _ => return Err("later only things are set, and something is said aloud".to_owned()),
            }
        }
        Ok(())
    }
}
