//! Commands on their way out, and what came of them.

use bytes::Bytes;
use lares_devices::Send;
use lares_kernel::Answer;
use lares_kernel::wire::{Delivery, Outbound, Qos};
use lares_model::{Body, Draft, EventId, NodeId, Origin, Property, Receipt, Timestamp, Value};

use super::{COMMAND_LIFE, DeviceState, Outlet, REPORT_DEADLINE};
use crate::devices::Answers;
use crate::devices::entity::{Entity, Pending};

impl DeviceState {
    pub(super) fn command(
        &mut self,
        id: NodeId,
        commands: Vec<(Property, Value, EventId)>,
        answers: Option<&Answers>,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some((_, _, key)) = commands.first() else { return };
        let key = *key;
        let wishes: Vec<(Property, Value)> = commands.iter().map(|(p, v, _)| (*p, v.clone())).collect();
        let sends = self.driver.command(id, &wishes);
        for (property, value, command) in commands {
            // A newer command ends the wait for an older one: only the newest can still be confirmed.
            self.settle(id, property, Receipt::Overridden("a newer command".into()), None, out);
            let pending = Pending {
                command,
                value,
                // Until it is known to have left it may still expire on its way out: that is told first.
                deadline: now + COMMAND_LIFE + REPORT_DEADLINE,
                carried_by: key,
                answers: answers.cloned(),
                inherited: false,
            };
            if let Some(entity) = self.entities.get_mut(&id) {
                let slot = entity.slot(property);
                slot.tell(pending.value.clone(), now);
                slot.pending = Some(pending);
            }
            if let Err(refusal) = &sends {
                self.settle(id, property, Receipt::Refused(refusal.reason.as_str().into()), None, out);
            }
        }
        for send in sends.into_iter().flatten() {
            out.send(Self::outbound(send, key, now + COMMAND_LIFE));
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
        out: &mut impl Outlet,
    ) {
        let link = self.link.clone();
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let reference = entity.reference.clone();
        let Some(pending) = entity.slot(property).pending.take() else { return };
        let body = Body::Receipt { command: pending.command, property, receipt: receipt.clone() };
        let draft = Draft::new(id, Origin::Link(link), body).caused_by([pending.command]).caused_by(report);
        let event = out.publish(draft, Vec::new());
        if let Some(answers) = pending.answers {
            answers.say(Answer {
                entity: reference.to_string(),
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
            of_key.map(|(p, _)| (e.id, *p, e.info.assumed)).collect()
        };
        let found: Vec<_> = self.entities.values().flat_map(carried).collect();
        for (id, property, assumed) in found {
            match (&receipt, assumed) {
                (Some(receipt), _) => self.settle(id, property, receipt.clone(), None, out),
                // It has no way to report: what was sent is all that will ever be known.
                (None, true) => self.settle(id, property, Receipt::Sent, None, out),
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
