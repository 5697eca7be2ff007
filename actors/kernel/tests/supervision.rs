//! Restarts, quarantine, hangs, asks and orderly stops, in virtual time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lares_kernel::*;
use lares_model::{Body, ChildChange, Timestamp};

enum Say {
    Note(u32),
    Panic,
    Fail,
    Hang,
    Ask(Reply<u32>),
    Ignore(Reply<u32>),
}

impl Message for Say {}

type Notes = Arc<Mutex<Vec<String>>>;

struct Scribe {
    name: &'static str,
    notes: Notes,
    kept: Vec<Reply<u32>>,
}

impl Behavior for Scribe {
    type Message = Say;

    async fn started(&mut self, context: &mut Context<Say>) -> Result<(), Fault> {
        self.notes.lock().unwrap().push(format!("{} starts {}", self.name, context.generation));
        Ok(())
    }

    async fn handle(&mut self, message: Say, _: &mut Context<Say>) -> Result<(), Fault> {
        match message {
            Say::Note(n) => self.notes.lock().unwrap().push(format!("{} {n}", self.name)),
            Say::Panic => panic!("the scribe panics"),
            Say::Fail => return Err(Fault::new("the scribe fails")),
            Say::Hang => std::future::pending().await,
            Say::Ask(reply) => reply.send(7),
            Say::Ignore(reply) => self.kept.push(reply),
        }
        Ok(())
    }

    async fn stopping(&mut self, _: &mut Context<Say>) {
        self.notes.lock().unwrap().push(format!("{} stops", self.name));
    }
}

fn world() -> (World, Arc<MemoryJournal>) {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(0)));
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let ports = Ports {
        clock,
        chance: Arc::new(SeededChance::new(1)),
        blocking: Arc::new(InlineBlocking),
        journal: journal.clone(),
    };
    (World::new(ports).0, journal)
}

fn scribe(world: &World, name: &'static str, notes: &Notes, limits: Limits) -> (Address<Say>, Child) {
    let address = world.address(format!("devices/{name}"));
    let notes = notes.clone();
    let made =
        child(name, limits, address.clone(), move || Scribe { name, notes: notes.clone(), kept: vec![] });
    (address, made)
}

async fn house(limits: Limits) -> (World, Arc<MemoryJournal>, Supervisor, Notes, Address<Say>, Address<Say>) {
    let (world, journal) = world();
    let spec = SupervisorSpec { path: "devices".into(), strategy: Strategy::OneForOne };
    let supervisor = Supervisor::start(world.clone(), spec).await.unwrap();
    let notes = Notes::default();
    let (a, first) = scribe(&world, "a", &notes, limits);
    let (b, second) = scribe(&world, "b", &notes, limits);
    supervisor.add(first).await.unwrap();
    supervisor.add(second).await.unwrap();
    (world, journal, supervisor, notes, a, b)
}

async fn settle() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test(start_paused = true)]
async fn r01_a_failure_stays_local_and_the_queue_outlives_it() {
    let (world, _, _, notes, a, b) = house(Limits::LEAF).await;
    a.tell(Say::Panic);
    a.tell(Say::Note(1));
    b.tell(Say::Note(2));
    settle().await;
    a.tell(Say::Fail);
    a.tell(Say::Note(3));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut notes = notes.lock().unwrap().clone();
    notes.sort();
    assert_eq!(notes, ["a 1", "a 3", "a starts 1", "a starts 2", "a starts 3", "b 2", "b starts 1"]);
    assert_eq!(world.registry().child("devices/a").unwrap().restarts, 2);
    assert_eq!(world.registry().child("devices/b").unwrap().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn r02_a_crash_loop_ends_in_quarantine_with_slow_retries() {
    let (world, journal, _, notes, a, b) = house(Limits::LEAF).await;
    for _ in 0..24 * 60 {
        a.tell(Say::Panic);
        tokio::time::sleep(Duration::from_secs(60)).await;
        if world.registry().child("devices/a").unwrap().state == ChildState::Quarantined {
            break;
        }
        for _ in 0..10 {
            a.tell(Say::Panic);
        }
    }
    let report = world.registry().child("devices/a").unwrap();
    assert_eq!(report.state, ChildState::Quarantined);
    assert_eq!(report.last_error.as_deref(), Some("the scribe panics"));
    let before = report.restarts;
    for _ in 0..24 * 60 {
        a.tell(Say::Panic);
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let restarts = world.registry().child("devices/a").unwrap().restarts - before;
    assert!((20..=60).contains(&restarts), "{restarts} tries in 24 hours");
    let told = journal.events().iter().any(
        |e| matches!(&e.body, Body::Child { path, change: ChildChange::Quarantined, .. } if path == "devices/a"),
    );
    assert!(told, "the quarantine is in the journal");
    b.tell(Say::Note(9));
    settle().await;
    assert!(notes.lock().unwrap().contains(&"b 9".to_owned()));
    assert_eq!(world.registry().child("devices/b").unwrap().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn r03_a_handler_that_awaits_for_ever_is_replaced() {
    let (_, _, _, notes, a, _) = house(Limits::LEAF).await;
    a.tell(Say::Hang);
    a.tell(Say::Note(1));
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert!(notes.lock().unwrap().contains(&"a 1".to_owned()), "{:?}", notes.lock().unwrap());
}

#[tokio::test(start_paused = true)]
async fn r05_every_ask_ends() {
    let (_, _, _, _, a, _) = house(Limits::LEAF).await;
    let second = Duration::from_secs(1);
    assert_eq!(a.ask(Say::Ask, second).await, Ok(7));
    assert!(matches!(a.ask(Say::Ignore, second).await, Err(AskError::Late(..))));
    // The replies it kept die with it: an asker that still waits is told.
    let asker = a.clone();
    let waiting = tokio::spawn(async move { asker.ask(Say::Ignore, second).await });
    tokio::time::sleep(Duration::from_millis(10)).await;
    a.tell(Say::Panic);
    assert!(matches!(waiting.await.unwrap(), Err(AskError::Dropped(_))));
    let (_, _, _, _, a, _) = house(Limits::LEAF).await;
    a.tell(Say::Hang);
    assert!(matches!(a.ask(Say::Ask, second).await, Err(AskError::Late(..))));
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_refuses_and_says_so() {
    let (world, _) = world();
    let address: Address<Say> = Address::with_capacity("full", world.load(), 2);
    assert!(address.send(Say::Note(1)).is_ok());
    assert!(address.send(Say::Note(2)).is_ok());
    assert!(address.send(Say::Note(3)).is_err());
    assert_eq!(world.load().waiting(), 2);
    assert_eq!(address.stats().refused.load(Ordering::Relaxed), 1);
    drop(address);
    assert_eq!(world.load().waiting(), 0, "what nobody will read does not count as load");
}

#[tokio::test(start_paused = true)]
async fn a_stop_runs_in_reverse_and_handles_what_waits() {
    let (_, _, supervisor, notes, a, b) = house(Limits::LEAF).await;
    settle().await;
    notes.lock().unwrap().clear();
    a.tell(Say::Note(1));
    b.tell(Say::Note(2));
    supervisor.stop().await.unwrap();
    let notes = notes.lock().unwrap().clone();
    let place = |s: &str| notes.iter().position(|n| n == s).unwrap_or_else(|| panic!("{s} in {notes:?}"));
    assert!(place("b 2") < place("b stops"));
    assert!(place("b stops") < place("a stops"));
    assert!(place("a 1") < place("a stops"));
}

#[tokio::test(start_paused = true)]
async fn an_essential_child_that_keeps_failing_ends_the_household() {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(0)));
    let (world, fatal) = World::new(Ports {
        clock: clock.clone(),
        chance: Arc::new(SeededChance::new(1)),
        blocking: Arc::new(InlineBlocking),
        journal: Arc::new(MemoryJournal::new(clock)),
    });
    let spec = SupervisorSpec { path: "core".into(), strategy: Strategy::RestForOne };
    let supervisor = Supervisor::start(world.clone(), spec).await.unwrap();
    let notes = Notes::default();
    let (a, first) = scribe(&world, "a", &notes, Limits::CORE);
    let (_b, second) = scribe(&world, "b", &notes, Limits::CORE);
    supervisor.add(first).await.unwrap();
    supervisor.add(second).await.unwrap();
    a.tell(Say::Panic);
    settle().await;
    assert_eq!(
        notes.lock().unwrap().iter().filter(|n| n.starts_with("b starts")).count(),
        2,
        "followers too"
    );
    for _ in 0..10 {
        a.tell(Say::Panic);
    }
    let reason = tokio::time::timeout(Duration::from_secs(60), fatal).await.unwrap().unwrap();
    assert!(reason.contains("core/a"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn two_households_do_not_see_each_other() {
    let (one, _) = world();
    let (two, _) = world();
    let heard = Arc::new(AtomicU32::new(0));
    let count = heard.clone();
    one.bus().subscribe(&"x".into(), vec![Interest::Everything], move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let draft = || {
        lares_model::Draft::new(
            lares_model::NodeId::household(),
            lares_model::Origin::System,
            Body::Notice { text: "hello".into() },
        )
    };
    two.publish(draft());
    assert_eq!(heard.load(Ordering::SeqCst), 0);
    one.publish(draft());
    assert_eq!(heard.load(Ordering::SeqCst), 1);
    one.bus().unsubscribe("x");
    one.publish(draft());
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}
