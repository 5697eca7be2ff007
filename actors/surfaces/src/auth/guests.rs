//! Guests by link: each is a person of the home for as long as the link lasts, with the role of a guest, rooms and an end. The
//! door goes by them as by everybody; the home's files know nothing of them.

use std::net::IpAddr;
use std::time::Duration;

use lares_config::{Grant, Home, Person, Place, Role};
use lares_model::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::{Access, Change, Entered, Refused, key, locked, put, remove};
use super::entering::address;
use super::kept::Kept;
use super::{TokenKind, secret};
use crate::views::Moment;

/// What a guest's key begins with. No key in the files has a dot, so that nobody of the files is ever taken for one.
pub const GUEST: &str = "guest.";
/// How long a link lasts at least and at most, in seconds: to a month.
pub const LASTS_S: std::ops::RangeInclusive<u64> = 5..=31 * 24 * 3600;
/// More than a household has at once.
const MOST: usize = 50;

/// A link, as it is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Guest {
    pub name: String,
    /// Keys of rooms.
    pub rooms: Vec<String>,
    pub by: String,
    pub made: Moment,
    pub ends: Moment,
    /// Hash of the code.
    pub code: String,
}

/// A link as it is shown: never its code.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GuestView {
    pub key: String,
    pub name: String,
    pub rooms: Vec<String>,
    /// Key of the owner who made it.
    pub by: String,
    pub made: Moment,
    pub ends: Moment,
    /// Browsers that came in by it.
    pub sessions: usize,
}

/// A link that is wanted.
#[derive(Clone, PartialEq, Debug)]
pub struct NewGuest {
    pub name: String,
    pub rooms: Vec<String>,
    pub lasts: Duration,
}

impl Access {
    /// The home with its guests of this moment, as the door is to know them.
    pub fn with_guests(&self, home: &Home) -> Home {
        let now = self.clock.now();
        let mut home = home.clone();
        home.people.retain(|key, _| !key.starts_with(GUEST));
        for (key, guest) in self.lock().guests.iter().filter(|(_, g)| now < g.ends.0) {
            home.people.insert(key.clone(), person(guest, &home));
        }
        home
    }

    /// The newest first.
    pub fn guests(&self) -> Vec<GuestView> {
        let (now, kept) = (self.clock.now(), self.lock());
        let lasting = kept.guests.iter().filter(|(_, g)| now < g.ends.0);
        let mut all: Vec<GuestView> = lasting.map(|(key, guest)| view(&kept, key, guest)).collect();
        all.sort_by(|a, b| (b.made, &b.key).cmp(&(a.made, &a.key)));
        all
    }

    /// A new link, and its code: told once. It opens nothing until the household has taken the guest in.
    pub async fn make_guest(
        &self,
        home: &Home,
        wanted: NewGuest,
        by: &str,
    ) -> Result<(GuestView, String), Refused> {
        let NewGuest { name, mut rooms, lasts } = wanted;
        check(home, &name, &rooms, lasts)?;
        rooms.sort();
        rooms.dedup();
        let (code, now) = (secret::code().map_err(Refused::Kept)?, self.now());
        let ends = Moment(now.0 + lasts);
        let guest = Guest {
            name: name.trim().to_owned(),
            rooms,
            by: by.to_owned(),
            made: now,
            ends,
            code: secret::hash_code(&code),
        };
        let (own, view) = {
            let mut kept = self.lock();
            if kept.guests.len() >= MOST {
                return Err(Refused::Input(format!("there are {MOST} links already: end one first")));
            }
            let own = free_key(&kept, &guest.name);
            kept.guests.insert(own.clone(), guest.clone());
            let view = view(&kept, &own, &guest);
            (own, view)
        };
        self.write(vec![put("guest", &own, &guest)?]).await?;
        Ok((view, code))
    }

    /// Ends a link and everything that came in by it; none if there is no such link.
    pub async fn end_guest(&self, wanted: &str) -> Result<Option<GuestView>, Refused> {
        let (view, changes) = {
            let mut kept = self.lock();
            let Some(guest) = kept.guests.get(wanted).cloned() else { return Ok(None) };
            let view = view(&kept, wanted, &guest);
            (view, gone(&mut kept, wanted))
        };
        self.home_changed();
        self.write(changes).await?;
        Ok(Some(view))
    }

    /// Those whose time is over: they are gone when this returns.
    pub async fn guests_over(&self) -> Result<Vec<GuestView>, Refused> {
        let now = self.clock.now();
        let (over, changes) = {
            let mut kept = self.lock();
            let ended = kept.guests.iter().filter(|(_, g)| g.ends.0 <= now);
            let over: Vec<GuestView> = ended.map(|(key, guest)| view(&kept, key, guest)).collect();
            let changes: Vec<Change> = over.iter().flat_map(|g| gone(&mut kept, &g.key)).collect();
            (over, changes)
        };
        if !over.is_empty() {
            self.home_changed();
            self.write(changes).await?;
        }
        Ok(over)
    }

    /// With the code of a link, which is good until the link ends.
    pub async fn enter_as_guest(
        &self,
        code: &str,
        from: IpAddr,
        name: &str,
    ) -> Result<(Entered, Moment), Refused> {
        let buckets = [address(from)];
        self.take(&buckets)?;
        let (typed, now) = (secret::hash_code(code), self.clock.now());
        let found = {
            let kept = self.lock();
            let meant = kept.guests.iter().find(|(_, g)| g.code == typed && now < g.ends.0);
            meant.map(|(key, guest)| (key.clone(), guest.ends))
        };
        let Some((guest, ends)) = found else { return Err(Refused::Code) };
        locked(&self.throttle).give_back(&buckets);
        Ok((self.enter(&guest, TokenKind::Session, name).await?, ends))
    }
}

/// Whether a person is one of the files, or a guest whose link lasts.
pub(super) fn lasts(kept: &Kept, person: &str, now: Timestamp) -> bool {
    !person.starts_with(GUEST) || kept.guests.get(person).is_some_and(|g| now < g.ends.0)
}

fn check(home: &Home, name: &str, rooms: &[String], lasts: Duration) -> Result<(), Refused> {
    let letters = name.trim().chars().count();
    if !(1..=60).contains(&letters) || name.chars().any(char::is_control) {
        return Err(Refused::Input(format!("a guest's name has {letters} characters; allowed: 1 to 60")));
    }
    let (seconds, least, most) = (lasts.as_secs(), LASTS_S.start(), LASTS_S.end());
    if !LASTS_S.contains(&seconds) {
        return Err(Refused::Input(format!("a link can't last {seconds} s; allowed: {least} to {most}")));
    }
    let known: Vec<&str> = home.rooms.keys().map(String::as_str).collect();
    let known = known.join(", ");
    match rooms.iter().find(|r| !home.rooms.contains_key(*r)) {
        Some(room) => Err(Refused::Input(format!("there is no room `{room}`; allowed: {known}"))),
        None if rooms.is_empty() => {
            Err(Refused::Input(format!("a guest has at least one room; allowed: {known}")))
        }
        None => Ok(()),
    }
}

fn person(guest: &Guest, home: &Home) -> Person {
    let ends = jiff::Timestamp::from_microsecond(guest.ends.0.0).ok();
    let until = ends.map(|at| at.to_zoned(home.household.zone.clone()).datetime());
    Person {
        place: Place::by_default(),
        name: guest.name.clone(),
        role: Role::Guest,
        trackers: Vec::new(),
        beacons: Vec::new(),
        // An end that is no time has been.
        grant: Grant {
            until: Some(until.unwrap_or_default()),
            rooms: Some(guest.rooms.clone()),
            ..Grant::default()
        },
    }
}

fn view(kept: &Kept, key: &str, guest: &Guest) -> GuestView {
    let Guest { name, rooms, by, made, ends, .. } = guest.clone();
    let sessions = kept.tokens.values().filter(|t| t.person == key).count();
    GuestView { key: key.to_owned(), name, rooms, by, made, ends, sessions }
}

/// `guest.grandma`, or `guest.grandma-2` if there is one already.
fn free_key(kept: &Kept, name: &str) -> String {
    let letters = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>();
    let slug = letters.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    let slug = if slug.is_empty() { "someone".to_owned() } else { slug };
    let mut own = format!("{GUEST}{slug}");
    for n in 2_usize.. {
        if !kept.guests.contains_key(&own) {
            break;
        }
        own = format!("{GUEST}{slug}-{n}");
    }
    own
}

fn gone(kept: &mut Kept, guest: &str) -> Vec<Change> {
    kept.guests.remove(guest);
    let tokens = remove(kept, |_, t| t.person == guest);
    let mut changes = vec![(key("guest", guest), None)];
    changes.extend(tokens.iter().map(|hash| (key("token", hash), None)));
    changes
}
