//! Durations, times of day and days.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Time;

use super::Node;
use crate::home::Days;

const UNITS: [(&str, f64); 5] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
/// What is longer was meant otherwise.
const LONGEST_DAYS: u64 = 3_660;

/// `90s`, `5m`, `2h30m`, `1d`. Errors are for people.
fn parse(text: &str) -> Result<Duration, String> {
    const FORM: &str =
        "allowed: a number and d, h, m, s or ms, also several: \"90s\", \"5m\", \"2h30m\", \"1d\"";
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(FORM.into());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| FORM.to_owned())?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let name = &rest[..letters];
        let factor = UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, factor)| *factor);
        let factor = factor.ok_or_else(|| match name {
            "" => format!("the unit is missing; {FORM}"),
            other => format!("{other:?} is no unit of time; {FORM}"),
        })?;
        let part = Duration::try_from_secs_f64(number * factor).map_err(|_| FORM.to_owned())?;
        total = total.checked_add(part).ok_or(FORM)?;
        rest = rest[letters..].trim_start();
    }
    if total > Duration::from_secs(LONGEST_DAYS * 86_400) {
        return Err(format!("the longest is {LONGEST_DAYS}d"));
    }
    Ok(total)
}

impl<'a> Node<'a> {
    /// A duration longer than nothing.
    pub fn duration(&self) -> Option<Duration> {
        let text = self.duration_text()?;
        match parse(text) {
            Ok(Duration::ZERO) => {
                let message = format!("`{}` is zero", self.path.last_key());
                self.error("out-of-range", message, "leave it out, or say how long");
                None
            }
            Ok(duration) => Some(duration),
            Err(help) => {
                self.error(
                    "bad-duration",
                    format!("`{}`: {text:?} is no duration", self.path.last_key()),
                    help,
                );
                None
            }
        }
    }

    /// `-30m`, `+1h`, `20m`: at most twelve hours.
    pub fn offset(&self) -> Option<SignedDuration> {
        let text = self.duration_text()?;
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        match parse(rest) {
            Ok(length) if length <= Duration::from_secs(12 * 3_600) => {
                let length = SignedDuration::try_from(length).ok()?;
                Some(if negative { -length } else { length })
            }
            Ok(_) => {
                self.error(
                    "out-of-range",
                    format!("an offset of {text:?} is too long"),
                    "allowed: -12h to 12h",
                );
                None
            }
            Err(help) => {
                self.error(
                    "bad-duration",
                    format!("{text:?} is no offset"),
                    format!("{help}; with - for before"),
                );
                None
            }
        }
    }

    fn duration_text(&self) -> Option<&'a str> {
        if self.value.as_str().is_none() && self.as_f64().is_some() {
            let seen = self.seen();
            let message = format!("`{}` needs a unit of time", self.path.last_key());
            self.error("bad-duration", message, format!("did you mean \"{seen}s\" or \"{seen}m\"?"));
            return None;
        }
        self.text()
    }

    /// `07:00` or `07:00:30`.
    pub fn time(&self) -> Option<Time> {
        let text = self.text()?;
        let parts: Vec<Option<i8>> = text.split(':').map(two_digits).collect();
        let time = match parts.as_slice() {
            [Some(h), Some(m)] => Time::new(*h, *m, 0, 0).ok(),
            [Some(h), Some(m), Some(s)] => Time::new(*h, *m, *s, 0).ok(),
            _ => None,
        };
        if time.is_none() {
            let message = format!("`{}`: {text:?} is no time of day", self.path.last_key());
            self.error(
                "bad-time",
                message,
                "allowed: \"HH:MM\" or \"HH:MM:SS\", from \"00:00\" to \"23:59:59\"",
            );
        }
        time
    }

    /// `["mon", "weekend"]`.
    pub fn days(&self) -> Option<Days> {
        let items = self.list()?;
        if items.is_empty() {
            self.error("empty-list", "`days` is empty: it would never be true", "leave it out for every day");
        }
        items.iter().filter_map(|item| item.word(Days::WORDS)).reduce(Days::with)
    }
}

fn two_digits(text: &str) -> Option<i8> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_people_write_them() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("2h30m", 9_000), ("1d", 86_400), ("1h 5m", 3_900)]
        {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("1.5h"), Ok(Duration::from_secs(5_400)));
    }

    #[test]
    fn what_is_no_duration() {
        for text in [
            "",
            "5",
            "5 parsecs",
            "m",
            "-5m",
            "5m3",
            "1e9h",
            "999999d",
            "..s",
            "5 µs",
            "99999999999999999999d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
