//! What was talked about last, in each conversation: a surface, a person there, a room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_model::{EventId, Timestamp};

use super::follow::Last;

/// After so long "it" is nothing any more.
const REMEMBERED: Duration = Duration::from_secs(300);
/// Conversations that are kept in mind.
const MOST: usize = 64;

/// What was said last, and what was decided by it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turn {
    pub last: Last,
    pub decided: Vec<EventId>,
}

/// The conversations of one household, in memory only. Cheap to clone.
#[derive(Clone, Default)]
pub struct Talks(Arc<Mutex<BTreeMap<String, (Timestamp, Turn)>>>);

impl Talks {
    pub(crate) fn last(&self, of: &str, now: Timestamp) -> Option<Turn> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(of).filter(|(at, _)| now.since(*at) < REMEMBERED).map(|(_, turn)| turn.clone())
    }

    pub(crate) fn remember(&self, of: &str, now: Timestamp, turn: Turn) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| now.since(*at) < REMEMBERED);
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
        all.insert(of.to_owned(), (now, turn));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_forgotten_and_others_are_others() {
        let talks = Talks::default();
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let turn = |intent: &str| Turn {
            last: Last { intent: intent.into(), ..Last::default() },
            decided: Vec::new(),
        };
        talks.remember("kitchen", at(0), turn("a"));
        talks.remember("hall", at(100), turn("b"));
        let intent = |of: &str, second| talks.last(of, at(second)).map(|turn| turn.last.intent);
        assert_eq!(intent("kitchen", 299), Some("a".to_owned()));
        assert_eq!(intent("kitchen", 300), None);
        assert_eq!(intent("hall", 300), Some("b".to_owned()));
        (0..200).for_each(|n| talks.remember(&n.to_string(), at(300 + n), turn("c")));
        assert_eq!(intent("hall", 350), None, "no more than so many");
        assert_eq!(intent("199", 510), Some("c".to_owned()));
    }
}
