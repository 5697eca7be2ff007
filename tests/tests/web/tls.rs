//! HTTPS by the household's own authority and by a given certificate, looked at with curl and openssl as browsers look: the right
//! name passes with the authority and nothing passes without, old versions and garbage are refused, and who stalls holds nobody up.
//!
//! Meant to fail it (not tried): a certificate for any name, a handshake awaited in the accept loop, the key served beside the
//! certificate, `Secure` left out.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use lares_tests::{DEADLINE, Lares, Place, free_port, wait_for};

use super::place;

fn home((port, broker): (u16, u16), more: &str) -> String {
    format!(
        "[household]\ntime_zone = \"UTC\"\n\n[broker]\nport = {broker}\n\n[person.anna]\nrole = \"owner\"\n\n[room.hall]\n\n\
         [web]\nport = {port}\nhosts = [\"house.test\"]\n{more}"
    )
}

/// What curl says: how it ended (60: the certificate is not trusted, or is for another name), and what it was told.
fn curl(words: &[&str]) -> (i32, String) {
    let done = Command::new("curl").args(["--silent", "--max-time", "15", "--include"]).args(words).output();
    let done = done.expect("curl is missing: tests/setup.sh installs it");
    (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&done.stdout).into_owned())
}

fn openssl(words: &[&str]) -> String {
    let done = Command::new("openssl").args(words).stdin(Stdio::null()).output();
    let done = done.expect("openssl is missing: tests/setup.sh installs it");
    String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned()
}

/// `3F:A0:...` of a certificate.
fn fingerprint(file: &Path) -> String {
    let said = openssl(&["x509", "-in", &file.display().to_string(), "-noout", "-fingerprint", "-sha256"]);
    said.trim().split_once('=').unwrap_or_else(|| panic!("{said}")).1.to_owned()
}

/// As a client that offers this version of the protocol only.
fn offered(port: u16, version: &str) -> String {
    let at = format!("127.0.0.1:{port}");
    openssl(&["s_client", "-connect", &at, version, "-cipher", "DEFAULT:@SECLEVEL=0"])
}

fn authority(place: &Place) -> PathBuf {
    place.data().join("tls/authority.pem")
}

#[test]
fn the_households_own_authority_is_believed_by_who_trusts_it_and_by_nobody_else() {
    let place = place("tls-own");
    let (port, broker) = (free_port(), free_port());
    let text = home((port, broker), "tls = true\n");
    place.write("home.toml", &text);
    let mut lares = Lares::start(&place);
    assert_eq!(lares.ready["dashboard"], format!("https://127.0.0.1:{port}/"));
    let file = authority(&place);
    let ca = file.display().to_string();
    let by_name =
        |name: &str| (format!("{name}:{port}:127.0.0.1"), format!("https://{name}:{port}/api/v1/door"));
    let trusting = |name: &str| {
        let (resolve, url) = by_name(name);
        curl(&["--cacert", &ca, "--resolve", &resolve, &url])
    };
    for name in ["127.0.0.1", "localhost", "house.test"] {
        let (code, said) = trusting(name);
        assert!(code == 0 && said.contains("200 OK") && said.contains("owned"), "{name}: {code} {said}");
        assert!(!said.to_lowercase().contains("strict-transport"), "{said}");
    }
    assert_eq!(trusting("evil.test").0, 60, "a name that is not its own");
    let (resolve, url) = by_name("house.test");
    assert_eq!(curl(&["--resolve", &resolve, &url]).0, 60, "nobody trusts it who was not told to");

    // Versions: what is old is refused by the household, not only by us.
    for (version, fine) in [("-tls1_3", true), ("-tls1_2", true), ("-tls1_1", false), ("-tls1", false)] {
        let said = offered(port, version);
        let refused = said.contains("alert protocol version") || said.contains("alert handshake failure");
        assert!(said.contains("BEGIN CERTIFICATE") == fine && refused != fine, "{version}: {said}");
    }

    // In the clear there is only the way to HTTPS, and not for what must not be sent in the clear.
    let plain = format!("http://127.0.0.1:{port}/api/v1/door");
    let (code, said) = curl(&[&plain]);
    assert!(
        code == 0
            && said.contains("308")
            && said.contains(&format!("location: https://127.0.0.1:{port}/api/v1/door")),
        "{said}"
    );
    let origin = format!("Origin: http://127.0.0.1:{port}");
    let body = r#"{"person":"anna","password":"whatever it is"}"#;
    let json = "Content-Type: application/json";
    let (_, said) = curl(&["-H", &origin, "-H", json, "-d", body, &plain.replace("door", "session")]);
    assert!(said.contains("426") && said.contains("urn:lares:problem:plain"), "{said}");
    let (_, said) = curl(&["-H", "Host: evil.test", &plain]);
    assert!(said.contains("421") && !said.contains("\nlocation:"), "{said}");

    // The cookie is for HTTPS only.
    let origin = format!("Origin: https://127.0.0.1:{port}");
    let code = lares.ready["code"].as_str().unwrap();
    let body = format!(r#"{{"code":"{code}","password":"long enough"}}"#);
    let account = format!("https://127.0.0.1:{port}/api/v1/account");
    let (_, said) = curl(&["--cacert", &ca, "-H", &origin, "-H", json, "-d", &body, &account]);
    assert!(said.contains("201") && said.contains("; Secure"), "{said}");

    // What is to be trusted can be had and compared; its key cannot.
    let (_, said) = curl(&["--cacert", &ca, &format!("https://127.0.0.1:{port}/ca.crt")]);
    assert!(
        said.contains("application/x-x509-ca-cert")
            && said.contains(&std::fs::read_to_string(&file).unwrap()),
        "{said}"
    );
    assert!(!said.contains("PRIVATE"), "{said}");
    let print = fingerprint(&file);
    assert!(
        lares.say(&["status"]).out.contains(&format!("authority, SHA-256 {print}")),
        "{}",
        lares.say(&["status"]).out
    );
    assert!(lares.say(&["doctor"]).out.contains(&print), "{}", lares.say(&["doctor"]).out);

    stalled(port, &ca);

    // It is the same one after a kill.
    lares.kill();
    lares.run();
    assert_eq!(fingerprint(&file), print);
    assert_eq!(trusting("house.test").0, 0);
    // A name that is added is in the next certificate, without a restart.
    place.write("home.toml", &text.replace("\"house.test\"", "\"house.test\", \"other.test\""));
    assert_eq!(lares.say(&["reload"]).code, 0);
    wait_for("the new name", || trusting("other.test").0 == 0);
}

/// Garbage, half a handshake and silence, many at once: others are answered meanwhile, and those are left.
fn stalled(port: u16, ca: &str) {
    let hello = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];
    let open = |n: usize| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        match n % 4 {
            0 => {}
            1 => stream.write_all(&hello).unwrap(),
            2 => stream.write_all(&[22; 300]).unwrap(),
            _ => stream.write_all(&[0, 255, 17, 3, 9, 200]).unwrap(),
        }
        stream
    };
    let mut streams: Vec<TcpStream> = (0..200).map(open).collect();
    let (code, said) =
        curl(&["--cacert", ca, "--max-time", "5", &format!("https://127.0.0.1:{port}/api/v1/door")]);
    assert!(code == 0 && said.contains("200 OK"), "{code} {said}");
    // All of them come to an end by themselves.
    for stream in &mut streams {
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    }
}

/// A certificate of its own for `house.test` and 127.0.0.1, and its key.
fn make(place: &Place, name: &str) {
    let (cert, key) = (place.home().join(format!("{name}.pem")), place.home().join(format!("{name}.key")));
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    let said = openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=house.test",
        "-addext",
        "subjectAltName=DNS:house.test,IP:127.0.0.1",
        "-keyout",
        &key,
        "-out",
        &cert,
    ]);
    assert!(Path::new(&cert).exists(), "{said}");
}

#[test]
fn a_given_certificate_is_used_and_its_renewal_taken_without_a_restart() {
    let place = place("tls-given");
    let (port, broker) = (free_port(), free_port());
    make(&place, "first");
    make(&place, "second");
    let copy = |from: &str, to: &str| std::fs::copy(place.home().join(from), place.home().join(to)).unwrap();
    copy("first.pem", "house.pem");
    copy("first.key", "house.key");
    place.write(
        "home.toml",
        &home((port, broker), "certificate_file = \"house.pem\"\nkey_file = \"house.key\"\n"),
    );
    let lares = Lares::start(&place);
    let door = format!("https://127.0.0.1:{port}/api/v1/door");
    let trusts = |name: &str| {
        let file = place.home().join(format!("{name}.pem")).display().to_string();
        let (code, said) = curl(&["--cacert", &file, &door]);
        assert!(
            code == 60 || (code == 0 && said.contains("strict-transport-security: max-age=2592000")),
            "{code} {said}"
        );
        code == 0
    };
    assert!(trusts("first") && !trusts("second"));
    assert!(!authority(&place).exists(), "nobody asked for an authority");
    assert!(lares.say(&["status"]).out.contains(&fingerprint(&place.home().join("first.pem"))));
    let (_, said) = curl(&[
        "--cacert",
        &place.home().join("first.pem").display().to_string(),
        &door.replace("api/v1/door", "ca.crt"),
    ]);
    assert!(said.contains("404"), "{said}");

    // Half of a renewal, or one that is no certificate, changes nothing.
    copy("second.pem", "house.pem");
    wait_for("it to be looked at", || lares.log().contains("renewed certificate is not good"));
    assert!(trusts("first"));
    copy("second.key", "house.key");
    wait_for("the renewal", || trusts("second"));
    assert!(!trusts("first"));
    wait_for("its fingerprint", || {
        lares.say(&["status"]).out.contains(&fingerprint(&place.home().join("second.pem")))
    });

    // What cannot be used is said before it is in force, with its place.
    std::fs::remove_file(place.home().join("house.key")).unwrap();
    let said = lares.say(&["check"]);
    assert!(said.code == 2 && said.err.contains("house.key") && said.err.contains("key_file"), "{said:?}");
    std::fs::write(place.home().join("house.key"), "nonsense\n").unwrap();
    let said = lares.say(&["doctor"]);
    assert!(said.out.contains("BAD") && said.out.contains("house.key"), "{said:?}");
    // The old one goes on meanwhile.
    std::thread::sleep(Duration::from_millis(200));
    assert!(trusts("second"));
}
