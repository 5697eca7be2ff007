//! RTP packets (RFC 3550) and keys pressed in them (RFC 4733). Pure.

/// Bytes before the payload, without contributing sources.
const HEAD: usize = 12;

/// A packet, as far as we care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet<'a> {
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// `None`: it is no RTP.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let [first, second, s0, s1, t0, t1, t2, t3, ..] = *bytes else { return None };
        if first >> 6 != 2 {
            return None;
        }
        let mut at = HEAD + usize::from(first & 0x0f) * 4;
        if first & 0x10 != 0 {
            let words = bytes.get(at + 2..at + 4)?;
            at += 4 + usize::from(u16::from_be_bytes([words[0], words[1]])) * 4;
        }
        let mut end = bytes.len();
        if first & 0x20 != 0 {
            end = end.checked_sub(usize::from(*bytes.last()?))?;
        }
        Some(Self {
            payload_type: second & 0x7f,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            payload: bytes.get(at..end)?,
        })
    }
}

/// Writes one stream.
pub struct Writer {
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub source: u32,
    begun: bool,
}

impl Writer {
    pub fn new(payload_type: u8, random: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = random.to_be_bytes();
        Self {
            payload_type,
            sequence: u16::from_be_bytes([a, b]),
            timestamp: u32::from_be_bytes([c, d, e, f]),
            source: u32::from_be_bytes([g, h, a, c]),
            begun: false,
        }
    }

    /// The next packet; `samples` it stands for.
    pub fn packet(&mut self, payload: &[u8], samples: u32) -> Vec<u8> {
        let marker = if std::mem::replace(&mut self.begun, true) { 0 } else { 0x80 };
        let mut out = Vec::with_capacity(HEAD + payload.len());
        out.extend_from_slice(&[0x80, marker | self.payload_type]);
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&self.source.to_be_bytes());
        out.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(samples);
        out
    }
}

/// What a packet is in the order of those before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It comes next, after so many that are lost.
    Next { lost: u16 },
    /// It comes too late.
    Late,
}

/// The order of one stream. What comes too late is left out: a gap was filled with silence by then.
#[derive(Default)]
pub struct Order(Option<u16>);

/// A longer gap is another beginning.
const GAP: u16 = 50;

impl Order {
    pub fn take(&mut self, sequence: u16) -> Turn {
        let Some(next) = self.0.replace(sequence.wrapping_add(1)) else { return Turn::Next { lost: 0 } };
        let ahead = sequence.wrapping_sub(next);
        if ahead < GAP {
            return Turn::Next { lost: ahead };
        }
        if next.wrapping_sub(sequence) <= GAP {
            self.0 = Some(next);
            return Turn::Late;
        }
        Turn::Next { lost: 0 }
    }
}

/// Keys: each is told by many packets with one timestamp.
#[derive(Default)]
pub struct Keys(Option<u32>);

impl Keys {
    /// The key that this packet tells for the first time.
    pub fn take(&mut self, packet: &Packet<'_>) -> Option<char> {
        let event = *packet.payload.first().filter(|_| packet.payload.len() >= 4)?;
        let key = key_of(event)?;
        (self.0.replace(packet.timestamp) != Some(packet.timestamp)).then_some(key)
    }
}

fn key_of(event: u8) -> Option<char> {
    match event {
        0..=9 => Some(char::from(b'0' + event)),
        10 => Some('*'),
        11 => Some('#'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_garbage_is_nothing() {
        let mut writer = Writer::new(8, 0x0001_0203_0405_0607);
        let (one, two) = (writer.packet(&[1, 2, 3], 160), writer.packet(&[4], 160));
        let (one, two) = (Packet::read(&one).unwrap(), Packet::read(&two).unwrap());
        assert_eq!((one.payload_type, one.payload), (8, &[1, 2, 3][..]));
        assert_eq!(two.sequence, one.sequence.wrapping_add(1));
        assert_eq!(two.timestamp, one.timestamp.wrapping_add(160));
        let mut bytes = writer.packet(&[9; 20], 160);
        for length in 0..bytes.len() {
            let _ = Packet::read(&bytes[..length]);
        }
        for first in 0..=u8::MAX {
            bytes[0] = first;
            for last in [0, 1, 255] {
                *bytes.last_mut().unwrap() = last;
                let _ = Packet::read(&bytes);
            }
        }
    }

    #[test]
    fn packets_have_an_order_and_gaps() {
        let mut order = Order::default();
        let took: Vec<Turn> =
            [65_534, 65_535, 0, 3, 1, 4, 9_000].into_iter().map(|s| order.take(s)).collect();
        let next = |lost| Turn::Next { lost };
        assert_eq!(took, [next(0), next(0), next(0), next(2), Turn::Late, next(0), next(0)]);
    }

    #[test]
    fn a_key_is_told_once_however_often_it_is_sent() {
        let mut keys = Keys::default();
        let mut told = |timestamp, payload: &[u8]| {
            keys.take(&Packet { payload_type: 101, sequence: 0, timestamp, payload })
        };
        assert_eq!(told(1, &[9, 0x0a, 0, 160]), Some('9'));
        assert_eq!(told(1, &[9, 0x8a, 1, 64]), None);
        assert_eq!(told(900, &[11, 0x0a, 0, 160]), Some('#'));
        assert_eq!(told(1_800, &[16, 0x0a, 0, 160]), None, "a hook flash is no key");
        assert_eq!(told(1_900, &[1]), None, "short");
    }
}
