//! One line: does the step that it was told last, and tells what happens.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lares_config::PHONE;
use lares_kernel::wire::{Call, CallHeard, CallOrder, CallSign, CallStep, SOUND_KIND};
use lares_model::{Body, Draft, NodeId, NodeKind, Origin};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::JoinHandle;

use super::desk::{DeskSetup, sign};
use super::listening::Listening;
use super::saying;
use crate::voice::Connected;

/// A caller whose sound stops coming for so long says nothing more.
const NO_SOUND: Duration = Duration::from_secs(4);
/// How often a line rings until it is told what to do. The first time may be before the receptionist hears, or while it is started anew.
const RINGS: Duration = Duration::from_secs(1);
/// A line that is told nothing for so long rings no more. Exchanges give up after three minutes (RFC 3261, 13.3.1.1).
const UNANSWERED: Duration = Duration::from_secs(120);
/// No call is longer: one that nobody ends would hold a line for ever.
const LONGEST: Duration = Duration::from_secs(1_800);
/// Version of a piece of sound: mu-law, 8 kHz.
const SOUND: u8 = 1;

pub(super) struct Line {
    id: Arc<str>,
    setup: DeskSetup,
    rings: CallSign,
    answered: bool,
    heard: Receiver<CallHeard>,
    orders: Sender<CallOrder>,
    sound: Sender<Vec<i16>>,
    steps: Receiver<CallStep>,
    saying: Option<Task<()>>,
    listening: Option<Listening>,
    /// Where somebody speaks with the caller.
    room: Option<Connected>,
    /// What was heard, on its way through a recogniser.
    recognising: Option<Task<(Option<String>, String, f64)>>,
}

/// Ends with its owner.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> Task<T> {
    fn new(work: impl Future<Output = T> + Send + 'static) -> Option<Self> {
        Some(Self(tokio::spawn(work)))
    }
}

/// What comes of a task that may be there; a task that failed gives nothing.
async fn done<T>(task: &mut Option<Task<T>>) -> Option<T> {
    let Some(running) = task else { return std::future::pending().await };
    let came = (&mut running.0).await.ok();
    *task = None;
    came
}

/// What the room says; nothing: nobody there speaks any more.
async fn from_room(room: &mut Option<Connected>) -> Option<Vec<i16>> {
    match room {
        Some(room) => room.from_room.recv().await,
        None => std::future::pending().await,
    }
}

impl Line {
    pub fn new(call: Call, steps: Receiver<CallStep>, setup: DeskSetup) -> Self {
        let Call { id, number, name, called, heard, orders, sound } = call;
        let rings = CallSign::Ringing { number, name, called };
        let (answered, saying, listening, room, recognising) = Default::default();
        Self { id, setup, rings, answered, heard, orders, sound, steps, saying, listening, room, recognising }
    }

    fn sign(&self, what: CallSign) {
        sign(&self.setup, &self.id, &what);
    }

    /// Until the call is over.
    pub async fn run(mut self) {
        let ends = tokio::time::sleep(LONGEST);
        let unanswered = tokio::time::sleep(UNANSWERED);
        tokio::pin!(ends, unanswered);
        let mut rings = tokio::time::interval(RINGS);
        let (mut ringing, mut told) = (true, true);
        loop {
            tokio::select! {
                biased;
                step = self.steps.recv(), if told => match step {
                    Some(step) => {
                        ringing = false;
                        self.begin(step).await;
                    }
                    // The desk is cleared.
                    None => {
                        (ringing, told) = (false, false);
                        let _ = self.orders.try_send(CallOrder::HangUp);
                    }
                },
                heard = self.heard.recv() => match heard {
                    Some(CallHeard::Ended(why)) => return self.ended(why).await,
                    Some(heard) => self.take(heard),
                    None => return self.ended("the line broke".to_owned()).await,
                },
                _ = done(&mut self.saying) => self.sign(CallSign::Said),
                heard = done(&mut self.recognising) => self.recognised(heard),
                frame = from_room(&mut self.room) => match frame {
                    // Whoever does not keep up loses sound, and does not hear it late.
                    Some(frame) => drop(self.sound.try_send(frame)),
                    None => {
                        self.room = None;
                        self.sign(CallSign::Talked { why: "it was ended in the room".to_owned() });
                    }
                },
                () = tokio::time::sleep(NO_SOUND), if self.listening.is_some() => self.stop_listening(),
                _ = rings.tick(), if ringing => self.sign(self.rings.clone()),
                () = &mut unanswered, if ringing => {
                    tracing::warn!(call = &*self.id, "a call is turned away: the receptionist did not take it");
                    let _ = self.orders.try_send(CallOrder::Decline);
                    return self.ended("nobody answered".to_owned()).await;
                }
                () = &mut ends => {
                    let _ = self.orders.try_send(CallOrder::HangUp);
                    return self.ended("it was too long".to_owned()).await;
                }
            }
        }
    }

    async fn begin(&mut self, step: CallStep) {
        // It rang twice before the receptionist's first word.
        if self.answered && matches!(step, CallStep::Answer) {
            return;
        }
        // What was under way ends; what was listened to by then is heard.
        (self.saying, self.room) = (None, None);
        if self.listening.is_some() && !matches!(step, CallStep::HangUp) {
            self.let_go();
        }
        let order = match step {
            CallStep::Say { text, language } => {
                self.saying =
                    Task::new(saying::say(text, language, self.setup.voice.clone(), self.sound.clone()));
                return;
            }
            CallStep::Listen { seconds, tone, keep } => {
                if tone {
                    saying::tone(self.sound.clone()).await;
                }
                self.listening = Some(Listening::new(&self.setup.hearing, seconds, keep));
                return;
            }
            CallStep::Talk { rooms } => {
                match self.setup.rooms.connect(&rooms).await {
                    Ok(connected) => {
                        self.sign(CallSign::Talking { room: connected.room.clone() });
                        self.room = Some(connected);
                    }
                    Err(why_not) => self.sign(CallSign::Handed { why_not }),
                }
                return;
            }
            CallStep::Hold => return,
            CallStep::Decline => CallOrder::Decline,
            CallStep::Answer => CallOrder::Answer,
            CallStep::Hand { to } => CallOrder::Hand(to),
            CallStep::HangUp => CallOrder::HangUp,
        };
        let answers = matches!(order, CallOrder::Answer);
        if self.orders.send(order).await.is_ok() && answers {
            self.answered = true;
            self.sign(CallSign::Answered);
        }
    }

    fn take(&mut self, heard: CallHeard) {
        match heard {
            CallHeard::Sound(samples) => {
                if let Some(room) = &self.room {
                    let _ = room.to_room.try_send(samples);
                    return;
                }
                let Some(listening) = &mut self.listening else { return };
                let piece = listening.push(&samples);
                let over = listening.is_over();
                if let Some(piece) = piece {
                    self.keep(piece);
                }
                if over {
                    self.stop_listening();
                }
            }
            CallHeard::Key(key) => {
                // What was said before the key belongs to what was listened for.
                if self.listening.is_some() && key == '#' {
                    self.stop_listening();
                } else {
                    self.sign(CallSign::Key { key });
                }
            }
            CallHeard::Handed(came) => {
                self.sign(CallSign::Handed { why_not: came.err().unwrap_or_default() })
            }
            CallHeard::Ended(_) => {}
        }
    }

    /// A piece of sound is an entry of the journal about its call: sealed, synced and forgotten with it.
    fn keep(&self, bytes: Vec<u8>) {
        let subject = NodeId::derive(NodeKind::Call.name(), &self.id);
        let body = Body::Other { kind: SOUND_KIND, version: SOUND, bytes };
        self.setup.world.publish(Draft::new(subject, Origin::Link(PHONE.into()), body));
    }

    fn stop_listening(&mut self) {
        let Some(mut listening) = self.listening.take() else { return };
        if let Some(piece) = listening.last() {
            self.keep(piece);
        }
        self.recognising = Task::new(listening.finish());
    }

    /// Another step came in the middle of it: its sound stays, its words are nobody's any more.
    fn let_go(&mut self) {
        let Some(mut listening) = self.listening.take() else { return };
        if let Some(piece) = listening.last() {
            self.keep(piece);
        }
        let kept = listening.seconds();
        self.sign(CallSign::Heard { text: None, remark: String::new(), kept });
    }

    fn recognised(&mut self, heard: Option<(Option<String>, String, f64)>) {
        let failed = || (None, "it is not understood: the recogniser failed".to_owned(), 0.0);
        let (text, remark, kept) = heard.unwrap_or_else(failed);
        self.sign(CallSign::Heard { text, remark, kept });
    }

    /// What was said by then is part of the call.
    async fn ended(&mut self, why: String) {
        self.stop_listening();
        if self.recognising.is_some() {
            let heard = done(&mut self.recognising).await;
            self.recognised(heard);
        }
        self.sign(CallSign::Ended { why });
    }
}
