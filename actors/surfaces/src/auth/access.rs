//! The keeper of accounts and tokens. It outlives the actors that use it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lares_config::{Home, Role};
use lares_kernel::wire::DurableMap;
use lares_kernel::{Blocking, Clock};
use lares_model::Timestamp;
use tokio::sync::{Semaphore, oneshot, watch};

use super::kept::{Account, INVITE, Invite, Kept, Token, id, view};
use super::throttle::{ADDRESS, PERSON, Rule, Throttle};
use super::{PersonAccess, TokenKind, TokenView, password, secret};
use crate::views::Moment;

/// Hashes that are computed at once: each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Tokens of one person: the one that was not used for the longest goes when there are more.
const TOKENS: usize = 100;
/// The last use of a token is written at most so often.
const USED_EVERY: Duration = Duration::from_secs(3600);
/// The store syncs in milliseconds; see its own deadline.
const SYNC: Duration = Duration::from_secs(30);

/// Accounts, sessions, tokens and codes of one household. Only hashes are kept.
pub struct Access {
    map: Arc<dyn DurableMap>,
    clock: Arc<dyn Clock>,
    blocking: Arc<dyn Blocking>,
    kept: Mutex<Kept>,
    throttle: Mutex<Throttle>,
    hashing: Semaphore,
    /// The code that makes the first owner: of this start, never on disk.
    first: String,
    changed: watch::Sender<u64>,
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

    /// With a password.
    pub async fn log_in(
        &self,
        person: &str,
        password: &str,
        from: IpAddr,
        name: &str,
    ) -> Result<Entered, Refused> {
        let person = person.trim().to_lowercase();
        let buckets = [(format!("person {}", cut(&person, 64)), PERSON), address(from)];
        self.take(&buckets)?;
        let kept = self.lock().accounts.get(&person).map(|a| a.password.clone());
        let typed = password.to_owned();
        let right = self.hash(move || password::verify(&typed, kept.as_deref())).await?;
        if !right {
            return Err(Refused::Wrong);
        }
        locked(&self.throttle).give_back(&buckets);
        self.enter(&person, TokenKind::Session, name).await
    }

    /// With a one-time code, choosing a password: the first owner, or whoever was invited.
    pub async fn join(
        &self,
        home: &Home,
        (code, person): (&str, Option<&str>),
        password: &str,
        from: IpAddr,
        name: &str,
    ) -> Result<Entered, Refused> {
        let buckets = [address(from)];
        self.take(&buckets)?;
        let person = self.invited(home, code, person)?;
        // The code was right, whatever is wrong with the rest.
        locked(&self.throttle).give_back(&buckets);
        let shown = home.people.get(&person).map_or(person.as_str(), |p| p.name.as_str());
        password::check(password, shown).map_err(Refused::Password)?;
        let typed = password.to_owned();
        let hashed = self.hash(move || password::hash(&typed)).await?.map_err(Refused::Kept)?;
        // Somebody else may have used it meanwhile.
        self.invited(home, code, Some(&person))?;
        let account = Account { password: hashed, made: self.now() };
        let ended = {
            let mut kept = self.lock();
            kept.invites.remove(&person);
            kept.accounts.insert(person.clone(), account.clone());
            // Whoever had the old password has it no more.
            remove(&mut kept, |_, t| t.person == person && t.kind == TokenKind::Session)
        };
        let mut changes = vec![put("account", &person, &account)?, (key("invite", &person), None)];
        changes.extend(ended.iter().map(|hash| (key("token", hash), None)));
        self.write(changes).await?;
        self.home_changed();
        self.enter(&person, TokenKind::Session, name).await
    }

    /// A new one-time code for a person, in place of one that is out. Told once.
    pub async fn invite(&self, home: &Home, person: &str) -> Result<String, Refused> {
        if !home.people.contains_key(person) {
            let known: Vec<&str> = home.people.keys().map(String::as_str).collect();
            return Err(Refused::Input(format!(
                "there is no person `{person}` in the home; there are {}",
                known.join(", ")
            )));
        }
        let code = secret::code().map_err(Refused::Kept)?;
        let invite = Invite { code: secret::hash_code(&code), ends: Moment(self.clock.now() + INVITE) };
        self.lock().invites.insert(person.to_owned(), invite.clone());
        self.write(vec![put("invite", person, &invite)?]).await?;
        Ok(code)
    }

    /// A new token for a program or device. Told once.
    pub async fn make_token(&self, person: &str, name: &str) -> Result<Entered, Refused> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Refused::Input(
                "a token has a name of 1 to 80 characters: where it is used".to_owned(),
            ));
        }
        self.enter(person, TokenKind::Device, name).await
    }

    /// Whose token this is, and its id.
    pub fn who(&self, token: &str) -> Option<(String, String)> {
        let now = self.clock.now();
        let hash = secret::hash(token);
        let used = {
            let mut kept = self.lock();
            let token = kept.tokens.get_mut(&hash).filter(|t| !t.has_ended(now))?;
            let due = now.since(token.used.0) >= USED_EVERY;
            if due {
                token.used = Moment(now);
            }
            let person = token.person.clone();
            (person, due.then(|| token.clone()))
        };
        if let (_, Some(token)) = &used {
            // Nobody waits for this one.
            let written = put("token", &hash, token).map(|change| self.map.write(vec![change]));
            drop(written);
        }
        Some((used.0, id(&hash)))
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
        let shown = home.people.iter().map(|(key, person)| PersonAccess {
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

    /// Who may come in with this code.
    fn invited(&self, home: &Home, code: &str, person: Option<&str>) -> Result<String, Refused> {
        let (typed, now) = (secret::hash_code(code), self.clock.now());
        let by_invite = {
            let kept = self.lock();
            let fits = |i: &Invite| i.code == typed && now < i.ends.0;
            kept.invites
                .iter()
                .find(|(who, i)| fits(i) && home.people.contains_key(*who))
                .map(|(who, _)| who.clone())
        };
        if let Some(invited) = by_invite {
            return Ok(invited);
        }
        if self.is_owned(home) || typed != secret::hash_code(&self.first) {
            return Err(Refused::Code);
        }
        let all: Vec<&str> = owners(home).collect();
        match (person, all.as_slice()) {
            (_, []) => Err(Refused::Input(
                "this home has no owner: write a [person.<key>] with role = \"owner\" in its files and save"
                    .to_owned(),
            )),
            (Some(wanted), all) if all.contains(&wanted) => Ok(wanted.to_owned()),
            (None, [only]) => Ok((*only).to_owned()),
            (_, all) => Err(Refused::Input(format!("say which owner you are: {}", all.join(", ")))),
        }
    }

    async fn enter(&self, person: &str, kind: TokenKind, name: &str) -> Result<Entered, Refused> {
        let secret = secret::token().map_err(Refused::Kept)?;
        let (hash, now) = (secret::hash(&secret), self.now());
        let name = cut(name, 120);
        let token = Token { person: person.to_owned(), kind, name, made: now, used: now };
        let gone = {
            let mut kept = self.lock();
            kept.tokens.insert(hash.clone(), token.clone());
            surplus(&mut kept, person, now.0)
        };
        let mut changes = vec![put("token", &hash, &token)?];
        changes.extend(gone.iter().map(|hash| (key("token", hash), None)));
        self.write(changes).await?;
        Ok(Entered { person: person.to_owned(), token: secret })
    }

    fn take(&self, buckets: &[(String, Rule)]) -> Result<(), Refused> {
        locked(&self.throttle).take(buckets, self.clock.elapsed()).map_err(Refused::TooMany)
    }

    /// Away from the threads that serve, a few at once.
    async fn hash<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let _turn = self.hashing.acquire().await.map_err(|e| Refused::Kept(e.to_string()))?;
        let (sender, receiver) = oneshot::channel();
        self.blocking.run(Box::new(move || drop(sender.send(work())))).await;
        receiver.await.map_err(|_| Refused::Kept("the hash failed; the log says why".to_owned()))
    }

    /// Returns when it is on disk.
    async fn write(&self, changes: Vec<Change>) -> Result<(), Refused> {
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

    fn now(&self) -> Moment {
        Moment(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        locked(&self.kept)
    }
}

type Change = (Vec<u8>, Option<Vec<u8>>);

fn key(kind: &str, rest: &str) -> Vec<u8> {
    format!("{kind}/{rest}").into_bytes()
}

fn put(kind: &str, rest: &str, value: &impl serde::Serialize) -> Result<Change, Refused> {
    let bytes = serde_json::to_vec(value).map_err(|e| Refused::Kept(e.to_string()))?;
    Ok((key(kind, rest), Some(bytes)))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn owners(home: &Home) -> impl Iterator<Item = &str> {
    home.people.iter().filter(|(_, p)| p.role == Role::Owner).map(|(key, _)| key.as_str())
}

fn address(from: IpAddr) -> (String, Rule) {
    let network = match from {
        IpAddr::V4(_) => from.to_string(),
        // A machine has a whole network of these.
        IpAddr::V6(v6) => v6.segments().iter().take(4).map(|s| format!("{s:x}:")).collect(),
    };
    (format!("address {network}"), ADDRESS)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

fn remove(kept: &mut Kept, goes: impl Fn(&str, &Token) -> bool) -> Vec<String> {
    let gone: Vec<String> =
        kept.tokens.iter().filter(|(hash, token)| goes(hash, token)).map(|(hash, _)| hash.clone()).collect();
    gone.iter().for_each(|hash| drop(kept.tokens.remove(hash)));
    gone
}

/// Ended sessions, and more tokens than a person can have.
fn surplus(kept: &mut Kept, person: &str, now: Timestamp) -> Vec<String> {
    let mut gone = remove(kept, |_, t| t.has_ended(now));
    let mut own: Vec<(Moment, String)> = kept
        .tokens
        .iter()
        .filter(|(_, t)| t.person == person && t.kind == TokenKind::Session)
        .map(|(hash, t)| (t.used, hash.clone()))
        .collect();
    own.sort();
    for (_, hash) in own.iter().take(own.len().saturating_sub(TOKENS)) {
        kept.tokens.remove(hash);
        gone.push(hash.clone());
    }
    gone
}
