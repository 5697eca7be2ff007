//! The sound of one call: what comes is put in order and handed on, what is to be said is sent at the pace of speech.

use std::net::SocketAddr;
use std::time::Duration;

use lares_kernel::wire::{CALL_RATE, CallHeard, FRAME_MS};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::rtp::{Keys, Order, Packet, Turn, Writer};
use super::sdp::Agreed;

/// Samples of a frame.
pub const FRAME: usize = (CALL_RATE as u64 * FRAME_MS / 1_000) as usize;
/// The longest packet that is read.
const PACKET: usize = 2_048;

/// Both ways of one call's sound.
pub struct Media {
    pub socket: UdpSocket,
    /// Follows what the caller asks for in the middle of a call.
    pub agreed: watch::Receiver<Agreed>,
    pub heard: Sender<CallHeard>,
    pub sound: Receiver<Vec<i16>>,
    pub random: u64,
}

impl Media {
    /// Runs until it is dropped.
    pub async fn run(mut self) {
        let mut plan = *self.agreed.borrow();
        let mut ticks = tokio::time::interval(Duration::from_millis(FRAME_MS));
        // After a pause of this machine the call goes on; it does not hurry.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut writer = Writer::new(plan.law.payload(), self.random);
        let (mut order, mut keys) = (Order::default(), Keys::default());
        let mut to = plan.to;
        let mut buffer = [0; PACKET];
        loop {
            tokio::select! {
                biased;
                _ = ticks.tick() => {
                    // Silence is sent too: the other end would take its absence for the end of the line.
                    let frame = self.sound.try_recv().unwrap_or_else(|_| vec![0; FRAME]);
                    let bytes = writer.packet(&plan.law.encode(&frame), frame.len() as u32);
                    let _ = self.socket.send_to(&bytes, to).await;
                }
                changed = self.agreed.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    plan = *self.agreed.borrow_and_update();
                    writer.payload_type = plan.law.payload();
                    to = plan.to;
                }
                came = self.socket.recv_from(&mut buffer) => {
                    let Ok((length, from)) = came else { continue };
                    // Nobody but the caller's machine; behind a translating router it has another port.
                    if from.ip() != plan.to.ip() {
                        continue;
                    }
                    to = from;
                    let Some(packet) = buffer.get(..length).and_then(Packet::read) else { continue };
                    if let Some(heard) = hear(&plan, &packet, &mut order, &mut keys) {
                        heard.into_iter().for_each(|heard| self.give(heard, from));
                    }
                }
            }
        }
    }

    /// Whoever does not keep up loses sound, never a key: a line has room for seconds.
    fn give(&self, heard: CallHeard, from: SocketAddr) {
        if self.heard.try_send(heard).is_err() {
            tracing::trace!(%from, "a frame of a call is lost: nobody takes it");
        }
    }
}

fn hear(plan: &Agreed, packet: &Packet<'_>, order: &mut Order, keys: &mut Keys) -> Option<Vec<CallHeard>> {
    let turn = order.take(packet.sequence);
    if Some(packet.payload_type) == plan.keys {
        return keys.take(packet).map(|key| vec![CallHeard::Key(key)]);
    }
    let Turn::Next { lost } = turn else { return None };
    // What is lost is silence: words stay as long as they were.
    let mut out: Vec<CallHeard> =
        (0..lost).map(|_| CallHeard::Sound(vec![0; packet.payload.len().min(FRAME * 4)])).collect();
    if packet.payload_type == plan.law.payload() {
        out.push(CallHeard::Sound(plan.law.decode(packet.payload)));
    }
    Some(out)
}
