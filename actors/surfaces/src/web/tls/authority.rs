//! The household's own certificate authority: a key and a certificate in the data folder, made at the first need and kept for
//! good. What it issues is in memory only, and is issued anew long before it ends.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use lares_model::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};

const FOLDER: &str = "tls";
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

pub(in crate::web) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

impl Authority {
    /// Makes it if there is none.
    pub fn open(data: &Path, now: Timestamp) -> Result<Self, String> {
        if let Some(found) = Self::find(data)? {
            return Ok(found);
        }
        let folder = data.join(FOLDER);
        let (key_file, file) = (folder.join(KEY), folder.join(CERTIFICATE));
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |e: io::Error| format!("failed to write {path}: {e}")
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        // A kill may have come between the key and the certificate.
        let key = match read(&key_file)? {
            Some(pem) => parse_key(&pem, &key_file)?,
            None => {
                let key = KeyPair::generate().map_err(|e| format!("no key can be made: {e}"))?;
                write(&key_file, &key.serialize_pem()).map_err(failed(&key_file))?;
                key
            }
        };
        let mut params = params(&key);
        lasts(&mut params, now, AUTHORITY_LASTS)?;
        let certificate = params.self_signed(&key).map_err(|e| format!("no authority can be made: {e}"))?;
        write(&file, &certificate.pem()).map_err(failed(&file))?;
        tracing::info!(file = %file.display(), "made the household's own certificate authority");
        Self::find(data)?.ok_or_else(|| format!("{} is gone again", file.display()))
    }

    /// The one that is there.
    pub fn find(data: &Path) -> Result<Option<Self>, String> {
        let folder = data.join(FOLDER);
        let (key_file, file) = (folder.join(KEY), folder.join(CERTIFICATE));
        let Some(pem) = read(&file)? else { return Ok(None) };
        let Some(key) = read(&key_file)? else {
            return Err(format!(
                "{} is there and its key {} is not: put the key back, or remove the certificate, and every device must trust a new one",
                file.display(),
                key_file.display()
            ));
        };
        let key = parse_key(&key, &key_file)?;
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|e| format!("{} is no certificate: {e}", file.display()))?;
        Ok(Some(Self { issuer: Issuer::new(params(&key), key), pem, der }))
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// A certificate for these names, for this machine itself, and for the address that somebody came to.
    pub fn issue(
        &self,
        hosts: &[String],
        at: IpAddr,
        now: Timestamp,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), String> {
        let failed = |e: rcgen::Error| format!("no certificate can be issued: {e}");
        let names: Vec<String> = hosts.iter().cloned().chain(["localhost".to_owned()]).collect();
        let mut params = CertificateParams::new(names).map_err(failed)?;
        let mut addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        if !addresses.contains(&at) {
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

fn parse_key(pem: &str, file: &Path) -> Result<KeyPair, String> {
    KeyPair::from_pem(pem).map_err(|e| format!("{} is no key: {e}", file.display()))
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
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: Timestamp = Timestamp(1_795_366_800_000_000);

    #[test]
    fn it_is_made_once_and_found_again() {
        let data = tempfile::tempdir().unwrap();
        assert!(Authority::find(data.path()).unwrap().is_none());
        let made = Authority::open(data.path(), NOW).unwrap();
        let again = Authority::open(data.path(), NOW + DAY).unwrap();
        assert_eq!((made.pem(), made.der()), (again.pem(), again.der()));
        let folder = data.path().join(FOLDER);
        for file in [KEY, CERTIFICATE] {
            let mode = fs::metadata(folder.join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        let (chain, _) =
            again.issue(&["lares.lan".to_owned()], Ipv4Addr::new(192, 168, 1, 5).into(), NOW).unwrap();
        assert_eq!(chain.len(), 2);
    }

    #[test]
    fn a_key_without_a_certificate_goes_on_and_a_certificate_without_its_key_is_told() {
        let data = tempfile::tempdir().unwrap();
        Authority::open(data.path(), NOW).unwrap();
        let folder = data.path().join(FOLDER);
        let key = fs::read_to_string(folder.join(KEY)).unwrap();
        fs::remove_file(folder.join(CERTIFICATE)).unwrap();
        Authority::open(data.path(), NOW).unwrap();
        assert_eq!(fs::read_to_string(folder.join(KEY)).unwrap(), key);
        fs::remove_file(folder.join(KEY)).unwrap();
        let said = Authority::open(data.path(), NOW).err().unwrap();
        assert!(said.contains("put the key back"), "{said}");
        fs::write(folder.join(KEY), "nonsense").unwrap();
        assert!(Authority::open(data.path(), NOW).err().unwrap().contains("is no key"));
    }
}
