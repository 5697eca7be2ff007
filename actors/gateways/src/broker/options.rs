//! What a broker needs to know, and how it refuses what would not be safe.

use std::net::IpAddr;
use std::sync::Arc;

use super::topics;

#[derive(Clone, Debug)]
pub struct BrokerOptions {
    pub listen: IpAddr,
    /// If it is taken the next free one is used: see [`Broker::address`](super::Broker::address). 0 lets the system choose.
    pub port: u16,
    /// Who may come in. With nobody named, everybody on this machine may; see [`BrokerError::OpenToAll`].
    pub users: Vec<User>,
    /// Bytes. A larger packet ends its connection.
    pub max_packet: usize,
    /// Clients connected at once.
    pub max_clients: usize,
    /// Messages that may wait for one client. Beyond it new ones are lost for that client.
    pub max_queued: usize,
    /// Bytes that may wait for one client.
    pub max_queued_bytes: usize,
    /// Seconds after which the session of a client that does not come back is forgotten.
    pub forget_sessions_after: u32,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            listen: IpAddr::from([127, 0, 0, 1]),
            port: 1883,
            users: Vec::new(),
            max_packet: 16 * 1024 * 1024,
            max_clients: 2_000,
            max_queued: 500_000,
            max_queued_bytes: 64 * 1024 * 1024,
            forget_sessions_after: 30 * 24 * 3600,
        }
    }
}

#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub password: Password,
    pub rights: Rights,
}

#[derive(Clone)]
pub enum Password {
    Plain(String),
    /// Compares with a hash that the caller keeps. It runs on the connection's task: some milliseconds are fine.
    Check(Arc<Check>),
}

/// Whether a password is the right one.
pub type Check = dyn Fn(&[u8]) -> bool + Send + Sync;

/// Which topics a user may publish and subscribe to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rights {
    Everything,
    /// Filters, such as `shelly-attic/#`.
    Only {
        /// To publish and to subscribe to.
        topics: Vec<String>,
        /// To subscribe to beside those.
        reads: Vec<String>,
    },
}

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    #[error("broker would listen on {listen}, beyond this machine, without a single user")]
    OpenToAll { listen: IpAddr },
    #[error("broker user `{name}` has an empty name or password")]
    EmptyPassword { name: String },
    #[error("broker user `{name}` is named twice")]
    SameName { name: String },
    #[error(
        "`{name}` cannot be a broker user: topics are named by users, so their names are without + # / and no $ before them"
    )]
    BadName { name: String },
    #[error("`{filter}`, of the topics of broker user `{name}`, is not a topic filter")]
    BadTopic { name: String, filter: String },
    #[error("broker cannot listen on {listen} port {port}")]
    Listen { listen: IpAddr, port: u16, source: std::io::Error },
    #[error("broker cannot read what it kept: {0}")]
    Kept(String),
}

impl BrokerOptions {
    pub(super) fn check(&self) -> Result<(), BrokerError> {
        if self.users.is_empty() && !self.listen.is_loopback() {
            return Err(BrokerError::OpenToAll { listen: self.listen });
        }
        for (place, user) in self.users.iter().enumerate() {
            let name = user.name.clone();
            let empty = matches!(&user.password, Password::Plain(password) if password.is_empty());
            if empty || name.is_empty() {
                return Err(BrokerError::EmptyPassword { name });
            }
            if name.starts_with('$') || name.contains(['+', '#', '/', '\0']) {
                return Err(BrokerError::BadName { name });
            }
            if self.users[..place].iter().any(|other| other.name == name) {
                return Err(BrokerError::SameName { name });
            }
            let (both, reads) = user.rights.filters();
            if let Some(filter) = both.iter().chain(reads).find(|filter| !topics::is_filter(filter)) {
                return Err(BrokerError::BadTopic { name, filter: filter.clone() });
            }
        }
        Ok(())
    }

    /// The user with these credentials; `None` inside if nobody needs any.
    pub(super) fn login(&self, name: Option<&str>, password: Option<&[u8]>) -> Result<Option<Arc<str>>, ()> {
        if self.users.is_empty() {
            return Ok(None);
        }
        let user = self.users.iter().find(|user| Some(user.name.as_str()) == name).ok_or(())?;
        let right = password.is_some_and(|shown| match &user.password {
            Password::Plain(known) => same(known.as_bytes(), shown),
            Password::Check(check) => check(shown),
        });
        if right { Ok(Some(user.name.as_str().into())) } else { Err(()) }
    }

    /// What a session of `user` may do. Somebody who is no longer named may do nothing.
    pub(super) fn rights(&self, user: Option<&str>) -> Rights {
        match user {
            None if self.users.is_empty() => Rights::Everything,
            _ => {
                let known = self.users.iter().find(|known| Some(known.name.as_str()) == user);
                known.map_or_else(Rights::none, |known| known.rights.clone())
            }
        }
    }
}

impl Rights {
    fn none() -> Self {
        Self::Only { topics: Vec::new(), reads: Vec::new() }
    }

    /// What may be published and subscribed to, and what may be subscribed to alone, where that is bounded.
    fn filters(&self) -> (&[String], &[String]) {
        match self {
            Self::Everything => (&[], &[]),
            Self::Only { topics, reads } => (topics, reads),
        }
    }

    pub(super) fn may_publish(&self, topic: &str) -> bool {
        let (both, _) = self.filters();
        *self == Self::Everything || both.iter().any(|known| topics::matches(known, topic))
    }

    pub(super) fn may_subscribe(&self, filter: &str) -> bool {
        let (both, reads) = self.filters();
        *self == Self::Everything || both.iter().chain(reads).any(|known| topics::covers(known, filter))
    }
}

/// Compares all of it whatever differs, so that the time taken tells nothing of the password's letters.
fn same(known: &[u8], shown: &[u8]) -> bool {
    let mut differs = u8::from(known.len() != shown.len());
    for (place, byte) in known.iter().enumerate() {
        differs |= byte ^ shown.get(place).copied().unwrap_or(0);
    }
    differs == 0
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, password: &str, topics: &[&str]) -> User {
        let topics = topics.iter().map(|t| (*t).to_owned()).collect();
        let rights = Rights::Only { topics, reads: vec!["news".into()] };
        User { name: name.into(), password: Password::Plain(password.into()), rights }
    }

    #[test]
    fn what_would_not_be_safe_is_refused() {
        let beyond = BrokerOptions { listen: IpAddr::from([0, 0, 0, 0]), ..Default::default() };
        assert!(matches!(beyond.check(), Err(BrokerError::OpenToAll { .. })));
        let with = |users| BrokerOptions { users, ..beyond.clone() }.check();
        assert!(with(vec![user("a", "x", &["a/#"])]).is_ok());
        assert!(matches!(with(vec![user("a", "", &[])]), Err(BrokerError::EmptyPassword { .. })));
        assert!(matches!(with(vec![user("a", "x", &["a/#/b"])]), Err(BrokerError::BadTopic { .. })));
        for name in ["+", "#", "a/b", "a#", "$SYS"] {
            assert!(matches!(with(vec![user(name, "x", &[])]), Err(BrokerError::BadName { .. })), "{name}");
        }
        let twice = vec![user("a", "x", &[]), user("a", "y", &[])];
        assert!(matches!(with(twice), Err(BrokerError::SameName { .. })));
        assert!(BrokerOptions::default().check().is_ok());
    }

    #[test]
    fn only_the_whole_password_opens_the_door() {
        let options = BrokerOptions { users: vec![user("a", "secret", &["a/#"])], ..Default::default() };
        assert!(options.login(Some("a"), Some(b"secret")).is_ok());
        for bad in [&b"secre"[..], b"", b"secret1", b"Secret"] {
            assert!(options.login(Some("a"), Some(bad)).is_err());
        }
        assert!(options.login(Some("a"), None).is_err());
        assert!(options.login(Some("b"), Some(b"secret")).is_err());
        assert!(options.login(None, None).is_err());
        assert!(options.rights(Some("a")).may_publish("a/b"));
        assert!(!options.rights(Some("a")).may_publish("b"));
        assert!(
            options.rights(Some("a")).may_subscribe("news") && !options.rights(Some("a")).may_publish("news")
        );
        assert!(!options.rights(Some("gone")).may_publish("a/b"));
        assert!(!options.rights(None).may_publish("a/b"));
    }
}
