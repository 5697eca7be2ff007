//! What is said to be done later is done then, once, in the right of whoever said it: over kills at any time, and not if nothing ran
//! for long. It can be seen and taken back until then.
//!
//! Meant to fail it (not tried): wishes that are kept in memory only, rights that are looked at once, an end that is told before what it
//! does is on record.

use std::time::Duration;

use lares_surfaces::control::{Client, Request, Response, View};
use lares_surfaces::views::Need;
use lares_tests::{Lares, Mosquitto, Place, Thing, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

const PEOPLE: &str = "[person.anna]\nrole = \"owner\"\n[person.gus]\nrole = \"guest\"\nrooms = [\"hall\"]\n\
    [scene.dark]\nname = \"Dark\"\nset = [{ set = \"hall.lamp\", on = false }]\n";

fn timers(lares: &Lares) -> Vec<Value> {
    lares.ask(&["timer"])["timers"].as_array().unwrap().clone()
}

/// What the first page of every surface says to need somebody.
fn needs(home: &Place) -> Vec<Need> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut client = Client::connect(&home.data()).await.unwrap();
        match client.ask(&Request::Home, Duration::from_secs(20)).await.unwrap() {
            Response::View { view, .. } => match *view {
                View::Home(home) => home.needs,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn what_is_said_to_be_done_later_is_done_once() {
    let home = place("later");
    let broker = Mosquitto::start(&home, false);
    let (hall, yard) = (Thing::new("hall"), Thing::new("yard"));
    home.write("home.toml", &(home_head(broker.port) + &hall.sections() + &yard.sections() + PEOPLE));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    yard.announce(&world);
    world.settle();
    let mut lares = Lares::start(&home);
    wait_for("the devices", || lares.entity("hall.lamp").is_some() && lares.entity("yard.lamp").is_some());
    hall.reach(&world, &lares);
    yard.reach(&world, &lares);
    let say = |lares: &Lares, words: &str| {
        lares.say(&[&["say"][..], &words.split(' ').collect::<Vec<_>>()].concat())
    };
    let is = |lares: &Lares, lamp: &str, on: bool| {
        wait_for("the lamp", || lares.entity(lamp).is_some_and(|e| e["state"] == on));
    };
    let told = |topic: &str| world.on(&format!("home/{topic}/lamp/set"));

    // While it runs: by a guest in their room, and nowhere else.
    let said = say(&lares, "--as gus --room hall turn on the hall lamp in 2 seconds");
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("The command \"turn on the hall lamp\": in 2 seconds."), "{said:?}");
    is(&lares, "hall.lamp", true);
    assert_eq!(told("hall").len(), 1);
    let refused = say(&lares, "--as gus turn on the hall lamp in 2 seconds");
    assert!(refused.code == 1 && refused.out.contains("name one"), "{refused:?}");
    wait_for("the end of it", || timers(&lares).is_empty());
    let why = lares.say(&["why", "hall.lamp"]).out;
    for part in ["timer hall/+1", "turn on the hall lamp in 2 seconds", "Gus"] {
        assert!(why.contains(part), "{part}: {why}");
    }

    // It is seen, paused, taken up and cancelled as other timers are.
    assert_eq!(say(&lares, "--room hall activate dark in 1 hour").code, 0);
    assert_eq!(say(&lares, "in 1 hour turn off the yard lamp").code, 0);
    let shown = lares.say(&["timer"]).out;
    assert!(shown.contains("hall/+1") && shown.contains("turn off the yard lamp"), "{shown}");
    assert_eq!(timers(&lares)[0]["does"], "activate dark", "{shown}");
    assert_eq!(lares.say(&["timer", "pause", "hall/+1"]).code, 0);
    lares.kill();
    lares.run();
    assert_eq!(lares.say(&["timer", "resume", "hall/+1"]).code, 0);
    assert_eq!(lares.say(&["timer", "take", "hall/+1", "3598s"]).code, 0);
    is(&lares, "hall.lamp", false);
    assert_eq!(lares.say(&["timer", "cancel", "+1"]).code, 0);
    wait_for("the end of it", || timers(&lares).is_empty());

    // It ends while nothing runs, and is done as soon as something does.
    assert_eq!(say(&lares, "--as anna --room yard turn on the yard lamp in 2 seconds").code, 0);
    lares.kill();
    std::thread::sleep(Duration::from_secs(3));
    assert!(told("yard").is_empty());
    lares.run();
    is(&lares, "yard.lamp", true);
    wait_for("the end of it", || timers(&lares).is_empty());

    // A kill as it ends: what was told the lamp is told once more at most, and there is one decision.
    assert_eq!(say(&lares, "--as anna --room yard turn off the yard lamp in 1 second").code, 0);
    wait_for("its end", || !lares.entries(&["--kind", "timer_fired"]).is_empty() && told("yard").len() > 1);
    lares.kill();
    lares.run();
    is(&lares, "yard.lamp", false);
    wait_for("the end of it", || {
        lares
            .entries(&["--kind", "notice"])
            .iter()
            .any(|n| n["text"].to_string().contains("As was said: turn off the yard lamp"))
    });
    let decided = lares.entries(&["--entity", "yard.lamp", "--kind", "decision"]);
    let of = |of: &str| decided.iter().filter(|d| d["text"].to_string().contains(of)).count();
    assert_eq!((of("Yard on"), of("Yard off")), (1, 1), "{decided:?}");

    // Whoever may no more when it is time is refused then, and that is told.
    assert_eq!(say(&lares, "--as gus --room hall turn on the hall lamp in 10 minutes").code, 0);
    let text = home_head(broker.port) + &hall.sections() + &yard.sections() + PEOPLE;
    home.write("home.toml", &text.replace("rooms = [\"hall\"]", "rooms = [\"yard\"]"));
    assert_eq!(lares.say(&["reload"]).code, 0);
    assert_eq!(lares.say(&["timer", "take", "hall/+1", "600s"]).code, 0);
    wait_for("the refusal", || {
        lares
            .entries(&["--kind", "notice"])
            .iter()
            .any(|n| n["text"].to_string().contains("That did not come about"))
    });
    assert_eq!(lares.entity("hall.lamp").unwrap()["state"], false);
    // On every surface, with why; what came about is none of it.
    let needs = needs(&home);
    let of = |text: &str| needs.iter().filter(|need| need.text.contains(text)).collect::<Vec<_>>();
    let failed = of("It was time for \"turn on the hall lamp\"");
    assert_eq!((failed.len(), of("As was said").len()), (1, 0), "{needs:?}");
    let why = lares.say(&["why", failed[0].about.as_deref().unwrap()]).out;
    assert!(why.contains("timer +1 ended") || why.contains("timer"), "{why}");
    lares.stop();
}
