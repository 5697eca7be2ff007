//! What is to be done with what was heard: pure. Whether it was said to the house, and whether it answers a question.

use std::time::Duration;

use lares_model::Timestamp;

use crate::voice::SpokenView;
use crate::voice::words::Words;

/// How long a bare wake word is waited upon, and a question.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a satellite wants us to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It sends all it hears.
    Wake,
    /// It has heard its own wake word: what follows is for us.
    Command,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// It was not for us.
    Nothing,
    /// Somebody called: the command follows.
    Called,
    Say {
        text: String,
        /// It was asked back, and is meant.
        yes: bool,
        /// The words as they were heard.
        heard: String,
        addressed: bool,
    },
    /// Nothing is to be done; this is said.
    Answer(String),
}

/// One satellite's talk.
pub struct Conversation {
    wake: Option<String>,
    language: String,
    /// Until then the wake word is not needed.
    called: Option<Timestamp>,
    /// A sentence that was asked back, and until when it is waited for.
    asked: Option<(String, Timestamp)>,
}

impl Conversation {
    pub fn new(wake: Option<String>, language: String) -> Self {
        Self { wake, language, called: None, asked: None }
    }

    /// Takes what was recognised.
    pub fn heard(&mut self, text: &str, stage: Stage, now: Timestamp) -> Next {
        let open = |until: Option<Timestamp>| until.is_some_and(|until| now < until);
        let asked = self.asked.take().filter(|(_, until)| open(Some(*until)));
        let called = open(self.called.take());
        let (text, by_name) = match self.wake.as_deref().and_then(|wake| after(text, wake)) {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        if text.is_empty() {
            if by_name {
                self.called = Some(now + PATIENCE);
                self.asked = asked;
                return Next::Called;
            }
            return Next::Nothing;
        }
        let words = Words::of(&self.language);
        if let Some((sentence, _)) = asked {
            match words.answered(text) {
                Some(true) => {
                    return Next::Say { text: sentence, yes: true, heard: text.to_owned(), addressed: true };
                }
                Some(false) => return Next::Answer(words.left.to_owned()),
                None => {}
            }
        }
        let addressed = by_name || called || stage == Stage::Command;
        // Where everybody is heard all the time and a word calls the house, nothing else does.
        if self.wake.is_some() && !addressed {
            return Next::Nothing;
        }
        Next::Say { text: text.to_owned(), yes: false, heard: text.to_owned(), addressed }
    }

    /// Takes what the house answers to a sentence.
    pub fn answered(&mut self, sentence: &str, spoken: &SpokenView, now: Timestamp) {
        self.asked = spoken.asks.then(|| (sentence.to_owned(), now + PATIENCE));
    }
}

/// What follows a phrase at the beginning of a text.
fn after<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(phrase)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    fn talk(wake: Option<&str>) -> Conversation {
        Conversation::new(wake.map(str::to_owned), "en".to_owned())
    }

    fn say(text: &str, addressed: bool) -> Next {
        Next::Say { text: text.to_owned(), yes: false, heard: text.to_owned(), addressed }
    }

    #[test]
    fn only_what_follows_the_wake_word_is_for_the_house() {
        let mut talk = talk(Some("hey computer"));
        let mut heard = |text: &str, second| talk.heard(text, Stage::Wake, at(second));
        assert_eq!(heard("turn on the light", 0), Next::Nothing);
        assert_eq!(heard("hey computer turn on the light", 1), say("turn on the light", true));
        assert_eq!(heard("hey computers turn on the light", 2), Next::Nothing);
        assert_eq!(heard("hey computer", 3), Next::Called);
        assert_eq!(heard("turn on the light", 5), say("turn on the light", true));
        assert_eq!(heard("turn off the light", 6), Next::Nothing, "it was called once");
        assert_eq!(heard("hey computer", 10), Next::Called);
        assert_eq!(heard("turn on the light", 31), Next::Nothing, "too late");
    }

    #[test]
    fn a_satellite_with_a_wake_word_of_its_own_needs_none_of_ours() {
        let mut talk = talk(Some("hey computer"));
        assert_eq!(talk.heard("lights off", Stage::Command, at(0)), say("lights off", true));
        let mut without = super::tests::talk(None);
        assert_eq!(without.heard("lights off", Stage::Wake, at(0)), say("lights off", false));
        assert_eq!(without.heard("", Stage::Wake, at(0)), Next::Nothing);
    }

    #[test]
    fn a_question_takes_yes_for_its_sentence_once_and_not_for_ever() {
        let mut talk = talk(Some("hey computer"));
        let asks = SpokenView { asks: true, ..SpokenView::default() };
        talk.answered("unlock the front door", &asks, at(0));
        let meant = Next::Say {
            text: "unlock the front door".into(),
            yes: true,
            heard: "yes please".into(),
            addressed: true,
        };
        assert_eq!(talk.heard("yes please", Stage::Wake, at(5)), meant);
        assert_eq!(talk.heard("yes", Stage::Wake, at(6)), Next::Nothing);
        talk.answered("unlock the front door", &asks, at(10));
        assert!(matches!(talk.heard("no", Stage::Wake, at(11)), Next::Answer(_)));
        talk.answered("unlock the front door", &asks, at(20));
        assert_eq!(talk.heard("yes", Stage::Wake, at(41)), Next::Nothing, "too late");
        talk.answered("unlock the front door", &asks, at(50));
        assert_eq!(talk.heard("hey computer lights off", Stage::Wake, at(51)), say("lights off", true));
        assert_eq!(
            talk.heard("yes", Stage::Wake, at(52)),
            Next::Nothing,
            "another sentence ends the question"
        );
    }
}
