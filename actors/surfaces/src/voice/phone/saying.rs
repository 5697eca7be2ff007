//! Words and tones for a caller, in frames of the wire.

use std::path::PathBuf;
use std::sync::Arc;

use lares_config::SpeechConfig;
use lares_kernel::wire::{CALL_RATE, FRAME_MS};
use tokio::sync::mpsc::Sender;

use crate::voice::Speaking;
use crate::voice::sound::{Resampler, Sound};

/// Samples of a frame.
const FRAME: usize = (CALL_RATE as u64 * FRAME_MS / 1_000) as usize;
/// The tone after which somebody speaks: its pitch, and how long it is.
const PITCH: f64 = 440.0;
const TONE_MS: usize = 300;
/// Quieter than words: it is no alarm.
const LOUD: f64 = 8_000.0;

/// The voice that callers hear: the household's, as it is set now. How loud it is is for rooms.
#[derive(Clone)]
pub struct Voice {
    pub speaking: Speaking,
    pub speech: Arc<dyn Fn() -> SpeechConfig + Send + Sync>,
    /// The data folder.
    pub data: PathBuf,
}

/// Says words; returns when the caller has heard them. What cannot be said is silence, and an entry of the log.
pub async fn say(text: String, language: String, by: Voice, line: Sender<Vec<i16>>) {
    match by.speaking.say(&text, &language, &(by.speech)(), &by.data).await {
        Ok(sound) => send(&at_8k(&sound), &line).await,
        Err(why) => tracing::error!(why, "a caller hears nothing"),
    }
}

pub async fn tone(line: Sender<Vec<i16>>) {
    send(&beep(), &line).await;
}

async fn send(samples: &[i16], line: &Sender<Vec<i16>>) {
    for frame in samples.chunks(FRAME) {
        let mut frame = frame.to_vec();
        frame.resize(FRAME, 0);
        if line.send(frame).await.is_err() {
            return;
        }
    }
    // All of it has gone when there is room for all again.
    drop(line.reserve_many(line.max_capacity()).await);
}

fn at_8k(sound: &Sound) -> Vec<i16> {
    if sound.rate == CALL_RATE {
        return sound.samples.clone();
    }
    let mut to = Resampler::new(sound.rate, CALL_RATE);
    let mut out = to.push(&sound.samples);
    out.extend(to.finish());
    out
}

fn beep() -> Vec<i16> {
    let count = CALL_RATE as usize * TONE_MS / 1_000;
    let at = |n: usize| {
        let edge = (n.min(count - n) as f64 / 80.0).min(1.0);
        let turn = std::f64::consts::TAU * PITCH * n as f64 / f64::from(CALL_RATE);
        (turn.sin() * LOUD * edge) as i16
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_begins_and_ends_softly() {
        let beep = beep();
        assert_eq!(beep.len(), 2_400);
        assert!(beep[..4].iter().chain(&beep[2_396..]).all(|s| s.abs() < 500));
        assert!(beep.iter().any(|s| *s > 7_000));
    }

    #[tokio::test]
    async fn words_come_in_whole_frames_and_are_waited_for() {
        let (line, mut taken) = tokio::sync::mpsc::channel(2);
        let sends = tokio::spawn(async move { send(&[7; FRAME * 3 + 5], &line).await });
        let mut frames = Vec::new();
        while let Some(frame) = taken.recv().await {
            frames.push(frame.len());
        }
        sends.await.unwrap();
        assert_eq!(frames, [FRAME; 4]);
    }
}
