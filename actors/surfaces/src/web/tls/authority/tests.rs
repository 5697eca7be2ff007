//! The authority over starts, kills and lost files; and what it can and cannot speak for, as a browser's verifier sees it.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use lares_kernel::wire::MemoryMap;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{ServerName, UnixTime};

use super::*;

const NOW: Timestamp = Timestamp(1_795_366_800_000_000);

fn hosts(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// A certificate by this key and name for `name`, whatever the authority may speak for: as a thief of the key would make it.
fn forged(authority: &Authority, name: &str) -> Issued {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    lasts(&mut params, NOW, LASTS).unwrap();
    let key = KeyPair::generate().unwrap();
    let made = params.signed_by(&key, &authority.issuer).unwrap();
    (vec![made.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
}

/// Whether somebody who trusts the authority believes that this is `name`.
fn believed(authority: &Authority, (chain, _): &Issued, name: &str) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_micros(NOW.0.unsigned_abs()));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(&chain[0], &[], &name, &[], at).is_ok()
}

#[test]
fn it_is_made_once_and_found_again_and_its_key_is_in_no_file() {
    let (data, map) = (tempfile::tempdir().unwrap(), MemoryMap::default());
    assert!(certificate(data.path()).unwrap().is_none());
    let made = Authority::open(data.path(), &map, &[], NOW).unwrap();
    let again = Authority::open(data.path(), &map, &[], NOW + DAY).unwrap();
    assert_eq!((made.pem(), made.der()), (again.pem(), again.der()));
    let files: Vec<_> = fs::read_dir(data.path().join(FOLDER)).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(files, [file(data.path())]);
    assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!made.pem().contains("PRIVATE"));
}

#[test]
fn it_speaks_for_a_home_and_for_nothing_else() {
    let (data, map) = (tempfile::tempdir().unwrap(), MemoryMap::default());
    let all = hosts(&["lares.lan", "lares.example.org"]);
    let authority = Authority::open(data.path(), &map, &all, NOW).unwrap();
    let issued = authority.issue(&all, Ipv4Addr::new(192, 168, 1, 5).into(), NOW).unwrap();
    for name in ["lares.lan", "lares.example.org", "localhost", "127.0.0.1", "192.168.1.5", "::1"] {
        assert!(believed(&authority, &issued, name), "{name}");
    }
    for name in ["bank.example", "example.org", "8.8.8.8"] {
        assert!(!believed(&authority, &forged(&authority, name), name), "{name} by a stolen key");
    }
    assert!(believed(&authority, &forged(&authority, "tv.lan"), "tv.lan"), "the forgery itself is good");

    // Names and addresses that came later are left out, and do not spoil the others.
    let more = hosts(&["lares.lan", "house.example.net"]);
    assert_eq!(authority.beyond(&more), ["house.example.net"]);
    let issued = authority.issue(&more, Ipv4Addr::new(203, 0, 113, 5).into(), NOW).unwrap();
    assert!(believed(&authority, &issued, "lares.lan") && believed(&authority, &issued, "127.0.0.1"));
    assert!(!believed(&authority, &issued, "house.example.net"));
}

#[test]
fn a_key_that_was_in_a_file_moves_and_its_authority_goes_on() {
    let (data, map) = (tempfile::tempdir().unwrap(), MemoryMap::default());
    let folder = data.path().join(FOLDER);
    fs::create_dir_all(&folder).unwrap();
    // As it was made before: for all names.
    let key = KeyPair::generate().unwrap();
    let mut params = params(&key);
    lasts(&mut params, NOW, AUTHORITY_LASTS).unwrap();
    let old = params.self_signed(&key).unwrap();
    fs::write(folder.join(KEY), key.serialize_pem()).unwrap();
    fs::write(file(data.path()), old.pem()).unwrap();
    let authority = Authority::open(data.path(), &map, &[], NOW).unwrap();
    assert_eq!(authority.pem(), old.pem());
    assert!(!folder.join(KEY).exists());
    let all = hosts(&["house.example.net"]);
    let issued = authority.issue(&all, Ipv4Addr::LOCALHOST.into(), NOW).unwrap();
    assert!(believed(&authority, &issued, "house.example.net"));
    // A kill came before the file was removed.
    fs::write(folder.join(KEY), key.serialize_pem()).unwrap();
    assert_eq!(Authority::open(data.path(), &map, &[], NOW).unwrap().pem(), old.pem());
    assert!(!folder.join(KEY).exists());
}

#[test]
fn what_is_lost_is_told() {
    let (data, map) = (tempfile::tempdir().unwrap(), MemoryMap::default());
    let made = Authority::open(data.path(), &map, &[], NOW).unwrap();
    let said = |map: &MemoryMap| Authority::open(data.path(), map, &[], NOW).err().unwrap();
    assert!(said(&MemoryMap::default()).contains("put the key back"));
    let other = tempfile::tempdir().unwrap();
    let another = MemoryMap::default();
    Authority::open(other.path(), &another, &[], NOW).unwrap();
    assert!(said(&another).contains("of another key"));
    fs::write(data.path().join(FOLDER).join(KEY), "nonsense").unwrap();
    assert!(said(&map).contains("is no key"));
    fs::remove_file(data.path().join(FOLDER).join(KEY)).unwrap();
    // A key that is put back by hand: what the certificate is narrowed to still counts.
    let key = kept::read(&map).unwrap().unwrap().key;
    fs::write(data.path().join(FOLDER).join(KEY), key).unwrap();
    let back = Authority::open(data.path(), &MemoryMap::default(), &[], NOW).unwrap();
    assert_eq!((back.pem(), back.beyond(&hosts(&["a.example"]))), (made.pem(), vec!["a.example"]));
    // Whoever removes the certificate gets another authority.
    fs::remove_file(file(data.path())).unwrap();
    let next = Authority::open(data.path(), &map, &[], NOW).unwrap();
    assert_ne!(next.pem(), made.pem());
    fs::write(file(data.path()), "nonsense").unwrap();
    assert!(said(&map).contains("is no certificate"));
}
