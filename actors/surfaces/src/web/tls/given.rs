//! A certificate and a key that are given as files, and looked at again: whoever renews them restarts nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{fingerprint, server};

pub(in crate::web) struct Given {
    certificate: PathBuf,
    key: PathBuf,
    held: Mutex<Held>,
}

struct Held {
    config: Arc<ServerConfig>,
    fingerprint: String,
    /// Of the files when they were last looked at.
    stamps: Stamps,
}

type Stamps = [Option<(SystemTime, u64)>; 2];

impl Given {
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, String> {
        let held = Mutex::new(read(certificate, key)?);
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), held })
    }

    pub fn config(&self) -> Arc<ServerConfig> {
        self.lock().config.clone()
    }

    pub fn fingerprint(&self) -> String {
        self.lock().fingerprint.clone()
    }

    pub fn refresh(&self) {
        let now = stamps(&self.certificate, &self.key);
        if self.lock().stamps == now {
            return;
        }
        match read(&self.certificate, &self.key) {
            Ok(held) => {
                tracing::info!(sha256 = held.fingerprint, "the dashboard's certificate was renewed");
                *self.lock() = held;
            }
            // Once for each change: it may be half of a renewal.
            Err(e) => {
                tracing::warn!(
                    error = e,
                    "the dashboard's renewed certificate is not good; the old one goes on"
                );
                self.lock().stamps = now;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamps(certificate: &Path, key: &Path) -> Stamps {
    [certificate, key].map(|path| fs::metadata(path).and_then(|m| Ok((m.modified()?, m.len()))).ok())
}

fn read(certificate: &Path, key: &Path) -> Result<Held, String> {
    // Before they are read: what changes meanwhile is read again.
    let stamps = stamps(certificate, key);
    let failed =
        |path: &Path, e: rustls::pki_types::pem::Error| format!("{} cannot be used: {e}", path.display());
    let chain = CertificateDer::pem_file_iter(certificate).map_err(|e| failed(certificate, e))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(|e| failed(certificate, e))?;
    let Some(fingerprint) = chain.first().map(fingerprint) else {
        return Err(format!("{} has no certificate in it", certificate.display()));
    };
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| failed(key, e))?;
    let config = server(chain, secret).map_err(|e| {
        format!("{} and {} cannot be used together: {e}", certificate.display(), key.display())
    })?;
    Ok(Held { config, fingerprint, stamps })
}
