//! What takes its time: recognising, asking the house, finding out what may be said. One at a time; meanwhile the microphone is not heard.

use std::pin::Pin;
use std::sync::Arc;

use lares_config::SatelliteConfig;

use super::conversation::Next;
use crate::control::{Asked, By, Spoken, Voice, spoken};
use crate::voice::ears::{Heard, NoEars, Utterance};
use crate::voice::{SpokenView, prepare};

/// A turn on its way.
pub type Turn = Pin<Box<dyn Future<Output = Turned> + Send>>;

/// What a turn came to.
pub enum Turned {
    Heard(Result<Heard, NoEars>),
    Answered {
        sentence: String,
        addressed: bool,
        spoken: SpokenView,
    },
    /// What can be said next, if that could be found out.
    Grammar(Option<Arc<str>>),
}

pub fn recognise(utterance: Utterance) -> Turn {
    Box::pin(async move { Turned::Heard(utterance.finish().await) })
}

/// Brings a sentence to the house.
pub fn ask(asked: &Asked, key: &str, config: &SatelliteConfig, language: &str, next: Next) -> Option<Turn> {
    let Next::Say { text, yes, heard, addressed } = next else { return None };
    let asked = asked.clone();
    let by = By::Voice(Voice { key: key.to_owned(), heard, addressed, keep: config.keep });
    let (language, room) = (Some(language.to_owned()), Some(config.room.clone()));
    Some(Box::pin(async move {
        let said = Spoken { text: text.clone(), language, room, yes, by };
        let answered = spoken(&asked, said).await;
        let spoken = answered.unwrap_or_else(|trouble| {
            let answer = trouble.message;
            SpokenView { answer, intent: Some(String::new()), ..SpokenView::default() }
        });
        Turned::Answered { sentence: text, addressed, spoken }
    }))
}

/// Finds out what may be said next: a house changes as it is spoken to.
pub fn look(asked: &Asked, language: &str, wake: Option<&str>) -> Turn {
    let (asked, language, wake) = (asked.clone(), language.to_owned(), wake.map(str::to_owned));
    Box::pin(async move { Turned::Grammar(grammar(&asked, &language, wake.as_deref()).await) })
}

/// What can be said in the house as it is now; nothing: all words that the model knows.
pub async fn grammar(asked: &Asked, language: &str, wake: Option<&str>) -> Option<Arc<str>> {
    let ears = asked.setup.hearing.now().ok()?;
    match prepare(asked, &ears, language, wake).await {
        Ok(prepared) => prepared.grammar,
        Err(trouble) => {
            tracing::warn!(why = trouble.message, "the recognisers are not told what can be said");
            None
        }
    }
}
