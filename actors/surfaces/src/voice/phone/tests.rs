//! Lines and a receptionist that does not hear at once, in virtual time.
//!
//! Meant to fail it: ringing once (`RINGS`), doing an answer twice, ringing for ever (`UNANSWERED`).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use lares_kernel::wire::{
    Call, CallHeard, CallOrder, CallSign, CallStep, Callee, Delivery, Gateway, Inbound, Outbound, Qos, Sink,
    WireState, call_address,
};
use lares_kernel::{Clock, InlineBlocking, MemoryJournal, Ports, SeededChance, VirtualClock, World};
use lares_model::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::desk::{Desk, DeskSetup};
use super::saying::Voice;

/// What came from lines.
#[derive(Default)]
struct Heard(Mutex<Vec<CallSign>>);

impl Sink for Heard {
    fn inbound(&self, message: Inbound) {
        self.0.lock().unwrap().push(serde_json::from_slice(&message.bytes).unwrap());
    }

    fn pressed(&self) -> bool {
        false
    }

    fn state(&self, _: WireState) {}

    fn delivered(&self, _: Delivery) {}
}

impl Heard {
    fn count(&self, is: impl Fn(&CallSign) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|sign| is(sign)).count()
    }

    fn rings(&self) -> usize {
        self.count(|sign| matches!(sign, CallSign::Ringing { .. }))
    }
}

struct Ringing {
    desk: Arc<Desk>,
    heard: Arc<Heard>,
    caller: Sender<CallHeard>,
    orders: Receiver<CallOrder>,
    sound: Receiver<Vec<i16>>,
}

fn ringing() -> Ringing {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(Timestamp(0)));
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let ports =
        Ports { clock, chance: Arc::new(SeededChance::new(1)), blocking: Arc::new(InlineBlocking), journal };
    let heard = Arc::new(Heard::default());
    let voice =
        Voice { speaking: Default::default(), speech: Arc::new(Default::default), data: Default::default() };
    let desk = Desk::new(DeskSetup {
        world: World::new(ports).0,
        link: heard.clone(),
        hearing: Default::default(),
        voice,
        rooms: Default::default(),
        runtime: tokio::runtime::Handle::current(),
    });
    let ((caller, told), (to, orders), (frames, sound)) = (channel(8), channel(8), channel(8));
    let number = "5551234".to_owned();
    let (name, called) = Default::default();
    desk.call(Call { id: "c".into(), number, name, called, heard: told, orders: to, sound: frames });
    Ringing { desk, heard, caller, orders, sound }
}

impl Ringing {
    fn step(&self, step: &CallStep) {
        self.desk.send(Outbound {
            address: call_address("c").into(),
            bytes: Bytes::from(serde_json::to_vec(step).unwrap()),
            retain: false,
            qos: Qos::AtMostOnce,
            expires: None,
            key: None,
        });
    }
}

async fn seconds(n: u64) {
    tokio::time::sleep(Duration::from_millis(n * 1_000 + 10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_line_rings_until_it_is_told_what_to_do_and_is_answered_once() {
    let mut line = ringing();
    seconds(3).await;
    assert_eq!(line.heard.rings(), 4, "at once, and each second");
    // What was lost does not matter; what was heard twice is told twice.
    line.step(&CallStep::Answer);
    line.step(&CallStep::Hold);
    line.step(&CallStep::Answer);
    seconds(5).await;
    assert!(matches!(line.orders.try_recv(), Ok(CallOrder::Answer)));
    assert!(line.orders.try_recv().is_err());
    assert_eq!(line.heard.count(|sign| *sign == CallSign::Answered), 1);
    assert_eq!(line.heard.rings(), 4);
    line.caller.send(CallHeard::Ended("hung up".to_owned())).await.unwrap();
    seconds(1).await;
    assert_eq!(line.heard.0.lock().unwrap().last(), Some(&CallSign::Ended { why: "hung up".to_owned() }));
    assert!(line.sound.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_line_that_nobody_takes_is_turned_away() {
    let mut line = ringing();
    seconds(119).await;
    assert!(line.orders.try_recv().is_err());
    seconds(2).await;
    assert!(matches!(line.orders.try_recv(), Ok(CallOrder::Decline)));
    assert_eq!(line.heard.count(|sign| matches!(sign, CallSign::Ended { .. })), 1);
}
