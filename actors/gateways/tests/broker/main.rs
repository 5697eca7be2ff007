//! The embedded broker: what it promises, over real sockets.
#![allow(clippy::disallowed_methods, reason = "tests over real sockets run in real time")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's helper fails by panicking")]

mod kill;
#[path = "../support/mod.rs"]
mod support;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use lares_gateways::broker::{self, Broker, BrokerError, BrokerOptions, Password, Rights, User};
use lares_kernel::SystemClock;
use lares_kernel::wire::{DurableMap, Gateway, KeyValue, MemoryMap, Outbound, WireState};
use support::raw::Raw;
use support::{client, options, outbound, runtime, wait_for};

fn start(runtime: &tokio::runtime::Runtime, options: BrokerOptions, map: Arc<dyn DurableMap>) -> Broker {
    let clock = Arc::new(SystemClock::default());
    runtime.block_on(broker::start(options, map, clock, runtime.handle())).unwrap()
}

fn any_port() -> BrokerOptions {
    BrokerOptions { port: 0, ..Default::default() }
}

fn memory() -> Arc<MemoryMap> {
    Arc::new(MemoryMap::default())
}

#[test]
fn it_passes_every_check_of_the_acceptance_script() {
    let shared = std::env::var("LARES_SHARED").map(PathBuf::from);
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let script = shared.unwrap_or_else(|_| default()).join("tools/broker_acceptance.py");
    // What `make test` set up, else whatever this machine has.
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/venv/bin/python");
    let found = if std::path::Path::new(ours).exists() { ours } else { "python3" };
    let python = std::env::var("LARES_PYTHON").unwrap_or(found.into());
    let paho = Command::new(&python).args(["-c", "import paho.mqtt"]).stderr(Stdio::null()).status();
    if !script.exists() || !paho.is_ok_and(|status| status.success()) {
        assert!(std::env::var("CI").is_err(), "the acceptance script or paho-mqtt is missing");
        println!("skipped: the acceptance script or paho-mqtt is missing");
        return;
    }
    let runtime = runtime();
    let broker = start(&runtime, any_port(), memory());
    let output = Command::new(python).arg(script).arg(broker.address.port().to_string()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("28/28 pass"), "{text}");
}

#[test]
fn sessions_and_retained_messages_outlive_a_restart() {
    let (runtime, map) = (runtime(), memory());
    let broker = start(&runtime, any_port(), map.clone());
    let (mut away, present) = Raw::connect(broker.address, "away", false);
    assert!(!present);
    assert_eq!(away.subscribe("q/#", 1), 1);
    drop(away);
    let (mut other, _) = Raw::connect(broker.address, "other", true);
    wait_for("the client to be away", || {
        broker.clients().iter().any(|c| c.client_id == "away" && !c.connected)
    });
    for n in 1..=50 {
        other.publish("q/x", &n.to_string(), 1, false, n);
        assert_eq!(other.read().unwrap().0, 0x40);
    }
    other.publish("kept", "last", 1, true, 51);
    other.publish("gone", "last", 1, true, 52);
    other.publish("gone", "", 1, true, 53);
    other.publish("q/qos0", "lost", 0, false, 0);
    (0..3).for_each(|_| assert_eq!(other.read().unwrap().0, 0x40));
    runtime.block_on(broker.stop());

    let broker = start(&runtime, any_port(), map.clone());
    let (mut away, present) = Raw::connect(broker.address, "away", false);
    assert!(present);
    for n in 1..=50 {
        let (topic, payload, first, id) = away.message().unwrap();
        assert_eq!((topic.as_str(), payload), ("q/x", n.to_string()));
        assert_eq!(first & 8, 0, "never sent before");
        if n <= 20 {
            away.send(0x40, &id.to_be_bytes());
        }
    }
    assert!(away.is_quiet());
    runtime.block_on(broker.stop());

    let broker = start(&runtime, any_port(), map.clone());
    let (mut away, _) = Raw::connect(broker.address, "away", false);
    for n in 21..=50 {
        let (_, payload, first, id) = away.message().unwrap();
        assert_eq!(payload, n.to_string());
        assert_eq!(first & 8, 8, "it was sent before");
        away.send(0x40, &id.to_be_bytes());
    }
    // The subscription is still there.
    let (mut other, _) = Raw::connect(broker.address, "other", true);
    assert_eq!(other.subscribe("#", 1), 1);
    assert_eq!(other.message().unwrap().1, "last");
    assert!(other.is_quiet(), "only what is kept");
    other.publish("q/y", "live", 1, false, 1);
    assert_eq!(away.message().unwrap().1, "live");
    drop(away);

    // Who starts clean leaves nothing behind.
    let (_, present) = Raw::connect(broker.address, "away", true);
    assert!(!present);
    wait_for("nothing to be left", || {
        ["s", "q", "i"].iter().all(|prefix| map.scan(prefix.as_bytes()).unwrap().is_empty())
    });
}

#[test]
fn exactly_once_is_once_also_over_a_restart() {
    let (runtime, map) = (runtime(), memory());
    let broker = start(&runtime, any_port(), map.clone());
    let (mut hears, _) = Raw::connect(broker.address, "hears", false);
    hears.subscribe("x", 2);
    let (mut says, _) = Raw::connect(broker.address, "says", false);
    says.publish("x", "once", 2, false, 7);
    assert_eq!(says.read().unwrap(), (0x50, vec![0, 7]));
    let (_, _, first, id) = hears.message().unwrap();
    assert_eq!(first & 6, 4);
    hears.send(0x50, &id.to_be_bytes());
    assert_eq!(hears.read().unwrap(), (0x62, id.to_be_bytes().to_vec()));
    runtime.block_on(broker.stop());

    let broker = start(&runtime, any_port(), map.clone());
    let (mut hears, _) = Raw::connect(broker.address, "hears", false);
    assert_eq!(
        hears.read().unwrap(),
        (0x62, id.to_be_bytes().to_vec()),
        "the release again, not the message"
    );
    hears.send(0x70, &id.to_be_bytes());
    let (mut says, _) = Raw::connect(broker.address, "says", false);
    says.publish("x", "once", 2, false, 7); // it never heard the answer
    assert_eq!(says.read().unwrap(), (0x50, vec![0, 7]));
    says.send(0x62, &[0, 7]);
    assert_eq!(says.read().unwrap(), (0x70, vec![0, 7]));
    assert!(hears.is_quiet(), "not a second time");
    says.publish("x", "new", 2, false, 7);
    assert_eq!(hears.message().unwrap().1, "new");
}

#[derive(Default)]
struct HeldMap {
    inner: MemoryMap,
    held: std::sync::Mutex<Vec<Box<dyn FnOnce() + Send>>>,
}

impl HeldMap {
    fn sync(&self) {
        let held: Vec<_> = self.held.lock().unwrap().drain(..).collect();
        held.into_iter().for_each(|then| then());
    }
}

impl DurableMap for HeldMap {
    fn scan(&self, prefix: &[u8]) -> Result<Vec<KeyValue>, String> {
        self.inner.scan(prefix)
    }
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.inner.get(key)
    }
    fn write(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> Result<(), String> {
        if changes.iter().any(|(_, value)| value.as_ref().is_some_and(|v| v.windows(4).any(|w| w == b"full")))
        {
            return Err("the disk is full".into());
        }
        self.inner.write(changes)
    }
    fn after_sync(&self, then: Box<dyn FnOnce() + Send>) {
        self.held.lock().unwrap().push(then);
    }
}

#[test]
fn an_acknowledgement_waits_for_the_disk_and_none_overtakes_it() {
    let (runtime, map) = (runtime(), Arc::new(HeldMap::default()));
    let broker = start(&runtime, any_port(), map.clone());
    let (mut hears, _) = Raw::connect(broker.address, "hears", false);
    hears.subscribe("kept", 1);
    let (mut says, _) = Raw::connect(broker.address, "says", true);
    says.publish("kept", "1", 1, false, 1);
    assert_eq!(hears.message().unwrap().1, "1", "it is on its way at once");
    says.publish("nobody/listens", "2", 1, false, 2);
    assert!(says.is_quiet(), "neither is acknowledged");
    map.sync();
    map.sync(); // the second one had to queue behind the first
    assert_eq!(says.read().unwrap(), (0x40, vec![0, 1]));
    assert_eq!(says.read().unwrap(), (0x40, vec![0, 2]));
    says.publish("nobody/listens", "3", 1, false, 3);
    assert_eq!(says.read().unwrap(), (0x40, vec![0, 3]), "nothing to wait for");
    // What cannot be kept is not acknowledged: the connection ends instead.
    says.publish("kept", "full", 1, false, 4);
    assert!(says.read().is_none());
}

fn only(topics: &str) -> Rights {
    Rights::Only { topics: vec![topics.into()], reads: Vec::new() }
}

#[test]
fn only_who_is_known_comes_in_and_stays_within_its_topics() {
    let user =
        |name: &str, rights| User { name: name.into(), password: Password::Plain("secret".into()), rights };
    let shelly = user("shelly", only("shelly/#"));
    let users = vec![user("house", Rights::Everything), shelly];
    let (runtime, map) = (runtime(), memory());
    let broker = start(&runtime, BrokerOptions { users, ..any_port() }, map.clone());
    let at = broker.address;
    for login in [None, Some(("shelly", "wrong")), Some(("nobody", "secret")), Some(("shelly", ""))] {
        let (mut raw, code, _) = Raw::try_connect(at, "x", true, login);
        assert_eq!(code, 5, "{login:?}");
        assert!(raw.read().is_none(), "the connection ends");
    }
    let (mut house, code, _) = Raw::try_connect(at, "house", false, Some(("house", "secret")));
    assert_eq!((code, house.subscribe("#", 1)), (0, 1));
    let (mut shelly, code, _) = Raw::try_connect(at, "shelly", false, Some(("shelly", "secret")));
    assert_eq!(code, 0);
    for (filter, granted) in
        [("#", 0x80), ("+/x", 0x80), ("lock/set", 0x80), ("shelly/#", 1), ("shelly/+/a", 1)]
    {
        assert_eq!(shelly.subscribe(filter, 1), granted, "{filter}");
    }
    shelly.publish("lock/set", "open", 1, true, 1);
    shelly.publish("shelly/x", "on", 1, false, 2);
    assert_eq!(house.message().unwrap().0, "shelly/x", "what it may not say is heard by nobody");
    // A client id is no secret: it opens no other user's session.
    let (_, code, _) = Raw::try_connect(at, "house", false, Some(("shelly", "secret")));
    assert_eq!(code, 5);
    house.publish("shelly/y", "for it", 1, false, 3);
    drop(shelly);
    runtime.block_on(broker.stop());

    // Rights that are taken away are gone, also from the session that was kept.
    let users = vec![user("house", Rights::Everything), user("shelly", only("other/#"))];
    let broker = start(&runtime, BrokerOptions { users, ..any_port() }, map.clone());
    let (mut shelly, code, present) =
        Raw::try_connect(broker.address, "shelly", false, Some(("shelly", "secret")));
    assert_eq!((code, present), (0, true));
    let (mut house, ..) = Raw::try_connect(broker.address, "house", false, Some(("house", "secret")));
    house.publish("shelly/z", "secret", 1, false, 4);
    assert!(shelly.is_quiet());
    runtime.block_on(broker.stop());

    let users = vec![user("house", Rights::Everything)];
    let broker = start(&runtime, BrokerOptions { users, ..any_port() }, map);
    let left: Vec<_> = broker.clients().into_iter().map(|c| c.client_id).collect();
    assert_eq!(left, ["house"], "the session of a user who is gone is gone");
}

#[test]
fn a_taken_port_is_no_error_and_an_open_door_is() {
    let runtime = runtime();
    let first = start(&runtime, any_port(), memory());
    let wished = first.address.port();
    let second = start(&runtime, BrokerOptions { port: wished, ..Default::default() }, memory());
    assert_ne!(second.address.port(), wished);
    Raw::connect(second.address, "a", true);
    let beyond = BrokerOptions { listen: IpAddr::from([0, 0, 0, 0]), ..any_port() };
    let clock = Arc::new(SystemClock::default());
    let refused = runtime.block_on(broker::start(beyond, memory(), clock, runtime.handle()));
    assert!(matches!(refused, Err(BrokerError::OpenToAll { .. })));
}

#[test]
fn our_own_client_lives_with_it_through_restarts() {
    let (runtime, map) = (runtime(), memory());
    let mut broker = start(&runtime, any_port(), map.clone());
    let port = broker.address.port();
    let house = client(&runtime, options(port, "house"));
    house.subscribe("sensor/#");
    let house = house.up();
    for round in 1..=3 {
        let other = client(&runtime, options(port, "other")).up();
        other.gateway.send(Outbound { retain: true, ..outbound("sensor/kept", &round.to_string()) });
        other.send("sensor/live", &round.to_string());
        wait_for("the message", || {
            house.witness.heard().iter().any(|(t, p, _)| t == "sensor/live" && *p == round.to_string())
        });
        runtime.block_on(other.gateway.stop());
        runtime.block_on(broker.stop());
        wait_for("the loss", || house.gateway.state() != WireState::Up);
        broker = start(&runtime, BrokerOptions { port, ..Default::default() }, map.clone());
        assert_eq!(broker.address.port(), port);
        wait_for("the wire", || house.gateway.state() == WireState::Up);
    }
    runtime.block_on(house.gateway.stop());
    wait_for("the farewell", || broker.clients().iter().all(|c| !c.connected));
}

#[test]
fn a_client_that_does_not_read_harms_nobody_and_garbage_neither() {
    let runtime = runtime();
    let options = BrokerOptions { max_queued_bytes: 4 * 1024 * 1024, max_packet: 100_000, ..any_port() };
    let broker = start(&runtime, options, memory());
    let (mut deaf, _) = Raw::connect(broker.address, "deaf", true);
    deaf.subscribe("flood", 0);
    let (mut hears, _) = Raw::connect(broker.address, "hears", true);
    hears.subscribe("end", 1);
    let (mut says, _) = Raw::connect(broker.address, "says", true);
    let payload = "x".repeat(50_000);
    for _ in 0..400 {
        says.publish("flood", &payload, 0, false, 0);
    }
    says.publish("end", "", 1, false, 1);
    assert_eq!(hears.message().unwrap().0, "end");
    let waiting = broker.clients().iter().map(|c| c.waiting).max().unwrap();
    assert!(waiting < 100, "{waiting} messages wait for a client that does not read");

    let mut numbers = 1_u64;
    for length in 1..300 {
        let mut stranger = std::net::TcpStream::connect(broker.address).unwrap();
        let mut bytes = vec![0x10];
        for _ in 0..length {
            numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bytes.push((numbers >> 56) as u8);
        }
        let _ = std::io::Write::write_all(&mut stranger, &bytes);
        if length % 3 == 0 {
            let (mut rude, _) = Raw::connect(broker.address, "rude", true);
            rude.send(bytes[1], &bytes[1..]);
        }
    }
    says.publish("flood", &"x".repeat(200_000), 0, false, 0);
    assert!(says.read().is_none_or(|(first, _)| first == 0x40), "a packet too large ends the connection");
    let (mut says, _) = Raw::connect(broker.address, "says", true);
    says.publish("end", "2", 1, false, 1);
    assert_eq!(hears.message().unwrap().1, "2");
}
