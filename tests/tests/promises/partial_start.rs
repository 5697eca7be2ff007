//! R06: whatever is missing, the rest serves, and what is missing says why.
//!
//! The clock that is not set is `clock_unset`.
//! R02, on the product: a gateway that can never start is in quarantine, visibly, and disturbs nobody.
//!
//! Meant to fail it (not tried): a start that waits for a wire, a fault of a gateway that ends the process, a status
//! without its reason.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use lares_tests::{Lares, Mosquitto, Place, Thing, Wire, free_port, home_head, p99, wait_for};
use serde_json::Value;

use super::place;

/// What may be missing, a bit each.
const DOWN: u32 = 1;
const PASSWORD: u32 = 2;
const PORT: u32 = 4;
const SECRET: u32 = 8;

#[test]
fn partial_start() {
    let good = place("partial-good");
    let broker = Mosquitto::start(&good, false);
    let locked_place = place("partial-locked");
    let locked = Mosquitto::with_user(&locked_place, "lares", "right");
    let hall = Thing::new("hall");
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken_port = taken.local_addr().unwrap().port();
    let mut serving = Vec::new();
    for missing in 0..16 {
        let has = |bit: u32| missing & bit != 0;
        let place = place(&format!("partial-{missing}"));
        let mut home = home_head(broker.port).replace("[broker]\nenabled = false\n", "");
        let own_port = if has(PORT) { taken_port } else { free_port() };
        home += &format!("[broker]\nenabled = true\nport = {own_port}\n\n");
        let other = if has(DOWN) { free_port() } else { broker.port };
        home += &format!("[mqtt.other]\nhost = \"127.0.0.1\"\nport = {other}\n\n");
        std::fs::write(place.home().join("password"), if has(PASSWORD) { "wrong" } else { "right" }).unwrap();
        home += &format!(
            "[mqtt.locked]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"lares\"\npassword_file = \"password\"\n\n",
            locked.port
        );
        home += &format!(
            "[mqtt.secret]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"lares\"\npassword_env = \"THE_SECRET\"\n\n",
            locked.port
        );
        home += &hall.sections().replace("identifiers", "link = \"mqtt\"\nidentifiers");
        home += "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n";
        place.write("home.toml", &home);
        let (took, lares) = start(&place, has(SECRET));
        serving.push(took);

        // The rest serves: status answers, and the good wire's rule reacts.
        wait_for("the good wire", || lares.entity("hall.lamp").is_some());
        world.forget();
        wait_for("a reaction", || {
            hall.motion(&world, false, "a");
            hall.motion(&world, true, "b");
            let _ = lares.say(&["set", "hall.lamp", "on=false"]);
            !world.on("home/hall/lamp/set").is_empty()
        });
        // What is missing says why.
        wait_for("the other link's state", || {
            link(&lares, "other")
                == if has(DOWN) { ("offline".into(), true) } else { ("online".into(), false) }
        });
        wait_for("the locked link's state", || {
            let (status, why) = link(&lares, "locked");
            if has(PASSWORD) { status == "offline" && why } else { status == "online" }
        });
        if has(PASSWORD) {
            let status = lares.say(&["status"]).out;
            assert!(status.contains("password"), "{status}");
        }
        if has(SECRET) {
            wait_for("the quarantine", || {
                let actors = lares.actors();
                let gateway = actors.iter().find(|a| a["path"] == "gateways/secret").cloned();
                gateway.is_some_and(|g| {
                    g["state"] == "quarantined"
                        && g["last_error"].as_str().is_some_and(|e| e.contains("THE_SECRET"))
                })
            });
            let status = lares.ask(&["status"]);
            let told = status["process"]["quarantined"].to_string();
            assert!(told.contains("gateways/secret"), "{status}");
        }
        let unwell: Vec<Value> = lares
            .actors()
            .into_iter()
            .filter(|a| a["restarts"].as_u64() != Some(0) && a["path"] != "gateways/secret")
            .filter(|a| !(has(PORT) && a["path"] == "gateways/broker"))
            .collect();
        assert!(unwell.is_empty(), "case {missing}: nobody else is disturbed: {unwell:?}");
        if has(PORT) {
            let told = format!("{} {}", lares.log(), lares.say(&["status"]).out);
            assert!(
                told.contains(&taken_port.to_string()),
                "case {missing}: the taken port is told:\n{told}"
            );
        }
    }
    let (worst, middle) = p99(&serving);
    eprintln!(
        "R06: 16 combinations of 4 things missing: all serve; time to serve p50 {middle:?}, worst {worst:?}"
    );
}

fn start(place: &Place, without_secret: bool) -> (Duration, Lares) {
    let mut lares = Lares::resting(place);
    let since = Instant::now();
    lares.run_with(if without_secret { &[] } else { &[("THE_SECRET", "right")] });
    wait_for("an answer", || lares.say(&["status", "--json"]).code == 0);
    (since.elapsed(), lares)
}

/// Status of a link, and whether it says why.
fn link(lares: &Lares, key: &str) -> (String, bool) {
    let status = lares.ask(&["status"]);
    let links = status["links"].as_array().unwrap();
    let link = links.iter().find(|l| l["link"] == key).cloned().unwrap_or_default();
    (
        link["status"].as_str().unwrap_or_default().to_owned(),
        link["detail"].as_str().is_some_and(|d| !d.is_empty()),
    )
}
