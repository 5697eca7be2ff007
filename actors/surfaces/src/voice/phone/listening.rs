//! What a caller says: kept piece by piece, recognised while it is spoken, and over when they are silent.

use earshot::Detector;
use lares_kernel::wire::{CALL_RATE, Law};

use crate::voice::Hearing;
use crate::voice::ears::{NoEars, Utterance};
use crate::voice::sound::{FRAME, RATE, Resampler};

/// A frame at least so surely speech counts as such.
const SPEECH: f32 = 0.5;
/// Frames that must be speech before somebody counts as speaking: a click on the line is nobody.
const BEGINS: usize = 6;
/// Silence after which it is over, and silence before anything that means that nobody will speak; milliseconds of sound.
const AFTER_MS: usize = 2_000;
const NOBODY_MS: usize = 7_000;
/// Sound of a piece that is kept at once: what is lost in a kill.
const PIECE: usize = CALL_RATE as usize;

/// Listens once.
pub struct Listening {
    /// Its sound is kept.
    keep: bool,
    piece: Vec<i16>,
    kept: usize,
    utterance: Result<Utterance, NoEars>,
    remark: String,
    resampler: Resampler,
    detector: Box<Detector>,
    rest: Vec<i16>,
    speech: usize,
    quiet: usize,
    frames: usize,
    longest: usize,
}

impl Listening {
    /// At most so many seconds.
    pub fn new(hearing: &Hearing, seconds: u64, keep: bool) -> Self {
        let utterance = hearing.now().and_then(|ears| ears.begin(None));
        let remark =
            utterance.as_ref().err().map(|why| format!("it is not understood: {why}")).unwrap_or_default();
        Self {
            keep,
            piece: Vec::new(),
            kept: 0,
            utterance,
            remark,
            resampler: Resampler::new(CALL_RATE, RATE),
            detector: Detector::<earshot::DefaultPredictor>::default_boxed(),
            rest: Vec::new(),
            speech: 0,
            quiet: 0,
            frames: 0,
            longest: frames(usize::try_from(seconds).unwrap_or(usize::MAX).saturating_mul(1_000)),
        }
    }

    /// Takes sound; gives a piece that is to be kept (mu-law), if one is full.
    pub fn push(&mut self, samples: &[i16]) -> Option<Vec<u8>> {
        self.rest.extend(self.resampler.push(samples));
        let whole = self.rest.len() / FRAME * FRAME;
        let frames: Vec<i16> = self.rest.drain(..whole).collect();
        for frame in frames.chunks(FRAME) {
            self.frames += 1;
            if self.detector.predict_i16(frame) >= SPEECH {
                (self.speech, self.quiet) = (self.speech + 1, 0);
            } else {
                self.quiet += 1;
            }
        }
        self.recognise(frames);
        if !self.keep {
            return None;
        }
        self.piece.extend_from_slice(samples);
        (self.piece.len() >= PIECE).then(|| self.take())
    }

    fn recognise(&mut self, samples: Vec<i16>) {
        let Ok(utterance) = &mut self.utterance else { return };
        if samples.is_empty() {
            return;
        }
        // What was said by then is understood all the same.
        if let Err(why) = utterance.push(samples)
            && self.remark.is_empty()
        {
            self.remark = format!("not all of it is understood: {why}");
        }
    }

    fn take(&mut self) -> Vec<u8> {
        self.kept += self.piece.len();
        Law::Mu.encode(&std::mem::take(&mut self.piece))
    }

    /// Whether it is over: somebody spoke and is silent, or nobody does, or it is long enough.
    pub fn is_over(&self) -> bool {
        let spoke = self.speech >= BEGINS;
        let patience = if spoke { AFTER_MS } else { NOBODY_MS };
        self.quiet >= frames(patience) || self.frames >= self.longest
    }

    /// The last piece, if nothing is lost by it: where nobody spoke nothing is kept.
    pub fn last(&mut self) -> Option<Vec<u8>> {
        (self.keep && !self.piece.is_empty() && self.spoke()).then(|| self.take())
    }

    pub fn spoke(&self) -> bool {
        self.speech >= BEGINS
    }

    /// Seconds of its sound that are kept so far.
    pub fn seconds(&self) -> f64 {
        self.kept as f64 / f64::from(CALL_RATE)
    }

    /// What was said, what is to be remarked on it, and how many seconds of it are kept.
    pub async fn finish(self) -> (Option<String>, String, f64) {
        let kept = self.seconds();
        let Ok(utterance) = self.utterance else { return (None, self.remark, kept) };
        match utterance.finish().await {
            Ok(heard) => (Some(heard.text), self.remark, kept),
            Err(why) => (None, format!("it is not understood: {why}"), kept),
        }
    }
}

/// Frames of so many milliseconds.
fn frames(ms: usize) -> usize {
    ms.saturating_mul(RATE as usize / 1_000) / FRAME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(n: usize, loud: bool) -> Vec<i16> {
        // A voice's pitch with its overtones, and a rhythm of syllables.
        let at = |k: usize| {
            let t = (n * 160 + k) as f64 / 8_000.0;
            let syllable = (t * 4.0 * std::f64::consts::TAU).sin().max(0.0);
            let tone = |f: f64| (t * f * std::f64::consts::TAU).sin() / f.sqrt();
            let voice: f64 = (1..12).map(|k| tone(130.0 * f64::from(k))).sum();
            (voice * 30_000.0 * syllable) as i16
        };
        (0..160).map(|k| if loud { at(k) } else { 0 }).collect()
    }

    #[test]
    fn nobody_speaks_and_it_ends_by_itself_with_nothing_lost_on_it() {
        let mut listening = Listening::new(&Hearing::default(), 60, true);
        let mut pieces = 0;
        for n in 0..1_000 {
            pieces += usize::from(listening.push(&frame(n, false)).is_some());
            if listening.is_over() {
                assert_eq!(n + 1, 350, "seven seconds");
                break;
            }
        }
        assert!(listening.is_over() && !listening.spoke());
        assert_eq!((pieces, listening.last()), (7, None));
    }

    #[tokio::test]
    async fn what_is_kept_comes_in_pieces_and_without_ears_it_says_so() {
        let mut listening = Listening::new(&Hearing::default(), 3, true);
        let mut kept = 0;
        for n in 0..150 {
            kept += listening.push(&frame(n, true)).map_or(0, |piece| piece.len());
        }
        assert!(listening.is_over(), "long enough");
        kept += listening.last().map_or(0, |piece| piece.len());
        let (text, remark, seconds) = listening.finish().await;
        assert_eq!((text, seconds), (None, kept as f64 / 8_000.0));
        assert!(remark.starts_with("it is not understood: "), "{remark}");
    }

    #[test]
    fn where_no_sound_is_kept_there_is_none() {
        let mut listening = Listening::new(&Hearing::default(), 3, false);
        assert!((0..150).all(|n| listening.push(&frame(n, true)).is_none()));
        assert_eq!(listening.last(), None);
    }
}
