//! Sound to the house: recognised, and then a sentence like any other.

use lares_config::Home;

use super::speak::{By, Spoken, spoken};
use super::{Asked, Told, Trouble, View};
use crate::voice::{HeardView, SpokenView, prepare};

/// Sound with what is known of its speaker.
pub(super) struct Sounds {
    /// Of one channel, 16 kHz.
    pub samples: Vec<i16>,
    pub language: Option<String>,
    pub room: Option<String>,
    pub yes: bool,
    pub person: Option<String>,
}

/// Samples that go to a recogniser at once: a fifth of a second.
const PIECE: usize = 3_200;

pub(super) async fn hear(asked: &Asked, sounds: Sounds) -> Result<(Told, View), Trouble> {
    let Sounds { samples, language, room, yes, person } = sounds;
    let home = (asked.setup.in_force)();
    let language = language.or_else(|| spoken_here(&home));
    let ears = asked.setup.hearing.now().map_err(Trouble::input)?;
    let named = language.clone().unwrap_or_else(|| home.household.language.clone());
    let prepared = prepare(asked, &ears, &named, None).await?;
    let mut utterance = ears.begin(prepared.grammar).map_err(Trouble::failed)?;
    for piece in samples.chunks(PIECE) {
        utterance.push(piece.to_vec()).map_err(Trouble::input)?;
    }
    let heard = utterance.finish().await.map_err(Trouble::failed)?;
    let mut view =
        HeardView { text: heard.text, sure: heard.sure, unknown: prepared.unknown, ..HeardView::default() };
    if view.text.is_empty() {
        view.spoken = SpokenView { answer: "nothing was said".to_owned(), ..SpokenView::default() };
    } else {
        let by = person.map_or(By::Console, By::Person);
        view.spoken = spoken(asked, Spoken { text: view.text.clone(), language, room, yes, by }).await?;
    }
    asked.done(View::Heard(Box::new(view))).await
}

/// The language of the household's microphones, if that is said.
fn spoken_here(home: &Home) -> Option<String> {
    home.voice.as_ref().and_then(|voice| voice.language.clone())
}
