//! What is said aloud in a room.

use lares_kernel::{Answer, Intent};
use lares_model::{Body, Draft, NodeId, Origin, Receipt, Stored};

use super::actor::Intake;
use crate::domains::briefing::filled;

impl Intake {
    /// What is said aloud is an event about the room that it is said in: whatever speaks there hears it.
    pub(super) fn announce(&self, room: &str, text: String, intent: &mut Intent) {
        let world = self.house.world();
        let text = match &intent.origin {
            // After a kill a rule says again what it may not have come to say.
            Origin::Rule(_) if intent.again && self.is_announced(room, intent) => return,
            Origin::Rule(_) => filled(&text, &self.house),
            _ => text,
        };
        // What a voice was heard to say is told as its own: this is what the house says.
        let origin = match &intent.origin {
            Origin::Voice(_) => Origin::System,
            origin => origin.clone(),
        };
        let mut draft = Draft::new(NodeId::room(room), origin, Body::Notice { text });
        draft.causes = std::mem::take(&mut intent.causes);
        let event = world.publish(draft).id;
        let (reply, entity) = (intent.reply.take(), room.to_owned());
        world.journal().after_sync(Box::new(move |kept| {
            let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
            if let Some(reply) = reply {
                reply.send(vec![Answer { entity, property: String::new(), event: Some(event), receipt }]);
            }
        }));
    }

    /// Whether a rule's words of this cause are on record in the room.
    fn is_announced(&self, room: &str, intent: &Intent) -> bool {
        let reader = self.house.graph().reader();
        let Some(effects) = intent.causes.first().and_then(|cause| reader.effects(*cause).ok()) else {
            return false;
        };
        let is = |stored: &Stored| {
            let event = &stored.event;
            let here = event.subject == NodeId::room(room) && event.origin == intent.origin;
            here && matches!(event.body, Body::Notice { .. })
        };
        effects.into_iter().any(|effect| reader.event(effect).ok().flatten().is_some_and(|found| is(&found)))
    }
}
