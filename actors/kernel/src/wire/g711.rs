//! G.711: 8 bits a sample, by a curve. Pure.

/// How a call's sound is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Law {
    Mu,
    A,
}

impl Law {
    /// Its static RTP payload type (RFC 3551).
    pub fn payload(self) -> u8 {
        match self {
            Self::Mu => 0,
            Self::A => 8,
        }
    }

    pub fn of_payload(payload: u8) -> Option<Self> {
        match payload {
            0 => Some(Self::Mu),
            8 => Some(Self::A),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Mu => "PCMU",
            Self::A => "PCMA",
        }
    }

    pub fn encode(self, samples: &[i16]) -> Vec<u8> {
        match self {
            Self::Mu => to_mu_law(samples),
            Self::A => samples.iter().map(|s| a_byte(*s)).collect(),
        }
    }

    pub fn decode(self, bytes: &[u8]) -> Vec<i16> {
        match self {
            Self::Mu => from_mu_law(bytes),
            Self::A => bytes.iter().map(|b| a_sample(*b)).collect(),
        }
    }
}

fn to_mu_law(samples: &[i16]) -> Vec<u8> {
    samples.iter().map(|s| mu_byte(*s)).collect()
}

fn from_mu_law(bytes: &[u8]) -> Vec<i16> {
    bytes.iter().map(|b| mu_sample(*b)).collect()
}

/// Added before the logarithm, so that the curve has no step at zero.
const BIAS: i32 = 0x84;
const CLIP: i32 = 32_635;

fn mu_byte(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let level = i32::from(sample).abs().min(CLIP) + BIAS;
    let segment = (31 - level.leading_zeros()) as u8 - 7;
    let step = ((level >> (segment + 3)) & 0x0f) as u8;
    !(sign | (segment << 4) | step)
}

fn mu_sample(byte: u8) -> i16 {
    let byte = !byte;
    let (segment, step) = ((byte >> 4) & 7, i32::from(byte & 0x0f));
    let level = (((step << 3) + BIAS) << segment) - BIAS;
    (if byte & 0x80 == 0 { level } else { -level }) as i16
}

fn a_byte(sample: i16) -> u8 {
    // The law has 13 bits, and a sign.
    let (sign, level) = if sample >= 0 { (0xd5, sample >> 3) } else { (0x55, !sample >> 3) };
    let segment = (16 - (level as u16).leading_zeros()).saturating_sub(5) as u8;
    let step = (level >> segment.max(1)) as u8 & 0x0f;
    ((segment << 4) | step) ^ sign
}

fn a_sample(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let (segment, step) = ((byte >> 4) & 7, i32::from(byte & 0x0f) << 4);
    let level = match segment {
        0 => step + 8,
        segment => (step + 0x108) << (segment - 1),
    };
    (if byte & 0x80 == 0 { -level } else { level }) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_samples_have_the_bytes_of_the_recommendation() {
        for (sample, mu, a) in [
            (0, 0xff, 0xd5),
            (8, 0xfe, 0xd5),
            (-8, 0x7e, 0x55),
            (1_000, 0xce, 0xfa),
            (32_767, 0x80, 0xaa),
            (-32_768, 0x00, 0x2a),
        ] {
            assert_eq!((mu_byte(sample), a_byte(sample)), (mu, a), "{sample}");
        }
    }

    #[test]
    fn every_byte_comes_back_and_what_is_lost_is_small() {
        for law in [Law::Mu, Law::A] {
            for byte in 0..=u8::MAX {
                let sample = law.decode(&[byte]);
                // There are two zeros in mu-law.
                let again = law.decode(&law.encode(&sample));
                assert_eq!(again, sample, "{law:?} {byte}");
            }
            for sample in (i16::MIN..=i16::MAX).step_by(7) {
                let back = i32::from(law.decode(&law.encode(&[sample]))[0]);
                let off = (back - i32::from(sample)).abs();
                assert!(off <= 16 + i32::from(sample).abs() / 24, "{law:?} {sample} {back}");
            }
        }
    }
}
