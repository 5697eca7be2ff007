//! The home's files on the dashboard: shown and checked, changed by an owner only, back by themselves unless confirmed, also
//! over a kill; a file that was changed meanwhile is a conflict, and nothing outside of the home is touched.
//!
//! Meant to fail it (not tried): `If-Match` not looked at, the record written after the file, `start` left out, links followed,
//! the routes' least role changed to adult.

use std::io::Write;
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use lares_tests::{Dwelling, Http, Place, Replied, wait_for};
use serde_json::{Value, json};

use super::place;

struct Desk {
    house: Dwelling,
    place: Place,
}

impl Desk {
    fn start(name: &str) -> Self {
        let place = place(name);
        let house = Dwelling::start(&place, "");
        Self { house, place }
    }

    fn file(&self) -> PathBuf {
        self.place.home().join("home.toml")
    }

    fn on_disk(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    fn ask(&self, person: &str, method: &str, path: &str, body: Option<&Value>) -> Replied {
        self.house.http.ask(self.house.token(person), method, path, body)
    }

    fn text(&self, path: &str) -> Replied {
        self.ask("anna", "GET", &format!("/api/v1/files/text?path={path}"), None)
    }

    /// With the tag of what is on disk now.
    fn apply(&self, text: &str, within: u64) -> Replied {
        let tag = self.text("home.toml").header("etag").to_owned();
        self.apply_on("anna", &[("If-Match", &tag)], "home.toml", text, within)
    }

    fn apply_on(&self, person: &str, on: &[(&str, &str)], path: &str, text: &str, within: u64) -> Replied {
        let bearer = format!("Bearer {}", self.house.token(person));
        let headers = [&[("Authorization", bearer.as_str())], on].concat();
        let body = json!({ "path": path, "text": text, "confirm_within_s": within }).to_string();
        self.house.http.send("POST", "/api/v1/files/apply", &headers, Some(&body))
    }

    /// Asks, and does not wait for an answer.
    fn begin(&self, on: &str, path: &str, text: &str, within: u64) -> TcpStream {
        let body = json!({ "path": path, "text": text, "confirm_within_s": within }).to_string();
        let (at, token, length) = (&self.house.http.at, self.house.token("anna"), body.len());
        let request = format!(
            "POST /api/v1/files/apply HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\n{on}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn end(&self, person: &str, change: &Value, how: &str) -> Replied {
        self.ask(person, "POST", &format!("/api/v1/changes/{}/{how}", change["id"]), None)
    }

    fn state(&self, change: &Value) -> Value {
        let view = self.ask("anna", "GET", "/api/v1/files", None).json();
        let mut all = view["changes"].as_array().unwrap().iter();
        all.find(|c| c["id"] == change["id"]).unwrap()["state"].clone()
    }

    /// The name of the hall, as the household has it in force.
    fn hall(&self) -> Value {
        self.ask("anna", "GET", "/api/v1/rooms/hall", None).json()["name"].clone()
    }

    fn journal(&self, text: &str) -> bool {
        self.house.lares.entries(&["--kind", "notice"]).iter().any(|e| e["text"].to_string().contains(text))
    }

    fn again(&mut self) {
        self.house.lares.run();
        self.house.http = Http::of(&self.house.lares);
    }
}

fn detail(replied: &Replied) -> String {
    replied.json()["detail"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_owner_changes_the_home_and_it_goes_back_unless_confirmed() {
    let mut desk = Desk::start("config");
    let before = desk.on_disk();
    let after = before.replace("name = \"Hall\"", "name = \"Great hall\"");

    // Checked as it is typed; nothing is written.
    let bad = before.replace("name = \"Hall\"", "nmae = \"Hall\"");
    let line = bad.lines().position(|l| l.contains("nmae")).unwrap() + 1;
    let checked = desk
        .ask("anna", "POST", "/api/v1/files/check", Some(&json!({ "path": "home.toml", "text": bad })))
        .json();
    let problem = &checked["problems"][0];
    assert_eq!(
        (&checked["ok"], &problem["file"], &problem["line"]),
        (&json!(false), &json!("home.toml"), &json!(line))
    );
    assert_eq!(
        (&problem["column"], &problem["length"], &problem["excerpt"]),
        (&json!(1), &json!(4), &json!("nmae = \"Hall\""))
    );
    assert!(problem["help"].as_str().unwrap().contains("name"), "{problem}");
    assert_eq!(desk.apply(&bad, 60).status, 400);
    assert_eq!(desk.on_disk(), before);
    let checked = desk
        .ask("anna", "POST", "/api/v1/files/check", Some(&json!({ "path": "home.toml", "text": after })))
        .json();
    let kinds: Vec<&str> =
        checked["diff"].as_array().unwrap().iter().map(|l| l["kind"].as_str().unwrap()).collect();
    assert_eq!(checked["ok"], true, "{checked}");
    assert_eq!(kinds.iter().filter(|k| **k != "same").copied().collect::<Vec<_>>(), ["gone", "added"]);

    // Applied, in force, and kept by a word; another change waits its turn.
    let applied = desk.apply(&after, 3600);
    assert_eq!(applied.status, 200, "{applied:?}");
    let change = applied.json()["change"].clone();
    assert_eq!(
        (&change["who"], &change["state"], &change["added"], &change["gone"]),
        (&json!("anna"), &json!("waiting"), &json!(1), &json!(1))
    );
    assert_eq!(desk.on_disk(), after);
    wait_for("it to be in force", || desk.hall() == "Great hall");
    assert!(
        desk.house.lares.say(&["status"]).out.contains("goes back in"),
        "{:?}",
        desk.house.lares.say(&["status"])
    );
    let second = desk.apply(&before, 60);
    assert!(second.status == 409 && detail(&second).contains("waits"), "{second:?}");
    for person in ["ben", "clara", "gus"] {
        assert_eq!(desk.end(person, &change, "confirm").status, 403);
        assert_eq!(desk.end(person, &change, "undo").status, 403);
    }
    assert_eq!(desk.end("anna", &change, "confirm").status, 200);
    assert_eq!(desk.end("anna", &change, "confirm").status, 409);
    assert!(
        desk.journal("Anna changed home.toml on the dashboard (+1 -1 lines); it goes back by itself at ")
    );
    assert!(desk.journal(
        "Anna confirmed change 1 of home.toml by Anna; the way back: House, Configuration, Take back change 1"
    ));
    assert_eq!(desk.end("anna", &change, "undo").status, 200);
    assert_eq!(desk.on_disk(), before);
    wait_for("the way back", || desk.hall() == "Hall");
    assert!(desk.journal("Anna took back change 1 of home.toml"));

    // Nobody confirms.
    let change = desk.apply(&after, 5).json()["change"].clone();
    wait_for("it to be in force", || desk.hall() == "Great hall");
    wait_for("it to go back", || desk.hall() == "Hall");
    assert_eq!(desk.on_disk(), before);
    assert_eq!(desk.state(&change), "taken_back");
    wait_for("the journal", || {
        desk.journal("change 2 of home.toml by Anna went back by itself: nobody confirmed it within 5 s")
    });

    // Killed in between, and started again only when its time is over: it goes back before the home is read.
    let change = desk.apply(&after, 5).json()["change"].clone();
    desk.house.lares.kill();
    assert_eq!(desk.on_disk(), after);
    std::thread::sleep(Duration::from_secs(6));
    desk.again();
    assert_eq!(
        (desk.on_disk(), desk.hall(), desk.state(&change)),
        (before.clone(), json!("Hall"), json!("taken_back"))
    );
    wait_for("the journal", || desk.journal("change 3 of home.toml by Anna went back by itself"));

    // Killed and started again at once: it has the rest of its time.
    let change = desk.apply(&after, 12).json()["change"].clone();
    desk.house.lares.kill();
    desk.again();
    assert_eq!((desk.hall(), desk.state(&change)), (json!("Great hall"), json!("waiting")));
    wait_for("it to go back", || desk.hall() == "Hall");
    assert_eq!(desk.on_disk(), before);
}

#[test]
fn what_is_not_a_plain_file_of_the_home_is_refused_and_nothing_is_lost() {
    let desk = Desk::start("config-refused");
    let before = desk.on_disk();
    let after = before.replace("name = \"Hall\"", "name = \"Great hall\"");
    let tag = desk.text("home.toml").header("etag").to_owned();
    let on = [("If-Match", tag.as_str())];

    // By lesser roles, or without a word on what it is based on.
    for person in ["ben", "clara", "gus"] {
        assert_eq!(desk.apply_on(person, &on, "home.toml", &after, 60).status, 403);
        for path in ["/api/v1/files", "/api/v1/files/text?path=home.toml"] {
            let replied = desk.ask(person, "GET", path, None);
            assert!(replied.status == 403 && !replied.body.contains("household"), "{replied:?}");
        }
        let body = json!({ "path": "home.toml", "text": after });
        assert_eq!(desk.ask(person, "POST", "/api/v1/files/check", Some(&body)).status, 403);
    }
    assert_eq!(desk.apply_on("anna", &[], "home.toml", &after, 60).status, 428);
    assert_eq!(desk.apply_on("anna", &[("If-Match", "\"0\"")], "home.toml", &after, 60).status, 412);
    assert_eq!(desk.apply_on("anna", &[("If-Match", "0")], "home.toml", &after, 60).status, 400);
    assert_eq!(desk.apply_on("anna", &[("If-None-Match", "*")], "home.toml", &after, 60).status, 412);
    assert_eq!(desk.apply_on("anna", &on, "home.toml", &after, 1).status, 400);

    // Out of the home, through a link, with a secret.
    let outside = desk.place.home().join("../outside.toml");
    std::fs::write(&outside, "[room.cellar]\n").unwrap();
    std::os::unix::fs::symlink(&outside, desk.place.home().join("link.toml")).unwrap();
    desk.place.write("secret.toml", "# password = \"hunter2\"\n[room.attic]\n");
    for path in [
        "../outside.toml",
        "%2e%2e/outside.toml",
        "/etc/passwd",
        "link.toml",
        "home.toml/x.toml",
        "a%00.toml",
    ] {
        let read = desk.text(path);
        assert!(read.status == 400 && !read.body.contains("cellar"), "{path}: {read:?}");
    }
    for path in
        ["../outside.toml", "/tmp/outside.toml", "link.toml", ".hidden.toml", "nowhere/x.toml", "x.txt", ""]
    {
        let applied = desk.apply_on("anna", &[("If-None-Match", "*")], path, "[room.cellar]\n", 60);
        assert_eq!(applied.status, 400, "{path}: {applied:?}");
    }
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "[room.cellar]\n");
    let secret = desk.text("secret.toml");
    assert!(
        secret.status == 400 && detail(&secret).contains("line 1") && !secret.body.contains("hunter2"),
        "{secret:?}"
    );
    let listed = desk.ask("anna", "GET", "/api/v1/files", None);
    assert!(listed.body.contains("secret.toml") && !listed.body.contains("hunter2"), "{listed:?}");
    let typed = desk.apply_on("anna", &on, "home.toml", &format!("{after}# token = \"abc\"\n"), 60);
    assert!(typed.status == 400 && !typed.body.contains("abc"), "{typed:?}");
    std::fs::remove_file(desk.place.home().join("link.toml")).unwrap();
    assert_eq!(desk.on_disk(), before);

    // Changed on disk between the look and the word: a conflict, and what stands there stays.
    let by_hand = before.replace("name = \"Bath\"", "name = \"Bathroom\"");
    desk.place.write("home.toml", &by_hand);
    let late = desk.apply_on("anna", &on, "home.toml", &after, 60);
    assert!(late.status == 412 && detail(&late).contains("meanwhile"), "{late:?}");
    assert_eq!(desk.on_disk(), by_hand);
    // And while it waits: it ends, and the words written by hand stay.
    let change = desk.apply(&after, 5).json()["change"].clone();
    let again = by_hand.replace("Bathroom", "Washroom");
    desk.place.write("home.toml", &again);
    assert_eq!(desk.end("anna", &change, "undo").status, 412);
    wait_for("its end", || desk.state(&change) == "left");
    assert_eq!(desk.on_disk(), again);
    wait_for("the journal", || desk.journal("and it stays: the file was changed since"));

    // A new file; who asks leaves before the answer, and it is done all the same.
    let stream = desk.begin("If-None-Match: *", "attic.toml", "[room.loft]\n", 3600);
    wait_for("the file", || desk.place.home().join("attic.toml").exists());
    drop(stream);
    wait_for("the room", || desk.ask("anna", "GET", "/api/v1/rooms/loft", None).status == 200);
    let view = desk.ask("anna", "GET", "/api/v1/files", None).json();
    assert_eq!(desk.end("anna", &view["changes"][0], "undo").status, 200);
    assert!(!desk.place.home().join("attic.toml").exists());
    assert_eq!(desk.ask("anna", "GET", "/api/v1/rooms/loft", None).status, 404);
}

#[test]
fn who_locks_themselves_out_is_let_in_again() {
    let desk = Desk::start("config-out");
    let before = desk.on_disk();
    let out = before.replace("[web]\n", "[web]\nenabled = false\n");
    let tag = desk.text("home.toml").header("etag").to_owned();
    // The dashboard goes with its own change, and nobody can confirm it.
    let _stream = desk.begin(&format!("If-Match: {tag}"), "home.toml", &out, 6);
    let status = || desk.house.lares.say(&["status"]).out;
    wait_for("it to be gone", || status().contains("does not listen"));
    assert_eq!(desk.on_disk(), out);
    wait_for("it to be back", || status().contains("http://127.0.0.1:"));
    assert_eq!(desk.on_disk(), before);
    assert!(desk.journal("went back by itself: nobody confirmed it within 6 s"));
}
