//! The ways in: a password, a one-time code, a token.

use std::net::IpAddr;

use lares_config::Home;
use lares_model::Timestamp;

use super::access::{Access, Entered, Refused, key, locked, owners, put, remove};
use super::kept::{Account, INVITE, Invite, Kept, Token};
use super::throttle::{ADDRESS, PERSON, Rule};
use super::{TokenKind, password, secret};
use crate::views::Moment;

/// Tokens of one person: the one that was not used for the longest goes when there are more.
const TOKENS: usize = 100;

impl Access {
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

    pub(super) async fn enter(&self, person: &str, kind: TokenKind, name: &str) -> Result<Entered, Refused> {
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

    pub(super) fn take(&self, buckets: &[(String, Rule)]) -> Result<(), Refused> {
        locked(&self.throttle).take(buckets, self.clock.elapsed()).map_err(Refused::TooMany)
    }
}

pub(super) fn address(from: IpAddr) -> (String, Rule) {
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
