//! What the door lets through goes to the device that it is about.

use lares_kernel::{Act, Fault, HoldFor, Intent};
use lares_model::Until;

use super::actor::Intake;
use super::again::undecided;
use super::resolve::Reached;
use crate::devices::{Answers, Code, Demand, DeviceMessage};

impl Intake {
    /// A part of a wish that nothing speaks against. What of one that comes a second time is on record is left out.
    ///
    /// # Errors
    /// The record cannot be read.
    pub(super) fn hand_over(
        &self,
        intent: &Intent,
        reached: Reached,
        (answers, code): (Option<&Answers>, Option<&Code>),
    ) -> Result<(), Fault> {
        let Reached { entity, address, mut values, .. } = reached;
        if intent.again && matches!(intent.act, Act::Set { .. }) {
            let reader = self.house.graph().reader();
            values = undecided(&reader, intent, entity, values).map_err(Fault::new)?;
            if values.is_empty() {
                return Ok(());
            }
        }
        let message = match &intent.act {
            Act::Set { hold, .. } => DeviceMessage::Demand(Demand {
                entity,
                values,
                source: intent.source.clone(),
                origin: intent.origin.clone(),
                level: intent.level,
                until: match hold {
                    HoldFor::Momentary => Until::Momentary,
                    HoldFor::For(length) => Until::At(self.house.world().clock().now() + *length),
                    HoldFor::UntilReleased => Until::Released,
                },
                reason: intent.reason.clone(),
                causes: intent.causes.clone(),
                basis: intent.basis.clone(),
                code: code.cloned(),
                answers: answers.cloned(),
                token: intent.token.clone(),
            }),
            Act::Release { properties } => DeviceMessage::Release {
                entity,
                properties: properties.clone(),
                source: intent.source.clone(),
                reason: intent.reason.clone(),
                causes: intent.causes.clone(),
                token: intent.token.clone(),
            },
            // Done before anything is reached.
            Act::Say { .. }
            | Act::Acknowledge
            | Act::Answer { .. }
            | Act::TakenBack
            | Act::Timer(_)
            | Act::Announce { .. } => return Ok(()),
        };
        address.tell(message);
        Ok(())
    }
}
