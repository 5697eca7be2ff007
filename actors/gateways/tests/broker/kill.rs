//! The broker is killed at any instant; nothing that it acknowledged is lost.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use lares_gateways::broker::BrokerOptions;

use super::start;
use super::support::raw::Raw;
use super::support::{file_map::FileMap, free_port, runtime, wait_for};

/// Not a test of its own: the process that the kill test kills.
#[test]
fn child() {
    let Ok(file) = std::env::var("LARES_TEST_BROKER_FILE") else { return };
    let port: u16 = std::env::var("LARES_TEST_BROKER_PORT").unwrap().parse().unwrap();
    let runtime = runtime();
    let options = BrokerOptions { port, ..Default::default() };
    let broker = start(&runtime, options, Arc::new(FileMap::open(&file).unwrap()));
    assert_eq!(broker.address.port(), port);
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

/// Killed when dropped, also by a test that fails.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn child_broker(file: &std::path::Path) -> (Process, SocketAddr) {
    let port = free_port();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child"])
        .env("LARES_TEST_BROKER_FILE", file)
        .env("LARES_TEST_BROKER_PORT", port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    wait_for("the child", || std::net::TcpStream::connect(address).is_ok());
    (Process(child), address)
}

/// Publishes to `q`, every twentieth retained to `kept`, until the broker is dead. What it acknowledged is added.
fn publish_until_dead(address: SocketAddr, next: &mut u64, acknowledged: &mut BTreeSet<u64>, kept: &mut u64) {
    let (mut says, _) = Raw::connect(address, "says", true);
    loop {
        let group: Vec<u64> = (*next..*next + 20).collect();
        *next += 20;
        for n in &group {
            let retained = n % 20 == 19;
            let id = (n % 60_000) as u16 + 1;
            says.publish(if retained { "kept" } else { "q" }, &n.to_string(), 1, retained, id);
        }
        for n in group {
            match says.read() {
                Some((0x40, _)) if n % 20 == 19 => *kept = n,
                Some((0x40, _)) => drop(acknowledged.insert(n)),
                _ => return,
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    const ROUNDS: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept");
    let (mut next, mut kept) = (0, 0);
    let (mut acknowledged, mut heard) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..=ROUNDS {
        let (child, address) = child_broker(&file);
        let (mut reader, present) = Raw::connect(address, "reader", false);
        assert_eq!(present, round > 0);
        reader.0.set_read_timeout(Some(Duration::from_millis(400))).unwrap();
        while let Some((topic, payload, _, id)) = reader.message() {
            assert_eq!(topic, "q");
            heard.insert(payload.parse::<u64>().unwrap());
            reader.send(0x40, &id.to_be_bytes());
        }
        let missing = acknowledged.difference(&heard).count();
        assert_eq!(missing, 0, "round {round}: acknowledged messages are lost");
        // On a busy machine it may be killed before the first retained message was acknowledged.
        if kept > 0 {
            let (mut other, _) = Raw::connect(address, "other", true);
            other.subscribe("kept", 1);
            let last: u64 = other.message().unwrap().1.parse().unwrap();
            assert!(last >= kept, "round {round}: an older retained message is back");
        }
        if round == 0 {
            assert_eq!(reader.subscribe("q", 1), 1);
        }
        // In odd rounds the reader is there and acknowledges nothing, in even ones it is away.
        let _there = (round % 2 == 1).then_some(reader);
        let id = child.0.id();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30 + round * 13));
            Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
        });
        publish_until_dead(address, &mut next, &mut acknowledged, &mut kept);
        killer.join().unwrap();
        drop(child);
    }
    assert!(acknowledged.len() > 100, "{} messages prove little", acknowledged.len());
}
