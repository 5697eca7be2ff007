//! `date`, `time` and `datetime`: text in one form, whatever the device writes.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use lares_model::{Property, Value, ValueKind};

use super::super::template::Rendered;
use super::builder::{Access, Builder};
use super::sink::{Out, Sink, not};
use super::writer::How;
use crate::problem::quote;

/// What is read and written.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    Date,
    Time,
    /// An instant; without an offset it is in this zone.
    Instant {
        zone: Option<TimeZone>,
    },
}

pub fn build(b: &mut Builder<'_>, when: When) {
    let when = match (when, b.config.text("timezone")) {
        (When::Instant { .. }, Some(name)) => match TimeZone::get(&name) {
            Ok(zone) => When::Instant { zone: Some(zone) },
            Err(_) => {
                b.built
                    .problems
                    .push(format!("`timezone` is {}; allowed: a name like Europe/Berlin", quote(&name)));
                When::Instant { zone: None }
            }
        },
        (when, _) => when,
    };
    let readable = b.read("state_topic", "value_template", Sink::When(when.clone()));
    let writable = b.write(Property::State, "command_topic", "command_template", None, How::When(when));
    b.property(Property::State, ValueKind::Text, None, Access { readable, writable });
}

impl When {
    pub fn read(&self, rendered: &Rendered<'_>, out: &mut Out<'_>) -> Result<(), String> {
        if rendered.is_unknown() {
            out.put(Property::State, None);
            return Ok(());
        }
        match self.form(&rendered.text()) {
            Some(text) => {
                out.put(Property::State, Some(Value::text(text)));
                Ok(())
            }
            None => Err(not(Property::State, rendered, self.allowed())),
        }
    }

    /// What goes out for a wish: ISO 8601, instants in UTC.
    pub fn wire(&self, wish: &str) -> Result<String, String> {
        self.form(wish)
            .ok_or_else(|| format!("`state` cannot be {}; allowed: {}", quote(wish), self.allowed()))
    }

    fn form(&self, text: &str) -> Option<String> {
        let text = text.trim();
        match self {
            Self::Date => text.parse::<Date>().ok().map(|date| date.to_string()),
            Self::Time => text.parse::<Time>().ok().map(|time| time.strftime("%H:%M:%S").to_string()),
            Self::Instant { zone } => {
                let told = text.parse::<jiff::Timestamp>().ok();
                let civil = || {
                    let zone = zone.clone()?;
                    Some(text.parse::<DateTime>().ok()?.to_zoned(zone).ok()?.timestamp())
                };
                told.or_else(civil).map(|at| at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
            }
        }
    }

    fn allowed(&self) -> &'static str {
        match self {
            Self::Date => "a day like 2026-11-26",
            Self::Time => "a time like 18:30:00",
            Self::Instant { zone: None } => "an instant like 2026-11-26T18:30:00+01:00",
            Self::Instant { .. } => "a day and time like 2026-11-26T18:30:00",
        }
    }
}
