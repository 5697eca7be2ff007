//! Sentences that lean on each other, several wishes in one, and lists, by a household with lamps that answer; lists over a kill.
//!
//! Meant to fail it (not tried): "it" as what somebody else named, a correction that leaves what it corrects, a list in memory only.

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for, wait_state};
use serde_json::json;

use super::place;

const MORE: &str = "[person.anna]\nrole = \"owner\"\n[person.gus]\nrole = \"guest\"\n";

#[test]
fn sentences_lean_on_each_other_and_lists_are_kept() {
    let home = place("talking");
    let broker = Mosquitto::start(&home, false);
    let (hall, bath) = (Thing::new("hall"), Thing::new("bath"));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    bath.announce(&world);
    world.settle();
    home.write("home.toml", &(home_head(broker.port) + &hall.sections() + &bath.sections() + MORE));
    std::fs::create_dir_all(home.home().join("sentences/en")).unwrap();
    let own = "intents:\n  HassTurnOn:\n    data:\n      - sentences: [\"let there be light in [the] {area}\"]\n        slots: {domain: light}\n";
    home.write("sentences/en/mine.yaml", own);
    let mut lares = Lares::start(&home);
    hall.reach(&world, &lares);
    bath.reach(&world, &lares);
    let say = |lares: &Lares, text: &str| {
        let said = lares.say(&[&["say"][..], &text.split(' ').collect::<Vec<_>>()].concat());
        assert_eq!(said.code, 0, "{text}: {said:?}");
        said.out
    };
    let lamps = |lares: &Lares, hall: bool, bath: bool| {
        wait_state(lares, "hall.lamp", &json!(hall));
        wait_state(lares, "bath.lamp", &json!(bath));
    };
    say(&lares, "turn on the hall light");
    say(&lares, "and the bath too");
    lamps(&lares, true, true);
    say(&lares, "turn it off again");
    lamps(&lares, true, false);
    // Not that one: it goes on again, and the other goes off.
    say(&lares, "no, the hall");
    lamps(&lares, false, true);
    say(&lares, "turn on the hall light and turn off the bath light");
    lamps(&lares, true, false);
    let half = lares.say(&["say", "turn off the hall light and make me a sandwich"]);
    assert_eq!(half.code, 1, "{half:?}");
    lamps(&lares, true, false);
    // Somebody else's "it" is none.
    let other = lares.say(&["say", "--as", "anna", "turn it off"]);
    assert!(other.code == 1 && other.out.contains("did not understand"), "{other:?}");
    say(&lares, "let there be light in the bath");
    lamps(&lares, true, true);

    assert_eq!(
        say(&lares, "add milk and bread to the shopping list"),
        "milk and bread is on the shopping list.\n"
    );
    say(&lares, "add call mum to my to-do list");
    lares.kill();
    lares.run();
    let list = |lares: &Lares| say(lares, "what is on the shopping list");
    assert_eq!(list(&lares), "On the shopping list: bread and milk.\n");
    let found = lares.say(&["graph", "find", "kind:task label:shopping status:open"]).out;
    assert!(found.contains("milk") && found.contains("bread"), "{found}");
    say(&lares, "check off milk from the shopping list");
    assert_eq!(list(&lares), "On the shopping list: bread.\n");
    assert_eq!(say(&lares, "what is on my to-do list"), "On the to-do list: call mum.\n");
    say(&lares, "add milk to the shopping list");
    assert_eq!(list(&lares), "On the shopping list: bread and milk.\n");
    let why = lares.say(&["why", "task:shopping-milk"]).out;
    assert!(why.contains("put") && why.contains("completed"), "{why}");
    let guest = lares.say(&["say", "--as", "gus", "what is on the shopping list"]);
    assert_eq!(guest.out, "There is nothing on the shopping list.\n");
    let refused = lares.say(&["say", "--as", "gus", "add beer to the shopping list"]);
    assert!(refused.code == 1 && refused.out.contains("is a guest"), "{refused:?}");
    let reminder = say(&lares, "remind me to call mum in 1 second");
    assert!(reminder.contains("call mum"), "{reminder}");
    wait_for("the reminder", || {
        lares
            .entries(&["--kind", "notice"])
            .iter()
            .any(|e| e["text"].to_string().contains("A reminder: call mum."))
    });

    home.write(
        "sentences/en/mine.yaml",
        "intents:\n  HassTurnOn:\n    data:\n      - sentences: [\"let (there\"]\n",
    );
    let checked = lares.say(&["check"]);
    assert!(checked.code == 2 && checked.err.contains("sentences/en/mine.yaml:4:22"), "{checked:?}");
    // What is wrong keeps nobody from being understood.
    say(&lares, "turn off the hall light");
    lamps(&lares, false, true);
    lares.stop();
}
