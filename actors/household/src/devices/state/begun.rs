//! What was begun before a restart: commands that may not have left, and holds that ended with nobody taking over yet.

use std::sync::Arc;
use std::time::Duration;

use lares_devices::Credential;
use lares_model::{EventId, NodeId, Property, Timestamp, Value};

use crate::devices::entity::Entity;

use super::{COMMAND_LIFE, DeviceState, Outlet, REPORT_DEADLINE};

/// A hold that ended so long before a restart is not followed up any more.
pub const FOLLOWED_UP: Duration = Duration::from_secs(60);

/// One thing that was begun, as the journal tells it.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// A decision to command, without a receipt: whether it left is not known.
    Command { entity: NodeId, property: Property, value: Value, command: EventId, decided: Timestamp },
    /// A hold that decided is over, and nothing was decided since.
    Ended { entity: NodeId, property: Property, source: Arc<str>, event: EventId },
}

impl DeviceState {
    /// Goes on with what was begun. What sets a state is sent again while it is still worth something: twice is as good as
    /// once. What happens each time it is sent (a press) never is: its receipt says that nobody knows.
    pub fn carry_on(&mut self, now: Timestamp, out: &mut impl Outlet) {
        let begun = std::mem::take(&mut self.begun);
        let mut again: Vec<(NodeId, Property, Value, EventId, Timestamp)> = Vec::new();
        for one in begun {
            match one {
                Begun::Command { entity, property, value, command, decided } => {
                    // What a robot is told to do it does each time, and nothing says whether it did.
                    let told = |e: &Entity| property == Property::Action && e.is_untold(property);
                    let each_time =
                        property.is_done_each_time() || self.entities.get(&entity).is_some_and(told);
                    let repeats = !each_time && !self.leaves_safety(entity, property, &value);
                    if repeats && now < decided + COMMAND_LIFE {
                        again.push((entity, property, value, command, decided + COMMAND_LIFE));
                    }
                }
                Begun::Ended { entity, property, source, event } => {
                    self.follow(entity, property, &source, event, now, out);
                }
            }
        }
        let entities: Vec<NodeId> = self.entities.keys().copied().collect();
        for id in entities {
            let own: Vec<_> = again.iter().filter(|(entity, ..)| *entity == id).cloned().collect();
            self.send_again(id, &own, now, out);
        }
    }

    fn send_again(
        &mut self,
        id: NodeId,
        commands: &[(NodeId, Property, Value, EventId, Timestamp)],
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        // Properties that were set together travel together, under the first one's key.
        let Some(key) = commands.iter().map(|(_, _, _, command, _)| *command).min() else { return };
        let expires = commands.iter().map(|(.., expires)| *expires).min().unwrap_or(now);
        let wishes: Vec<(Property, Value)> = commands.iter().map(|(_, p, v, ..)| (*p, v.clone())).collect();
        // A driver that refuses now would have refused before: the wait for a report ends it.
        // A code that a person gave is kept nowhere: what asks for one is not told again.
        let Ok(sends) = self.driver.command(id, &wishes, Credential::Household) else { return };
        let Some(entity) = self.entities.get_mut(&id) else { return };
        for (property, value) in wishes {
            let slot = entity.slot(property);
            slot.tell(value, now);
            if let Some(pending) = &mut slot.pending {
                pending.carried_by = key;
                pending.deadline = expires.max(now) + REPORT_DEADLINE;
            }
        }
        tracing::info!(entity = %entity.reference, command = %key, "sent again: whether it left before the restart is not known");
        for send in sends {
            out.send(Self::outbound(send, key, expires));
        }
    }
}
