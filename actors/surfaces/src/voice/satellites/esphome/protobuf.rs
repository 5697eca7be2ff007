//! Protocol Buffers, as far as the messages of a voice device need them: numbered fields, written and read one after the other.

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a message ends in the middle of a field")]
    Cut,
    #[error("a number of more than 64 bits")]
    Long,
    #[error("a field of kind {0}, which there is none of")]
    Kind(u8),
}

const VARINT: u8 = 0;
const FIXED_64: u8 = 1;
const BYTES: u8 = 2;
const FIXED_32: u8 = 5;

/// Writes a message. A field that says nothing (0, no text) is left out, as the format has it.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    pub fn number(mut self, field: u32, value: u64) -> Self {
        if value != 0 {
            self.key(field, VARINT);
            put_varint(&mut self.0, value);
        }
        self
    }

    pub fn flag(self, field: u32, value: bool) -> Self {
        self.number(field, value.into())
    }

    pub fn fixed_32(mut self, field: u32, value: u32) -> Self {
        if value != 0 {
            self.key(field, FIXED_32);
            self.0.extend_from_slice(&value.to_le_bytes());
        }
        self
    }

    pub fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        if !value.is_empty() {
            self.part(field, value);
        }
        self
    }

    pub fn text(self, field: u32, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    /// A message within: also an empty one is said.
    pub fn message(mut self, field: u32, value: Self) -> Self {
        self.part(field, &value.0);
        self
    }

    pub fn done(self) -> Vec<u8> {
        self.0
    }

    fn part(&mut self, field: u32, value: &[u8]) {
        self.key(field, BYTES);
        put_varint(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(value);
    }

    fn key(&mut self, field: u32, kind: u8) {
        put_varint(&mut self.0, u64::from(field) << 3 | u64::from(kind));
    }
}

pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

impl<'b> Value<'b> {
    pub fn number(self) -> u64 {
        match self {
            Self::Number(value) => value,
            Self::Bytes(_) => 0,
        }
    }

    pub fn flag(self) -> bool {
        self.number() != 0
    }

    pub fn bytes(self) -> &'b [u8] {
        match self {
            Self::Bytes(value) => value,
            Self::Number(_) => &[],
        }
    }

    /// What is no text in it is replaced.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }
}

/// The fields of a message as they come, by number.
pub struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    pub fn of(message: &'b [u8]) -> Self {
        Self(message)
    }

    fn take(&mut self, count: u64) -> Result<&'b [u8], Malformed> {
        let count = usize::try_from(count).map_err(|_| Malformed::Cut)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for n in 0..10 {
            let byte = *self.take(1)?.first().ok_or(Malformed::Cut)?;
            value |= u64::from(byte & 0x7f) << (7 * n);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed::Long)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N as u64)?.try_into().map_err(|_| Malformed::Cut)
    }

    fn field(&mut self) -> Result<(u32, Value<'b>), Malformed> {
        let key = self.varint()?;
        let value = match (key & 7) as u8 {
            VARINT => Value::Number(self.varint()?),
            FIXED_64 => Value::Number(u64::from_le_bytes(self.fixed()?)),
            FIXED_32 => Value::Number(u32::from_le_bytes(self.fixed()?).into()),
            BYTES => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            other => return Err(Malformed::Kind(other)),
        };
        Ok(((key >> 3) as u32, value))
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = Result<(u32, Value<'b>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let inner = Writer::default().text(1, "ä");
        let bytes =
            Writer::default().number(1, 300).flag(2, true).number(3, 0).fixed_32(4, 7).message(19, inner);
        let bytes = bytes.bytes(5, &[9]).done();
        let fields: Vec<_> = Fields::of(&bytes).map(Result::unwrap).collect();
        assert_eq!(fields[..3], [(1, Value::Number(300)), (2, Value::Number(1)), (4, Value::Number(7))]);
        assert_eq!(fields[4], (5, Value::Bytes(&[9])));
        let (number, inner) = fields[3];
        assert_eq!(
            (number, Fields::of(inner.bytes()).next()),
            (19, Some(Ok((1, Value::Bytes("ä".as_bytes())))))
        );
        assert_eq!(Value::Bytes(&[0xff, b'a']).text(), "\u{fffd}a");
    }

    #[test]
    fn what_is_no_message_is_an_error_and_ends() {
        for (bytes, why) in [
            (&[0x08][..], Malformed::Cut),
            (&[0x0a, 5, 1], Malformed::Cut),
            (&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], Malformed::Cut),
            (&[0x0d, 1, 2], Malformed::Cut),
            (&[0x0b], Malformed::Kind(3)),
            (&[0xff; 11], Malformed::Long),
        ] {
            let mut fields = Fields::of(bytes);
            assert_eq!((fields.next(), fields.next()), (Some(Err(why)), None), "{bytes:?}");
        }
    }
}
