//! What the home says of its wires.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::Serialize;

use super::Place;

/// A connection to a broker; its key is the link's.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MqttConfig {
    pub place: Place,
    /// To the embedded broker: `host` and `port` are then the broker's own, its actual port is known at run time.
    pub embedded: bool,
    pub host: String,
    pub port: u16,
    pub username: Option<String>,
    pub password: Option<Secret>,
    /// `None`: the gateway makes a stable one of its own.
    pub client_id: Option<String>,
    pub discovery_prefix: String,
}

/// Where a secret is. The secret itself is never in the configuration, which is kept for ever.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// A file (absolute), of which the first line counts.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
}

/// Whom the household itself comes into its embedded broker as.
pub const BROKER_USER: &str = "lares";

/// The embedded broker.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BrokerConfig {
    pub place: Place,
    pub enabled: bool,
    /// Anything but loopback only with users.
    pub listen: IpAddr,
    pub port: u16,
    /// Who may come in, by name.
    pub users: BTreeMap<String, BrokerUser>,
    /// A file (absolute) with a line `user:password` for each further user, who has the topics of their own.
    pub passwords_file: Option<PathBuf>,
}

/// Whoever may come into the embedded broker.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BrokerUser {
    pub password: Secret,
    /// Filters of what they may publish and subscribe to; `None`: what is their own by their name.
    pub topics: Option<Vec<String>>,
    /// Filters of what they may subscribe to beside that.
    pub reads: Vec<String>,
}

impl BrokerConfig {
    pub fn has_credentials(&self) -> bool {
        !self.users.is_empty() || self.passwords_file.is_some()
    }
}
