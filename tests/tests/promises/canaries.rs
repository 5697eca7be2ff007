//! R30: secrets stand nowhere but where they belong. A household is given a secret of every kind and uses them; then its log (with all that
//! it can say), its journal, its dump, its backup, its answers and its data are searched for them.
//!
//! Meant to fail it (not tried): the options of a connection in a line of the log, a token that is kept and not its hash, an error that
//! quotes what it could not use.

use lares_tests::exchange::{Exchange, PASSWORD};
use lares_tests::phone::free_udp_port;
use lares_tests::{Dwelling, Http, Mosquitto, free_port, password, wait_for};
use serde_json::json;

use super::codes::holding;
use super::place;

/// A word that is nowhere by chance, and begins a secret.
fn canary(what: &str) -> String {
    format!("kanarienvogel-{what}-7c1f")
}

#[test]
fn a_secret_stands_nowhere_else() {
    let (place, elsewhere) = (place("canaries"), place("canaries-elsewhere"));
    let mut secrets = Vec::new();
    let mut file = |what: &str| {
        place.write(&format!("{what}.secret"), &format!("{}\n", canary(what)));
        secrets.push(canary(what));
        format!("{what}.secret")
    };
    let second = Mosquitto::with_user(&elsewhere, "house", &canary("link"));
    let exchange = Exchange::start(&elsewhere);
    let (own, phone, player) = (free_port(), free_udp_port(), free_port());
    let more = [
        format!("[mqtt.second]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"house\"", second.port),
        format!("password_file = \"{}\"", file("link")),
        "[mqtt.own]\nembedded = true".to_owned(),
        format!("[broker.users.plug]\npassword_file = \"{}\"", file("user")),
        format!("[phone]\nport = {phone}\ntrunk = \"127.0.0.1:{}\"\nuser = \"620\"", exchange.port),
        "password_file = \"trunk.secret\"".to_owned(),
        format!("[media]\nmusic_assistant = \"127.0.0.1:{player}\""),
        format!("music_assistant_token_file = \"{}\"", file("music")),
        format!("[stream.radio]\nmpd = \"127.0.0.1:{player}\"\npassword_file = \"{}\"", file("player")),
        format!("[satellite.ear]\nroom = \"hall\"\nesphome = \"127.0.0.1:{player}\""),
        "password_env = \"EAR_PASSWORD\"\n".to_owned(),
    ];
    place.write("trunk.secret", PASSWORD);
    place.write("users", &format!("kettle:{}\n", canary("kettle")));
    secrets.extend([canary("kettle"), canary("ear"), canary("guess"), PASSWORD.to_owned()]);
    let mut house = Dwelling::start(&place, "");
    secrets.push(house.lares.ready["code"].as_str().unwrap().to_owned());
    secrets.extend(["anna", "ben", "clara", "gus"].map(password));
    secrets.extend(house.tokens.values().cloned());
    house.lares.stop();
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let broker = format!("[broker]\nport = {own}\npasswords_file = \"users\"");
    place.write("home.toml", &(home.replace("[broker]\nenabled = false", &broker) + &more.join("\n")));
    house.lares.run_with(&[("LARES_LOG", "trace,rsipstack=trace"), ("EAR_PASSWORD", &canary("ear"))]);
    house.http = Http::of(&house.lares);

    // Each is used, rightly and wrongly.
    for link in ["second is online", "phone is online"] {
        wait_for(link, || house.lares.say(&["status"]).out.contains(link));
    }
    let port = own.to_string();
    for (user, secret) in [("plug", canary("user")), ("kettle", canary("kettle")), ("plug", canary("guess"))]
    {
        let mut client = std::process::Command::new("mosquitto_pub");
        client.args(["-h", "127.0.0.1", "-p", &port, "-u", user, "-P", &secret, "-m", "x", "-t"]);
        let came = client.arg(format!("{user}/x")).output().expect("mosquitto-clients: run tests/setup.sh");
        assert_eq!(came.status.success(), secret != canary("guess"), "{came:?}");
    }
    for secret in [password("anna"), canary("guess")] {
        let right = secret != canary("guess");
        let session = house.http.post("/api/v1/session", &json!({ "person": "anna", "password": secret }));
        assert_eq!(session.status == 201, right, "{session:?}");
        let bearer = format!("Bearer {}", if right { house.token("anna") } else { &secret });
        let status = house.http.send("GET", "/api/v1/status", &[("Authorization", &bearer)], None);
        assert_eq!(status.status == 200, right, "{status:?}");
    }
    let ben = house.token("ben").to_owned();
    house.http.ask(
        &ben,
        "POST",
        "/api/v1/intents",
        Some(&json!({ "act": "set", "target": "hall-lamp", "values": { "on": true } })),
    );
    let guest = house.lares.ask(&["people", "link", "Visitor", "--room", "hall"]);
    secrets.push(guest["code"].as_str().unwrap_or_else(|| panic!("{guest}")).to_owned());

    let (dump, backup) = (place.path().join("dump.jsonl"), place.path().join("backup"));
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    assert_eq!(house.lares.say(&["dump", &path(&dump)]).code, 0);
    assert_eq!(house.lares.say(&["backup", &path(&backup)]).code, 0);
    let mut told = vec![("the dump".to_owned(), std::fs::read_to_string(&dump).unwrap())];
    let commands: [&[&str]; 12] = [
        &["status", "--json"],
        &["tree", "--json"],
        &["log", "--json", "--limit", "100000"],
        &["log", "--limit", "100000"],
        &["check"],
        &["people", "--json"],
        &["people", "links", "--json"],
        &["tokens", "--json"],
        &["plan", "--json"],
        &["doctor"],
        &["devices", "--json"],
        &["why", "hall-lamp", "--full"],
    ];
    for words in commands {
        let said = house.lares.say(words);
        told.push((words.join(" "), said.out + &said.err));
    }
    for route in [
        "/api/v1/home",
        "/api/v1/status",
        "/api/v1/log",
        "/api/v1/accounts",
        "/api/v1/guests",
        "/api/v1/people",
        "/api/v1/tree",
        "/api/v1/files/text?path=home.toml",
        "/api/v1/openapi.json",
        "/metrics",
    ] {
        let answer = house.http.ask(house.token("anna"), "GET", route, None);
        told.push((route.to_owned(), answer.body));
    }
    house.lares.stop();
    told.push(("the log".to_owned(), house.lares.log()));
    let log = &told.last().unwrap().1;
    assert!(log.contains(" TRACE transaction created"), "it said all that it can");

    let mut found = Vec::new();
    for secret in &secrets {
        found.extend(
            told.iter()
                .filter(|(_, text)| text.contains(secret.as_str()))
                .map(|(what, _)| (what.clone(), secret)),
        );
        for folder in [place.data(), backup.clone()] {
            found.extend(holding(&folder, secret).into_iter().map(|file| (file, secret)));
        }
    }
    println!("{} secrets, {} places: found {}", secrets.len(), told.len() + 2, found.len());
    assert!(found.is_empty(), "{found:?}");
}
