//! The household's own certificate authority: a certificate in the data folder and its key in the store, made at the first need
//! and kept for good. What it issues is in memory only, and is issued anew long before it ends.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lares_kernel::wire::DurableMap;
use lares_model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};

use super::kept::{self, Kept};
use super::names::{at_home, constraints, endings, under};

const FOLDER: &str = "tls";
/// Where the key was before it was kept in the store.
const KEY: &str = "authority.key";
const CERTIFICATE: &str = "authority.pem";

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The authority outlives the machine.
const AUTHORITY_LASTS: Duration = DAY.saturating_mul(365 * 20);
/// What phones take at most is 825 days, browsers 398.
const LASTS: Duration = DAY.saturating_mul(90);
/// After this another one is issued.
pub(super) const FRESH: Duration = DAY.saturating_mul(30);
/// Clocks of phones are not quite ours.
const BEFORE: Duration = DAY.saturating_mul(2);

/// The extension with name constraints, as it stands in a certificate: 2.5.29.30.
const NARROWED: &[u8] = &[6, 3, 0x55, 0x1d, 0x1e];

pub(in crate::web) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
    /// Endings of names that it may speak for; none: all.
    endings: Option<Vec<String>>,
}

/// A chain, and the key of its first certificate.
type Issued = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Authority {
    /// Makes it if there is none; `hosts` are the names that it is to speak for beside those of every home.
    pub fn open(data: &Path, map: &dyn DurableMap, hosts: &[String], now: Timestamp) -> Result<Self, String> {
        let (folder, file) = (data.join(FOLDER), file(data));
        kept::take_over(map, &folder.join(KEY))?;
        if let Some((pem, der)) = certificate(data)? {
            let kept = kept::read(map)?.ok_or_else(|| {
                format!(
                    "{} is there and its key is not: put the key back as {}, or remove the certificate, and every device must \
                     trust a new one",
                    file.display(),
                    folder.join(KEY).display()
                )
            })?;
            return Self::of(kept, pem, der, &file);
        }
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |e: io::Error| format!("failed to write {path}: {e}")
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let key = KeyPair::generate().map_err(|e| format!("no key can be made: {e}"))?;
        let kept = Kept { key: key.serialize_pem(), endings: Some(endings(hosts)) };
        // A kill between the two leaves a key that nobody has trusted: the next start makes another.
        kept::write(map, &kept)?;
        let mut params = params(&key);
        params.name_constraints = kept.endings.as_deref().map(constraints);
        lasts(&mut params, now, AUTHORITY_LASTS)?;
        let made = params.self_signed(&key).map_err(|e| format!("no authority can be made: {e}"))?;
        write(&file, &made.pem()).map_err(failed(&file))?;
        tracing::info!(file = %file.display(), "made the household's own certificate authority");
        Self::of(kept, made.pem(), made.der().clone(), &file)
    }

    fn of(kept: Kept, pem: String, der: CertificateDer<'static>, file: &Path) -> Result<Self, String> {
        let key = KeyPair::from_pem(&kept.key).map_err(|e| format!("the authority's key is no key: {e}"))?;
        let public = key.public_key_raw();
        if !der.windows(public.len()).any(|part| part == public) {
            return Err(format!(
                "{} is of another key than the one that is kept: put back the right certificate, or remove it, and every \
                 device must trust a new one",
                file.display()
            ));
        }
        // A key that was put back by hand says nothing of what its certificate is narrowed to.
        let narrowed = || der.windows(NARROWED.len()).any(|part| part == NARROWED).then(|| endings(&[]));
        let endings = kept.endings.or_else(narrowed);
        Ok(Self { issuer: Issuer::new(params(&key), key), pem, der, endings })
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// Names of the household that it may not speak for: they came after it was made.
    pub fn beyond<'a>(&self, hosts: &'a [String]) -> Vec<&'a str> {
        let beyond = |host: &&'a String| self.endings.as_ref().is_some_and(|all| !under(all, host));
        hosts.iter().filter(beyond).map(String::as_str).collect()
    }

    /// A certificate for these names, for this machine itself, and for the address that somebody came to; what the authority may
    /// not speak for is left out, since one such name would spoil all of it.
    pub fn issue(&self, hosts: &[String], at: IpAddr, now: Timestamp) -> Result<Issued, String> {
        let failed = |e: rcgen::Error| format!("no certificate can be issued: {e}");
        let beyond = self.beyond(hosts);
        if !beyond.is_empty() {
            tracing::warn!(
                names = beyond.join(", "),
                "the household's own authority may not speak for these"
            );
        }
        let names = hosts.iter().filter(|h| !beyond.contains(&h.as_str())).cloned();
        let mut params = CertificateParams::new(names.chain(["localhost".to_owned()]).collect::<Vec<_>>())
            .map_err(failed)?;
        let mut addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        if !addresses.contains(&at) && (self.endings.is_none() || at_home(at)) {
            addresses.push(at);
        }
        params.subject_alt_names.extend(addresses.into_iter().map(SanType::IpAddress));
        params.distinguished_name = Default::default();
        params.distinguished_name.push(DnType::CommonName, "Lares dashboard");
        lasts(&mut params, now, LASTS)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok((vec![certificate.der().clone(), self.der.clone()], key.into()))
    }
}

fn file(data: &Path) -> PathBuf {
    data.join(FOLDER).join(CERTIFICATE)
}

/// The certificate that is there, as it stands and as bytes.
pub(super) fn certificate(data: &Path) -> Result<Option<(String, CertificateDer<'static>)>, String> {
    let file = file(data);
    let Some(pem) = read(&file)? else { return Ok(None) };
    let der = CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|e| format!("{} is no certificate: {e}", file.display()))?;
    Ok(Some((pem, der)))
}

/// What does not change as long as the key is the same, so that the certificate on disk need not be read for it.
fn params(key: &KeyPair) -> CertificateParams {
    let id: String =
        Sha256::digest(key.public_key_raw()).iter().take(4).map(|b| format!("{b:02x}")).collect();
    let mut params = CertificateParams::default();
    params.distinguished_name = Default::default();
    params.distinguished_name.push(DnType::CommonName, format!("Lares household {id}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// By whole days.
fn lasts(params: &mut CertificateParams, now: Timestamp, length: Duration) -> Result<(), String> {
    let day = |at: Timestamp| {
        let at =
            jiff::Timestamp::from_microsecond(at.0).map_err(|e| format!("the clock shows no time: {e}"))?;
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let number = |n: i8| u8::try_from(n).unwrap_or(1);
        Ok::<_, String>(rcgen::date_time_ymd(date.year().into(), number(date.month()), number(date.day())))
    };
    (params.not_before, params.not_after) = (day(now - BEFORE)?, day(now + length)?);
    Ok(())
}

fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("failed to read {}: {e}", path.display())),
    }
}

/// For its owner only, and whole.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
