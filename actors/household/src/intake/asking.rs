//! What must not be heard before somebody there has said yes waits at the door: media asks.

use lares_kernel::{Answer, Intent};
use lares_model::{Body, Draft, Receipt};

use super::actor::Intake;
use super::resolve::Reached;
use crate::devices::Answers;
use crate::domains::media::{MediaMessage, Wanted};

impl Intake {
    /// Whether a part of a wish waits for somebody's yes. Then it is on record why, media asks, and the wish is answered with that.
    pub(super) fn waits(&self, intent: &Intent, reached: &Reached, answers: Option<&Answers>) -> bool {
        let consent = self.house.consent();
        let Some(wanted) = consent.needed(intent, reached.entity, &reached.values) else { return false };
        let Wanted { stream, why, .. } = &wanted;
        let text = format!("{}: {why} about {stream}", intent.reason);
        let mut draft = Draft::new(reached.entity, intent.origin.clone(), Body::Notice { text });
        draft.causes = intent.causes.clone();
        let event = self.house.world().publish(draft).id;
        if let Some(answers) = answers {
            let entity = self.house.directory().entity(reached.entity).map(|e| e.reference.to_string());
            answers.say(Answer {
                entity: entity.unwrap_or_else(|| reached.entity.to_string()),
                property: "source".to_owned(),
                event: Some(event),
                receipt: Receipt::Refused(why.as_str().into()),
            });
        }
        consent.media().tell(MediaMessage::Wished { wanted, cause: event, answers: answers.cloned() });
        true
    }
}
