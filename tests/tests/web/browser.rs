//! U1, R25: the dashboard in a real Chromium, with axe-core, in each size, light and dark. Pictures stay in
//! `target/tmp/dashboard`.
//!
//! Seen to fail under: a heading of the wrong level, a card that is wider than a phone, both found while it was made.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lares_tests::{Http, Lares, Place, Wire, announce, component, wait_for};
use serde_json::{Value, json};

use super::{place, sample};

/// A device of the test's own, beside those of the sample home.
const PORCH: &str = "[device.porch]\nroom = \"hall\"\nidentifiers = [\"porch\"]\n\n\
    [interlock.porch-pump]\nname = \"Water at the pump\"\nof = \"porch.pump\"\nsafe = { on = false }\n\
    lockout = [{ entity = \"porch.water\", is = true }]\nlatched = true\n";

/// What it says of its version, and how far it is with the next one.
fn firmware(has: &str, percent: Option<u8>) -> String {
    json!({ "installed_version": has, "latest_version": "1.1", "update_percentage": percent }).to_string()
}

/// Announces it, gives its thermometer a week of a past with two days of silence in it, and trips its interlock.
fn porch(place: &Place, lares: &Lares, port: u16) -> Wire {
    let wire = Wire::answering(port, "porch", &["porch/+/set"], |topic, payload| {
        if topic == "porch/firmware/set" {
            let said = [firmware("1.0", Some(40)), firmware("1.1", None)];
            return said.map(|said| ("porch/firmware".to_owned(), said, false)).to_vec();
        }
        let said = String::from_utf8_lossy(payload).replace("UNLOCK", "UNLOCKED");
        vec![(topic.trim_end_matches("/set").to_owned(), said, false)]
    });
    let unit = json!({ "state_topic": "porch/t", "unit_of_measurement": "°C", "device_class": "temperature",
        "state_class": "measurement" });
    let both = |what: &str| json!({ "state_topic": format!("porch/{what}"), "command_topic": format!("porch/{what}/set") });
    announce(
        &wire,
        "porch",
        &[
            component("sensor", "temperature", unit),
            component("lock", "gate", both("gate")),
            component("switch", "pump", both("pump")),
            component("binary_sensor", "water", json!({ "state_topic": "porch/water" })),
            component(
                "update",
                "firmware",
                json!({ "state_topic": "porch/firmware", "command_topic": "porch/firmware/set",
                    "payload_install": "install" }),
            ),
        ],
    );
    wait_for("the porch", || {
        wire.publish("porch/t", "17.5");
        wire.publish("porch/gate", "LOCKED");
        wire.publish("porch/pump", "OFF");
        wire.publish("porch/water", "OFF");
        wire.publish("porch/firmware", firmware("1.0", None));
        lares.entity("porch.water").is_some_and(|e| e["state"] == false)
    });
    // Two that no file speaks of.
    for id in ["hall-fan", "thing"] {
        announce(
            &wire,
            id,
            &[component(
                "fan",
                "fan",
                json!({ "state_topic": "porch/fan", "command_topic": "porch/fan/set" }),
            )],
        );
    }
    let now = jiff::Timestamp::now();
    let past = (1..8 * 24).filter(|hour| !(40..100).contains(hour)).map(|hour: i32| {
        let at = now - jiff::SignedDuration::from_hours(i64::from(hour));
        format!("{at:.0},{:.1}\n", 14.0 + 5.0 * (f64::from(hour) / 24.0 * std::f64::consts::TAU).cos())
    });
    place.write("porch.csv", &("time,value\n".to_owned() + &past.collect::<String>()));
    let file = place.home().join("porch.csv");
    let said = lares.say(&["series", "import", &file.display().to_string(), "--entity", "porch.temperature"]);
    assert_eq!(said.code, 0, "{said:?}");
    wire.publish("porch/water", "ON");
    wait_for("the latch", || lares.say(&["interlocks"]).out.contains("latched"));
    wire.publish("porch/water", "OFF");
    wire
}

#[test]
fn the_dashboard_in_a_browser() {
    assert!(
        lares_surfaces::web::is_built(),
        "the dashboard is not in this binary: tests/setup.sh builds it, then cargo must"
    );
    let place = place("browser");
    let script = "<img src=x onerror='window.pwned=1'><script>window.pwned=2</script>";
    let named = |text: String| text.replace("\"Leak sensor\"", &json!(script).to_string());
    let port = sample::write(&place, named, PORCH);
    let lares = Lares::start(&place);
    let _twins = sample::twins(&place, &lares);
    let wire = porch(&place, &lares, port);
    let (http, code) = (Http::of(&lares), lares.ready["code"].as_str().unwrap());
    let pictures = sample::root().join("target/tmp/dashboard");
    // It goes on measuring while it is looked at.
    let over = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0_u32.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                wire.publish("porch/t", if n % 2 == 0 { "18.25" } else { "17.75" });
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        let done = sample::script("look.js").arg(http.origin()).arg(code).arg(&pictures).output();
        over.store(true, Ordering::Relaxed);
        done
    });
    let found = sample::found(done);
    println!(
        "U1: usable after {} ms, {} bytes over the wire; {} pictures",
        found["usable_ms"], found["wire"], found["pages"]
    );
    assert_eq!(found["script"], Value::Null, "a device's name was run");
    assert_eq!(found["honest"], true, "a wish that was cut off is shown as done: {found:#}");
    assert_eq!(found["keyboard"], true, "{found:#}");
    assert_eq!(found["history"]["measured"], true, "what came over MQTT is not in the table: {found:#}");
    assert_eq!(found["history"]["joins"], true, "the newest reading does not join: {found:#}");
    assert_eq!(found["history"]["gap"], true, "silence is drawn as a value: {found:#}");
    assert_eq!(found["history"]["keyboard"], true, "{found:#}");
    assert_eq!(found["said"]["lit"], true, "the lamp did not go on by what was said: {found:#}");
    assert!(found["said"]["answer"].as_str().is_some_and(|a| a.starts_with("Done: ")), "{found:#}");
    assert_eq!(found["said"]["asked"], true, "what opens was not asked back: {found:#}");
    assert_eq!(found["said"]["refused"], true, "it was opened, or No did not count: {found:#}");
    assert_eq!(
        (&found["adopt"]["proposed"], &found["adopt"]["placed"]),
        (&json!("hall"), &json!(true)),
        "{found:#}"
    );
    assert!(
        found["adopt"]["refused"].as_str().is_some_and(|said| said.contains("another device")),
        "{found:#}"
    );
    let config = &found["config"];
    assert!(
        config["mistake"].as_str().is_some_and(|said| said.contains("nmae") && said.contains("^^^^")),
        "{found:#}"
    );
    assert!(config["diff"].as_str().is_some_and(|diff| diff.contains("# One line more.")), "{found:#}");
    assert!(
        config["timer"].as_str().is_some_and(|timer| timer.contains("goes back by itself in")),
        "{found:#}"
    );
    for fine in ["jumps", "phone", "desk"] {
        assert_eq!(config[fine], true, "{fine}: {found:#}");
    }
    let guest = &found["guest"];
    assert!(guest["refused"].as_str().is_some_and(|said| said.contains("at least one room")), "{found:#}");
    assert_eq!(
        (&guest["rooms"], &guest["pages"], &guest["shut"]),
        (&json!(["Hall"]), &json!(["Now", "You", "Find"]), &json!(true)),
        "{found:#}"
    );
    assert_eq!(
        found["claim"],
        json!({ "stands": true, "gone": true }),
        "what is held is not let go: {found:#}"
    );
    assert_eq!(found["latch"], true, "the latch was not shown, or not cleared: {found:#}");
    assert_eq!(found["cutOff"], "the household does not answer");
    assert_eq!(
        (&found["press"], &found["pressed"]),
        (&json!("/device/hall-lamp"), &json!(false)),
        "{found:#}"
    );
    assert_eq!(found["cutMiddle"], true, "a wish was done, and the page does not show it: {found:#}");
    let tabs = &found["tabs"];
    assert_eq!((&tabs["live"], &tabs["fewer"]), (&json!(10), &json!(5)), "a tab hears nothing: {found:#}");
    assert!(tabs["streams"].as_u64().is_some_and(|n| (1..=2).contains(&n)), "each tab listens: {found:#}");
    assert_eq!((&tabs["woken"], &tabs["again"]), (&json!(true), &json!(true)), "{found:#}");
    let icons = ["any 192x192", "any 512x512", "maskable 512x512"];
    assert_eq!(found["installing"], json!({ "errors": [], "icons": icons }), "{found:#}");
    let wifi = &found["wifi"];
    assert_eq!(
        (&wifi["before"], &wifi["back"], &wifi["live"]),
        (&json!(false), &json!(true), &json!(true)),
        "{found:#}"
    );
    assert!(wifi["said"].as_str().is_some_and(|said| said.contains("does not answer")), "{found:#}");
    let forms = &found["forms"];
    assert_eq!(forms["wrong"], json!([]), "{found:#}");
    assert!(forms["tried"].as_u64().is_some_and(|n| n > 40), "{found:#}");
    let updates = &found["updates"];
    assert_eq!(updates["own"], env!("CARGO_PKG_VERSION"), "{found:#}");
    assert_eq!(
        (&updates["has"], &updates["asked"], &updates["now"]),
        (&json!("1.0"), &json!("Really install?"), &json!("1.1")),
        "{found:#}"
    );
    assert_eq!((&updates["told"], &updates["done"]), (&json!(true), &json!(true)), "{found:#}");
    let said = lares.say(&["log", "--entity", "porch.firmware", "--kind", "receipt"]).out;
    assert!(said.contains("sent"), "what came of it is not in the journal: {said}");
    let several = &found["several"];
    assert_eq!(several["files"], json!(["home.toml", "cellar.toml"]), "{found:#}");
    assert_eq!(several["back"], true, "a file of a change did not go back: {found:#}");
    let german = &found["german"];
    assert_eq!((&german["lang"], &german["now"]), (&json!("de"), &json!("Jetzt")), "{found:#}");
    assert_eq!(german["english"], json!([]), "{found:#}");
    assert_eq!(german["words"], json!([]), "{found:#}");
    assert_eq!((&german["chosen"], &german["kept"]), (&json!(true), &json!(true)), "{found:#}");
    assert!(found["wire"].as_u64().is_some_and(|bytes| bytes <= 250_000), "{found:#}");
    assert!(found["usable_ms"].as_u64().is_some_and(|ms| ms <= 3_000), "{found:#}");
}
