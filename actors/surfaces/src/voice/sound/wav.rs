//! WAV files as programs and people write them.

use super::rate::{RATE, Resampler};

/// Samples of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Samples a second.
    pub rate: u32,
    pub samples: Vec<i16>,
}

impl Sound {
    /// Seconds.
    pub fn length(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate.max(1))
    }

    /// The same, so many percent as loud.
    pub fn at_volume(mut self, percent: u8) -> Self {
        if percent < 100 {
            self.samples.iter_mut().for_each(|s| *s = (i32::from(*s) * i32::from(percent) / 100) as i16);
        }
        self
    }

    /// The same as recognisers take it.
    pub fn at_16k(&self) -> Vec<i16> {
        if self.rate == RATE {
            return self.samples.clone();
        }
        let mut to = Resampler::new(self.rate, RATE);
        let mut out = to.push(&self.samples);
        out.extend(to.finish());
        out
    }
}

/// Why a file is not heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    #[error("it is no WAV file")]
    NoWav,
    #[error("it ends within its header")]
    Short,
    #[error("its sound is packed in form {0}; allowed: PCM of 8, 16, 24 or 32 bits, or floating point of 32")]
    Form(u16),
    #[error("it has {0} bits a sample; allowed: PCM of 8, 16, 24 or 32 bits, or floating point of 32")]
    Bits(u16),
    #[error("it has {0} samples a second; allowed: from 4000 to 192000")]
    Rate(u32),
    #[error("it has {0} channels; allowed: from 1 to 8")]
    Channels(u16),
    #[error("there is no sound in it")]
    Empty,
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
/// The true form stands further on.
const EXTENSIBLE: u16 = 0xfffe;

/// Reads a file; all channels become one.
///
/// # Errors
/// It is none, or of a form that is not read.
pub fn read_wav(bytes: &[u8]) -> Result<Sound, WavError> {
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(WavError::NoWav);
    }
    let (mut at, mut format) = (12, None);
    loop {
        let name = bytes.get(at..at + 4).ok_or(WavError::Short)?;
        let length = u32_at(bytes, at + 4)? as usize;
        let body = at + 8;
        match name {
            b"fmt " => format = Some(Format::read(bytes, body)?),
            b"data" => {
                let format = format.ok_or(WavError::Short)?;
                // A program that writes to a pipe knows no length: it says a very large one, or none.
                let rest = bytes.get(body..).unwrap_or(&[]);
                let data = if length == 0 { rest } else { rest.get(..length).unwrap_or(rest) };
                return format.sound(data);
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = body.saturating_add(length).saturating_add(length & 1);
    }
}

/// Samples of one channel as a file.
pub fn wav(sound: &Sound) -> Vec<u8> {
    let length = (sound.samples.len() * 2) as u32;
    let mut out = Vec::with_capacity(44 + sound.samples.len() * 2);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + length).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16_u32.to_le_bytes());
    out.extend_from_slice(&PCM.to_le_bytes());
    out.extend_from_slice(&1_u16.to_le_bytes());
    out.extend_from_slice(&sound.rate.to_le_bytes());
    out.extend_from_slice(&(sound.rate * 2).to_le_bytes());
    out.extend_from_slice(&2_u16.to_le_bytes());
    out.extend_from_slice(&16_u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&length.to_le_bytes());
    sound.samples.iter().for_each(|s| out.extend_from_slice(&s.to_le_bytes()));
    out
}

struct Format {
    form: u16,
    channels: u16,
    rate: u32,
    bits: u16,
}

impl Format {
    fn read(bytes: &[u8], at: usize) -> Result<Self, WavError> {
        let mut form = u16_at(bytes, at)?;
        if form == EXTENSIBLE {
            form = u16_at(bytes, at + 24)?;
        }
        let format = Self {
            form,
            channels: u16_at(bytes, at + 2)?,
            rate: u32_at(bytes, at + 4)?,
            bits: u16_at(bytes, at + 14)?,
        };
        match (format.form, format.bits) {
            (PCM, 8 | 16 | 24 | 32) | (FLOAT, 32) => {}
            (PCM | FLOAT, bits) => return Err(WavError::Bits(bits)),
            (form, _) => return Err(WavError::Form(form)),
        }
        if !(4_000..=192_000).contains(&format.rate) {
            return Err(WavError::Rate(format.rate));
        }
        if !(1..=8).contains(&format.channels) {
            return Err(WavError::Channels(format.channels));
        }
        Ok(format)
    }

    fn sound(&self, data: &[u8]) -> Result<Sound, WavError> {
        let (width, channels) = (usize::from(self.bits / 8), usize::from(self.channels));
        let one = |frame: &[u8]| {
            let sum: f32 = frame.chunks_exact(width).map(|s| self.sample(s)).sum();
            (sum / channels as f32).round().clamp(-32_768.0, 32_767.0) as i16
        };
        let samples: Vec<i16> = data.chunks_exact(width * channels).map(one).collect();
        if samples.is_empty() {
            return Err(WavError::Empty);
        }
        Ok(Sound { rate: self.rate, samples })
    }

    /// A sample as one of 16 bits would be.
    fn sample(&self, bytes: &[u8]) -> f32 {
        match (self.form, bytes) {
            (FLOAT, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]) * 32_767.0,
            (_, &[a]) => (f32::from(a) - 128.0) * 256.0,
            (_, &[a, b]) => f32::from(i16::from_le_bytes([a, b])),
            (_, &[a, b, c]) => i32::from_le_bytes([0, a, b, c]) as f32 / 65_536.0,
            (_, &[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]) as f32 / 65_536.0,
            _ => 0.0,
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, WavError> {
    match bytes.get(at..at + 2) {
        Some(&[a, b]) => Ok(u16::from_le_bytes([a, b])),
        _ => Err(WavError::Short),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, WavError> {
    match bytes.get(at..at + 4) {
        Some(&[a, b, c, d]) => Ok(u32::from_le_bytes([a, b, c, d])),
        _ => Err(WavError::Short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(form: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut out = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
        out.extend_from_slice(&16_u32.to_le_bytes());
        out.extend_from_slice(&form.to_le_bytes());
        out.extend_from_slice(&channels.to_le_bytes());
        out.extend_from_slice(&rate.to_le_bytes());
        out.extend_from_slice(&[0; 6]);
        out.extend_from_slice(&bits.to_le_bytes());
        out.extend_from_slice(b"LIST\x03\0\0\0abc\0data");
        out.extend_from_slice(&(data.len() as u32).to_le_bytes());
        out.extend_from_slice(data);
        out
    }

    #[test]
    fn what_is_written_is_read_and_two_channels_become_one() {
        let sound = Sound { rate: 22_050, samples: vec![0, 1, -1, i16::MAX, i16::MIN] };
        assert_eq!(read_wav(&wav(&sound)).unwrap(), sound);
        let two = [100_i16, 300, -5, -7].map(i16::to_le_bytes).concat();
        assert_eq!(read_wav(&file(PCM, 2, 16_000, 16, &two)).unwrap().samples, [200, -6]);
    }

    #[test]
    fn every_width_is_read_as_loud_as_it_is() {
        let half = |form, bits, data: &[u8]| read_wav(&file(form, 1, 8_000, bits, data)).unwrap().samples;
        assert_eq!(half(PCM, 8, &[192]), [16_384]);
        assert_eq!(half(PCM, 24, &[0, 0, 0x40]), [16_384]);
        assert_eq!(half(PCM, 32, &0x4000_0000_i32.to_le_bytes()), [16_384]);
        assert_eq!(half(FLOAT, 32, &0.5_f32.to_le_bytes()), [16_384]);
    }

    #[test]
    fn a_pipe_that_knows_no_length_is_read_to_its_end() {
        let mut bytes = wav(&Sound { rate: 16_000, samples: vec![7; 10] });
        for length in [0_u32, 0x7fff_f000, u32::MAX] {
            bytes[40..44].copy_from_slice(&length.to_le_bytes());
            assert_eq!(read_wav(&bytes).unwrap().samples.len(), 10, "{length}");
        }
    }

    #[test]
    fn what_is_not_read_says_what_is() {
        let told = |bytes: &[u8]| read_wav(bytes).unwrap_err().to_string();
        assert_eq!(told(b"ID3"), "it is no WAV file");
        assert!(told(&file(6, 1, 8_000, 8, &[1])).contains("form 6; allowed: PCM"));
        assert!(told(&file(PCM, 1, 8_000, 12, &[1])).contains("12 bits"));
        assert!(told(&file(PCM, 1, 100, 16, &[1, 1])).contains("from 4000"));
        assert!(told(&file(PCM, 9, 8_000, 16, &[1; 18])).contains("9 channels"));
        assert!(told(&file(PCM, 1, 8_000, 16, &[])).contains("no sound"));
        let whole = wav(&Sound { rate: 16_000, samples: vec![1] });
        for cut in 12..43 {
            assert!(read_wav(&whole[..cut]).is_err(), "{cut}");
        }
    }
}
