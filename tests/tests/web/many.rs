//! U3: many who listen at once are cheap: what a client of the live stream costs the household in memory, one that reads and one
//! that never does, in the clear and over TLS.
//!
//! Meant to fail it (not tried): a queue of its own for each client, frames told anew for each, a write buffer without a bound.

use std::time::Duration;

use lares_tests::{Dwelling, Place, wait_for};

use super::listener::{Door, Listener};
use super::place;

/// U3 of the targets: at least so many at once.
const CLIENTS: usize = 500;
/// U3: at most so much for each, in bytes.
const MOST: u64 = 200 * 1000;
const REPORTS: usize = 200;
/// So that none is overtaken by the next.
const PAUSE: Duration = Duration::from_millis(4);
/// As long as a phone that fell asleep may hang on it: more than all buffers hold.
const ROUNDS: usize = 15;

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Clear,
    Tls,
}

/// A household whose door is open in this way.
fn start(place: &Place, way: Way) -> (Dwelling, Door) {
    let house = Dwelling::start(place, "");
    if way == Way::Clear {
        let at = house.http.at.clone();
        return (house, Door { at, tls: None });
    }
    // Everybody has come in already; from now on the same household speaks HTTPS, on a port that the system chooses.
    let text = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    place.write("home.toml", &text.replace("[web]\n", "[web]\ntls = true\n"));
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    let address = || {
        let said = house.lares.say(&["status"]).out;
        let (_, rest) = said.split_once("https://")?;
        rest.split(|c: char| c != ':' && c != '.' && !c.is_ascii_digit()).next().map(str::to_owned)
    };
    wait_for("the secure door", || address().is_some());
    let door = Door::secure(&address().unwrap(), &place.data());
    (house, door)
}

/// Opens so many, and waits until each is greeted.
fn open(house: &Dwelling, door: &Door, clients: usize) -> Vec<Listener> {
    let mut all: Vec<Listener> = (0..clients).map(|_| door.listen(house.token("ben"))).collect();
    wait_for("all to be greeted", || {
        all.iter_mut().for_each(Listener::drain);
        all.iter().all(|c| c.has("event: hello") == 1)
    });
    all
}

/// Each report says something new, and the last of them what no other does.
fn report(house: &Dwelling, times: usize) {
    let say = |raw: usize| {
        house.world.publish("hall-lamp/light", format!("{{\"state\":\"ON\",\"brightness\":{raw}}}"));
        std::thread::sleep(PAUSE);
    };
    (1..times).for_each(|n| say(1 + n % 250));
    say(255);
}

/// Until each has had them to the last. Gives the fewest that came to one.
fn hear(all: &mut [Listener]) -> usize {
    wait_for("all to hear the last", || {
        all.iter_mut().for_each(Listener::drain);
        all.iter().all(|c| c.has("\"property\":\"brightness\",\"value\":100") > 0)
    });
    let fewest = all.iter().map(|c| c.has("\"property\":\"brightness\"")).min().unwrap();
    for client in all {
        assert_eq!(client.has("event: resync"), 0, "one that reads was told that something was left out");
        client.came.clear();
    }
    fewest
}

/// Memory of the household that is its own: no pages of files.
fn memory(house: &Dwelling) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", house.lares.pid())).unwrap();
    let line = text.lines().find_map(|l| l.strip_prefix("Anonymous:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn five_hundred_who_listen_are_cheap() {
    listening("many", Way::Clear);
}

#[test]
fn five_hundred_who_listen_over_tls_are_cheap() {
    listening("many-tls", Way::Tls);
}

fn listening(name: &str, way: Way) {
    let place = place(name);
    let (house, door) = start(&place, way);
    // What all of them share is there before it is counted.
    let mut few = open(&house, &door, 20);
    report(&house, REPORTS);
    hear(&mut few);
    let before = memory(&house);
    let mut all = open(&house, &door, CLIENTS);
    let greeted = each(before, memory(&house));
    report(&house, REPORTS);
    let heard = hear(&mut all);
    assert!(heard > REPORTS / 2, "only {heard} of {REPORTS} reports came to a client");
    let busy = each(before, memory(&house));
    assert_eq!(streams(&house, &door), CLIENTS + few.len());
    eprintln!(
        "U3, {name}: {CLIENTS} clients: {greeted} B each when greeted, {busy} B each when all had {heard} reports"
    );
    assert!(greeted <= MOST && busy <= MOST, "at most {MOST} B a client");
}

#[test]
fn five_hundred_who_never_read_are_cheap() {
    deaf("deaf", Way::Clear);
}

#[test]
fn five_hundred_who_never_read_over_tls_are_cheap() {
    deaf("deaf-tls", Way::Tls);
}

fn deaf(name: &str, way: Way) {
    let place = place(name);
    let (house, door) = start(&place, way);
    let mut few = open(&house, &door, 20);
    report(&house, REPORTS);
    hear(&mut few);
    let before = memory(&house);
    let mut deaf = open(&house, &door, CLIENTS);
    for _ in 0..ROUNDS {
        report(&house, REPORTS);
        hear(&mut few);
    }
    let (kept, unread) = (each(before, memory(&house)), unread(&door));
    assert_eq!(streams(&house, &door), CLIENTS + few.len(), "who does not read was shut out");
    eprintln!(
        "U3, {name}: {CLIENTS} clients that never read while {} reports came: {kept} B each, and {unread} B at most in the \
         system's hands",
        ROUNDS * REPORTS
    );
    assert!(kept + unread <= MOST, "{kept} and {unread} B a client; at most {MOST}");
    // Whoever wakes up is told that something was left out, and hears what comes.
    wait_for("them to be told", || {
        deaf.iter_mut().for_each(Listener::drain);
        deaf.iter().all(|c| c.has("event: resync") > 0)
    });
    deaf.iter_mut().for_each(|c| c.came.clear());
    report(&house, 2);
    hear(&mut deaf);
}

fn each(from: u64, to: u64) -> u64 {
    to.saturating_sub(from) / CLIENTS as u64
}

/// The most that waits in the system for a client of the household, in bytes: `tx_queue` of proc(5), net/tcp.
fn unread(door: &Door) -> u64 {
    let port: u16 = door.at.rsplit(':').next().unwrap().parse().unwrap();
    let ours = format!(":{port:04X}");
    let text = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let queues = text.lines().skip(1).filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let queue = words.get(4).and_then(|q| q.split(':').next())?;
        words.get(1).filter(|local| local.ends_with(&ours))?;
        u64::from_str_radix(queue, 16).ok()
    });
    queues.max().unwrap()
}

/// Open streams, as the metrics count them.
fn streams(house: &Dwelling, door: &Door) -> usize {
    let text = door.get("/metrics", house.token("anna"));
    let line = text.lines().find(|l| l.starts_with("lares_web_streams"));
    line.and_then(|l| l.rsplit(' ').next()).and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}
