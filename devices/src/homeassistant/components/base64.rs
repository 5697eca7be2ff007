//! Bytes in base 64 (RFC 4648, section 4; that of URLs as well).

/// What stands for six bits each.
fn six(letter: u8) -> Option<u32> {
    let n = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(n))
}

/// The bytes of a text in base 64. Blanks between lines and padding at the end are passed over.
///
/// # Errors
/// It holds another character, or ends within a byte.
pub fn read(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits, mut padded) = (0_u32, 0_u32, false);
    for letter in text.iter().filter(|c| !c.is_ascii_whitespace()) {
        if *letter == b'=' {
            padded = true;
            continue;
        }
        let Some(n) = six(*letter).filter(|_| !padded) else {
            return Err(format!("is no base 64: it holds {:?}", char::from(*letter)));
        };
        (held, bits) = ((held << 6 | n) & 0xffff, bits + 6);
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    if bits == 6 { Err("is no base 64: it ends within a byte".to_owned()) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_the_standard() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9v\nYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("Zm8", "fo"),
        ] {
            assert_eq!(read(text.as_bytes()).as_deref(), Ok(bytes.as_bytes()), "{text}");
        }
        assert_eq!(read(b"-_8=").unwrap(), read(b"+/8=").unwrap());
        for bad in ["Zm9*", "Z", "Zg==Zg", "Zmö"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
