//! A sentence to the house: understood, wished at the door as its speaker, and answered with what came of it.

use lares_config::{Care, Grant, Home, Person, trusted};
use lares_kernel::{Answer, Intent};
use lares_model::{Body, Draft, EventId, NodeId, Origin, Receipt};

use super::{Asked, Request, Told, Trouble, View, intents};
use crate::views;
use crate::voice::{Around, Sentence, SpokenSet, SpokenView, came_of, talk};

/// A sentence as it was said.
pub(crate) struct Spoken {
    pub text: String,
    pub language: Option<String>,
    pub room: Option<String>,
    pub yes: bool,
    pub by: By,
}

/// Who says it.
pub(crate) enum By {
    Console,
    Person(String),
    Voice(Voice),
}

/// Somebody whom a microphone heard.
#[derive(Clone)]
pub(crate) struct Voice {
    /// The satellite, or the server's own key.
    pub key: String,
    /// The words for the record: a `yes` is not the sentence that it means.
    pub heard: String,
    /// It was said to the house. Else it is kept and answered only if it means something.
    pub addressed: bool,
}

impl By {
    /// Whose rights count: none has all.
    fn speaker<'h>(&self, home: &'h Home) -> Option<&'h Person> {
        match self {
            Self::Console => None,
            Self::Person(person) => home.people.get(person),
            Self::Voice(voice) => home.speaker(&voice.key),
        }
    }

    fn person(&self) -> Option<String> {
        match self {
            Self::Person(person) => Some(person.clone()),
            _ => None,
        }
    }
}

pub(super) async fn speak(asked: &Asked, said: Spoken) -> Result<(Told, View), Trouble> {
    let spoken = spoken(asked, said).await?;
    asked.done(View::Spoken(Box::new(spoken))).await
}

/// Understands, does and answers.
///
/// # Errors
/// A room or language that is not there; the household did not answer.
pub(crate) async fn spoken(asked: &Asked, said: Spoken) -> Result<SpokenView, Trouble> {
    let Spoken { text, language, room, yes, by } = said;
    let home = (asked.setup.in_force)();
    let language = language.unwrap_or_else(|| home.household.language.clone());
    let speaker = by.speaker(&home);
    if let (By::Voice(voice), None) = (&by, speaker) {
        return Err(Trouble::input(format!("nobody may act by the voice `{}`", voice.key)));
    }
    // Who may act in some rooms only hears of these only: not even a question leads out of them.
    let grant = speaker.map(|p| p.grant.clone()).unwrap_or_default();
    // Whoever may not do what is dangerous is refused by the door, and not asked whether they mean it.
    let yes = yes || speaker.is_some_and(|p| trusted(p.role) < Care::Dangerous);
    if let Some(room) = &room {
        look_for(room, &home, &grant)?;
    }
    let (spoken_in, surface, person, place) = (language.clone(), asked.surface, by.person(), room.clone());
    let read = asked.read(move |source, told| {
        let mut devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        devices.iter_mut().for_each(|d| d.entities.retain(|e| grant.covers(e.room.as_deref())));
        let sentence = Sentence { text: &text, language: &spoken_in, room: room.as_deref(), yes };
        let mut timers = views::countdowns(source, told).map_err(Trouble::failed)?;
        timers.retain(|timer| grant.covers(timer.room.as_deref()));
        let around = Around { devices: &devices, timers: &timers };
        let spoken = talk(&sentence, &home, &around, told).map_err(Trouble::input)?;
        let wish = |set: &SpokenSet| {
            let (target, values) = (set.target.clone(), set.values.clone());
            let (hold_ms, until_released, transition_ms) = (None, false, None);
            let person = person.clone();
            let request = Request::Set { target, values, hold_ms, until_released, transition_ms, person };
            intents::intent(source, request, surface)
        };
        let mut intents = spoken.sets.iter().map(wish).collect::<Result<Vec<_>, _>>()?;
        for timer in &spoken.timers {
            let act = timer.act().ok_or_else(|| Trouble::input("no timer is that long"))?;
            let request = Request::Timer { timer: timer.timer.clone(), act, person: person.clone() };
            intents.push(intents::intent(source, request, surface)?);
        }
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
    let (mut spoken, mut intents, names) = read.await?;
    if let By::Voice(voice) = &by
        && (voice.addressed || spoken.intent.is_some())
    {
        let heard = keep(asked, voice, place.as_deref());
        intents.iter_mut().for_each(|intent| as_voice(intent, voice, place.as_deref(), heard));
    }
    if !intents.is_empty() {
        let mut answers: Vec<Answer> = Vec::new();
        for intent in intents {
            let (_, view) = asked.wish(intent).await?;
            let View::Answers(all) = view else { continue };
            answers.extend(all);
        }
        if spoken.sets.is_empty() && answers.iter().all(|a| a.receipt == Receipt::Confirmed) {
            return Ok(spoken);
        }
        came_of(&mut spoken, &language, &answers, |id| {
            names.get(id).cloned().unwrap_or_else(|| id.to_owned())
        });
    }
    Ok(spoken)
}

fn look_for(room: &str, home: &Home, grant: &Grant) -> Result<(), Trouble> {
    let known: Vec<&str> = home.rooms.keys().map(String::as_str).filter(|r| grant.covers(Some(r))).collect();
    if known.contains(&room) {
        return Ok(());
    }
    Err(Trouble::input(format!("there is no room `{room}`; there is {}", known.join(", "))))
}

/// What was heard goes on record as text; the sound does not.
fn keep(asked: &Asked, voice: &Voice, room: Option<&str>) -> EventId {
    let subject = room.map_or_else(NodeId::household, NodeId::room);
    let body = Body::Notice { text: voice.heard.clone() };
    asked.world.publish(Draft::new(subject, Origin::Voice(voice.key.as_str().into()), body)).id
}

/// A wish of somebody whom nobody knows: the door looks at what the microphone may.
fn as_voice(intent: &mut Intent, voice: &Voice, room: Option<&str>, heard: EventId) {
    intent.origin = Origin::Voice(voice.key.as_str().into());
    if &*intent.source == "console" {
        intent.source = format!("voice:{}", voice.key).into();
    }
    let place = room.map(|room| format!(" in {room}")).unwrap_or_default();
    intent.reason = format!("said{place}: {}", voice.heard).into();
    intent.causes.push(heard);
}
