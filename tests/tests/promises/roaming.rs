//! R28: a client of the household's own broker stays within its topics. Real clients (mosquitto's) try what others may: to publish, kept or
//! not, with every quality; to leave a will there; to subscribe; to come as somebody else. A witness who may read everything, and the
//! household itself, see none of it.
//!
//! Meant to fail it (not tried): wills that are not looked at (`Core::route_for`), discovery under any name for everybody
//! (`own_topics`), names that are wildcards (`BadName`).

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use lares_tests::{Lares, Place, free_port, wait_for};
use serde_json::json;

use super::place;

/// Of others: a command, a state, what announces a lock, the plug's own discovery under another name, a display, the broker's own, and
/// what only looks like the plug's.
const OTHERS: [&str; 8] = [
    "home/hall/lamp/set",
    "home/hall/lamp",
    "homeassistant/light/hall/lamp/config",
    "homeassistant/switch/other/config",
    "lares/display/hall",
    "$SYS/broker/version",
    "plug2/set",
    "plu",
];

/// Not its own, wholly or in part.
const FILTERS: [&str; 9] = [
    "#",
    "+/set",
    "+/+/+",
    "home/#",
    "homeassistant/#",
    "homeassistant/+/+/config",
    "$SYS/#",
    "$share/all/#",
    "plug2/#",
];

/// Somebody with a password at the household's broker.
#[derive(Clone, Copy)]
struct Client {
    port: u16,
    name: &'static str,
}

impl Client {
    fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-u", self.name, "-P", "secret"]);
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn does(&self, program: &str, words: &[&str]) -> Output {
        self.command(program, words).output().expect("mosquitto-clients: run tests/setup.sh")
    }

    fn publishes(&self, topic: &str, text: &str, more: &[&str]) -> Output {
        self.does("mosquitto_pub", &[&["-t", topic, "-m", text], more].concat())
    }

    /// Whether it may subscribe to this.
    fn may_hear(&self, filter: &str, version: &str) -> bool {
        let came = self.does("mosquitto_sub", &["-V", version, "-t", filter, "-E", "-W", "20"]);
        assert!(came.status.success(), "{came:?}");
        !String::from_utf8_lossy(&came.stderr).contains("denied")
    }

    /// Begins to write down what it hears.
    fn listens(&self, file: PathBuf, words: &[&str]) -> Ear {
        let mut command = self.command("mosquitto_sub", &[&["-v"], words].concat());
        let child = command.stdout(File::create(&file).unwrap()).stderr(Stdio::null()).spawn().unwrap();
        Ear { child, file }
    }

    /// Is there, and then cut off, so that its will is told.
    fn dies(&self, place: &Place, will: &[&str]) {
        self.publishes("plug/in", "here", &["-r"]);
        let words = [&["-t", "plug/in", "--will-payload", "MOVE", "--will-topic"], will].concat();
        let ear = self.listens(place.path().join("dying"), &words);
        wait_for("whoever dies", || ear.heard().contains("here"));
    }
}

/// Hears until it is dropped: then it is killed.
struct Ear {
    child: Child,
    file: PathBuf,
}

impl Ear {
    fn heard(&self) -> String {
        std::fs::read_to_string(&self.file).unwrap()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn home(port: u16, users: &str) -> String {
    format!(
        "[household]\nname = \"Test\"\ntime_zone = \"UTC\"\n[web]\nenabled = false\n[mqtt.mqtt]\nembedded = true\n[room.hall]\n\
         [device.hall]\nroom = \"hall\"\nidentifiers = [\"hall\"]\n[broker]\nport = {port}\n{users}"
    )
}

#[test]
fn an_mqtt_client_cannot_roam() {
    let place = place("roaming");
    let port = free_port();
    place.write("secret", "secret\n");
    let of = |name: &str, more: &str| format!("[broker.users.{name}]\npassword_file = \"secret\"\n{more}\n");
    let users = of("plug", "")
        + &of("world", "topics = [\"home/#\", \"homeassistant/#\"]")
        + &of("witness", "topics = [\"witness/#\"]\nreads = [\"#\"]");
    place.write("home.toml", &home(port, &users));
    let lares = Lares::start(&place);
    let client = |name| Client { port, name };
    let (plug, world, witness) = (client("plug"), client("world"), client("witness"));
    let ear = witness.listens(place.path().join("witness"), &["-i", "witness", "-t", "#"]);
    let lamp = json!({
        "name": "lamp", "unique_id": "hall_lamp", "device": { "identifiers": ["hall"] }, "schema": "json",
        "state_topic": "home/hall/lamp", "command_topic": "home/hall/lamp/set",
    });
    world.publishes("homeassistant/light/hall/lamp/config", &lamp.to_string(), &["-r"]);
    let state = || lares.entity("hall.lamp").map(|lamp| lamp["state"].clone());
    wait_for("the lamp", || {
        world.publishes("home/hall/lamp", "{\"state\":\"OFF\"}", &["-r"]);
        state() == Some(false.into())
    });
    wait_for("the witness", || ear.heard().contains("home/hall/lamp {"));

    // It does live within its own.
    plug.dies(&place, &["plug/will"]);
    wait_for("its own will", || ear.heard().contains("plug/will MOVE"));
    let mut tried = 0;
    let mut denied = 0;
    let mut deny = |what: String, was: bool| {
        tried += 1;
        denied += u32::from(was);
        assert!(was, "{what}");
    };
    for version in ["311", "5"] {
        for filter in ["plug/#", "plug/+/set", "homeassistant/+/plug/#", "homeassistant/status"] {
            assert!(plug.may_hear(filter, version), "{filter}");
        }
        for filter in FILTERS {
            deny(format!("{filter} by MQTT {version}"), !plug.may_hear(filter, version));
        }
        // Who reads everything says nothing.
        deny("the witness".to_owned(), !witness.may_hear("$SYS/#", version));
    }
    for topic in OTHERS {
        for quality in ["0", "1", "2"] {
            for more in [&["-q", quality][..], &["-q", quality, "-r"], &["-q", quality, "-r", "-V", "5"]] {
                plug.publishes(topic, "MOVE", more);
                witness.publishes(topic, "MOVE", more);
            }
        }
        plug.dies(&place, &[topic]);
        plug.dies(&place, &[topic, "--will-retain", "--will-qos", "1"]);
    }
    // A name of a client is no secret, and no key.
    for id in ["witness", "lares", "#", "+", "home/hall/lamp/set", "$SYS", "", "../../x"] {
        plug.publishes("home/hall/lamp/set", "MOVE", &["-q", "1", "-i", id]);
    }
    for (name, password) in
        [("plug", "wrong"), ("lares", "secret"), ("nobody", "secret"), ("", ""), ("#", "secret")]
    {
        let port = port.to_string();
        let words = [
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-u",
            name,
            "-P",
            password,
            "-t",
            "home/hall/lamp/set",
            "-m",
            "MOVE",
        ];
        let came = Command::new("mosquitto_pub").args(words).output().unwrap();
        deny(format!("{name} with {password}"), !came.status.success());
    }

    // What is heard after all of it came after all of it.
    plug.publishes("plug/end", "END", &["-q", "1"]);
    wait_for("the end", || ear.heard().contains("plug/end END"));
    let heard = ear.heard();
    let moved: Vec<&str> =
        heard.lines().filter(|line| line.ends_with("MOVE") && *line != "plug/will MOVE").collect();
    let wishes = OTHERS.len() * (3 * 3 * 2 + 2) + 8;
    assert_eq!(moved, [""; 0]);
    (tried, denied) = (tried + wishes, denied + wishes as u32);
    assert_eq!(state(), Some(false.into()));
    // Its commands still go where they belong.
    lares.say(&["set", "hall.lamp", "on=true"]);
    wait_for("the command", || ear.heard().contains("home/hall/lamp/set {\"state\":\"ON\"}"));
    println!("an MQTT client that roams: {denied} of {tried} denied");
}

/// Rights that are empty or broken open nothing: they are mistakes of the home, and with them nothing listens.
#[test]
fn broken_rights_open_nothing() {
    let place = place("roaming-broken");
    let port = free_port();
    place.write("secret", "secret\n");
    for (user, topics) in [
        ("plug", "topics = []"),
        ("plug", "topics = [\"home/#/set\"]"),
        ("plug", "topics = [\"$SYS/#\"]"),
        ("plug", "topics = \"#\""),
        ("plug", "reads = [\"a+\"]"),
        ("plug", "topic = [\"#\"]"),
        ("\"+\"", ""),
        ("\"#\"", ""),
        ("\"a/b\"", ""),
        ("lares", ""),
    ] {
        let users = format!("[broker.users.{user}]\npassword_file = \"secret\"\n{topics}\n");
        place.write("home.toml", &home(port, &users));
        let checked = Lares::resting(&place).say(&["check"]);
        assert!(checked.code != 0, "{users}");
        assert!((checked.out + &checked.err).contains("[home.toml:"), "where it is: {users}");
    }
    // A file of passwords is read when the broker starts.
    place.write("users", "plug:secret\n+:secret\n");
    place.write("home.toml", &home(port, "passwords_file = \"users\"\n"));
    let lares = Lares::start(&place);
    wait_for("the reason", || lares.say(&["status"]).out.contains("`+` cannot be a broker user"));
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "nothing listens");
}
