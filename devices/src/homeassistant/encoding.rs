//! Texts in the encoding that an entity announces (`encoding`): UTF-8 if it says nothing.

use super::config::Config;
use crate::problem::quote;

/// How bytes of an entity's topics are text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    #[default]
    Utf8,
    /// The first 256 code points of Unicode (ISO 8859-1).
    Latin1,
    /// Two bytes each; without a mark at the beginning as given.
    Utf16 { big: bool },
}

const ALLOWED: &str = "utf-8, ascii, iso-8859-1, utf-16, utf-16-le, utf-16-be";

impl Encoding {
    /// The announced one, by the names that Python gives them. An empty one stands for bytes, of which pictures are made: what is
    /// text all the same is UTF-8.
    ///
    /// # Errors
    /// It is not known: what was seen and what is allowed.
    pub fn of(config: Config<'_>) -> Result<Self, String> {
        let Some(name) = config.text("encoding") else { return Ok(Self::Utf8) };
        match name.to_lowercase().replace('_', "-").as_str() {
            "" | "utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii" => Ok(Self::Utf8),
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => Ok(Self::Latin1),
            "utf-16" | "utf16" | "utf-16-le" | "utf-16le" => Ok(Self::Utf16 { big: false }),
            "utf-16-be" | "utf-16be" => Ok(Self::Utf16 { big: true }),
            _ => Err(format!("`encoding` is {}; allowed: {ALLOWED}", quote(&name))),
        }
    }

    /// Bytes as text.
    ///
    /// # Errors
    /// They are none in this encoding.
    pub fn read(self, bytes: &[u8]) -> Result<String, String> {
        match self {
            Self::Utf8 => {
                let text =
                    std::str::from_utf8(bytes).map_err(|e| format!("message is no UTF-8 text: {e}"))?;
                Ok(text.to_owned())
            }
            Self::Latin1 => Ok(bytes.iter().map(|b| char::from(*b)).collect()),
            Self::Utf16 { big } => {
                let (pairs, odd) = bytes.as_chunks::<2>();
                let (big, pairs) = match pairs {
                    [[0xfe, 0xff], rest @ ..] => (true, rest),
                    [[0xff, 0xfe], rest @ ..] => (false, rest),
                    all => (big, all),
                };
                let unit =
                    |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
                let units: Vec<u16> = pairs.iter().map(unit).collect();
                match String::from_utf16(&units) {
                    Ok(text) if odd.is_empty() => Ok(text),
                    _ => Err("message is no UTF-16 text".to_owned()),
                }
            }
        }
    }

    /// A text as bytes.
    ///
    /// # Errors
    /// It holds a character that the encoding has not.
    pub fn write(self, text: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Latin1 => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).map_err(|_| format!("`{c}` is not in ISO 8859-1")))
                .collect(),
            Self::Utf16 { big } => {
                let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                Ok(text.encode_utf16().flat_map(bytes).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(name: &str) -> Result<Encoding, String> {
        let config = json!({ "encoding": name });
        Encoding::of(Config(config.as_object().unwrap()))
    }

    #[test]
    fn texts_go_there_and_back() {
        for (name, bytes) in [
            ("utf-8", &b"21 \xc2\xb0C"[..]),
            ("Latin-1", b"21 \xb0C"),
            ("utf_16", b"2\x001\x00 \x00\xb0\x00C\x00"),
            ("utf-16-be", b"\x002\x001\x00 \x00\xb0\x00C"),
        ] {
            let encoding = of(name).unwrap();
            assert_eq!(encoding.read(bytes).as_deref(), Ok("21 °C"), "{name}");
            assert_eq!(encoding.write("21 °C").unwrap(), bytes, "{name}");
        }
        assert_eq!(of("utf-16").unwrap().read(b"\xfe\xff\0a").as_deref(), Ok("a"), "a mark says which");
    }

    #[test]
    fn what_is_none_is_named() {
        assert!(of("klingon").unwrap_err().contains("`klingon`; allowed: utf-8"));
        assert!(of("utf-16").unwrap().read(b"abc").is_err());
        assert!(of("utf-16").unwrap().read(b"\0\xd8").is_err());
        assert!(of("latin1").unwrap().write("20 €").unwrap_err().contains("`€`"));
    }
}
