//! The MQTT client against a real mosquitto.
#![allow(clippy::disallowed_methods, reason = "tests against real brokers run in real time")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lares_kernel::wire::{Delivery, Gateway, Outbound, Qos, WireState};
use lares_model::EventId;
use support::*;

#[test]
fn it_connects_says_hello_receives_and_leaves_with_a_farewell() {
    let (runtime, broker) = (runtime(), Mosquitto::start());
    let other = client(&runtime, options(broker.port, "other")).up();
    other.subscribe("#");
    other.gateway.send(Outbound { retain: true, ..outbound("kept/one", "1") });
    wait_for("the broker to have it", || other.witness.count() == 1);

    let mut words = options(broker.port, "house");
    words.birth = Some(("lares/status".into(), b"online".to_vec()));
    words.will = Some(("lares/status".into(), b"offline".to_vec()));
    let house = client(&runtime, words.clone());
    house.gateway.subscribe(vec![("kept/+".into(), Qos::AtLeastOnce), ("live/#".into(), Qos::AtMostOnce)]);
    house.gateway.subscribe(vec![("not/a/#/filter".into(), Qos::AtMostOnce)]);
    let house = house.up();
    wait_for("the retained message", || house.witness.count() == 1);
    other.send("live/a", "2");
    other.send("live/b", "");
    other.send("nobody/listens", "3");
    other.send("not/a/+/topic", "4");
    other.send("live/c", "5");
    wait_for("what is live", || house.witness.count() == 4);
    let expected =
        [("kept/one", "1", true), ("live/a", "2", false), ("live/b", "", false), ("live/c", "5", false)];
    assert_eq!(house.witness.heard(), expected.map(|(t, p, r)| (t.to_owned(), p.to_owned(), r)));

    let status = || -> Vec<String> {
        let heard = other.witness.heard();
        heard.into_iter().filter(|(t, ..)| t == "lares/status").map(|(_, p, _)| p).collect()
    };
    runtime.block_on(house.gateway.stop());
    wait_for("the farewell", || status() == ["online", "offline"]);
    assert_eq!(house.gateway.state(), WireState::Down("stopped".into()));

    // Without a word: the broker tells the will.
    let house = client(&runtime, words).up();
    wait_for("the birth", || status().len() == 3);
    drop(house);
    wait_for("the will", || status() == ["online", "offline", "online", "offline"]);
}

#[test]
fn a_message_is_acknowledged_only_when_what_it_caused_is_on_disk() {
    let (runtime, broker) = (runtime(), Mosquitto::start());
    let other = client(&runtime, options(broker.port, "other")).up();
    let journal = HeldJournal::new();
    let house = client_with(&runtime, options(broker.port, "house"), journal.clone());
    house.subscribe("#");
    let house = house.up();
    other.gateway.send(Outbound { retain: true, ..outbound("kept", "x") });
    other.send("live", "1");
    wait_for("both", || house.witness.count() == 2);
    assert_eq!(journal.waiting(), 2, "live copies of both, none acknowledged");
    drop(house); // killed before the sync

    let house = client_with(&runtime, options(broker.port, "house"), journal.clone()).up();
    wait_for("both again", || house.witness.count() == 2);
    journal.sync(); // also the closures of the dead connection, which must not acknowledge on this one
    std::thread::sleep(Duration::from_millis(100));
    drop(house);

    let house = client_with(&runtime, options(broker.port, "house"), journal.clone()).up();
    house.subscribe("kept");
    wait_for("the retained one", || house.witness.count() == 1);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(
        house.witness.heard(),
        [("kept".to_owned(), "x".to_owned(), true)],
        "nothing is delivered again"
    );
    assert_eq!(journal.waiting(), 0, "a retained message is acknowledged at once");
}

#[test]
fn a_broker_that_dies_is_found_again_and_listened_to_again() {
    let (runtime, mut broker) = (runtime(), Mosquitto::start());
    let house = client(&runtime, options(broker.port, "house")).up();
    house.subscribe("sensor/#");
    const ROUNDS: usize = 5;
    for round in 1..=ROUNDS {
        broker.kill();
        wait_for("the loss to be seen", || house.gateway.state() != WireState::Up);
        house.command("lamp/set", round as u64, Duration::from_secs(60));
        broker.run(); // without persistence: the session is lost
        wait_for("the wire", || house.witness.times_up() == round + 1);
        let other = client(&runtime, options(broker.port, "other"));
        other.subscribe("lamp/#");
        let other = other.up();
        wait_for("the subscription", || {
            other.send("sensor/motion", "on");
            std::thread::sleep(Duration::from_millis(20));
            house.witness.heard().iter().filter(|(t, ..)| t == "sensor/motion").count() > 0
        });
        house.witness.inbound.lock().unwrap().clear();
    }
    let sent: Vec<_> = (1..=ROUNDS as u64).map(|k| Delivery::Sent(EventId::new(1, k))).collect();
    wait_for("the receipts", || house.deliveries() == sent);
}

#[test]
fn a_wrong_password_is_a_state_with_its_reason() {
    let (runtime, broker) = (runtime(), Mosquitto::with_user("house", "right"));
    let mut login = options(broker.port, "house");
    login.credentials = Some(("house".into(), "wrong".into()));
    client(&runtime, login.clone()).witness.wait_for_down("wrong user name or password");
    client(&runtime, options(broker.port, "guest")).witness.wait_for_down("asks for a user name");
    login.credentials = Some(("house".into(), "right".into()));
    client(&runtime, login).up();
}

#[test]
fn nobody_there_is_a_state_with_its_reason_and_waiting_commands_expire() {
    let (runtime, port) = (runtime(), free_port());
    let mut few = options(port, "house");
    few.queue = 3;
    let house = client(&runtime, few);
    house.witness.wait_for_down("connection refused");
    house.command("heater/set", 1, Duration::from_millis(300));
    house.command("light/set", 2, Duration::from_secs(60));
    house.send("telemetry", "1");
    house.command("light/set", 3, Duration::from_secs(60));
    house.command("light/set", 4, Duration::from_secs(60));
    let failed = house.deliveries();
    assert!(matches!(&failed[..], [Delivery::Failed(key, _)] if *key == EventId::new(1, 4)), "{failed:?}");
    // Reported while the wire is still down.
    wait_for("the expiry", || house.deliveries().contains(&Delivery::Expired(EventId::new(1, 1))));

    // What answers is not a broker.
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let (mut stranger, _) = listener.accept().unwrap();
    let page = format!("HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n{}", "no ".repeat(100));
    std::io::Write::write_all(&mut stranger, page.as_bytes()).unwrap();
    house.witness.wait_for_down("does not speak MQTT");
    drop((stranger, listener));

    // When a broker comes at last, only what is still worth it is sent.
    let broker = Mosquitto::at(port);
    let other = client(&runtime, options(broker.port, "other"));
    other.subscribe("#");
    let other = other.up();
    other.send("ready", "");
    wait_for("the other", || other.witness.count() >= 1);
    wait_for("the commands", || house.gateway.waiting() == 0 && house.deliveries().len() == 4);
    wait_for("both commands", || {
        other.witness.heard().iter().filter(|(t, ..)| t == "light/set").count() == 2
    });
    assert!(!other.witness.heard().iter().any(|(t, ..)| t == "heater/set"), "a stale command was executed");

    let mut nowhere = options(port, "house");
    nowhere.host = "no-such-host.invalid".into();
    client(&runtime, nowhere).witness.wait_for_down("host not found");
}

#[test]
fn a_pressed_mailbox_stops_the_reading_and_nothing_is_lost() {
    let (runtime, broker) = (runtime(), Mosquitto::start());
    let other = client(&runtime, options(broker.port, "other")).up();
    let house = client(&runtime, options(broker.port, "house"));
    house.subscribe("flood");
    let house = house.up();
    other.send("flood", "first");
    wait_for("the first", || house.witness.count() == 1);
    house.witness.pressed.store(true, Ordering::SeqCst);
    const FLOOD: usize = 5_000;
    for n in 0..FLOOD {
        other.send("flood", &n.to_string());
    }
    wait_for("the flood to be out", || other.gateway.waiting() == 0);
    std::thread::sleep(Duration::from_millis(400));
    let held = house.witness.count();
    assert!(held < 200, "{held} came in while the mailbox was pressed");
    house.command("lamp/set", 1, Duration::from_secs(9));
    wait_for("a command still leaves", || house.deliveries().len() == 1);
    house.witness.pressed.store(false, Ordering::SeqCst);
    wait_for("the rest", || house.witness.count() == FLOOD + 1);
    let heard = house.witness.heard();
    assert!(heard[1..].iter().enumerate().all(|(n, (_, p, _))| *p == n.to_string()), "in order");
}

#[test]
fn two_clients_under_one_id_do_not_chase_each_other() {
    let (runtime, broker) = (runtime(), Mosquitto::start());
    let first = client(&runtime, options(broker.port, "twin")).up();
    let second = client(&runtime, options(broker.port, "twin"));
    std::thread::sleep(Duration::from_secs(3));
    let connects = first.witness.times_up() + second.witness.times_up();
    assert!((2..12).contains(&connects), "{connects} connections in three seconds");
    let _keep: Arc<_> = first.gateway;
}
