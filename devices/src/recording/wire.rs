//! Lares's own recordings: what came in on the wires, byte for byte, so that drivers and discovery are replayed too.
//!
//! The first line says what the file is; each further line is one message.

use lares_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Problem;

/// The form that is written. Raised when an older reader would misread it.
pub const WIRE_VERSION: u32 = 1;

/// One message from a wire.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WireLine {
    pub at: Timestamp,
    /// Key of the link.
    pub link: String,
    pub topic: String,
    pub payload: Vec<u8>,
    pub retained: bool,
}

#[derive(Serialize, Deserialize)]
struct Header {
    lares_recording: u32,
    zone: String,
}

#[derive(Serialize, Deserialize)]
struct Raw {
    t: String,
    link: String,
    topic: String,
    /// The payload, where it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    /// Where it is none: its bytes in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    retained: bool,
}

/// The first line of a recording made in this zone (IANA name).
pub fn wire_header(zone: &str) -> String {
    let header = Header { lares_recording: WIRE_VERSION, zone: zone.to_owned() };
    serde_json::to_string(&header).unwrap_or_default()
}

/// Whether a file that begins with this line is one of ours; an error if it is of a form that is not known here.
pub fn is_wire_header(line: &str) -> Result<bool, Problem> {
    match serde_json::from_str::<Header>(line) {
        Ok(Header { lares_recording: 1..=WIRE_VERSION, .. }) => Ok(true),
        Ok(Header { lares_recording: newer, .. }) => Err(Problem::new(
            "line 1",
            format!("the recording is of form {newer}; up to {WIRE_VERSION} can be read: update Lares"),
        )),
        Err(_) => Ok(false),
    }
}

impl WireLine {
    /// As it is written, without the line's end.
    pub fn to_text(&self) -> String {
        let at = jiff::Timestamp::from_microsecond(self.at.0).unwrap_or_default();
        let (payload, hex) = match std::str::from_utf8(&self.payload) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(self.payload.iter().map(|b| format!("{b:02x}")).collect())),
        };
        let (link, topic) = (self.link.clone(), self.topic.clone());
        let raw = Raw { t: at.to_string(), link, topic, payload, hex, retained: self.retained };
        serde_json::to_string(&raw).unwrap_or_default()
    }

    /// Parse a line; `number` (from 1) is named in the error.
    pub fn parse(text: &str, number: u64) -> Result<Self, Problem> {
        let bad = |reason: String| Problem::new(format!("line {number}"), reason);
        let raw: Raw =
            serde_json::from_str(text).map_err(|e| bad(format!("is no message of a recording: {e}")))?;
        let at: jiff::Timestamp =
            raw.t.parse().map_err(|_| bad("`t` is no instant; allowed: RFC 3339".to_owned()))?;
        let payload = match (raw.payload, raw.hex) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(hex)) => bytes_of(&hex).ok_or_else(|| bad("`hex` is not hexadecimal".to_owned()))?,
            _ => return Err(bad("needs either `payload` or `hex`".to_owned())),
        };
        let at = Timestamp(at.as_microsecond());
        Ok(Self { at, link: raw.link, topic: raw.topic, payload, retained: raw.retained })
    }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16);
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|p| u8::try_from(digit(*p.first()?)? * 16 + digit(*p.get(1)?)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_line() {
        for payload in [&b""[..], br#"{"state":"ON"}"#, b"line\nend", &[0xff, 0x00, 0x7f]] {
            let line = WireLine {
                at: Timestamp(1_763_824_800_123_456),
                link: "mqtt".into(),
                topic: "zigbee2mqtt/k\u{fc}che".into(),
                payload: payload.to_vec(),
                retained: payload.is_empty(),
            };
            let text = line.to_text();
            assert!(!text.contains('\n'), "{text}");
            assert_eq!(WireLine::parse(&text, 1).unwrap(), line);
        }
    }

    #[test]
    fn what_is_none_is_named() {
        assert_eq!(is_wire_header(&wire_header("Europe/Vienna")), Ok(true));
        assert_eq!(
            is_wire_header(r#"{"t":"2026-01-01T00:00:00Z","device":"d","kind":"k","value":1}"#),
            Ok(false)
        );
        assert!(is_wire_header(r#"{"lares_recording":99,"zone":"UTC"}"#).is_err());
        for (text, word) in [
            ("{}", "missing field"),
            (r#"{"t":"now","link":"l","topic":"t","payload":""}"#, "no instant"),
            (r#"{"t":"2026-01-01T00:00:00Z","link":"l","topic":"t"}"#, "either"),
            (r#"{"t":"2026-01-01T00:00:00Z","link":"l","topic":"t","hex":"f"}"#, "hexadecimal"),
            (r#"{"t":"2026-01-01T00:00:00Z","link":"l","topic":"t","hex":"gg"}"#, "hexadecimal"),
        ] {
            let problem = WireLine::parse(text, 3).unwrap_err();
            assert!(problem.place == "line 3" && problem.reason.contains(word), "{problem}");
        }
    }
}
