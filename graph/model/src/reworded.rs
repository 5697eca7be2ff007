//! Sentences about things, as they are written down (`front-lock.lock became on`), with the words of their kind
//! (`front-lock.lock became locked`). What was written years ago is told so, too.

use std::borrow::Cow;

use crate::{Component, Property, Value, value_word};

/// The kind of what a text calls `hall-lamp.light`, or `hall-lamp`; none: it is no such thing.
pub type KindOf<'a> = &'a dyn Fn(&str) -> Option<(Component, Option<String>)>;

/// A text in English, with the words of each thing's kind behind `is`, `became` and `from`.
pub fn reworded<'t>(text: &'t str, kind_of: KindOf<'_>) -> Cow<'t, str> {
    if !text.contains(" is ") && !text.contains(" became ") && !text.contains(" from ") {
        return Cow::Borrowed(text);
    }
    let mut out: Vec<Cow<'_, str>> = text.split(' ').map(Cow::Borrowed).collect();
    let mut changed = false;
    let mut about: Option<(Component, Option<String>, Property)> = None;
    for at in 1..out.len() {
        if !matches!(&*out[at], "is" | "became" | "from") {
            continue;
        }
        // `front-lock.lock from on became off` is about one thing twice.
        if let Some(found) = named(&out[..at], kind_of) {
            about = Some(found);
        } else if !(at >= 2 && matches!(&*out[at - 2], "from")) {
            about = None;
        }
        let (Some((component, class, property)), Some(word)) = (&about, out.get(at + 1)) else { continue };
        if let Some(told) = told(word, (*component, class.as_deref()), *property) {
            out[at + 1] = Cow::Owned(told);
            changed = true;
        }
    }
    if changed { Cow::Owned(out.join(" ")) } else { Cow::Borrowed(text) }
}

/// What was found of the thing that `text` begins with: `off, 3s ago` of a door is `closed, 3s ago`.
pub fn found_reworded<'f>(text: &str, found: &'f str, kind_of: KindOf<'_>) -> Cow<'f, str> {
    let words: Vec<Cow<'_, str>> = text.split(' ').take(2).map(Cow::Borrowed).collect();
    let Some((component, class, property)) = named(&words[..1], kind_of) else { return Cow::Borrowed(found) };
    let property = words.get(1).and_then(|word| Property::parse(word)).unwrap_or(property);
    for before in ["", "stale: ", "offline; it last was "] {
        let Some(rest) = found.strip_prefix(before) else { continue };
        let end = rest.find([' ', ',', ';', ':']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if let Some(word) = told(word, (component, class.as_deref()), property) {
            return Cow::Owned(format!("{before}{word}{after}"));
        }
    }
    Cow::Borrowed(found)
}

/// The thing at the end of some words, perhaps with a property of it.
fn named(words: &[Cow<'_, str>], kind_of: KindOf<'_>) -> Option<(Component, Option<String>, Property)> {
    let kind = |word: &str| kind_of(word.trim_start_matches(['(', '`']));
    let last = words.last()?;
    if let Some((component, class)) = kind(last) {
        return Some((component, class, component.main_property()));
    }
    let property = Property::parse(last)?;
    let (component, class) = kind(words.get(words.len().checked_sub(2)?)?)?;
    Some((component, class, property))
}

/// A value as it was written, with what stands behind it.
fn told(word: &str, kind: (Component, Option<&str>), property: Property) -> Option<String> {
    let bare = word.trim_end_matches([',', ';', ':', ')', '.']);
    let value = match bare {
        "on" => Value::Bool(true),
        "off" => Value::Bool(false),
        other => other.parse().map_or_else(|_| Value::text(other), Value::Number),
    };
    let told = value_word("en", kind, property, &value)?;
    (told != bare).then(|| format!("{told}{}", &word[bare.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(word: &str) -> Option<(Component, Option<String>)> {
        let binary = |class: &str| Some((Component::BinarySensor, Some(class.to_owned())));
        match word {
            "front-lock.lock" | "front-lock" => Some((Component::Lock, None)),
            "tap.valve" => Some((Component::Valve, None)),
            "front-door.contact" => binary("door"),
            "hall-motion.occupancy" => binary("occupancy"),
            "alarm.panel" => Some((Component::AlarmControlPanel, None)),
            _ => None,
        }
    }

    #[test]
    fn each_thing_has_the_words_of_its_kind() {
        let told = [
            ("front-lock.lock became on", "front-lock.lock became locked"),
            ("front-lock became off for 5m", "front-lock became unlocked for 5m"),
            ("front-lock.lock from on became off", "front-lock.lock from locked became unlocked"),
            ("wait for front-door.contact became off", "wait for front-door.contact became closed"),
            (
                "(front-door.contact is on or hall-motion.occupancy is on)",
                "(front-door.contact is open or hall-motion.occupancy is on)",
            ),
            ("tap.valve position is 0, and so on", "tap.valve position is closed, and so on"),
            ("alarm.panel became armed_away", "alarm.panel became armed (away)"),
        ];
        for (text, wanted) in told {
            assert_eq!(reworded(text, &kind_of), wanted);
        }
        for same in ["", "hall-motion.occupancy became on", "nothing is on", "tap.valve is 40", " is ", "on"]
        {
            assert!(matches!(reworded(same, &kind_of), Cow::Borrowed(text) if text == same), "{same}");
        }
    }

    #[test]
    fn what_was_found_has_them_too() {
        let found = |text, found| found_reworded(text, found, &kind_of).into_owned();
        assert_eq!(found("front-door.contact is off", "on, 3s ago"), "open, 3s ago");
        assert_eq!(found("front-lock is on", "off"), "unlocked");
        assert_eq!(
            found("front-door.contact is off", "offline; it last was on, 2h ago"),
            "offline; it last was open, 2h ago"
        );
        assert_eq!(found("hall-motion.occupancy is on", "off"), "off");
        assert_eq!(found("the sun is up", "down"), "down");
    }
}
