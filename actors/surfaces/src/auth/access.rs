//! The keeper of accounts and tokens. It outlives the actors that use it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lares_config::{Home, Role};
use lares_kernel::wire::DurableMap;
use lares_kernel::{Blocking, Clock};
use tokio::sync::{Semaphore, oneshot, watch};

use super::guests::{GUEST, lasts};
use super::kept::{Kept, Token, id, view};
use super::throttle::Throttle;
use super::{PersonAccess, TokenKind, TokenView, secret};
use crate::views::Moment;

/// Hashes that are computed at once: each takes 19 MiB.
const AT_ONCE: usize = 2;
/// The last use of a token is written at most so often.
const USED_EVERY: Duration = Duration::from_secs(3600);
/// The store syncs in milliseconds; see its own deadline.
const SYNC: Duration = Duration::from_secs(30);

/// Accounts, sessions, tokens and codes of one household. Only hashes are kept.
pub struct Access {
    map: Arc<dyn DurableMap>,
    pub(super) clock: Arc<dyn Clock>,
    blocking: Arc<dyn Blocking>,
    kept: Mutex<Kept>,
    pub(super) throttle: Mutex<Throttle>,
    hashing: Semaphore,
    /// The code that makes the first owner: of this start, never on disk.
    pub(super) first: String,
    changed: watch::Sender<u64>,
}

/// Who shows a token.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    pub person: String,
    /// The token's.
    pub id: String,
    /// What a person called the device or system that it was made for; none: a browser's session.
    pub device: Option<String>,
}

/// Somebody came in.
#[derive(Clone, PartialEq, Debug)]
pub struct Entered {
    pub person: String,
    /// Told once; only its hash is kept.
    pub token: String,
}

/// Somebody did not.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    #[error("person or password is wrong")]
    Wrong,
    #[error("this code is not worth anything: it was used, it is older than a day, or it was mistyped")]
    Code,
    #[error("too many tries: the next one in {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    #[error("{0}")]
    Password(String),
    #[error("{0}")]
    Input(String),
    #[error("it could not be kept: {0}")]
    Kept(String),
}

impl Access {
    /// Reads what is kept in `map`.
    ///
    /// # Errors
    /// If it cannot be read: then nobody comes in.
    pub fn open(
        map: Arc<dyn DurableMap>,
        clock: Arc<dyn Clock>,
        blocking: Arc<dyn Blocking>,
    ) -> Result<Self, String> {
        let mut kept = Kept::default();
        for (key, value) in map.scan(b"")? {
            if let Err(why) = kept.take(&key, &value) {
                tracing::warn!(why, "an entry of the accounts cannot be read and counts for nothing");
            }
        }
        let kept = Mutex::new(kept);
        let (throttle, hashing) = (Mutex::default(), Semaphore::new(AT_ONCE));
        let (first, changed) = (secret::code()?, watch::Sender::new(0));
        Ok(Self { map, clock, blocking, kept, throttle, hashing, first, changed })
    }

    /// The one-time code that makes the owner, for as long as there is none.
    pub fn first_code(&self, home: &Home) -> Option<&str> {
        (!self.is_owned(home)).then_some(self.first.as_str())
    }

    /// Whether an owner of the home has an account.
    pub fn is_owned(&self, home: &Home) -> bool {
        let kept = self.lock();
        owners(home).any(|owner| kept.accounts.contains_key(owner))
    }

    /// Changes whenever somebody may have lost what they had: open connections look again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Open connections look again: the home has changed.
    pub fn home_changed(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    /// Whose token this is.
    pub fn who(&self, token: &str) -> Option<Known> {
        let now = self.clock.now();
        let hash = secret::hash(token);
        let used = {
            let mut kept = self.lock();
            let found = kept.tokens.get(&hash)?;
            let device = (found.kind == TokenKind::Device).then(|| found.name.clone());
            let person = found.person.clone();
            let lasts = lasts(&kept, &person, now);
            let token = kept.tokens.get_mut(&hash).filter(|t| lasts && !t.has_ended(now))?;
            let due = now.since(token.used.0) >= USED_EVERY;
            if due {
                token.used = Moment(now);
            }
            (Known { person, id: id(&hash), device }, due.then(|| token.clone()))
        };
        if let (_, Some(token)) = &used {
            // Nobody waits for this one.
            let written = put("token", &hash, token).map(|change| self.map.write(vec![change]));
            drop(written);
        }
        Some(used.0)
    }

    /// Whether a token with this id is still there.
    pub fn stands(&self, wanted: &str) -> bool {
        let now = self.clock.now();
        self.lock().tokens.iter().any(|(hash, token)| id(hash) == wanted && !token.has_ended(now))
    }

    /// Tokens of a person, or of all; the newest use first.
    pub fn tokens(&self, person: Option<&str>, current: Option<&str>) -> Vec<TokenView> {
        let now = self.clock.now();
        let kept = self.lock();
        let wanted = |t: &Token| !t.has_ended(now) && person.is_none_or(|p| p == t.person);
        let current = current.and_then(|c| kept.tokens.keys().find(|hash| id(hash) == c).cloned());
        let shown = kept.tokens.iter().filter(|(_, t)| wanted(t));
        let mut all: Vec<TokenView> = shown.map(|(hash, t)| view(hash, t, current.as_deref())).collect();
        all.sort_by(|a, b| (b.used, &a.id).cmp(&(a.used, &b.id)));
        all
    }

    /// Ends a token, of `person` if one is named. Whether there was one.
    pub async fn end(&self, wanted: &str, person: Option<&str>) -> Result<bool, Refused> {
        let ended =
            remove(&mut self.lock(), |hash, t| id(hash) == wanted && person.is_none_or(|p| p == t.person));
        // At once, and then for good.
        self.home_changed();
        let there = !ended.is_empty();
        self.write(ended.iter().map(|hash| (key("token", hash), None)).collect()).await?;
        Ok(there)
    }

    /// Everybody of the home.
    pub fn people(&self, home: &Home) -> Vec<PersonAccess> {
        let now = self.clock.now();
        let kept = self.lock();
        let count = |person: &str, kind| {
            kept.tokens.values().filter(|t| t.person == person && t.kind == kind && !t.has_ended(now)).count()
        };
        // Guests by link have no account and are listed by themselves.
        let people = home.people.iter().filter(|(key, _)| !key.starts_with(GUEST));
        let shown = people.map(|(key, person)| PersonAccess {
            key: key.clone(),
            name: person.name.clone(),
            role: person.role.name().to_owned(),
            account: kept.accounts.contains_key(key),
            invited: kept.invites.get(key).is_some_and(|i| now < i.ends.0),
            sessions: count(key, TokenKind::Session),
            devices: count(key, TokenKind::Device),
        });
        shown.collect()
    }

    /// Away from the threads that serve, a few at once.
    pub(super) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let _turn = self.hashing.acquire().await.map_err(|e| Refused::Kept(e.to_string()))?;
        let (sender, receiver) = oneshot::channel();
        self.blocking.run(Box::new(move || drop(sender.send(work())))).await;
        receiver.await.map_err(|_| Refused::Kept("the hash failed; the log says why".to_owned()))
    }

    /// Returns when it is on disk.
    pub(super) async fn write(&self, changes: Vec<Change>) -> Result<(), Refused> {
        self.map.write(changes).map_err(Refused::Kept)?;
        let (sender, synced) = oneshot::channel();
        self.map.after_sync(Box::new(move || {
            let _ = sender.send(());
        }));
        match tokio::time::timeout(SYNC, synced).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Refused::Kept("the store does not write".to_owned())),
        }
    }

    pub(super) fn now(&self) -> Moment {
        Moment(self.clock.now())
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        locked(&self.kept)
    }
}

pub(super) type Change = (Vec<u8>, Option<Vec<u8>>);

pub(super) fn key(kind: &str, rest: &str) -> Vec<u8> {
    format!("{kind}/{rest}").into_bytes()
}

pub(super) fn put(kind: &str, rest: &str, value: &impl serde::Serialize) -> Result<Change, Refused> {
    let bytes = serde_json::to_vec(value).map_err(|e| Refused::Kept(e.to_string()))?;
    Ok((key(kind, rest), Some(bytes)))
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn owners(home: &Home) -> impl Iterator<Item = &str> {
    home.people.iter().filter(|(_, p)| p.role == Role::Owner).map(|(key, _)| key.as_str())
}

pub(super) fn remove(kept: &mut Kept, goes: impl Fn(&str, &Token) -> bool) -> Vec<String> {
    let gone: Vec<String> =
        kept.tokens.iter().filter(|(hash, token)| goes(hash, token)).map(|(hash, _)| hash.clone()).collect();
    gone.iter().for_each(|hash| drop(kept.tokens.remove(hash)));
    gone
}
