//! Where calls and the receptionist's steps meet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use lares_kernel::World;
use lares_kernel::wire::{
    Call, CallSign, CallStep, Callee, Gateway, Inbound, Outbound, Qos, Sink, call_address, call_of,
};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};

use super::line::Line;
use super::saying::Voice;
use crate::voice::{Hearing, Rooms};

/// Steps that wait for a line: one ends the one before.
const STEPS: usize = 16;

/// What the desk needs.
#[derive(Clone)]
pub struct DeskSetup {
    pub world: World,
    /// The telephone's link.
    pub link: Arc<dyn Sink>,
    pub hearing: Hearing,
    pub voice: Voice,
    /// Where somebody can speak with a caller.
    pub rooms: Rooms,
    /// Where lines run.
    pub runtime: Handle,
}

/// All lines of a household.
pub struct Desk {
    setup: DeskSetup,
    lines: Arc<Mutex<BTreeMap<Arc<str>, Sender<CallStep>>>>,
}

impl Desk {
    pub fn new(setup: DeskSetup) -> Arc<Self> {
        Arc::new(Self { setup, lines: Arc::default() })
    }

    /// Ends all lines.
    pub fn end(&self) {
        lock(&self.lines).clear();
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the receptionist what happened on a line.
pub(super) fn sign(setup: &DeskSetup, call: &str, sign: &CallSign) {
    let Ok(bytes) = serde_json::to_vec(sign) else { return };
    setup.link.inbound(Inbound {
        address: call_address(call).into(),
        bytes: Bytes::from(bytes),
        at: setup.world.clock().now(),
        retained: false,
        ack: None,
    });
}

impl Callee for Desk {
    fn call(&self, call: Call) {
        let (sender, steps) = channel(STEPS);
        let id = call.id.clone();
        lock(&self.lines).insert(id.clone(), sender);
        let (lines, setup) = (self.lines.clone(), self.setup.clone());
        self.setup.runtime.spawn(async move {
            Line::new(call, steps, setup).run().await;
            lock(&lines).remove(&id);
        });
    }
}

impl Gateway for Desk {
    fn send(&self, message: Outbound) {
        let Some(call) = call_of(&message.address) else { return };
        let Ok(step) = serde_json::from_slice::<CallStep>(&message.bytes) else {
            tracing::error!(call, "a step for a line cannot be read");
            return;
        };
        let sent = match lock(&self.lines).get(call) {
            Some(line) => line.try_send(step).is_ok(),
            None => false,
        };
        if !sent {
            sign(&self.setup, call, &CallSign::Ended { why: "the line is gone".to_owned() });
        }
    }

    /// All that happens on lines is for their link.
    fn subscribe(&self, _: Vec<(String, Qos)>) {}
}
