//! What must not be heard before somebody there has said yes waits at the door: media asks. Where media cannot, whoever wishes is told so.

use std::time::Duration;

use lares_kernel::{Answer, ChildState, Context, Intent};
use lares_model::{Body, Causes, Draft, EventId, NodeId, Origin, Receipt};

use super::actor::Intake;
use super::resolve::Reached;
use crate::House;
use crate::devices::Answers;
use crate::domains::media::{Consent, MediaMessage, Wanted};

/// How long media has for putting a question on record. It starts again within less, if it can at all.
const DEADLINE: Duration = Duration::from_secs(10);

impl Intake {
    /// Whether a part of a wish waits for somebody's yes, or comes to nothing because they cannot be asked. Then it is on record why, and
    /// the wish is answered with that.
    pub(super) fn waits(
        &self,
        intent: &Intent,
        reached: &Reached,
        answers: Option<&Answers>,
        context: &Context<Intent>,
    ) -> bool {
        let wanted = match Consent::needed(&self.house, intent, reached.entity, &reached.values) {
            Ok(None) => return false,
            Ok(Some(wanted)) => wanted,
            Err(error) => {
                let withheld = Withheld::of(&self.house, intent, reached, answers);
                withheld.refuse(
                    &format!("nobody knows whether somebody is there, who is asked first: {error}"),
                    None,
                );
                return true;
            }
        };
        let withheld = Withheld::of(&self.house, intent, reached, answers);
        let media = self.house.consent().media();
        let child = self.house.world().registry().child(media.key());
        if let Some(child) = child.filter(|child| child.state == ChildState::Quarantined) {
            let why = child.last_error.map(|why| format!(" ({why})")).unwrap_or_default();
            withheld.refuse(&nobody_asks(&wanted, &format!("what asks failed too often{why}")), None);
            return true;
        }
        let Wanted { stream, why, .. } = &wanted;
        let body = Body::Notice { text: format!("{}: {why} about {stream}", intent.reason) };
        let cause = self.house.world().publish(withheld.draft(body, None)).id;
        let told = wanted.clone();
        let question = move |asked| MediaMessage::Wished { wanted: told, cause, asked };
        context.ask_for(media, question, DEADLINE, move |asked| match asked {
            Ok(()) => withheld.answer(&wanted.why, cause),
            Err(error) => withheld.refuse(&nobody_asks(&wanted, &error.to_string()), Some(cause)),
        });
        true
    }
}

/// Why nothing was moved, and what can be done.
fn nobody_asks(wanted: &Wanted, why: &str) -> String {
    let Wanted { why: first, called, .. } = wanted;
    format!(
        "{first}, which cannot be done now: {why}. Nothing was changed: say it in the {called} itself, or again in a few minutes"
    )
}

/// A part of a wish that goes no further.
struct Withheld {
    house: House,
    entity: NodeId,
    /// As the entity is called.
    name: String,
    source: std::sync::Arc<str>,
    origin: Origin,
    causes: Causes,
    answers: Option<Answers>,
}

impl Withheld {
    fn of(house: &House, intent: &Intent, reached: &Reached, answers: Option<&Answers>) -> Self {
        let entity = reached.entity;
        let name = house.directory().entity(entity).map(|e| e.reference.to_string());
        Self {
            house: house.clone(),
            entity,
            name: name.unwrap_or_else(|| entity.to_string()),
            source: intent.source.clone(),
            origin: intent.origin.clone(),
            causes: intent.causes.clone(),
            answers: answers.cloned(),
        }
    }

    fn draft(&self, body: Body, cause: Option<EventId>) -> Draft {
        let draft = Draft::new(self.entity, self.origin.clone(), body);
        match cause {
            Some(cause) => draft.caused_by([cause]),
            None => draft.caused_by(self.causes.iter().copied()),
        }
    }

    /// It comes to nothing.
    fn refuse(&self, why: &str, cause: Option<EventId>) {
        let place = format!("{} wished something of {}", self.source, self.name);
        let body = Body::Problem { place, reason: why.to_owned() };
        let event = self.house.world().publish(self.draft(body, cause)).id;
        self.answer(why, event);
    }

    fn answer(&self, why: &str, event: EventId) {
        if let Some(answers) = &self.answers {
            answers.say(Answer {
                entity: self.name.clone(),
                property: "source".to_owned(),
                event: Some(event),
                receipt: Receipt::Refused(why.into()),
            });
        }
    }
}
