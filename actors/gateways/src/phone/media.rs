//! The sound of one call: what comes is put in order and handed on, what is to be said is sent at the pace of speech.

use std::time::Duration;

use lares_kernel::wire::{CALL_RATE, CallHeard, FRAME_MS, Law};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::opus::{Answer, Ask, Opus};
use super::rtp::{Keys, Order, Packet, Turn, Writer};
use super::sdp::{Agreed, Coding};

/// Samples of a frame.
pub const FRAME: usize = (CALL_RATE as u64 * FRAME_MS / 1_000) as usize;
/// The longest packet that is read.
const PACKET: usize = 2_048;

/// Begins to read and write one call's Opus.
pub type StartOpus = std::sync::Arc<dyn Fn() -> Opus + Send + Sync>;

/// Frames that are later than this are not made up for.
const PAUSE: Duration = Duration::from_millis(500);

/// Both ways of one call's sound.
pub struct Media {
    pub socket: UdpSocket,
    /// Follows what the caller asks for in the middle of a call.
    pub agreed: watch::Receiver<Agreed>,
    pub heard: Sender<CallHeard>,
    pub sound: Receiver<Vec<i16>>,
    pub opus: StartOpus,
    pub random: u64,
}

impl Media {
    /// Runs until it is dropped, or says why it cannot go on.
    pub async fn run(mut self) -> String {
        let mut plan = *self.agreed.borrow();
        let mut opus = self.opus_of(&plan);
        let mut ticks = tokio::time::interval(Duration::from_millis(FRAME_MS));
        // What is a little late is made up for: a call that falls behind on a busy machine would lose what is said in it.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut writer = Writer::new(plan.coding.payload(), self.random);
        let (mut order, mut keys) = (Order::default(), Keys::default());
        let mut to = plan.to;
        let mut buffer = [0; PACKET];
        loop {
            tokio::select! {
                biased;
                due = ticks.tick() => {
                    // After a pause of this machine it goes on, and does not hurry.
                    if due.elapsed() > PAUSE {
                        ticks.reset();
                    }
                    // Silence is sent too: the other end would take its absence for the end of the line.
                    let frame = self.sound.try_recv().unwrap_or_else(|_| vec![0; FRAME]);
                    match (plan.coding, &opus) {
                        (Coding::G711(law), _) => {
                            let bytes = writer.packet(&law.encode(&frame), plan.coding.ticks());
                            let _ = self.socket.send_to(&bytes, to).await;
                        }
                        (Coding::Opus { .. }, Some(opus)) => opus.ask(Ask::Say(frame)),
                        (Coding::Opus { .. }, None) => {}
                    }
                }
                answer = answer_of(&mut opus) => match answer {
                    Answer::Packet(bytes) => {
                        let bytes = writer.packet(&bytes, plan.coding.ticks());
                        let _ = self.socket.send_to(&bytes, to).await;
                    }
                    Answer::Sound(samples) => self.give(CallHeard::Sound(samples)),
                    Answer::Ended(why) => return why,
                },
                changed = self.agreed.changed() => {
                    if changed.is_err() {
                        return "the line is gone".to_owned();
                    }
                    plan = *self.agreed.borrow_and_update();
                    // Nothing of what was under way in the other coding comes after this.
                    match (plan.coding, &opus) {
                        (Coding::G711(_), _) => opus = None,
                        (Coding::Opus { .. }, None) => opus = self.opus_of(&plan),
                        (Coding::Opus { .. }, Some(_)) => {}
                    }
                    writer.payload_type = plan.coding.payload();
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
                    self.hear(&plan, &packet, &mut order, &mut keys, opus.as_ref());
                }
            }
        }
    }

    fn opus_of(&self, plan: &Agreed) -> Option<Opus> {
        matches!(plan.coding, Coding::Opus { .. }).then(|| (self.opus)())
    }

    /// Whoever does not keep up loses sound, never a key: a line has room for seconds.
    fn give(&self, heard: CallHeard) {
        if self.heard.try_send(heard).is_err() {
            tracing::trace!("a frame of a call is lost: nobody takes it");
        }
    }

    fn hear(
        &self,
        plan: &Agreed,
        packet: &Packet<'_>,
        order: &mut Order,
        keys: &mut Keys,
        opus: Option<&Opus>,
    ) {
        let turn = order.take(packet.sequence);
        if plan.keys.is_some_and(|keys| keys.payload == packet.payload_type) {
            if let Some(key) = keys.take(packet) {
                self.give(CallHeard::Key(key));
            }
            return;
        }
        let Turn::Next { lost } = turn else { return };
        let is_sound = packet.payload_type == plan.coding.payload();
        match (plan.coding, opus) {
            (Coding::G711(law), _) => self.hear_law(law, lost, packet.payload, is_sound),
            (Coding::Opus { .. }, Some(opus)) if is_sound => {
                let lost = u8::try_from(lost).unwrap_or(u8::MAX);
                opus.ask(Ask::Hear { lost, packet: packet.payload.to_vec() });
            }
            (Coding::Opus { .. }, _) => {}
        }
    }

    /// What is lost is silence: words stay as long as they were.
    fn hear_law(&self, law: Law, lost: u16, payload: &[u8], is_sound: bool) {
        (0..lost).for_each(|_| self.give(CallHeard::Sound(vec![0; payload.len().min(FRAME * 4)])));
        if is_sound {
            self.give(CallHeard::Sound(law.decode(payload)));
        }
    }
}

/// What comes of an Opus, where there is one.
async fn answer_of(opus: &mut Option<Opus>) -> Answer {
    match opus {
        Some(opus) => opus.answer().await,
        None => std::future::pending().await,
    }
}
