//! Both ways of one call's Opus, at a telephone's rate. No IO: this is what runs in the process of its own.

use lares_kernel::wire::CALL_RATE;
use opus_rs::{Application, OpusDecoder, OpusEncoder};

/// What is decoded has this rate, and a telephone's comes of it: as the library decodes to this one it is libopus bit by bit, to 8 kHz it is not.
const RATE: usize = 16_000;
const HALVED: usize = RATE / CALL_RATE as usize;
/// The longest that one packet is (RFC 6716, 3.2.5): 120 ms.
const LONGEST: usize = RATE * 120 / 1_000;
/// What a lost packet is taken to have been before any came: 20 ms.
const USUAL: usize = RATE / 50;
/// What is lost beyond this is silence: a guess of more than that is a noise.
const GUESSED: usize = RATE / 5;
/// What is filled in at most, whatever is said to be lost.
const FILLED: usize = RATE * 2;
/// Enough for a voice in a telephone's band; the fifth of ten steps of care does not sound worse there.
const BITS: i32 = 20_000;
const CARE: i32 = 5;
/// The longest packet that we write.
const WRITTEN: usize = 1_276;
/// Samples of the filter before half of them are left out. Odd: what comes out is late by whole samples of a telephone's rate.
const TAPS: usize = 49;

pub struct Codec {
    decoder: OpusDecoder,
    encoder: OpusEncoder,
    /// Samples of the packet before.
    last: usize,
    out: Vec<f32>,
    /// The last samples that were decoded, for the filter.
    before: Vec<f32>,
    filter: [f32; TAPS],
}

/// A windowed sinc that lets a telephone's band through.
fn filter() -> [f32; TAPS] {
    let tap = |n: usize| {
        let away = n as f64 - (TAPS - 1) as f64 / 2.0;
        let window = 0.5 + 0.5 * (std::f64::consts::TAU * away / TAPS as f64).cos();
        let turn = std::f64::consts::PI * away / HALVED as f64 * 0.95;
        let sinc = if away == 0.0 { 1.0 } else { turn.sin() / turn };
        window * sinc * 0.95 / HALVED as f64
    };
    std::array::from_fn(|n| tap(n) as f32)
}

impl Codec {
    /// # Errors
    /// In words.
    pub fn new() -> Result<Self, String> {
        let decoder = OpusDecoder::new(RATE as i32, 1)?;
        let mut encoder = OpusEncoder::new(CALL_RATE as i32, 1, Application::Voip)?;
        (encoder.bitrate_bps, encoder.complexity) = (BITS, CARE);
        let (out, before) = (vec![0.0; LONGEST], vec![0.0; TAPS]);
        Ok(Self { decoder, encoder, last: USUAL, out, before, filter: filter() })
    }

    /// What a caller said: what was lost before this packet, told by it or guessed, and the packet. One that is no Opus counts as lost.
    pub fn hear(&mut self, lost: u8, packet: &[u8]) -> Vec<i16> {
        let mut heard = Vec::new();
        let lost = usize::from(lost);
        for nth in 1..=lost.min(FILLED / self.last.max(1)) {
            // Only the last one can be told by the packet after it.
            let told = nth == lost && self.told(packet, &mut heard);
            if !told {
                self.guess(&mut heard);
            }
        }
        match self.decoder.decode(packet, LONGEST, &mut self.out) {
            Ok(length) if packet.len() > 1 => {
                self.take(length, &mut heard);
                self.last = length.clamp(1, LONGEST);
            }
            _ => self.guess(&mut heard),
        }
        self.halved(&heard)
    }

    fn told(&mut self, packet: &[u8], heard: &mut Vec<f32>) -> bool {
        match self.decoder.decode_fec(packet, self.last, &mut self.out) {
            Ok(length) => self.take(length, heard),
            Err(_) => return false,
        }
        true
    }

    fn guess(&mut self, heard: &mut Vec<f32>) {
        if heard.len() >= GUESSED {
            heard.resize(heard.len() + self.last, 0.0);
            return;
        }
        match self.decoder.decode(&[], self.last, &mut self.out) {
            Ok(length) => self.take(length, heard),
            Err(_) => heard.resize(heard.len() + self.last, 0.0),
        }
    }

    fn take(&self, length: usize, heard: &mut Vec<f32>) {
        heard.extend(self.out.iter().take(length));
    }

    /// The same at a telephone's rate. Packets have even numbers of samples.
    fn halved(&mut self, heard: &[f32]) -> Vec<i16> {
        self.before.extend_from_slice(heard);
        let sample = |window: &[f32]| {
            let sum: f32 = window.iter().zip(&self.filter).map(|(s, tap)| s * tap).sum();
            (sum * 32_768.0).clamp(-32_768.0, 32_767.0) as i16
        };
        let halved = self.before.windows(TAPS).skip(1).step_by(HALVED).map(sample).collect();
        self.before.drain(..heard.len().min(self.before.len()));
        halved
    }

    /// A packet of a frame of 20 ms.
    ///
    /// # Errors
    /// In words.
    pub fn say(&mut self, frame: &[i16]) -> Result<Vec<u8>, String> {
        let mut packet = vec![0; WRITTEN];
        let length = self.encoder.encode_i16(frame, frame.len(), &mut packet)?;
        packet.truncate(length);
        Ok(packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, frames: usize) -> Vec<Vec<i16>> {
        let sample = |n: usize| {
            let turn = std::f64::consts::TAU * hertz * n as f64 / f64::from(CALL_RATE);
            (turn.sin() * 8_000.0) as i16
        };
        let all: Vec<i16> = (0..frames * 160).map(sample).collect();
        all.chunks(160).map(<[i16]>::to_vec).collect()
    }

    fn loudness(samples: &[i16]) -> f64 {
        let sum: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
        (sum / samples.len().max(1) as f64).sqrt()
    }

    #[test]
    fn what_is_said_is_heard_as_long_and_as_loud_also_where_some_of_it_is_lost() {
        let (mut says, mut hears) = (Codec::new().unwrap(), Codec::new().unwrap());
        let (mut heard, mut lost) = (Vec::new(), 0);
        for (n, frame) in tone(440.0, 100).iter().enumerate() {
            let packet = says.say(frame).unwrap();
            assert!(packet.len() < 200, "{}", packet.len());
            if n % 10 == 7 {
                lost += 1;
                continue;
            }
            heard.extend(hears.hear(std::mem::take(&mut lost), &packet));
        }
        assert_eq!(heard.len(), 100 * 160, "what is lost is filled in");
        let loud = loudness(&heard[3_200..]);
        assert!((4_000.0..7_000.0).contains(&loud), "{loud}");
    }

    #[test]
    fn what_is_lost_for_long_is_silence_and_never_without_end() {
        let (mut says, mut hears) = (Codec::new().unwrap(), Codec::new().unwrap());
        let packets: Vec<Vec<u8>> = tone(300.0, 20).iter().map(|frame| says.say(frame).unwrap()).collect();
        for packet in &packets {
            hears.hear(0, packet);
        }
        let heard = hears.hear(49, &packets[0]);
        assert_eq!(heard.len(), 50 * 160);
        assert!(loudness(&heard[2_400..7_200]) < 1.0, "silence, after a guess");
        let most = hears.hear(u8::MAX, &packets[0]).len();
        assert!(most <= (FILLED + USUAL) / HALVED, "{most}");
    }

    /// Meant to fail it (not tried): a packet that is no Opus and is not taken for a lost one.
    #[test]
    fn junk_is_a_lost_packet() {
        let mut codec = Codec::new().unwrap();
        let mut seed = 7_u64;
        let mut next = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize
        };
        for _ in 0..1_000 {
            let junk: Vec<u8> = (0..next() % 400).map(|_| next() as u8).collect();
            let heard = codec.hear((next() % 4) as u8, &junk);
            assert!(!heard.is_empty() && heard.len() <= 5 * LONGEST / HALVED, "{}", heard.len());
        }
    }
}
