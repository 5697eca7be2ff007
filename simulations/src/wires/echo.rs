//! The peer of the recording link: what is commanded is reported.

use lares_model::Timestamp;
use serde_json::Value;

use super::{Peer, Said};

/// Answers `<key>/set` with a line of the same binding.
pub struct Echo;

impl Peer for Echo {
    fn greet(&mut self) -> Vec<Said> {
        Vec::new()
    }

    fn hear(&mut self, topic: &str, bytes: &[u8], now: Timestamp) -> Vec<Said> {
        let answer = || {
            let key = topic.strip_suffix("/set")?;
            let mut line: Value = serde_json::from_slice(bytes).ok()?;
            let at = jiff::Timestamp::from_microsecond(now.0).ok()?;
            line.as_object_mut()?.insert("t".to_owned(), at.to_string().into());
            Some(Said { topic: key.into(), bytes: line.to_string().into(), retain: false })
        };
        answer().into_iter().collect()
    }

    fn act(&mut self, _: Timestamp) -> (Vec<Said>, Option<Timestamp>) {
        (Vec::new(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_devices::recording::{Binding, Line};

    #[test]
    fn a_command_is_answered_by_a_line_of_its_binding() {
        let said = Echo.hear(
            "recording/Hall/Lamp/light/set",
            br#"{"room":"Hall","device":"Lamp","kind":"light","value":true}"#,
            Timestamp(1_308_125_019_149_620),
        );
        assert_eq!(&*said[0].topic, "recording/Hall/Lamp/light");
        let line = Line::parse(std::str::from_utf8(&said[0].bytes).unwrap(), 1).unwrap();
        assert_eq!(
            (line.at, Binding::of(&line).entity_key().as_str()),
            (Timestamp(1_308_125_019_149_620), &*said[0].topic)
        );
        assert!(Echo.hear("recording/Hall/Lamp/light/set", b"nonsense", Timestamp(0)).is_empty());
        assert!(Echo.hear("elsewhere", b"{}", Timestamp(0)).is_empty());
    }
}
