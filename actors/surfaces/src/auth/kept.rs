//! What is kept, and how it is shown. Keys in the store: `account/<person>`, `invite/<person>`, `guest/<key>`,
//! `token/<hash>`; values are JSON, so that a later version can add to them.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::guests::Guest;
use crate::views::Moment;

/// A session that is not used for so long has ended.
pub(super) const SESSION: Duration = Duration::from_secs(30 * 24 * 3600);
/// A one-time code is worth nothing after this.
pub(super) const INVITE: Duration = Duration::from_secs(24 * 3600);

/// What a token is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A browser that logged in.
    Session,
    /// A program or device; it does not end by itself.
    Device,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub password: String,
    pub made: Moment,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Invite {
    pub code: String,
    pub ends: Moment,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub person: String,
    pub kind: TokenKind,
    /// What it is on: a browser's own words, or a name that a person gave.
    pub name: String,
    pub made: Moment,
    pub used: Moment,
}

impl Token {
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.kind == TokenKind::Session && self.used.0 + SESSION < now
    }
}

/// All of it, in memory: a request must not touch the store.
#[derive(Default)]
pub(super) struct Kept {
    pub accounts: BTreeMap<String, Account>,
    pub invites: BTreeMap<String, Invite>,
    pub guests: BTreeMap<String, Guest>,
    /// By hash.
    pub tokens: BTreeMap<String, Token>,
}

impl Kept {
    /// Takes in an entry of the store; what cannot be read is left out, so it opens no door.
    pub fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let key = String::from_utf8_lossy(key).into_owned();
        let (kind, rest) = key.split_once('/').unwrap_or((&key, ""));
        let failed = |e: serde_json::Error| format!("{kind}: {e}");
        let rest = rest.to_owned();
        match kind {
            "account" => drop(self.accounts.insert(rest, serde_json::from_slice(value).map_err(failed)?)),
            "invite" => drop(self.invites.insert(rest, serde_json::from_slice(value).map_err(failed)?)),
            "guest" => drop(self.guests.insert(rest, serde_json::from_slice(value).map_err(failed)?)),
            "token" => drop(self.tokens.insert(rest, serde_json::from_slice(value).map_err(failed)?)),
            _ => {}
        }
        Ok(())
    }
}

/// A token as it is shown: never the token.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TokenView {
    /// To end it by.
    pub id: String,
    pub person: String,
    pub kind: TokenKind,
    pub name: String,
    pub made: Moment,
    pub used: Moment,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A person, and what there is to log in with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PersonAccess {
    pub key: String,
    pub name: String,
    pub role: String,
    /// Has chosen a password.
    pub account: bool,
    /// A one-time code is out.
    pub invited: bool,
    pub sessions: usize,
    pub devices: usize,
}

/// The first digits of a hash name a token well enough.
pub(super) fn id(hash: &str) -> String {
    hash.chars().take(12).collect()
}

pub(super) fn view(hash: &str, token: &Token, current: Option<&str>) -> TokenView {
    TokenView {
        id: id(hash),
        person: token.person.clone(),
        kind: token.kind,
        name: token.name.clone(),
        made: token.made,
        used: token.used,
        current: current == Some(hash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_still_read() {
        let mut kept = Kept::default();
        let at = "2026-11-25T10:00:00.000000Z";
        let mut take = |key: &str, value: &str| kept.take(key.as_bytes(), value.as_bytes());
        take("account/anna", &format!(r#"{{"password":"$argon2id$x","made":"{at}"}}"#)).unwrap();
        take("invite/ben", &format!(r#"{{"code":"ab","ends":"{at}"}}"#)).unwrap();
        let token = format!(
            r#"{{"person":"anna","kind":"session","name":"Firefox","made":"{at}","used":"{at}","later":1}}"#
        );
        take("token/00ff", &token).unwrap();
        take("done/anna/1", "{}").unwrap();
        assert!(take("token/11", "{}").is_err());
        assert_eq!(kept.accounts["anna"].password, "$argon2id$x");
        assert_eq!(kept.invites["ben"].code, "ab");
        let (hash, token) = kept.tokens.first_key_value().unwrap();
        assert_eq!((hash.as_str(), token.kind), ("00ff", TokenKind::Session));
        let later = token.used.0 + SESSION + Duration::from_secs(1);
        assert!(token.has_ended(later) && !token.has_ended(token.used.0));
        let device = Token { kind: TokenKind::Device, ..token.clone() };
        assert!(!device.has_ended(later));
    }
}
