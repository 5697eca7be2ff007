//! What a value of a kind of thing is called: a lock is locked and not on, a valve at 0 is closed.
//!
//! Only kinds whose bare value says nothing or the wrong thing are here; everything else is told as it is.

use crate::{Component, Property, Value};

/// Of each word: English, German, Spanish, French, Dutch.
const WORDS: &[[&str; 5]] = &[
    ["open", "offen", "abierto", "ouvert", "open"],
    ["closed", "zu", "cerrado", "fermé", "dicht"],
    ["opening", "geht auf", "abriéndose", "en ouverture", "gaat open"],
    ["closing", "geht zu", "cerrándose", "en fermeture", "gaat dicht"],
    ["stopped", "angehalten", "parado", "arrêté", "gestopt"],
    ["locked", "abgeschlossen", "cerrado con llave", "verrouillé", "op slot"],
    ["unlocked", "aufgeschlossen", "sin llave", "déverrouillé", "van het slot"],
    ["locking", "schließt ab", "cerrándose con llave", "se verrouille", "gaat op slot"],
    ["unlocking", "schließt auf", "abriéndose con llave", "se déverrouille", "gaat van het slot"],
    ["jammed", "klemmt", "atascado", "bloqué", "geklemd"],
    ["disarmed", "unscharf", "desarmada", "désarmée", "uitgeschakeld"],
    ["armed", "scharf", "armada", "armée", "ingeschakeld"],
    ["armed (home)", "scharf (zu Hause)", "armada (en casa)", "armée (présence)", "ingeschakeld (thuis)"],
    ["armed (away)", "scharf (unterwegs)", "armada (fuera)", "armée (absence)", "ingeschakeld (afwezig)"],
    ["armed (night)", "scharf (Nacht)", "armada (noche)", "armée (nuit)", "ingeschakeld (nacht)"],
    [
        "armed (vacation)",
        "scharf (Urlaub)",
        "armada (vacaciones)",
        "armée (vacances)",
        "ingeschakeld (vakantie)",
    ],
    ["arming", "wird scharf", "armándose", "en cours d'armement", "wordt ingeschakeld"],
    ["disarming", "wird unscharf", "desarmándose", "en cours de désarmement", "wordt uitgeschakeld"],
    ["waits for the code", "wartet auf den Code", "espera el código", "attend le code", "wacht op de code"],
    ["ALARM", "ALARM", "ALARMA", "ALARME", "ALARM"],
];

const LANGUAGES: [&str; 5] = ["en", "de", "es", "fr", "nl"];

/// What a value is called in a language (`en`, `de`, `es`, `fr`, `nl`; else English). `None`: it is told as it is.
pub fn value_word(
    language: &str,
    (component, class): (Component, Option<&str>),
    property: Property,
    value: &Value,
) -> Option<&'static str> {
    let word = english(component, class, property, value)?;
    let column = LANGUAGES.iter().position(|l| *l == language).unwrap_or(0);
    WORDS.iter().find(|row| row[0] == word).and_then(|row| row.get(column)).copied()
}

/// English and another language, for whoever translates what was written down in English.
pub fn value_words_in(language: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let column = LANGUAGES.iter().position(|l| *l == language).unwrap_or(0);
    WORDS.iter().filter_map(move |row| Some((row[0], *row.get(column)?)))
}

fn english(
    component: Component,
    class: Option<&str>,
    property: Property,
    value: &Value,
) -> Option<&'static str> {
    match (component, property, value) {
        (_, Property::Locked, Value::Bool(locked)) => Some(if *locked { "locked" } else { "unlocked" }),
        (Component::BinarySensor, Property::State, Value::Bool(yes)) => {
            let (is, not) = match class? {
                "door" | "garage_door" | "opening" | "window" => ("open", "closed"),
                "lock" => ("unlocked", "locked"),
                _ => return None,
            };
            Some(if *yes { is } else { not })
        }
        (Component::Cover | Component::Valve, Property::Position, Value::Number(at)) => {
            // What stands between is told as how far it is open.
            if *at <= 0.0 { Some("closed") } else { (*at >= 100.0).then_some("open") }
        }
        (Component::AlarmControlPanel, Property::State, Value::Text(state)) => alarm(state),
        (Component::Cover | Component::Valve | Component::Lock, _, Value::Text(state)) => {
            WORDS.iter().take(10).map(|row| row[0]).find(|word| *word == &**state)
        }
        _ => None,
    }
}

/// Home Assistant's words for an alarm, as people say them.
fn alarm(state: &str) -> Option<&'static str> {
    Some(match state {
        "disarmed" => "disarmed",
        "armed_home" => "armed (home)",
        "armed_away" => "armed (away)",
        "armed_night" => "armed (night)",
        "armed_vacation" => "armed (vacation)",
        "armed_custom_bypass" => "armed",
        "arming" => "arming",
        "disarming" => "disarming",
        "pending" => "waits for the code",
        "triggered" => "ALARM",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_words() {
        let of = |language: &str, component, class, property, value: Value| {
            value_word(language, (component, class), property, &value)
        };
        use Component as C;
        use Property as P;
        assert_eq!(of("en", C::Lock, None, P::Locked, Value::Bool(true)), Some("locked"));
        assert_eq!(of("de", C::Lock, None, P::Locked, Value::Bool(false)), Some("aufgeschlossen"));
        assert_eq!(of("fr", C::Valve, None, P::Position, Value::Number(0.0)), Some("fermé"));
        assert_eq!(of("nl", C::Cover, Some("shutter"), P::Position, Value::Number(100.0)), Some("open"));
        assert_eq!(of("es", C::Cover, None, P::State, Value::text("closed")), Some("cerrado"));
        assert_eq!(of("de", C::BinarySensor, Some("window"), P::State, Value::Bool(true)), Some("offen"));
        assert_eq!(of("xx", C::BinarySensor, Some("lock"), P::State, Value::Bool(true)), Some("unlocked"));
        assert_eq!(
            of("de", C::AlarmControlPanel, None, P::State, Value::text("armed_away")),
            Some("scharf (unterwegs)")
        );
        // What says enough as it is has no other word.
        assert_eq!(of("en", C::Cover, None, P::Position, Value::Number(40.0)), None);
        assert_eq!(of("en", C::BinarySensor, Some("motion"), P::State, Value::Bool(true)), None);
        assert_eq!(of("en", C::Light, None, P::On, Value::Bool(true)), None);
        assert_eq!(of("en", C::AlarmControlPanel, None, P::State, Value::text("odd")), None);
    }

    #[test]
    fn every_word_that_is_used_has_its_row() {
        let states = [
            "disarmed",
            "armed_home",
            "armed_away",
            "armed_night",
            "armed_vacation",
            "armed_custom_bypass",
            "arming",
            "disarming",
            "pending",
            "triggered",
        ];
        for state in states {
            let word = alarm(state).unwrap();
            assert!(WORDS.iter().any(|row| row[0] == word), "{state}");
        }
        assert!(WORDS.iter().flatten().all(|word| !word.is_empty()));
        assert_eq!(value_words_in("de").next(), Some(("open", "offen")));
    }
}
