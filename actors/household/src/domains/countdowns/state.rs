//! What becomes of wishes on timers. Pure: what is there, a wish and an instant in, effects out.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_kernel::{Command, Countdown, CountdownId, TimerAct};
use lares_model::Timestamp;

/// More at once nobody keeps in mind, and a voice that goes wrong should not fill the house.
const MOST: usize = 100;
/// Longer ones are no timers.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);
/// Longer names and reminders are cut: they are said aloud.
const WORDS: usize = 200;

/// What is to be written.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Effect {
    /// It runs, and ends then.
    Run { id: CountdownId, due: Timestamp, left: Duration, countdown: Countdown },
    /// It does not run any more; what is kept of it, if something is.
    Rest { id: CountdownId, reason: String, kept: Option<Countdown> },
}

impl Effect {
    pub fn id(&self) -> &CountdownId {
        match self {
            Self::Run { id, .. } | Self::Rest { id, .. } => id,
        }
    }
}

/// One that runs, or is paused.
#[derive(Clone, PartialEq, Debug)]
struct Entry {
    countdown: Countdown,
    /// None: it is paused.
    due: Option<Timestamp>,
}

/// What a timer does, while it is being done.
struct Doing {
    command: Command,
    /// Wishes that are not answered yet.
    open: usize,
    failed: Vec<String>,
}

/// All timers of the household's people.
#[derive(Default)]
pub(super) struct State {
    all: BTreeMap<CountdownId, Entry>,
    /// What these do is being done: their names are taken until it is.
    doing: BTreeMap<CountdownId, Doing>,
}

impl State {
    /// One that was kept; gives it back if it should run and has no timer: it ended, and nobody was told.
    pub fn restore(
        &mut self,
        id: CountdownId,
        countdown: Countdown,
        due: Option<Timestamp>,
    ) -> Option<(CountdownId, Countdown)> {
        if due.is_none() && countdown.left_ms.is_none() {
            return Some((id, countdown));
        }
        self.all.insert(id, Entry { countdown, due });
        None
    }

    /// The clock is another one: it ends then.
    pub fn moved(&mut self, id: &CountdownId, due: Timestamp) {
        if let Some(entry) = self.all.get_mut(id)
            && entry.due.is_some()
        {
            entry.due = Some(due);
        }
    }

    /// It came to its end; `None`: it is known no more, or was told.
    pub fn ended(&mut self, id: &CountdownId) -> Option<Countdown> {
        let runs = self.all.get(id).is_some_and(|entry| entry.due.is_some());
        if runs { self.all.remove(id).map(|entry| entry.countdown) } else { None }
    }

    /// What it does is being done.
    pub fn begun(&mut self, id: CountdownId, command: Command) {
        let open = command.wishes.len();
        self.doing.insert(id, Doing { command, open, failed: Vec::new() });
    }

    /// One of its wishes was answered; gives what was to be done and what of it failed, once all are.
    pub fn done(&mut self, id: &CountdownId, failed: Vec<String>) -> Option<(Command, Vec<String>)> {
        let doing = self.doing.get_mut(id)?;
        doing.failed.extend(failed);
        doing.open = doing.open.saturating_sub(1);
        if doing.open > 0 {
            return None;
        }
        self.doing.remove(id).map(|doing| (doing.command, doing.failed))
    }

    /// What a wish comes to.
    ///
    /// # Errors
    /// It cannot be: in words.
    pub fn wish(&mut self, id: CountdownId, act: &TimerAct, now: Timestamp) -> Result<Effect, String> {
        let effect = match act {
            TimerAct::Set { length, says } => {
                let countdown = Countdown { says: says.as_deref().map(cut), ..Countdown::default() };
                self.set(&id, *length, countdown, now)?
            }
            _ => self.change(id, act, now)?,
        };
        self.take(&effect);
        Ok(effect)
    }

    /// A new one that does something at its end.
    ///
    /// # Errors
    /// It cannot be: in words.
    pub fn later(
        &mut self,
        room: Option<String>,
        length: Duration,
        command: Command,
        now: Timestamp,
    ) -> Result<Effect, String> {
        if command.wishes.is_empty() {
            return Err("nothing is to be done then".to_owned());
        }
        let command = Command { words: cut(&command.words), ..command };
        let countdown = Countdown { command: Some(Box::new(command)), ..Countdown::default() };
        let effect = self.set(&CountdownId { room, name: String::new() }, length, countdown, now)?;
        self.take(&effect);
        Ok(effect)
    }

    fn take(&mut self, effect: &Effect) {
        match effect {
            Effect::Run { id, due, countdown, .. } => {
                self.all.insert(id.clone(), Entry { countdown: countdown.clone(), due: Some(*due) });
            }
            Effect::Rest { id, kept: Some(countdown), .. } => {
                self.all.insert(id.clone(), Entry { countdown: countdown.clone(), due: None });
            }
            Effect::Rest { id, kept: None, .. } => drop(self.all.remove(id)),
        }
    }

    fn set(
        &self,
        id: &CountdownId,
        length: Duration,
        countdown: Countdown,
        now: Timestamp,
    ) -> Result<Effect, String> {
        if length.is_zero() || length > LONGEST {
            return Err("a timer is a millisecond to a year long".to_owned());
        }
        if self.all.len() >= MOST {
            return Err(format!("{MOST} timers are set already: cancel some"));
        }
        let name = cut(CountdownId::plain(&id.name));
        let id = self.free(id.room.clone(), &name, countdown.command.is_some());
        let countdown = Countdown {
            name: Some(name).filter(|name| !name.is_empty()),
            length_ms: u64::try_from(length.as_millis()).unwrap_or(u64::MAX),
            ..countdown
        };
        Ok(Effect::Run { id, due: now + length, left: length, countdown })
    }

    /// An id that no other has: names come twice, and some have none.
    fn free(&self, room: Option<String>, name: &str, does: bool) -> CountdownId {
        let id = |name: String| CountdownId { room: room.clone(), name };
        let taken = |id: &CountdownId| self.all.contains_key(id) || self.doing.contains_key(id);
        if !name.is_empty() && !taken(&id(name.to_owned())) {
            return id(name.to_owned());
        }
        let numbered = |n: usize| match name {
            "" if does => id(CountdownId::doing(n)),
            "" => id(n.to_string()),
            name => id(format!("{name} {}", n + 1)),
        };
        // So many others are there at most.
        let others = self.all.len() + self.doing.len();
        (1..=others + 1).map(numbered).find(|id| !taken(id)).unwrap_or_else(|| numbered(0))
    }

    fn change(&self, id: CountdownId, act: &TimerAct, now: Timestamp) -> Result<Effect, String> {
        let entry = self.all.get(&id).ok_or_else(|| format!("there is no timer `{id}`"))?;
        let mut countdown = entry.countdown.clone();
        let left = match (entry.due, countdown.paused()) {
            (Some(due), _) => due.since(now),
            (None, left) => left.unwrap_or_default(),
        };
        let millis = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
        let goes_on = |left: Duration, countdown: Countdown| match entry.due {
            Some(_) => Effect::Run { id: id.clone(), due: now + left, left, countdown },
            None => {
                let kept = Some(Countdown { left_ms: Some(millis(left)), ..countdown });
                Effect::Rest { id: id.clone(), reason: "changed while it is paused".to_owned(), kept }
            }
        };
        match act {
            TimerAct::Add(more) => {
                let all = left.saturating_add(*more);
                if all > LONGEST {
                    return Err("a timer is at most a year long".to_owned());
                }
                countdown.length_ms = countdown.length_ms.saturating_add(millis(*more));
                Ok(goes_on(all, countdown))
            }
            TimerAct::Take(less) => {
                countdown.length_ms = countdown.length_ms.saturating_sub(millis(*less));
                Ok(goes_on(left.saturating_sub(*less), countdown))
            }
            TimerAct::Pause if entry.due.is_none() => Err(format!("timer `{id}` is paused already")),
            TimerAct::Pause => {
                countdown.left_ms = Some(millis(left));
                Ok(Effect::Rest { id, reason: "paused".to_owned(), kept: Some(countdown) })
            }
            TimerAct::Resume if entry.due.is_some() => Err(format!("timer `{id}` is not paused")),
            TimerAct::Resume => {
                countdown.left_ms = None;
                Ok(Effect::Run { id, due: now + left, left, countdown })
            }
            TimerAct::Cancel => Ok(Effect::Rest { id, reason: "cancelled".to_owned(), kept: None }),
            TimerAct::Set { .. } | TimerAct::Later { .. } => Err(format!("timer `{id}` is set already")),
        }
    }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    fn id(text: &str) -> CountdownId {
        CountdownId::parse(text)
    }

    fn set(state: &mut State, text: &str, length: Duration, now: i64) -> Effect {
        state.wish(id(text), &TimerAct::Set { length, says: None }, at(now)).unwrap()
    }

    fn run(effect: &Effect) -> (String, i64) {
        match effect {
            Effect::Run { id, due, .. } => (id.to_string(), due.0 / 1_000_000),
            Effect::Rest { .. } => panic!("{effect:?}"),
        }
    }

    #[test]
    fn several_of_a_name_and_of_none_are_told_apart() {
        let mut state = State::default();
        for (wished, named) in [
            ("kitchen/pizza", "kitchen/pizza"),
            ("kitchen/pizza", "kitchen/pizza 2"),
            ("hall/pizza", "hall/pizza"),
            ("kitchen/", "kitchen/1"),
            ("kitchen/", "kitchen/2"),
            ("", "1"),
        ] {
            assert_eq!(run(&set(&mut state, wished, MINUTE, 0)), (named.to_owned(), 60));
        }
        let cancelled = state.wish(id("kitchen/1"), &TimerAct::Cancel, at(5)).unwrap();
        assert!(matches!(cancelled, Effect::Rest { kept: None, .. }));
        assert_eq!(run(&set(&mut state, "kitchen/", MINUTE, 10)), ("kitchen/1".to_owned(), 70));
    }

    #[test]
    fn it_is_paused_and_goes_on_with_what_was_left() {
        let mut state = State::default();
        set(&mut state, "pizza", 10 * MINUTE, 0);
        let act = |state: &mut State, act: TimerAct, now| state.wish(id("pizza"), &act, at(now));
        assert_eq!(run(&act(&mut state, TimerAct::Add(MINUTE), 60).unwrap()).1, 660);
        assert_eq!(run(&act(&mut state, TimerAct::Take(2 * MINUTE), 120).unwrap()).1, 540);
        let paused = act(&mut state, TimerAct::Pause, 140).unwrap();
        let Effect::Rest { kept: Some(kept), .. } = paused else { panic!("{paused:?}") };
        assert_eq!((kept.paused(), kept.length()), (Some(Duration::from_secs(400)), 9 * MINUTE));
        assert!(act(&mut state, TimerAct::Pause, 150).unwrap_err().contains("already"));
        assert_eq!(state.ended(&id("pizza")), None, "what is paused does not end");
        act(&mut state, TimerAct::Add(MINUTE), 160).unwrap();
        assert_eq!(run(&act(&mut state, TimerAct::Resume, 1_000).unwrap()).1, 1_460);
        assert!(act(&mut state, TimerAct::Resume, 1_001).unwrap_err().contains("not paused"));
        // More taken than is left: it ends now.
        assert_eq!(run(&act(&mut state, TimerAct::Take(60 * MINUTE), 1_002).unwrap()).1, 1_002);
        assert!(state.ended(&id("pizza")).is_some());
        assert_eq!(state.ended(&id("pizza")), None, "it ends once");
        assert!(act(&mut state, TimerAct::Cancel, 1_003).unwrap_err().contains("no timer `pizza`"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut state = State::default();
        let wish = |state: &mut State, length| {
            state.wish(id("x"), &TimerAct::Set { length, says: None }, at(0)).unwrap_err()
        };
        assert!(wish(&mut state, Duration::ZERO).contains("a millisecond to a year"));
        assert!(wish(&mut state, 2 * LONGEST).contains("a millisecond to a year"));
        for _ in 0..MOST {
            set(&mut state, "", MINUTE, 0);
        }
        assert!(wish(&mut state, MINUTE).contains("100 timers"));
    }

    #[test]
    fn what_is_to_be_done_has_a_name_of_its_own_until_it_is_done() {
        let mut state = State::default();
        let aloud = lares_kernel::Delayed {
            target: lares_kernel::Aim::Room { room: "hall".into(), component: None },
            act: lares_kernel::Act::Announce { text: "dinner".into() },
        };
        let command = Command {
            words: "say that".into(),
            wishes: vec![aloud.clone(), aloud],
            source: "console".into(),
            origin: lares_model::Origin::Console,
            reason: "".into(),
        };
        let set = |state: &mut State, command: Command| {
            state.later(Some("hall".into()), MINUTE, command, at(0)).map(|effect| run(&effect).0)
        };
        let later = |state: &mut State| set(state, command.clone()).unwrap();
        let nothing = Command { wishes: Vec::new(), ..command.clone() };
        assert!(set(&mut state, nothing).unwrap_err().contains("nothing is to be done"));
        assert_eq!((later(&mut state), later(&mut state)), ("hall/+1".into(), "hall/+2".into()));
        let ended = state.ended(&id("hall/+1")).unwrap();
        state.begun(id("hall/+1"), *ended.command.unwrap());
        assert_eq!(later(&mut state), "hall/+3", "the first is being done yet");
        assert_eq!(state.done(&id("hall/+1"), Vec::new()), None, "one of two");
        let (_, failed) = state.done(&id("hall/+1"), vec!["no".into()]).unwrap();
        assert_eq!((failed, state.done(&id("hall/+1"), Vec::new())), (vec!["no".to_owned()], None));
        assert_eq!(later(&mut state), "hall/+1");
        // Nobody calls a timer so that it would not ring.
        let tea = state.wish(id("hall/+tea"), &TimerAct::Set { length: MINUTE, says: None }, at(0)).unwrap();
        assert_eq!(run(&tea).0, "hall/tea");
    }

    #[test]
    fn one_that_ended_unheard_is_given_back_and_a_paused_one_is_not() {
        let mut state = State::default();
        let running = Countdown { length_ms: 1, ..Countdown::default() };
        let paused = Countdown { left_ms: Some(5), ..running.clone() };
        assert!(state.restore(id("a"), running.clone(), Some(at(5))).is_none());
        assert!(state.restore(id("b"), paused, None).is_none());
        assert_eq!(state.restore(id("c"), running.clone(), None), Some((id("c"), running)));
        state.moved(&id("a"), at(9));
        state.moved(&id("b"), at(9));
        assert!(state.ended(&id("a")).is_some() && state.ended(&id("b")).is_none());
    }
}
