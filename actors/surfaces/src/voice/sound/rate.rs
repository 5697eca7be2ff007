//! From any rate to another: a windowed sinc, worked out for each sample. A second of sound takes a few milliseconds.

/// Samples a second that recognisers take.
pub const RATE: u32 = 16_000;

/// Zero crossings of the sinc on each side: more would be sharper, and slower.
const REACH: f64 = 16.0;

/// Changes the rate of a stream.
pub struct Resampler {
    /// Samples in for each sample out.
    step: f64,
    /// As a share of the rate of what comes in: nothing above it may fold down.
    cutoff: f64,
    /// What came in and is needed yet.
    held: Vec<f32>,
    /// Where in `held` the next sample out lies.
    next: f64,
}

impl Resampler {
    /// Both in samples a second.
    pub fn new(from: u32, to: u32) -> Self {
        let (from, to) = (f64::from(from.max(1)), f64::from(to.max(1)));
        let cutoff = (to / from).min(1.0) * 0.95;
        // Before the beginning there was silence.
        let before = (REACH / cutoff).ceil();
        Self { step: from / to, cutoff, held: vec![0.0; before as usize], next: before }
    }

    /// Takes samples; gives those that are sure by them.
    pub fn push(&mut self, samples: &[i16]) -> Vec<i16> {
        self.held.extend(samples.iter().map(|s| f32::from(*s)));
        let reach = REACH / self.cutoff;
        let mut out = Vec::with_capacity((samples.len() as f64 / self.step) as usize + 1);
        while self.next + reach < self.held.len() as f64 {
            out.push(self.at(self.next, reach));
            self.next += self.step;
        }
        let gone = (self.next - reach).floor().max(0.0) as usize;
        self.held.drain(..gone.min(self.held.len()));
        self.next -= gone as f64;
        out
    }

    /// The rest, as after silence.
    pub fn finish(&mut self) -> Vec<i16> {
        self.push(&vec![0; (REACH / self.cutoff).ceil() as usize])
    }

    fn at(&self, place: f64, reach: f64) -> i16 {
        let first = (place - reach).ceil().max(0.0) as usize;
        let last = (place + reach).floor() as usize;
        let near = self.held.get(first..=last.min(self.held.len().saturating_sub(1))).unwrap_or(&[]);
        let sum: f64 = near
            .iter()
            .enumerate()
            .map(|(n, sample)| {
                let away = (first + n) as f64 - place;
                let window = 0.5 + 0.5 * (std::f64::consts::PI * away / reach).cos();
                f64::from(*sample) * sinc(away * self.cutoff) * self.cutoff * window
            })
            .sum();
        sum.round().clamp(-32_768.0, 32_767.0) as i16
    }
}

fn sinc(x: f64) -> f64 {
    let x = x * std::f64::consts::PI;
    if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, rate: u32, seconds: f64) -> Vec<i16> {
        let turn = std::f64::consts::TAU * hertz / f64::from(rate);
        (0..(f64::from(rate) * seconds) as usize)
            .map(|n| ((n as f64 * turn).sin() * 10_000.0) as i16)
            .collect()
    }

    fn loudness(samples: &[i16]) -> f64 {
        (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_tone_stays_as_it_is_at_another_rate() {
        for rate in [8_000, 22_050, 44_100, 48_000] {
            let mut to = Resampler::new(rate, RATE);
            let mut out = to.push(&tone(440.0, rate, 1.0));
            out.extend(to.finish());
            assert!(out.len().abs_diff(16_000) < 40, "{rate}: {}", out.len());
            let wanted = tone(440.0, RATE, 1.0);
            let apart: Vec<i16> =
                out.iter().zip(&wanted).skip(200).take(15_000).map(|(a, b)| a - b).collect();
            assert!(loudness(&apart) < 60.0, "{rate}: {}", loudness(&apart));
        }
    }

    #[test]
    fn what_is_too_high_does_not_fold_down() {
        let out = Resampler::new(48_000, RATE).push(&tone(12_000.0, 48_000, 0.5));
        assert!(loudness(&out[200..]) < 50.0, "{}", loudness(&out[200..]));
    }

    #[test]
    fn pieces_are_the_same_as_the_whole() {
        let sound = tone(700.0, 22_050, 0.3);
        let whole = Resampler::new(22_050, RATE).push(&sound);
        let mut to = Resampler::new(22_050, RATE);
        let pieces: Vec<i16> = sound.chunks(113).flat_map(|piece| to.push(piece)).collect();
        assert_eq!(pieces, whole);
    }
}
