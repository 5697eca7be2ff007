//! Whether a sentence was understood as its authors meant it: to the letter, and in meaning.

use lares_surfaces::voice::understand::{House, SlotValue, Understood, fold};
use serde_json::Value;

use super::sentences::text;

/// The words for the state of a person who is at home, which some of the corpus' authors kept as they are said, and others did not.
const HOME: [&str; 5] = ["home", "zu Hause", "casa", "maison", "thuis"];
const LENGTHS: [(&str, f64); 3] = [("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0)];

/// The intent and every slot that is expected, and no further one. Told apart from the written form only in this: the
/// kind of covers may be said more finely than expected, the
/// kind of a thing that is named need not be said again (`domain`, `device_class`), the room that the speaker stands in
/// need not be said by the sentence, and words are compared folded.
pub(super) fn to_the_letter(found: &Understood, line: &Value, house: &House) -> bool {
    if found.intent != text(line, "intent") {
        return false;
    }
    let empty = serde_json::Map::new();
    let expected = line["slots"].as_object().unwrap_or(&empty);
    let named = expected.contains_key("name");
    let any_domain = line.get("domain_any_of").is_some();
    let kind = |slot: &str| slot == "domain" || slot == "device_class";
    // "Shutters" may be kept as shutters where the authors kept only that they are covers.
    let finer = expected.get("domain").is_some_and(|d| d == "cover");
    for (slot, want) in expected {
        match found.slots.get(slot) {
            Some(value) if same(value, want, house) => {}
            None if kind(slot) && named => {}
            None if slot == "domain" && any_domain => {}
            None if slot == "area" && want == &line["context"]["area"] => {}
            _ => return false,
        }
    }
    found.slots.keys().all(|slot| {
        expected.contains_key(slot) || kind(slot) && (named || any_domain) || slot == "device_class" && finer
    })
}

/// As [`to_the_letter`], where what means the same is the same:
///
/// - the kind of a thing that is named need not be said again (`domain`, `device_class`), the kind of covers may be said more finely
///   than expected, and a kind that the sentence says may be kept where the authors kept none;
/// - `name: all` says no more than that nothing is named;
/// - the room that the speaker stands in need not be said by the sentence;
/// - 90 minutes are one hour and 30 minutes;
/// - somebody is `home`, in whatever language;
/// - what some authors keep as blinds others keep as shutters;
/// - `house` has no intent for removing from a list: there it is ticked off;
/// - words are compared folded.
pub(super) fn in_meaning(found: &Understood, line: &Value, house: &House) -> bool {
    let want = text(line, "intent");
    let removed = found.intent == "HassListRemoveItem"
        && want == "HassListCompleteItem"
        && text(line, "set") == "house";
    if found.intent != want && !removed {
        return false;
    }
    let mut expected = line["slots"].as_object().cloned().unwrap_or_default();
    if expected.get("name").is_some_and(|name| name == "all") {
        expected.remove("name");
    }
    let named = expected.contains_key("name");
    let kind = |slot: &str| slot == "domain" || slot == "device_class";
    let any_kind = line.get("domain_any_of").is_some() || !expected.keys().any(|slot| kind(slot));
    // "Shutters" may be kept as shutters where the authors kept only that they are covers.
    let finer = expected.get("domain").is_some_and(|d| d == "cover");
    let length = |slot: &str| LENGTHS.iter().any(|(unit, _)| *unit == slot);
    let sum = |number: &dyn Fn(&str) -> Option<f64>| -> f64 {
        LENGTHS.iter().map(|(unit, seconds)| number(unit).unwrap_or(0.0) * seconds).sum()
    };
    let wanted_length = sum(&|unit| expected.get(unit).and_then(number));
    if (wanted_length - sum(&|unit| found.number(unit))).abs() > 1e-6 {
        return false;
    }
    for (slot, want) in expected.iter().filter(|(slot, _)| !length(slot)) {
        match found.slots.get(slot) {
            Some(value) if same(value, want, house) => {}
            Some(SlotValue::Text(class))
                if slot == "device_class" && class == "shutter" && want == "blind" => {}
            Some(SlotValue::Text(state))
                if slot == "state" && HOME.contains(&state.as_str()) && HOME.iter().any(|h| want == h) => {}
            None if kind(slot) && named => {}
            None if slot == "domain" && line.get("domain_any_of").is_some() => {}
            None if slot == "area" && want == &line["context"]["area"] => {}
            _ => return false,
        }
    }
    found.slots.keys().filter(|slot| !length(slot)).all(|slot| {
        expected.contains_key(slot) || kind(slot) && (named || any_kind) || slot == "device_class" && finer
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str().and_then(|s| s.parse().ok()))
}

fn same(value: &SlotValue, want: &Value, house: &House) -> bool {
    if let Value::Array(some) = want {
        return some.iter().any(|one| same(value, one, house));
    }
    let number = number(want);
    let wanted = fold(want.as_str().unwrap_or("")).text;
    let one_of =
        |names: Option<&Vec<String>>| names.is_some_and(|all| all.iter().any(|n| fold(n).text == wanted));
    match value {
        SlotValue::Number(n) => number.is_some_and(|want| (want - n).abs() < 1e-6),
        SlotValue::Text(text) => fold(text).text == wanted,
        SlotValue::Thing(i) => one_of(house.things.get(*i).map(|t| &t.names)),
        SlotValue::Area(i) => one_of(house.areas.get(*i).map(|a| &a.names)),
        SlotValue::Floor(i) => one_of(house.floors.get(*i).map(|f| &f.names)),
    }
}
