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
    /// Yes or no to a question of the household's, by its id.
    Reply { question: String, yes: bool },
    /// Nothing is to be done; this is said.
    Answer(String),
    /// Enough of what rings or is being said.
    Stop,
}

/// What the house does while somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    Silent,
    /// It spoke, and was interrupted: its own words may stand before those that were said to it.
    Spoke,
    /// Something rings, or does between two rings.
    Rings,
}

/// One satellite's talk.
pub struct Conversation {
    wake: Option<String>,
    language: String,
    /// Until then the wake word is not needed.
    called: Option<Timestamp>,
    /// A sentence that was asked back, and until when it is waited for.
    asked: Option<(String, Timestamp)>,
    /// Somebody calls, and it is asked whether the call is taken: the question's id, and until when.
    caller: Option<(String, Timestamp)>,
}

impl Conversation {
    pub fn new(wake: Option<String>, language: String) -> Self {
        Self { wake, language, called: None, asked: None, caller: None }
    }

    /// Takes what was recognised.
    pub fn heard(&mut self, text: &str, stage: Stage, house: House, now: Timestamp) -> Next {
        let open = |until: Option<Timestamp>| until.is_some_and(|until| now < until);
        let asked = self.asked.take().filter(|(_, until)| open(Some(*until)));
        let called = open(self.called.take());
        let wake = self.wake.as_deref();
        let (text, by_name) = match wake.and_then(|wake| match house {
            House::Spoke => after_last(text, wake),
            House::Silent | House::Rings => after(text, wake),
        }) {
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
        let addressed = by_name || called || stage == Stage::Command;
        let rings = house == House::Rings;
        // What rings is stopped by a word alone: nobody should have to call first.
        if (rings || (house == House::Spoke && addressed)) && words.is_stop(text) {
            self.asked = asked.filter(|_| rings);
            return Next::Stop;
        }
        if let Some((sentence, _)) = asked {
            match words.answered(text) {
                Some(true) => {
                    return Next::Say { text: sentence, yes: true, heard: text.to_owned(), addressed: true };
                }
                Some(false) => return Next::Answer(words.left.to_owned()),
                None => {}
            }
        }
        if let Some((question, until)) = self.caller.take() {
            match words.answered(text).filter(|_| now < until) {
                Some(yes) => return Next::Reply { question, yes },
                None => self.caller = Some((question, until)),
            }
        }
        // Where everybody is heard all the time and a word calls the house, nothing else does.
        if self.wake.is_some() && !addressed {
            return Next::Nothing;
        }
        Next::Say { text: text.to_owned(), yes: false, heard: text.to_owned(), addressed }
    }

    /// It is asked whether a call is taken.
    pub fn calls(&mut self, question: String, until: Timestamp) {
        self.caller = Some((question, until));
    }

    /// Somebody answered it, or nobody did in time.
    pub fn calls_no_more(&mut self, question: &str) {
        self.caller.take_if(|(id, _)| id == question);
    }

    /// Takes what the house answers to a sentence.
    pub fn answered(&mut self, sentence: &str, spoken: &SpokenView, now: Timestamp) {
        self.asked = spoken.asks.then(|| (sentence.to_owned(), now + PATIENCE));
    }
}

impl Conversation {
    /// Whether a piece of what is heard while the house speaks calls it.
    pub fn interrupts(&self, text: &str, house: House) -> bool {
        let called = self.wake.as_deref().is_some_and(|wake| after_last(text, wake).is_some());
        // Where no word calls the house, and where something rings, "stop" is enough.
        let stops = self.wake.is_none() || house == House::Rings;
        called || (stops && text.split(' ').any(|word| Words::of(&self.language).is_stop(word)))
    }
}

impl Conversation {
    /// Whether somebody who speaks with a caller says that it is enough: the house's name and "stop", or "stop" where it has none.
    pub fn is_enough(&self, text: &str) -> bool {
        let words = Words::of(&self.language);
        let rest = match self.wake.as_deref() {
            Some(wake) => after_last(text, wake),
            None => Some(text),
        };
        rest.is_some_and(|rest| words.is_stop(rest.trim()))
    }
}

/// What follows a phrase where it stands last in a text.
pub fn after_last<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let begins = |at: &usize| *at == 0 || text[..*at].ends_with(' ');
    let found = text.rmatch_indices(phrase).map(|(at, _)| at).filter(begins);
    found.filter_map(|at| after(&text[at..], phrase)).next()
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
        let mut heard = |text: &str, second| talk.heard(text, Stage::Wake, House::Silent, at(second));
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
        assert_eq!(talk.heard("lights off", Stage::Command, House::Silent, at(0)), say("lights off", true));
        let mut without = super::tests::talk(None);
        assert_eq!(without.heard("lights off", Stage::Wake, House::Silent, at(0)), say("lights off", false));
        assert_eq!(without.heard("", Stage::Wake, House::Silent, at(0)), Next::Nothing);
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
        assert_eq!(talk.heard("yes please", Stage::Wake, House::Silent, at(5)), meant);
        assert_eq!(talk.heard("yes", Stage::Wake, House::Silent, at(6)), Next::Nothing);
        talk.answered("unlock the front door", &asks, at(10));
        assert!(matches!(talk.heard("no", Stage::Wake, House::Silent, at(11)), Next::Answer(_)));
        talk.answered("unlock the front door", &asks, at(20));
        assert_eq!(talk.heard("yes", Stage::Wake, House::Silent, at(41)), Next::Nothing, "too late");
        talk.answered("unlock the front door", &asks, at(50));
        assert_eq!(
            talk.heard("hey computer lights off", Stage::Wake, House::Silent, at(51)),
            say("lights off", true)
        );
        assert_eq!(
            talk.heard("yes", Stage::Wake, House::Silent, at(52)),
            Next::Nothing,
            "another sentence ends the question"
        );
    }

    #[test]
    fn what_rings_is_stopped_by_a_word_and_what_speaks_by_its_name() {
        let mut talk = talk(Some("hey computer"));
        assert_eq!(talk.heard("stop", Stage::Wake, House::Silent, at(0)), Next::Nothing);
        assert_eq!(talk.heard("stop", Stage::Wake, House::Rings, at(0)), Next::Stop);
        assert_eq!(
            talk.heard("stop it", Stage::Wake, House::Spoke, at(0)),
            Next::Nothing,
            "it is not called"
        );
        let spoken_into = "light hey computer stop";
        assert_eq!(talk.heard(spoken_into, Stage::Wake, House::Spoke, at(0)), Next::Stop);
        let command = "kitchen hey computer turn off the light";
        assert_eq!(talk.heard(command, Stage::Wake, House::Spoke, at(1)), say("turn off the light", true));
        assert_eq!(talk.heard(command, Stage::Wake, House::Silent, at(1)), Next::Nothing);
        assert!(talk.interrupts("the hey computer", House::Spoke));
        assert!(!talk.interrupts("hey computers stop", House::Spoke));
        assert!(talk.interrupts("timer stop", House::Rings));
        assert!(super::tests::talk(None).interrupts("stop", House::Spoke));
    }

    #[test]
    fn a_call_is_taken_by_a_word_while_it_is_asked_about() {
        let mut talk = talk(Some("hey computer"));
        talk.calls("0a1b2c".to_owned(), at(30));
        let heard = |talk: &mut Conversation, text: &str, second| {
            talk.heard(text, Stage::Wake, House::Silent, at(second))
        };
        assert_eq!(heard(&mut talk, "who is it", 3), Next::Nothing);
        let reply = |yes| Next::Reply { question: "0a1b2c".to_owned(), yes };
        assert_eq!(heard(&mut talk, "yes please", 5), reply(true));
        assert_eq!(heard(&mut talk, "yes", 6), Next::Nothing, "once");
        talk.calls("0a1b2c".to_owned(), at(30));
        assert_eq!(heard(&mut talk, "hey computer no", 9), reply(false));
        talk.calls("0a1b2c".to_owned(), at(30));
        assert_eq!(heard(&mut talk, "yes", 31), Next::Nothing, "too late");
    }

    #[test]
    fn who_speaks_with_a_caller_ends_it_by_the_house_s_name_and_a_word() {
        let mut talk = talk(Some("hey computer"));
        assert!(talk.is_enough("the leak hey computer stop"));
        assert!(!talk.is_enough("please stop") && !talk.is_enough("hey computer turn on the light"));
        talk.wake = None;
        assert!(talk.is_enough("stop") && !talk.is_enough("do not stop there now"));
    }
}
