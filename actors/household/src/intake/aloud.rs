//! What is said aloud in a room.

use lares_kernel::{Answer, Intent};
use lares_model::{Body, Draft, NodeId, Origin, Receipt};

use super::actor::Intake;
use super::again::announced;
use crate::domains::briefing::filled;

impl Intake {
    /// What is said aloud is an event about the room that it is said in: whatever speaks there hears it.
    pub(super) fn announce(&self, room: &str, text: String, intent: &mut Intent) {
        let world = self.house.world();
        let text = match &intent.origin {
            Origin::Rule(_) => filled(&text, &self.house),
            _ => text,
        };
        // What a voice was heard to say is told as its own: this is what the house says.
        let origin = match &intent.origin {
            Origin::Voice(_) => Origin::System,
            origin => origin.clone(),
        };
        let before = announced(&self.house.graph().reader(), intent, NodeId::room(room), &text);
        let before = before.unwrap_or_else(|why| {
            tracing::warn!(why, "whether it was announced before cannot be read: it is announced");
            None
        });
        let event = before.unwrap_or_else(|| {
            let mut draft = Draft::new(NodeId::room(room), origin, Body::Notice { text });
            draft.causes = std::mem::take(&mut intent.causes);
            world.publish(draft).id
        });
        let (reply, entity) = (intent.reply.take(), room.to_owned());
        world.journal().after_sync(Box::new(move |kept| {
            let receipt = kept.map_or_else(|e| Receipt::Failed(e.into()), |()| Receipt::Confirmed);
            if let Some(reply) = reply {
                reply.send(vec![Answer { entity, property: String::new(), event: Some(event), receipt }]);
            }
        }));
    }
}
