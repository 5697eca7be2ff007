//! What takes its time: recognising, asking the house, finding out what may be said. One at a time; meanwhile the microphone is not heard.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use lares_config::SatelliteConfig;
use lares_kernel::{Act, Aim, Answer, Intent};
use lares_model::{Causes, EventId, Level, Origin, Receipt};
use tokio::sync::broadcast;

use super::conversation::{Conversation, House, Next, Stage};
use crate::control::{Asked, By, Spoken, Voice, spoken};
use crate::voice::ears::{Heard, NoEars, Utterance};
use crate::voice::{SpokenView, prepare};

/// A sentence whose connection is gone is done within so long, or not.
const LAST: Duration = Duration::from_secs(30);

/// The door answers at once.
const REPLIES: Duration = Duration::from_secs(15);

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
    /// A question of the household's was answered; or could not be: why.
    Replied(Result<(), String>),
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

/// Brings an answer to a question to the house.
pub fn reply(asked: &Asked, key: &str, question: String, yes: bool) -> Turn {
    let (asked, origin) = (asked.clone(), Origin::Voice(key.into()));
    Box::pin(async move {
        let wish = |reply| Intent {
            source: "voice".into(),
            origin,
            level: Level::Person,
            target: Aim::Question(question),
            act: Act::Answer { yes },
            reason: "by voice".into(),
            causes: Causes::new(),
            basis: None,
            reply: Some(reply),
            again: false,
            token: None,
        };
        let refused = |answers: Vec<Answer>| {
            let not = answers.into_iter().find(|a| a.receipt != Receipt::Confirmed);
            not.map_or(Ok(()), |a| Err(a.receipt.to_string()))
        };
        let answered = asked.setup.door.ask(wish, REPLIES).await;
        Turned::Replied(answered.map_err(|e| e.to_string()).and_then(refused))
    })
}

/// What was under way where a connection ended.
pub struct Last {
    pub turn: Turn,
    pub conversation: Conversation,
    pub stage: Stage,
    pub house: House,
    /// What rings there, and where it is told that it was stopped.
    pub rings: Option<(EventId, broadcast::Sender<EventId>)>,
}

/// Does what was said by then, beside all that follows. Nobody hears the answer: it is in the journal.
pub fn finish(last: Last, asked: Asked, key: String, config: SatelliteConfig, language: String) {
    let Last { turn, mut conversation, stage, house, rings } = last;
    let work = async move {
        let Turned::Heard(Ok(heard)) = turn.await else { return };
        let now = asked.world.clock().now();
        match conversation.heard(&heard.text, stage, house, now) {
            next @ Next::Say { .. } => {
                if let Some(turn) = ask(&asked, &key, &config, &language, next) {
                    turn.await;
                }
            }
            Next::Stop => {
                if let Some((ring, stopped)) = rings {
                    let _ = stopped.send(ring);
                }
            }
            Next::Reply { question, yes } => drop(reply(&asked, &key, question, yes).await),
            Next::Nothing | Next::Called | Next::Answer(_) => {}
        }
    };
    tokio::spawn(async move { drop(tokio::time::timeout(LAST, work).await) });
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
