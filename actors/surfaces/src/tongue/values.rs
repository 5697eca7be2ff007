//! Values, receipts, statuses and lengths in words.

use std::time::Duration;

use lares_model::{Component, Property, Receipt, Status, Value, value_word};

use super::{Tongue, say};

impl Tongue {
    pub fn value(self, value: &Value) -> String {
        let t = self.phrases();
        match value {
            Value::Bool(true) => t.on.to_owned(),
            Value::Bool(false) => t.off.to_owned(),
            other => other.to_string(),
        }
    }

    pub fn receipt(self, receipt: &Receipt) -> String {
        let t = self.phrases();
        match receipt {
            Receipt::Sent => t.sent.to_owned(),
            Receipt::Confirmed => t.confirmed.to_owned(),
            Receipt::Expired => t.expired.to_owned(),
            Receipt::Unknown => t.not_known.to_owned(),
            Receipt::Differs(found) => say!(t.differs, found = self.value(found)),
            Receipt::Failed(why) => say!(t.failed, why = self.reason(why)),
            Receipt::Refused(why) => say!(t.refused, why = self.reason(why)),
            Receipt::Overridden(by) => say!(t.overridden, by = self.reason(by)),
        }
    }

    /// The same, where only the property of a thing is known: what is locked is a lock, what has a position opens and closes.
    pub fn receipt_of(self, property: &str, receipt: &Receipt) -> String {
        let component = match Property::parse(property) {
            Some(Property::Locked) => Component::Lock,
            Some(Property::Position) => Component::Cover,
            _ => return self.receipt(receipt),
        };
        let word = |value| value_word(self.code(), (component, None), component.main_property(), value);
        match receipt {
            Receipt::Differs(found) => {
                let found = word(found).map_or_else(|| self.value(found), str::to_owned);
                say!(self.phrases().differs, found = found)
            }
            other => self.receipt(other),
        }
    }

    /// The words of a notice, without what the journal says before them in any language.
    pub(crate) fn notice(text: &str) -> &str {
        let mut before = Self::ALL.iter().filter_map(|tongue| tongue.phrases().notice.split_once('{'));
        before.find_map(|(before, _)| text.strip_prefix(before)).unwrap_or(text)
    }

    /// The word of a level of [`lares_model::Level`].
    pub(crate) fn level(self, name: &str) -> &str {
        let german = match name {
            "emergency" => "Notfall",
            "life_safety" => "Schutz des Lebens",
            "equipment_protection" => "Schutz der Geräte",
            "legal_limit" => "gesetzliche Grenze",
            "interlock" => "Verriegelung",
            "security" => "Sicherheit",
            "physical_switch" => "Schalter am Gerät",
            "person" => "Person",
            "health" => "Gesundheit",
            "scene" => "Szene",
            "rule" => "Regel",
            "production" => "Produktion",
            "calendar_preparation" => "Vorbereitung auf Termine",
            "comfort" => "Komfort",
            "plan" => "Plan",
            "habit" => "Gewohnheit",
            "default" => "Vorgabe",
            other => other,
        };
        if self == Self::German { german } else { name }
    }

    /// The word of a status, of those of [`Status::WORDS`].
    pub fn status_word(self, word: &str) -> String {
        let t = self.phrases();
        match word {
            "initializing" => t.initializing,
            "unknown" => t.unknown,
            "online" => t.online,
            "offline" => t.offline,
            "quarantined" => t.quarantined,
            "removed" => t.removed,
            other => other,
        }
        .to_owned()
    }

    pub fn status(self, status: &Status) -> String {
        let word = self.status_word(status.word());
        match status.detail() {
            Some(detail) => format!("{word} ({})", self.reason(&detail.to_string())),
            None => word,
        }
    }

    /// A length in its largest fitting unit: `4 s`, `12 min`, `3 h`, `9 d`.
    pub fn length(self, length: Duration) -> String {
        let (t, s) = (self.phrases(), length.as_secs());
        match s {
            0 => format!("{} ms", length.as_millis()),
            1..120 => format!("{s} s"),
            120..7_200 => format!("{} min", s / 60),
            7_200..172_800 => format!("{} h", s / 3_600),
            _ => say!(t.days, n = s / 86_400),
        }
    }

    /// `4 s ago`.
    pub fn ago(self, age: Duration) -> String {
        let t = self.phrases();
        if age < Duration::from_secs(1) { t.now.to_owned() } else { say!(t.ago, length = self.length(age)) }
    }
}
