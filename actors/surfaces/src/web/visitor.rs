//! Who asks, as the home says what they are.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use lares_config::{Grant, Home, Role, may_act};
use lares_model::Timestamp;

use super::problem::Problem;
use crate::auth::{Access, Known};
use crate::views::Sight;

/// The cookie of a browser's session.
pub(super) const COOKIE: &str = "lares_session";

/// Somebody who is logged in.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Visitor {
    pub person: String,
    pub name: String,
    pub role: Role,
    pub grant: Grant,
    /// Id of the token that was shown.
    pub token: String,
    /// Name of the device's token; none: a browser's session.
    pub device: Option<String>,
}

impl Visitor {
    /// Whether things in this room are shown to them.
    pub fn sees(&self, room: Option<&str>) -> bool {
        self.grant.covers(room)
    }

    /// Their part of the household; `None`: all of it.
    pub fn sight(&self) -> Option<Sight> {
        let whole = self.role <= Role::Adult && self.sees(None);
        (!whole).then(|| Sight { rooms: self.grant.rooms.clone(), people: self.role <= Role::Child })
    }
}

/// The token of a request: a program's, else a browser's.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return value.to_str().ok()?.strip_prefix("Bearer ").map(str::trim);
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|c| c.to_str().ok());
    let mut pairs = cookies.flat_map(|c| c.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Whose token it is, with the rights that the home gives them now.
pub(super) fn visitor(
    access: &Access,
    home: &Home,
    now: Timestamp,
    token: Option<&str>,
) -> Result<Visitor, Problem> {
    let token = token.ok_or_else(|| Problem::who("this is for people of the household"))?;
    let Known { person, id: token, device } =
        access.who(token).ok_or_else(|| Problem::who("the session has ended, or the token is not known"))?;
    let known = home
        .people
        .get(&person)
        .ok_or_else(|| Problem::who(format!("`{person}` is not a person of this home any more")))?;
    may_act(home, &person, now).map_err(Problem::right)?;
    Ok(Visitor {
        name: known.name.clone(),
        role: known.role,
        grant: known.grant.clone(),
        person,
        token,
        device,
    })
}

/// The other end, as a request carries it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub address: IpAddr,
    /// It speaks HTTPS with us.
    pub secure: bool,
}
