//! An instant as programs read it: RFC 3339 in UTC, to the microsecond.

use std::fmt;

use lares_model::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A [`Timestamp`] that is written as RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(pub Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0.0) {
            Ok(at) => write!(f, "{at:.6}"),
            // Beyond jiff's years: the number is still right.
            Err(_) => write!(f, "{}us", self.0.0),
        }
    }
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(number) = text.strip_suffix("us").and_then(|n| n.parse().ok()) {
            return Ok(Self(Timestamp(number)));
        }
        let at: jiff::Timestamp = text.parse().map_err(|_| format!("`{text}` is not an instant"))?;
        Ok(Self(Timestamp(at.as_microsecond())))
    }
}

impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_survive_their_text() {
        for us in [0, 1, -1, 1_763_824_800_123_456, i64::MAX, i64::MIN] {
            let text = Moment(Timestamp(us)).to_string();
            assert_eq!(text.parse::<Moment>().unwrap().0, Timestamp(us), "{text}");
        }
        assert_eq!(Moment(Timestamp(1_000_000)).to_string(), "1970-01-01T00:00:01.000000Z");
    }
}
