//! What came of a wish, in words: the door speaks of references, and people of things.

use lares_kernel::Answer;
use lares_model::{NodeId, NodeKind, Property, Receipt};
use serde::{Deserialize, Serialize};

use super::Names;
use super::table::plain;
use crate::tongue::Tongue;

/// What came of a wish on one property, as the door said it, and as it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Came {
    #[serde(flatten)]
    pub answer: Answer,
    /// What people call the thing, with its property where that is not its main one: `Hall lamp · brightness`.
    pub called: String,
    /// The receipt in the household's language.
    pub text: String,
    /// Why it did not come about, where somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Came {
    /// `Hall lamp: confirmed (e1.42)`.
    pub fn words(&self) -> String {
        let event = self.answer.event.map(|event| format!(" ({event})")).unwrap_or_default();
        plain(&format!("{}: {}{event}", self.called, self.text))
    }

    /// Of somebody who does not see the whole house: what they have not named is told by its reference.
    pub fn unnamed(answer: Answer, tongue: Tongue) -> Self {
        let text = tongue.receipt_of(&answer.property, &answer.receipt);
        let why = why(&answer.receipt).map(|why| tongue.reason(why));
        Self { called: answer.entity.clone(), text, why, answer }
    }
}

impl Names {
    pub fn came(&self, answer: Answer) -> Came {
        let entity = self.find_exact(&answer.entity, NodeKind::Entity).map(|entity| entity.id);
        let property = Property::parse(&answer.property);
        let called = match (entity, property) {
            (Some(entity), Some(property)) => self.called_of(entity, property),
            (Some(entity), None) => self.called(entity),
            // What is no thing: a room, a scene, a timer.
            (None, _) => self.aim_called(&answer.entity),
        };
        let of = entity.unwrap_or_else(NodeId::household);
        let text = self.receipt(of, property.unwrap_or(Property::State), &answer.receipt);
        let why = why(&answer.receipt).map(|why| self.in_words(why));
        Came { called, text, why, answer }
    }
}

fn why(receipt: &Receipt) -> Option<&str> {
    match receipt {
        Receipt::Failed(why) | Receipt::Refused(why) | Receipt::Overridden(why) => Some(why),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use lares_model::EventId;

    use super::*;
    use crate::views::titles::tests::home;

    fn answer(entity: &str, property: &str, receipt: Receipt) -> Answer {
        Answer { entity: entity.to_owned(), property: property.to_owned(), event: Some(EventId(7)), receipt }
    }

    #[test]
    fn a_receipt_names_its_thing_and_keeps_its_reference_for_programs() {
        let (names, german) = (home(), home().told_in(Tongue::German));
        let refused = || Receipt::Refused("interlock hall-motion.occupancy cannot be heard".into());
        for (entity, property, receipt, english, other) in [
            ("lamp.light", "on", Receipt::Confirmed, "Lamp (Hall): confirmed", "Lamp (Hall): bestätigt"),
            (
                "lamp.light",
                "brightness",
                Receipt::Overridden("rule:hall-light (rule)".into()),
                "Lamp (Hall) · brightness: overridden by rule “Light in the hall” (rule)",
                "Lamp (Hall) · Helligkeit: Vorrang hat Regel „Light in the hall“ (Regel)",
            ),
            ("lamp.light", "", Receipt::Expired, "Lamp (Hall): expired", "Lamp (Hall): verfallen"),
            ("scene film", "", Receipt::Sent, "scene “Film”: sent", "Szene „Film“: gesendet"),
            ("room hall", "", Receipt::Sent, "Hall: sent", "Hall: gesendet"),
            ("group lamps", "", Receipt::Sent, "All lamps: sent", "All lamps: gesendet"),
            ("kitchen/pizza", "", Receipt::Confirmed, "kitchen/pizza: confirmed", "kitchen/pizza: bestätigt"),
        ] {
            let said = answer(entity, property, receipt);
            assert_eq!(names.came(said.clone()).words(), format!("{english} ({})", EventId(7)));
            let came = german.came(said.clone());
            assert_eq!(came.words(), format!("{other} ({})", EventId(7)));
            assert_eq!(came.answer, said);
        }
        let told = serde_json::to_value(names.came(answer("lamp.light", "on", refused()))).unwrap();
        assert_eq!(told["entity"], "lamp.light");
        assert_eq!(told["called"], "Lamp (Hall)");
        assert_eq!(told["receipt"], serde_json::to_value(refused()).unwrap());
        let back: Came = serde_json::from_value(told).unwrap();
        assert_eq!(back.answer, answer("lamp.light", "on", refused()));
        // Who sees some rooms only is told of no others.
        let unseen = Receipt::Overridden("rule:hall-light (rule)".into());
        let told = Came::unnamed(answer("lamp.light", "on", unseen), Tongue::English);
        assert_eq!((told.called.as_str(), told.text.contains("Light in the hall")), ("lamp.light", false));
    }
}
