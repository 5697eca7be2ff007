//! From the chunks of a stream to utterances: brought to one rate, cut into frames, and looked at for speech.

use earshot::Detector;

use crate::voice::sound::{FRAME, Listener, RATE, Resampler, Step};

/// What a frame came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    Begins(Vec<i16>),
    Goes(Vec<i16>),
    Ends,
}

/// One stream.
pub struct Microphone {
    detector: Box<Detector>,
    listener: Listener,
    rate: Option<(u32, Resampler)>,
    /// Samples that are no whole frame yet.
    rest: Vec<i16>,
    /// Frames since it was asked to listen in which nobody spoke.
    quiet: usize,
}

impl Default for Microphone {
    fn default() -> Self {
        Self {
            detector: Detector::<earshot::DefaultPredictor>::default_boxed(),
            listener: Listener::default(),
            rate: None,
            rest: Vec::new(),
            quiet: 0,
        }
    }
}

impl Microphone {
    /// Samples of one channel, as recognisers take them.
    pub fn at_16k(&mut self, rate: u32, samples: Vec<i16>) -> Vec<i16> {
        if rate == RATE {
            return samples;
        }
        if self.rate.as_ref().is_none_or(|(was, _)| *was != rate) {
            self.rate = Some((rate, Resampler::new(rate, RATE)));
        }
        self.rate.as_mut().map(|(_, resampler)| resampler.push(&samples)).unwrap_or_default()
    }

    /// Takes samples of one channel at 16 kHz.
    pub fn push(&mut self, samples: &[i16]) -> Vec<Spoken> {
        self.rest.extend_from_slice(samples);
        let whole = self.rest.len() / FRAME * FRAME;
        let frames: Vec<i16> = self.rest.drain(..whole).collect();
        frames.chunks(FRAME).filter_map(|frame| self.frame(frame)).collect()
    }

    fn frame(&mut self, frame: &[i16]) -> Option<Spoken> {
        let score = self.detector.predict_i16(frame);
        match self.listener.push(frame, score) {
            Step::Nothing => {
                self.quiet += 1;
                None
            }
            Step::Begins(all) => {
                self.quiet = 0;
                Some(Spoken::Begins(all))
            }
            Step::Goes => Some(Spoken::Goes(frame.to_vec())),
            Step::Ends => Some(Spoken::Ends),
        }
    }

    /// How long nobody has spoken, in milliseconds of sound.
    pub fn quiet_ms(&self) -> usize {
        self.quiet * FRAME * 1_000 / RATE as usize
    }

    /// Forgets what it heard.
    pub fn clear(&mut self) {
        self.detector.reset();
        self.listener.clear();
        self.rest.clear();
        self.quiet = 0;
    }
}
