//! What the house and its Opus process tell each other, over pipes: a kind, a length, so many bytes. Pure.

/// Longer than anything that is said: a second of sound that is lost, and what came after it.
pub const LONGEST: usize = 128 * 1_024;
/// A kind and a length.
pub const HEAD: usize = 5;
/// The longest packet of Opus that is read: as much as one of RTP carries.
pub const PACKET: usize = 2_048;

/// Kinds. The house asks by the first two, the process answers by the others, one answer for each.
pub mod kind {
    /// How many packets before this one are lost, and the packet.
    pub const HEAR: u8 = 1;
    /// A frame of sound.
    pub const SAY: u8 = 2;
    /// Comes first, unasked: it is shut in, and listens.
    pub const READY: u8 = 3;
    pub const SOUND: u8 = 4;
    pub const PACKET: u8 = 5;
    /// In words; it ends.
    pub const CANNOT: u8 = 6;
}

/// A message with its head.
pub fn message(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + bytes.len());
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    out.extend_from_slice(bytes);
    out
}

/// Kind and length of what follows. `None`: it is longer than anything that is said.
pub fn head(bytes: [u8; HEAD]) -> Option<(u8, usize)> {
    let [kind, length @ ..] = bytes;
    let length = u32::from_be_bytes(length) as usize;
    (length <= LONGEST).then_some((kind, length))
}

pub fn bytes_of(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

pub fn samples_of(bytes: &[u8]) -> Vec<i16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_what_its_head_says() {
        let message = message(kind::SAY, &bytes_of(&[1, -2, 300]));
        let (head_bytes, body) = message.split_first_chunk::<HEAD>().unwrap();
        assert_eq!(head(*head_bytes), Some((kind::SAY, 6)));
        assert_eq!(samples_of(body), [1, -2, 300]);
        assert_eq!(head([1, 0, 2, 0, 1]), None, "longer than anything that is said");
        assert_eq!(samples_of(&[1, 0, 7]), [1]);
    }
}
