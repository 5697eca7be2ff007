//! A test's own HTTP client, as plain as can be, and a household with a person of each role behind it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{DEADLINE, Lares, Mosquitto, Place, Wire, announce, component, home_head, wait_for};

/// A web surface to ask.
#[derive(Clone)]
pub struct Http {
    /// `127.0.0.1:41234`.
    pub at: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Replied {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Replied {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e} in {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Http {
    /// The surface of a household that said it is ready.
    pub fn of(lares: &Lares) -> Self {
        let at = lares.ready["dashboard"].as_str().unwrap_or_else(|| panic!("no dashboard: {}", lares.log()));
        Self { at: at.trim_start_matches("http://").trim_end_matches('/').to_owned() }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Sends a request as it is told; `Host` is our own unless it is among the headers.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Replied {
        let mut reader = self.open(method, path, headers, body);
        let (status, headers) = head(&mut reader);
        let mut body = Vec::new();
        match headers.get("content-length").and_then(|n| n.parse::<usize>().ok()) {
            Some(length) => {
                body.resize(length, 0);
                reader.read_exact(&mut body).unwrap();
            }
            None => drop(reader.read_to_end(&mut body)),
        }
        Replied { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(&self.at).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request += &format!("Host: {}\r\n", self.at);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = body {
            request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += body.unwrap_or("");
        stream.write_all(request.as_bytes()).unwrap();
        BufReader::new(stream)
    }

    /// As somebody with a token.
    pub fn ask(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Replied {
        let bearer = format!("Bearer {token}");
        let body = body.map(Value::to_string);
        self.send(method, path, &[("Authorization", &bearer)], body.as_deref())
    }

    /// As a page of our own that is not logged in.
    pub fn post(&self, path: &str, body: &Value) -> Replied {
        self.send("POST", path, &[("Origin", &self.origin())], Some(&body.to_string()))
    }

    /// The lines of a stream of events, until it ends.
    pub fn listen(&self, token: &str) -> impl Iterator<Item = String> + Send + use<> {
        let bearer = format!("Bearer {token}");
        let mut reader = self.open("GET", "/api/v1/live", &[("Authorization", &bearer)], None);
        let (status, _) = head(&mut reader);
        assert_eq!(status, 200);
        reader.lines().map_while(Result::ok)
    }
}

fn head(reader: &mut impl BufRead) -> (u16, BTreeMap<String, String>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("{line:?}"));
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(':') {
            Some((name, value)) => drop(headers.insert(name.to_lowercase(), value.trim().to_owned())),
            None => return (status, headers),
        }
    }
}

/// A household with a lamp and a lock in the hall, a lamp in the bath, and a person of each role who can log in.
pub struct Dwelling {
    pub lares: Lares,
    pub http: Http,
    pub world: Wire,
    /// A device token of each person, by key: anna (owner), ben (adult), clara (child), gus (guest, of the hall only).
    pub tokens: BTreeMap<&'static str, String>,
    pub broker: Mosquitto,
}

impl Dwelling {
    /// Its home, with `more` at the end.
    pub fn start(place: &Place, more: &str) -> Self {
        let broker = Mosquitto::start(place, false);
        let mut home = home_head(broker.port)
            + "[web]\nport = 0\n\n[room.hall]\nname = \"Hall\"\n\n[room.bath]\nname = \"Bath\"\n\n\
               [person.anna]\nname = \"Anna\"\nrole = \"owner\"\n\n[person.ben]\nname = \"Ben\"\nrole = \"adult\"\n\n\
               [person.clara]\nname = \"Clara\"\nrole = \"child\"\n\n\
               [person.gus]\nname = \"Gus\"\nrole = \"guest\"\nrooms = [\"hall\"]\n\n";
        for (device, room) in [("hall-lamp", "hall"), ("hall-lock", "hall"), ("bath-lamp", "bath")] {
            home += &format!("[device.{device}]\nroom = \"{room}\"\nidentifiers = [\"{device}\"]\n\n");
        }
        place.write("home.toml", &(home + more));
        let filters = ["+/light/set", "+/lock/set"];
        let world = Wire::answering(broker.port, "world", &filters, |topic, payload| {
            let said = String::from_utf8_lossy(payload).into_owned();
            let said = if said == "LOCK" { "LOCKED".to_owned() } else { said.replace("UNLOCK", "UNLOCKED") };
            vec![(topic.trim_end_matches("/set").to_owned(), said, false)]
        });
        for device in ["hall-lamp", "bath-lamp"] {
            let topics = json!({
                "schema": "json", "brightness": true,
                "state_topic": format!("{device}/light"), "command_topic": format!("{device}/light/set"),
            });
            announce(&world, device, &[component("light", "light", topics)]);
        }
        let topics = json!({ "state_topic": "hall-lock/lock", "command_topic": "hall-lock/lock/set" });
        announce(&world, "hall-lock", &[component("lock", "lock", topics)]);
        let lares = Lares::start(place);
        let http = Http::of(&lares);
        let mut dwelling = Self { lares, http, world, tokens: BTreeMap::new(), broker };
        dwelling.everybody_enters();
        wait_for("the devices", || {
            ["hall-lamp", "hall-lock", "bath-lamp"].iter().all(|d| dwelling.lares.device(d).is_some())
        });
        dwelling
    }

    fn everybody_enters(&mut self) {
        let code = self.lares.ready["code"].as_str().expect("nobody owns it yet").to_owned();
        let owner = self.join(&code, "anna");
        self.tokens.insert("anna", owner.clone());
        for person in ["ben", "clara", "gus"] {
            let path = format!("/api/v1/accounts/{person}/code");
            let invited = self.http.ask(&owner, "POST", &path, None);
            assert_eq!(invited.status, 201, "{invited:?}");
            let session = self.join(invited.json()["code"].as_str().unwrap(), person);
            self.tokens.insert(person, session);
        }
    }

    /// Comes in with a code; gives the session's token.
    pub fn join(&self, code: &str, person: &str) -> String {
        let body = json!({ "code": code, "password": password(person) });
        let replied = self.http.post("/api/v1/account", &body);
        assert_eq!(replied.status, 201, "{replied:?}");
        assert_eq!(replied.json()["person"], person);
        session(&replied)
    }

    pub fn token(&self, person: &str) -> &str {
        &self.tokens[person]
    }

    /// A wish of a person.
    pub fn wish(&self, person: &str, target: &str, values: Value) -> Replied {
        let body = json!({ "act": "set", "target": target, "values": values });
        self.http.ask(self.token(person), "POST", "/api/v1/intents", Some(&body))
    }

    /// Waits until a stream of this person's has begun.
    pub fn stream(&self, person: &str) -> impl Iterator<Item = String> + Send + use<> {
        let mut lines = self.http.listen(self.token(person));
        let hello = lines.find(|line| line == "event: hello");
        assert!(hello.is_some());
        lines
    }
}

/// The password of a person of the dwelling.
pub fn password(person: &str) -> String {
    format!("{person} likes walnuts")
}

/// The token in the cookie that was set.
pub fn session(replied: &Replied) -> String {
    let cookie = replied.header("set-cookie");
    let (_, rest) = cookie.split_once('=').unwrap_or_else(|| panic!("{replied:?}"));
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    rest.split(';').next().unwrap_or_default().to_owned()
}

/// How long a test waits for what must come at once.
pub const AT_ONCE: Duration = Duration::from_secs(5);
