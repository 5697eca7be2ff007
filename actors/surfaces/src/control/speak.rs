//! A sentence to the house: understood, wished at the door as its speaker, and answered with what came of it.

use lares_config::{Care, trusted};
use lares_kernel::Answer;

use super::{Asked, Request, Told, Trouble, View, intents};
use crate::views;
use crate::voice::{Sentence, came_of, talk};

/// A sentence as it was said.
pub(super) struct Spoken {
    pub text: String,
    pub language: Option<String>,
    pub room: Option<String>,
    pub yes: bool,
    pub person: Option<String>,
}

pub(super) async fn speak(asked: &Asked, said: Spoken) -> Result<(Told, View), Trouble> {
    let Spoken { text, language, room, yes, person } = said;
    let home = (asked.setup.in_force)();
    let language = language.unwrap_or_else(|| home.household.language.clone());
    // Who may act in some rooms only hears of these only: not even a question leads out of them.
    let speaker = person.as_ref().and_then(|p| home.people.get(p));
    let grant = speaker.map(|p| p.grant.clone()).unwrap_or_default();
    // Whoever may not do what is dangerous is refused by the door, and not asked whether they mean it.
    let yes = yes || speaker.is_some_and(|p| trusted(p.role) < Care::Dangerous);
    if let Some(room) = &room {
        let known: Vec<&str> =
            home.rooms.keys().map(String::as_str).filter(|r| grant.covers(Some(r))).collect();
        if !known.contains(&room.as_str()) {
            return Err(Trouble::input(format!("there is no room `{room}`; there is {}", known.join(", "))));
        }
    }
    let (spoken_in, surface) = (language.clone(), asked.surface);
    let read = asked.read(move |source, told| {
        let mut devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        devices.iter_mut().for_each(|d| d.entities.retain(|e| grant.covers(e.room.as_deref())));
        let sentence = Sentence { text: &text, language: &spoken_in, room: room.as_deref(), yes };
        let spoken = talk(&sentence, &home, &devices, told).map_err(Trouble::input)?;
        let wish = |set: &crate::voice::SpokenSet| {
            let (target, values) = (set.target.clone(), set.values.clone());
            let (hold_ms, until_released, transition_ms) = (None, false, None);
            let request = Request::Set {
                target,
                values,
                hold_ms,
                until_released,
                transition_ms,
                person: person.clone(),
            };
            intents::intent(source, request, surface)
        };
        let mut intents = spoken.sets.iter().map(wish).collect::<Result<Vec<_>, _>>()?;
        for intent in &mut intents {
            let surface = if intent.reason.is_empty() { "" } else { " " };
            intent.reason = format!("said{surface}{}: {text}", intent.reason).into();
        }
        let names = devices.into_iter().flat_map(|d| {
            let only =
                d.entities.iter().filter(|e| e.category.is_none() && !e.controls.is_empty()).count() == 1;
            let of = d.name.clone();
            d.entities.into_iter().map(move |e| (e.id, if only { of.clone() } else { e.name }))
        });
        let names: std::collections::BTreeMap<String, String> = names.collect();
        Ok((spoken, intents, names))
    });
    let (mut spoken, intents, names) = read.await?;
    if !intents.is_empty() {
        let mut answers: Vec<Answer> = Vec::new();
        for intent in intents {
            let (_, view) = asked.wish(intent).await?;
            let View::Answers(all) = view else { continue };
            answers.extend(all);
        }
        came_of(&mut spoken, &language, &answers, |id| {
            names.get(id).cloned().unwrap_or_else(|| id.to_owned())
        });
    }
    asked.done(View::Spoken(Box::new(spoken))).await
}
