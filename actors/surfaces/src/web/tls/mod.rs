//! HTTPS: by the household's own authority, or by a certificate that is given. A handshake is a connection's own business: one
//! that does not end is left, and nobody waits for it.

mod authority;
mod given;
mod kept;
mod names;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lares_config::{TlsConfig, WebConfig};
use lares_kernel::wire::DurableMap;
use lares_model::Timestamp;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

use authority::{Authority, FRESH, certificate};
use given::Given;
pub(in crate::web) use kept::SPACE;

/// Sets of names that certificates are kept for; more is a machine whose addresses change all the time.
const MOST: usize = 64;

/// What answers a handshake.
pub(super) enum Tls {
    Own { authority: Authority, issued: Mutex<Issued> },
    Given(Given),
}

/// By the names and the address that they are for: when it was issued, and what answers with it.
type Issued = BTreeMap<(Vec<String>, IpAddr), (Timestamp, Arc<ServerConfig>)>;

impl Tls {
    /// What the configuration wants; none: plain HTTP. Reads files, and makes the authority if there is none yet.
    ///
    /// # Errors
    /// In words: a file that is not there, is no certificate, or does not fit its key.
    pub fn open(
        config: &WebConfig,
        data: &Path,
        map: &dyn DurableMap,
        now: Timestamp,
    ) -> Result<Option<Self>, String> {
        Ok(match &config.tls {
            TlsConfig::Off => None,
            TlsConfig::Own => {
                let authority = Authority::open(data, map, &config.hosts, now)?;
                Some(Self::Own { authority, issued: Mutex::default() })
            }
            TlsConfig::Given { certificate, key } => Some(Self::Given(Given::open(certificate, key)?)),
        })
    }

    /// What answers a connection that came to this address of the machine; `hosts` are the names that browsers may call.
    pub fn acceptor(&self, hosts: &[String], at: IpAddr, now: Timestamp) -> Result<TlsAcceptor, String> {
        let (authority, issued) = match self {
            Self::Given(given) => return Ok(given.config().into()),
            Self::Own { authority, issued } => (authority, issued),
        };
        let mut issued = issued.lock().unwrap_or_else(PoisonError::into_inner);
        let names = (hosts.to_vec(), at);
        // Also when the clock was set back: a certificate of tomorrow is none.
        let fresh = |made: Timestamp| now.since(made).max(made.since(now)) < FRESH;
        if let Some((_, config)) = issued.get(&names).filter(|(made, _)| fresh(*made)) {
            return Ok(config.clone().into());
        }
        if issued.len() >= MOST {
            issued.clear();
        }
        let (chain, key) = authority.issue(hosts, at, now)?;
        let config = server(chain, key)?;
        issued.insert(names, (now, config.clone()));
        Ok(config.into())
    }

    /// Takes a renewed certificate; the old one goes on if the new one is not good.
    pub fn refresh(&self) {
        if let Self::Given(given) = self {
            given.refresh();
        }
    }

    /// The authority's certificate as PEM, for devices that are to trust it.
    pub fn authority(&self) -> Option<&str> {
        match self {
            Self::Own { authority, .. } => Some(authority.pem()),
            Self::Given(_) => None,
        }
    }

    /// Whether browsers may be told to come by HTTPS only from now on. Not to an authority that they may not trust tomorrow.
    pub fn lasts(&self) -> bool {
        matches!(self, Self::Given(_))
    }

    /// For `lares status`; `hosts` as the home has them now.
    pub fn shown(&self, hosts: &[String]) -> String {
        match self {
            Self::Own { authority, .. } => match authority.beyond(hosts).as_slice() {
                [] => own(authority.der()),
                beyond => format!(
                    "{}, which may not speak for {}: they came after it was made",
                    own(authority.der()),
                    beyond.join(", ")
                ),
            },
            Self::Given(given) => format!("by the given certificate, SHA-256 {}", given.fingerprint()),
        }
    }
}

/// How HTTPS stands, for `lares doctor`; none where it is off. Nothing is made, and the store is not opened.
pub fn tls_shown(config: &WebConfig, data: &Path) -> Option<Result<String, String>> {
    Some(match &config.tls {
        TlsConfig::Off => return None,
        TlsConfig::Own => certificate(data).map(|found| match found {
            Some((_, der)) => own(&der),
            None => "the household's own authority is made at the next start".to_owned(),
        }),
        TlsConfig::Given { certificate, key } => {
            Given::open(certificate, key).map(|given| Tls::Given(given).shown(&[]))
        }
    })
}

fn own(authority: &CertificateDer<'_>) -> String {
    format!("by the household's own authority, SHA-256 {}", fingerprint(authority))
}

/// TLS 1.2 and 1.3, by ring.
fn server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|e| e.to_string())?.with_no_client_auth();
    let mut config = builder.with_single_cert(chain, key).map_err(|e| e.to_string())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// As browsers and phones show it: `3F:A0:...`.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let pairs: Vec<String> = Sha256::digest(certificate).iter().map(|b| format!("{b:02X}")).collect();
    pairs.join(":")
}
