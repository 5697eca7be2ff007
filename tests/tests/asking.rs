//! The book's questions, asked of the sample home: while it runs, and when it rests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lares_tests::{Lares, Place, free_port, wait_for};
use serde_json::{Value, json};

/// A process that ends with the test.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of the blocks of the page that are marked so.
fn examples(info: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/asking.md")).unwrap();
    let mut within = false;
    let mut found = Vec::new();
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(fence) => within = fence == info,
            None if within => found.push(line.to_owned()),
            None => {}
        }
    }
    assert!(found.len() >= 10, "only {} examples of {info}", found.len());
    found
}

/// The cottage with its simulated devices, all of them there.
fn cottage(place: &Place) -> (Lares, Beside) {
    let sample = root().join("config/examples/cottage");
    for file in ["home.toml", "devices.toml", "rules.toml"] {
        place.write(file, &std::fs::read_to_string(sample.join(file)).unwrap());
    }
    let port = free_port();
    place.write("wires.toml", &format!("[broker]\nport = {port}\n[mqtt.mqtt]\nembedded = true\n"));
    let lares = Lares::start(place);
    let twins = Command::new(place.binary())
        .args(["twins", "--broker", &format!("127.0.0.1:{port}"), "--log", "warn", "--home"])
        .arg(place.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let beside = Beside(twins);
    wait_for("all devices and a first value of each light", || {
        let on = lares.ask(&["graph", "find", "component:light -on:*"]);
        on["total"] == 0 && lares.ask(&["graph", "find", "kind:device status:online"])["total"] == 32
    });
    (lares, beside)
}

fn total(lares: &Lares, filter: &str) -> u64 {
    lares.ask(&["graph", "find", filter])["total"].as_u64().unwrap()
}

fn rows(lares: &Lares, question: &str) -> Value {
    lares.ask(&["graph", "match", question])["rows"].clone()
}

/// The household's own clock.
fn now(lares: &Lares) -> String {
    lares.ask(&["graph", "find", "kind:household"])["now"].as_str().unwrap().to_owned()
}

/// What is the same whether it runs or rests.
fn ask_all(lares: &Lares, running: bool) {
    for filter in examples("filter") {
        let said = lares.say(&["graph", "find", &filter]);
        assert_eq!(said.code, 0, "{filter}: {}", said.err);
        assert_eq!(said.out.starts_with("(no household"), !running, "{filter}");
    }
    for question in examples("cypher") {
        let said = lares.say(&["graph", "match", &question]);
        assert_eq!(said.code, 0, "{question}: {}", said.err);
    }
    assert_eq!(total(lares, "kind:device room:kitchen"), 2);
    assert_eq!(
        total(lares, "in:upstairs kind:device"),
        8,
        "the zone's rooms hold two lamps, a motion sensor, a shutter, a fan, a heater and two that measure the air"
    );
    assert_eq!(lares.ask(&["graph", "find", "kitch light"])["nodes"][0]["ref"], "kitchen-light");
    let most =
        "MATCH (r:room)<-[:in]-(d:device) RETURN r.name, count(d) AS n ORDER BY n DESC, r.name LIMIT 2";
    assert_eq!(rows(lares, most), json!([["Hall", 7], ["Living room", 5]]));
    let beside = lares.ask(&["graph", "neighbours", "hall-motion", "--in", "--kind", "has"]);
    assert_eq!(beside["neighbours"].as_array().unwrap().len(), 3);
    assert_eq!(beside["counts"], json!({ "has": 3, "located_in": 1 }));
    let history = lares.ask(&["graph", "history", "hall-lamp"]);
    assert!(history["changes"][0]["changes"].to_string().contains("located_in hall"), "{history}");
    assert_eq!(history["changes"][0]["origin"], "link mqtt");
}

#[test]
fn the_sample_home_answers() {
    let place = Place::new(env!("CARGO_BIN_EXE_lares-under-test"), "asking");
    let (mut lares, _beside) = cottage(&place);
    ask_all(&lares, true);

    // A lamp that goes on is found, and was off before.
    let (on, lit) = ("component:light value:on", "MATCH (e {ref: 'hall-lamp.light'}) RETURN e.value");
    let before = now(&lares);
    assert_eq!(lares.say(&["set", "hall-lamp", "on=true"]).code, 0);
    wait_for("the lamp", || total(&lares, on) >= 1);
    assert_eq!(rows(&lares, lit), json!([[true]]));
    let asked = format!("{lit} AS OF '{before}'");
    assert_eq!(rows(&lares, &asked), json!([[false]]));

    // A lamp is moved to another room: now and then differ.
    let devices = std::fs::read_to_string(place.home().join("devices.toml")).unwrap();
    let moved = devices.replace(
        "name = \"Bedroom lamp\"\nroom = \"bedroom\"",
        "name = \"Bedroom lamp\"\nroom = \"kitchen\"",
    );
    assert_ne!(devices, moved);
    let before = now(&lares);
    place.write("devices.toml", &moved);
    assert_eq!(lares.say(&["reload"]).code, 0);
    wait_for("the lamp in the kitchen", || total(&lares, "kind:device room:kitchen") == 3);
    let kitchen = "MATCH (d:device) WHERE d.room = 'kitchen' RETURN count(*)";
    assert_eq!(rows(&lares, kitchen), json!([[3]]));
    // It is in one room, not in both.
    assert_eq!(rows(&lares, "MATCH (d {ref: 'bedroom-lamp'})-[:in]->(r) RETURN r.key"), json!([["kitchen"]]));
    assert_eq!(rows(&lares, &format!("{kitchen} AS OF '{before}'")), json!([[2]]));
    let history = lares.ask(&["graph", "history", "bedroom-lamp"]);
    assert!(history["changes"].to_string().contains("room: \\\"bedroom\\\" -> \\\"kitchen\\\""), "{history}");
    place.write("devices.toml", &devices);
    assert_eq!(lares.say(&["reload"]).code, 0);
    wait_for("the lamp in its room", || total(&lares, "kind:device room:kitchen") == 2);

    lares.stop();
    ask_all(&lares, false);
}

#[test]
fn what_is_wrong_is_shown_where_it_is() {
    let place = Place::new(env!("CARGO_BIN_EXE_lares-under-test"), "asking-wrong");
    place
        .write("home.toml", "[household]\nname = \"H\"\ntime_zone = \"UTC\"\n[room.hall]\nname = \"Hall\"\n");
    let mut lares = Lares::start(&place);
    let cases = [
        (["find", "kind:room rom:hall"], "did you mean room?"),
        (["match", "MATCH (r:room) RETURN r.nme"], "there is no field `nme`"),
        (["match", "MATCH (r:room) DELETE r"], "`DELETE` is not supported: questions only read"),
        (["match", "MATCH (r:room) RETURN r AS OF 'then'"], "`then` is no instant"),
    ];
    let ask = |lares: &Lares| {
        for ([command, text], wanted) in cases {
            let said = lares.say(&["graph", command, text]);
            assert_eq!(said.code, 2, "{said:?}");
            assert!(
                said.err.contains(wanted) && said.err.contains('^') && said.err.contains(text),
                "{}",
                said.err
            );
        }
        assert_eq!(lares.say(&["graph", "neighbours", "hal"]).code, 2);
        assert_eq!(lares.say(&["graph", "neighbours", "hall", "--kind", "likes"]).code, 2);
        assert_eq!(lares.say(&["graph", "history", "attic"]).code, 2);
        let much = lares.say(&[
            "graph",
            "match",
            "MATCH (a), (b), (c), (d), (e), (f), (g), (h), (i), (j), (k), (l), (m), \
            (n), (o), (p), (q), (r), (s), (t), (u), (v) RETURN count(*)",
        ]);
        assert!(much.code == 1 && much.err.contains("more than 1000000 expansions"), "{much:?}");
    };
    ask(&lares);
    lares.stop();
    ask(&lares);
}
