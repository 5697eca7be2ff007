//! What the home says of its web surface: the API and the dashboard.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use serde::Serialize;

use super::Place;

/// The web surface.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WebConfig {
    pub place: Place,
    pub enabled: bool,
    /// Anything but loopback only with an owner.
    pub listen: IpAddr,
    /// 0: one that is free.
    pub port: u16,
    /// Names by which browsers may call it, beside addresses and `localhost`: what else calls is refused, so that no page
    /// from elsewhere can point a name of its own at this machine.
    pub hosts: Vec<String>,
    pub tls: TlsConfig,
}

/// Whether it speaks HTTPS, and by whose certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsConfig {
    /// Plain HTTP.
    Off,
    /// The household's own authority.
    Own,
    /// PEM files: a certificate with the chain that leads to its authority, and its key.
    Given { certificate: PathBuf, key: PathBuf },
}

impl WebConfig {
    /// Where the dashboard is if nobody says otherwise.
    pub const PORT: u16 = 8420;

    pub(crate) fn standard() -> Self {
        Self {
            place: Place::by_default(),
            enabled: true,
            listen: Ipv4Addr::LOCALHOST.into(),
            port: Self::PORT,
            hosts: Vec::new(),
            tls: TlsConfig::Off,
        }
    }
}
