//! The dashboard's tour on the sample home, in a real Chromium: it points at real things, and ends in a room that the owner made,
//! which is in the home's files and in force. On its way the book's pictures are taken (LARES_WRITE).
//!
//! Meant to fail it (not tried): the confirmation left out, the step offered to a child, `no` of the disk told as done.

use lares_tests::{Http, Lares, Place, Wire, announce, component, wait_for};
use serde_json::json;

use super::{place, sample};

const STEPS: [&str; 6] = [
    "Every room is a tile",
    "One tap switches its lights",
    "Everything has its why",
    "Nothing is forgotten",
    "What needs you stands on top",
    "Now a room of your own",
];

/// What hangs in the kitchen.
const PANEL: &str = "[person.kitchen-panel]\nname = \"Panel in the kitchen\"\nrole = \"guest\"\nrooms = [\"kitchen\"]\n\n\
    [display.kitchen-panel]\nroom = \"kitchen\"\nperson = \"kitchen-panel\"\n\
    shows = [\"alerts\", \"timers\", \"calendar\", \"production\", \"lists\"]\n";

/// A past of the living room, two devices that wait for their place, and somebody who uses the house.
fn live_in(place: &Place, lares: &Lares, port: u16) -> Wire {
    let wire = Wire::answering::<String>(port, "guest", &[], |_, _| Vec::new());
    for (id, kind, name, model) in
        [("hall-fan", "fan", "Hall fan", "iFan04"), ("plug-4f2a", "switch", "Plug", "S26R2")]
    {
        let device = json!({ "identifiers": [id], "name": name, "manufacturer": "Sonoff", "model": model });
        let topics = json!({ "state_topic": format!("{id}/is"), "command_topic": format!("{id}/set"), "device": device });
        announce(&wire, id, &[component(kind, kind, topics)]);
        wait_for("it to be heard", || {
            wire.publish(&format!("{id}/is"), "OFF");
            let all = lares.ask(&["devices"]);
            all.as_array().unwrap().iter().any(|d| d["name"] == name && d["status"] == "online")
        });
    }
    let now = jiff::Timestamp::now();
    let past = (1..36).map(|half: i32| {
        let at = now - jiff::SignedDuration::from_mins(40 * i64::from(half));
        let warm = 20.0 + 1.2 * (f64::from(half) / 36.0 * std::f64::consts::TAU).sin();
        format!("{at:.0},{warm:.1}\n")
    });
    place.write("past.csv", &("time,value\n".to_owned() + &past.collect::<String>()));
    let file = place.home().join("past.csv").display().to_string();
    let called = |hours: i64| format!("at={:.0}", now - jiff::SignedDuration::from_hours(hours));
    let (grandma, shop, hidden) = (called(2), called(5), called(26));
    let words: [&[&str]; 18] = [
        &[
            "graph",
            "put",
            "call:5d0f3c1b9a7e2468",
            "name=Call from Grandma (+4312345678)",
            &grandma,
            "outcome=message",
            "body=I am coming on Sunday and I bring a cake",
            "seconds_kept=9",
        ],
        &[
            "graph",
            "put",
            "call:5d0f3c1b9a7e2469",
            "name=Call from +4317654321",
            &shop,
            "outcome=message",
            "reason=This is the bicycle shop",
            "body=your bicycle is ready",
            "seconds_kept=12",
        ],
        &["graph", "put", "call:5d0f3c1b9a7e246a", "name=Call from +49900123", &hidden, "outcome=blocked"],
        &["graph", "put", "event:piano", "name=Piano lesson", "start=tomorrow"],
        &["graph", "put", "batch:sourdough", "name=Sourdough", "status=started", "step=proofing"],
        &["say", "put milk, bread and olive oil on the shopping list", "--as", "ben"],
        &["say", "make a list called hardware store", "--as", "anna"],
        &["say", "put screws on the hardware store list", "--as", "anna"],
        &[
            "graph",
            "put",
            "task:bins",
            "name=Put the bins out",
            "labels=todo",
            "due=tomorrow",
            "--as",
            "anna",
        ],
        &["graph", "put", "task:wood", "name=Order firewood", "labels=todo", "--as", "anna"],
        &["graph", "put", "task:butter", "name=Butter", "labels=shopping", "--as", "ben"],
        &["graph", "put", "task:butter", "status=done", "completed=now", "--as", "ben"],
        &["graph", "put", "task:honey", "name=Honey", "labels=shopping", "--as", "ben"],
        &["timer", "set", "40m", "bread", "--room", "kitchen"],
        &["series", "import", &file, "--entity", "living-climate.temperature"],
        &["set", "hall-lamp", "on=true", "--as", "anna"],
        &["set", "living-lamp", "on=true", "brightness=60", "--as", "ben"],
        &["set", "kitchen-light", "on=true", "brightness=85", "--as", "anna"],
    ];
    for words in words {
        wait_for("what somebody does", || lares.say(words).code == 0);
    }
    wire
}

#[test]
fn the_tour_ends_in_a_room_of_ones_own() {
    let place = place("tour");
    let port = sample::write(&place, |text| text, PANEL);
    let lares = Lares::start(&place);
    let _twins = sample::twins(&place, &lares);
    let _wire = live_in(&place, &lares, port);
    let (http, code) = (Http::of(&lares), lares.ready["code"].as_str().unwrap());
    let mut node = sample::script("tour.js");
    node.arg(http.origin()).arg(code).arg(sample::root().join("target/tmp/tour")).arg(place.home());
    let found = sample::found(node.output());
    println!("{} pictures looked at", found["pages"]);

    let tour = &found["tour"];
    let says = |what: &str, word: &str| {
        let said = tour[what].as_str().unwrap_or_default();
        assert!(said.to_lowercase().contains(&word.to_lowercase()), "{what}: {found:#}");
    };
    says("tile", "room");
    says("lamp", "lamp");
    says("light", "as it says itself");
    says("why", "Anna");
    says("taken", "Hall");
    says("unwritable", "Is a directory");
    assert_eq!(tour["untouched"], true, "{found:#}");
    assert_eq!(tour["lines"], "[room.grosse-kuche]\nname = \"Größe Küche\"\nfloor = \"upper\"", "{found:#}");
    assert_eq!(
        (&tour["home"]["name"], &tour["home"]["floor"]),
        (&json!("Größe Küche"), &json!("Upper floor")),
        "{found:#}"
    );
    assert_eq!((&tour["change"], &tour["over"]), (&json!("confirmed"), &json!(true)), "{found:#}");
    assert_eq!((&tour["adopt"], &tour["offered"]), (&json!("grosse-kuche"), &json!(0)), "{found:#}");
    assert_eq!((&found["attic"]["floor"], &found["keys"]), (&json!("Under the roof"), &json!(STEPS)));
    assert_eq!(found["wall"], json!(STEPS));
    let without = |left_out: &[usize]| -> Vec<&str> {
        STEPS.iter().enumerate().filter(|(n, _)| !left_out.contains(n)).map(|(_, step)| *step).collect()
    };
    // A child sees no journal, a guest asks no why, and neither is asked for a room.
    assert_eq!((&found["child"], &found["childDone"]), (&json!(without(&[3, 5])), &json!(true)));
    assert_eq!(found["guest"], json!(without(&[2, 3, 5])));
    // Lists: on the wall to be read, and live; live for a child as well.
    let kitchen = &found["kitchen"];
    assert_eq!(kitchen["open"], json!(["bread", "Honey", "milk", "olive oil"]), "{found:#}");
    assert!(kitchen["line"].as_str().is_some_and(|line| line.contains("bread, Honey")), "{found:#}");
    assert_eq!((&kitchen["ticks"], &kitchen["live"]), (&json!(0), &json!(true)), "{found:#}");
    assert_eq!(found["childLists"], true, "{found:#}");

    // It is in the files and in the journal, with the way back.
    let files = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let both = "[room.grosse-kuche]\nname = \"Größe Küche\"\nfloor = \"upper\"\n\n[floor.under-the-roof]\nname = \"Under the roof\"\n\n\
                [room.attic]\nname = \"Attic\"\nfloor = \"under-the-roof\"\n\n[zone.upstairs]";
    assert!(files.contains(both), "{files}");
    let log = lares.entries(&["--kind", "notice"]);
    let told = "Anna confirmed change 2 of home.toml by Anna; the way back";
    assert!(log.iter().any(|e| e["text"].to_string().contains(told)), "{log:?}");
}
