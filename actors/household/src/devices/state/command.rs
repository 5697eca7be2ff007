//! Commands on their way out, and what came of them.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use lares_devices::{Credential, Send};
use lares_kernel::Answer;
use lares_kernel::wire::{Delivery, Outbound, Qos};
use lares_model::{Body, Draft, EventId, NodeId, Origin, Property, Receipt, Timestamp, Value};

use super::{COMMAND_LIFE, DeviceState, Outlet, REPORT_DEADLINE};
use crate::devices::Answers;
use crate::devices::asked::Asked;
use crate::devices::entity::{Entity, Pending};

/// What a command ends by that another one follows.
static NEWER: LazyLock<Arc<str>> = LazyLock::new(|| "a newer command".into());

/// A command that was decided on.
pub(super) struct Commanded {
    pub property: Property,
    pub value: Value,
    pub command: EventId,
    /// Where its receipt is told, if it is not told already.
    pub answers: Option<Answers>,
}

impl DeviceState {
    pub(super) fn command(
        &mut self,
        id: NodeId,
        commands: Vec<Commanded>,
        by: Credential<'_>,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(key) = commands.first().map(|c| c.command) else { return };
        let wishes: Vec<(Property, Value)> = commands.iter().map(|c| (c.property, c.value.clone())).collect();
        let sends = self.driver.command(id, &wishes, by);
        for Commanded { property, value, command, answers } in commands {
            // A newer command ends the wait for an older one: only the newest can still be confirmed.
            self.settle(id, property, Receipt::Overridden(NEWER.clone()), None, now, out);
            let pending = Pending {
                command,
                value,
                // Until it is known to have left it may still expire on its way out: that is told first.
                deadline: now + COMMAND_LIFE + REPORT_DEADLINE,
                carried_by: key,
                answers,
                inherited: false,
            };
            if let Some(entity) = self.entities.get_mut(&id) {
                if sends.is_ok() && Asked::leads(entity.info.component, property) {
                    let value = pending.value.clone();
                    entity.asked = Some(Asked { property, value, command, at: now });
                }
                let slot = entity.slot(property);
                slot.tell(pending.value.clone(), now);
                slot.pending = Some(pending);
            }
            if let Err(refusal) = &sends {
                self.settle(id, property, Receipt::Refused(refusal.reason.as_str().into()), None, now, out);
            }
        }
        for send in sends.into_iter().flatten() {
            // What the device itself says is worth less long is dropped earlier.
            let life = send.expires.map_or(COMMAND_LIFE, |life| life.min(COMMAND_LIFE));
            out.send(Self::outbound(send, key, now + life));
        }
    }

    pub(super) fn outbound(send: Send, key: EventId, expires: Timestamp) -> Outbound {
        Outbound {
            address: send.topic.into(),
            bytes: Bytes::from(send.payload),
            retain: send.retain,
            qos: if send.qos == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce },
            expires: Some(expires),
            key: Some(key),
        }
    }

    /// The wait for a report is over.
    pub(super) fn settle(
        &mut self,
        id: NodeId,
        property: Property,
        receipt: Receipt,
        report: Option<EventId>,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let slot = entity.properties.entry(property).or_default();
        let Some(pending) = slot.pending.take() else { return };
        let what = (&receipt, &pending.value);
        let writes = Self::settled(self.guard.as_ref(), slot, (id, property), what, now);
        let body = Body::Receipt { command: pending.command, property, receipt: receipt.clone() };
        let draft = Draft::new(id, Origin::Link(self.link.clone()), body)
            .caused_by([pending.command])
            .caused_by(report);
        let event = out.publish(draft, writes);
        if let Some(answers) = pending.answers {
            answers.say(Answer {
                entity: entity.reference.to_string(),
                property: property.name().to_owned(),
                event: Some(event),
                receipt,
            });
        }
    }

    /// What came of handing a command to the wire.
    pub fn delivered(&mut self, delivery: &Delivery, now: Timestamp, out: &mut impl Outlet) {
        let (key, receipt) = match delivery {
            Delivery::Sent(key) => (*key, None),
            Delivery::Expired(key) => (*key, Some(Receipt::Expired)),
            Delivery::Failed(key, why) => (*key, Some(Receipt::Failed(why.as_str().into()))),
        };
        let carried = |e: &Entity| -> Vec<(NodeId, Property, bool)> {
            let of_key =
                e.properties.iter().filter(|(_, s)| s.pending.as_ref().is_some_and(|p| p.carried_by == key));
            of_key.map(|(p, _)| (e.id, *p, e.is_untold(*p))).collect()
        };
        let found: Vec<_> = self.entities.values().flat_map(carried).collect();
        for (id, property, untold) in found {
            match (&receipt, untold) {
                (Some(receipt), _) => self.settle(id, property, receipt.clone(), None, now, out),
                // It has no way to report: what was sent is all that will ever be known.
                (None, true) => self.settle(id, property, Receipt::Sent, None, now, out),
                (None, false) => {
                    let entity = self.entities.get_mut(&id);
                    if let Some(pending) = entity.and_then(|e| e.slot(property).pending.as_mut()) {
                        pending.deadline = now + REPORT_DEADLINE;
                    }
                }
            }
        }
    }
}
