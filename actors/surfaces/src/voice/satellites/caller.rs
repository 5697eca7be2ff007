//! A caller in a room: what they say is heard there, and they hear what the room says, one at a time: a loudspeaker would come back to them
//! by the microphone beside it.

use lares_kernel::wire::{CALL_RATE, FRAME_MS};
use tokio::sync::mpsc::{Receiver, Sender};

use super::conversation::Stage;
use super::dialog::Tell;
use super::interrupt::Interrupt;
use super::session::Session;
use crate::voice::Talk;
use crate::voice::sound::{RATE, Resampler};

/// Samples of a frame.
const FRAME: usize = (CALL_RATE as u64 * FRAME_MS / 1_000) as usize;
/// Louder than this on average, somebody speaks.
const SPEAKS: i64 = 500;
/// So many frames after the last loud one of the caller's the room is not heard: a loudspeaker is late, and rooms ring on.
const AFTER: u32 = 25;

/// A caller who is there.
pub struct Caller {
    from: Receiver<Vec<i16>>,
    to: Sender<Vec<i16>>,
    gate: Gate,
    resampler: Resampler,
    rest: Vec<i16>,
}

/// Who of both is heard.
#[derive(Default)]
struct Gate(u32);

impl Gate {
    /// A frame of the caller's.
    fn caller(&mut self, frame: &[i16]) {
        self.0 = if is_loud(frame) { AFTER } else { self.0.saturating_sub(1) };
    }

    /// A frame of the room's, as the caller hears it.
    fn room(&self, frame: Vec<i16>) -> Vec<i16> {
        if self.0 > 0 { vec![0; frame.len()] } else { frame }
    }
}

fn is_loud(frame: &[i16]) -> bool {
    let sum: i64 = frame.iter().map(|s| i64::from(s.unsigned_abs())).sum();
    sum > SPEAKS * frame.len().max(1) as i64
}

impl Caller {
    fn new(from: Receiver<Vec<i16>>, to: Sender<Vec<i16>>) -> Self {
        let resampler = Resampler::new(RATE, CALL_RATE);
        Self { from, to, gate: Gate::default(), resampler, rest: Vec::new() }
    }

    /// Samples of the room at 16 kHz. Whoever does not keep up loses sound.
    fn hears(&mut self, samples: &[i16]) {
        self.rest.extend(self.resampler.push(samples));
        while self.rest.len() >= FRAME {
            let frame: Vec<i16> = self.rest.drain(..FRAME).collect();
            let _ = self.to.try_send(self.gate.room(frame));
        }
    }
}

/// The next frame of a caller who is there; nothing: they are not any more.
pub async fn says(caller: &mut Option<Caller>) -> Option<Vec<i16>> {
    match caller {
        Some(caller) => caller.from.recv().await,
        None => std::future::pending().await,
    }
}

impl Session<'_> {
    /// Somebody in the room takes a call, and speaks with the caller here, where that can be.
    pub async fn take_caller(&mut self, talk: Talk) -> Result<(), String> {
        let why_not = match self.stage {
            _ if *self.line.muted.borrow() => Some("it is muted"),
            _ if self.ends.whole => Some("it takes no sound as it comes"),
            _ if self.caller.is_some() => Some("somebody speaks there already"),
            // Only what sends all it hears has a microphone that a caller can hear.
            Some(Stage::Wake) => None,
            _ => Some("it sends nothing before it hears its own wake word"),
        };
        if talk.taken.send(why_not.map_or(Ok(()), |why| Err(why.to_owned()))).is_err() || why_not.is_some() {
            return Ok(());
        }
        self.hush().await?;
        self.forget();
        self.caller = Some(Caller::new(talk.from_caller, talk.to_caller));
        self.lower().await;
        self.tell(Tell::SoundBegins(CALL_RATE)).await?;
        self.saying_at = Some(CALL_RATE);
        Ok(())
    }

    /// A frame of the caller's, or their end.
    pub async fn caller_says(&mut self, frame: Option<Vec<i16>>) -> Result<(), String> {
        let Some(frame) = frame else { return self.caller_leaves().await };
        if let Some(caller) = &mut self.caller {
            caller.gate.caller(&frame);
        }
        self.tell(Tell::Sound(frame, CALL_RATE)).await
    }

    /// What the room says goes to the caller, and to nobody else: no sentence of theirs or of a caller's, by the loudspeaker, does anything. Only
    /// that it is enough is listened for.
    pub fn caller_hears(&mut self, samples: &[i16]) {
        if let Some(caller) = &mut self.caller {
            caller.hears(samples);
            self.overhear(samples);
        }
    }

    /// What was heard while they speak.
    pub async fn looked_at_talk(&mut self, text: &str) -> Result<(), String> {
        if self.conversation.is_enough(text) { self.caller_leaves().await } else { Ok(()) }
    }

    async fn caller_leaves(&mut self) -> Result<(), String> {
        self.caller = None;
        self.interrupt = Interrupt::default();
        self.hush().await?;
        self.forget();
        self.tell(Tell::Nothing).await?;
        self.next_call();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_the_caller_speaks_and_a_little_longer_they_do_not_hear_themselves() {
        let mut gate = Gate::default();
        let (loud, soft) = (vec![900; FRAME], vec![20; FRAME]);
        assert_eq!(gate.room(loud.clone()), loud);
        gate.caller(&loud);
        assert_eq!(gate.room(loud.clone()), vec![0; FRAME]);
        (1..AFTER).for_each(|_| gate.caller(&soft));
        assert_eq!(gate.room(loud.clone()), vec![0; FRAME]);
        gate.caller(&soft);
        assert_eq!(gate.room(loud.clone()), loud);
    }

    #[tokio::test]
    async fn a_room_is_heard_in_frames_of_a_telephone() {
        let ((_says, from), (to, mut hears)) =
            (tokio::sync::mpsc::channel(1), tokio::sync::mpsc::channel(100));
        let mut caller = Caller::new(from, to);
        (0..100).for_each(|_| caller.hears(&[700; 160]));
        let mut frames = 0;
        while let Ok(frame) = hears.try_recv() {
            assert_eq!(frame.len(), FRAME);
            frames += 1;
        }
        assert!((47..=50).contains(&frames), "{frames} frames of a second");
    }
}
