//! No word is missing: every phrase has the same parts in each language, every reason that the listed sources make has a row, and no
//! row speaks of a reason that nobody makes any more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lares_model::{Receipt, Value};

use super::asked::ASKED;
use super::checker::CHECKER;
use super::codes::CODES;
use super::conditions::CONDITIONS;
use super::facts::FACTS;
use super::patterns::Patterns;
use super::phrases::ALL;
use super::reasons::GERMAN;
use super::watched::WATCHED;
use super::{Tongue, fill};

fn parts(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn phrases_have_the_same_parts_in_each_language() {
    for [name, en, de] in ALL {
        assert_eq!(parts(en), parts(de), "{name}");
        assert!(!de.trim().is_empty(), "{name}");
    }
    for (en, de) in &[GERMAN, CODES, FACTS, ASKED, CONDITIONS, CHECKER, WATCHED].concat() {
        assert_eq!(parts(en), parts(de), "{en}");
        assert_eq!(parts(en).len(), en.matches('{').count(), "{en}: two parts of one name");
    }
    let all = [GERMAN, CODES, ASKED, CONDITIONS, CHECKER, WATCHED].concat();
    let english: BTreeSet<_> = all.iter().map(|(en, _)| en).collect();
    let twice = all.len() - english.len();
    assert!(twice <= 1, "{twice} rows are there twice");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where reasons are made that a person is told.
const SOURCES: &[&str] = &[
    "actors/household/src/devices/entity.rs",
    "actors/household/src/devices/state/command.rs",
    "actors/household/src/devices/state/deadlines.rs",
    "actors/household/src/devices/state/demand.rs",
    "actors/household/src/devices/state/guarded.rs",
    "actors/household/src/devices/state/reading.rs",
    "actors/household/src/devices/state/release.rs",
    "actors/household/src/domains/countdowns/state.rs",
    "actors/household/src/domains/media/consent.rs",
    "actors/household/src/intake/actor.rs",
    "actors/household/src/intake/asking.rs",
    "actors/household/src/intake/resolve.rs",
    "actors/household/src/rules/engine/hear.rs",
    "actors/household/src/rules/engine/restore.rs",
    "actors/household/src/safety/state/ask.rs",
    "actors/household/src/safety/state/bounds.rs",
    "actors/household/src/safety/state/judge.rs",
    "actors/household/src/safety/state/review.rs",
    "actors/household/src/safety/state/total.rs",
    "actors/household/src/timers/actor.rs",
    "actors/surfaces/src/auth/access.rs",
    "actors/surfaces/src/auth/guests.rs",
    "actors/surfaces/src/auth/password.rs",
    "actors/surfaces/src/control/intents.rs",
    "actors/surfaces/src/control/undo.rs",
    "actors/surfaces/src/files/home_files.rs",
    "actors/surfaces/src/files/names.rs",
    "actors/surfaces/src/views/values.rs",
    "actors/surfaces/src/web/api/boards.rs",
    "actors/surfaces/src/web/api/countdowns.rs",
    "actors/surfaces/src/web/api/guests.rs",
    "actors/surfaces/src/web/api/history.rs",
    "actors/surfaces/src/web/api/intents.rs",
    "actors/surfaces/src/web/api/interlocks.rs",
    "actors/surfaces/src/web/api/lists.rs",
    "actors/surfaces/src/web/api/people.rs",
    "actors/surfaces/src/web/api/picture.rs",
    "actors/surfaces/src/web/api/questions.rs",
    "actors/surfaces/src/web/api/say.rs",
    "actors/surfaces/src/web/api/tokens.rs",
    "actors/surfaces/src/web/api/views.rs",
    "actors/surfaces/src/web/once.rs",
    "actors/surfaces/src/web/problem.rs",
    "actors/surfaces/src/web/visitor.rs",
    "config/src/home/people.rs",
    "config/src/home/rights.rs",
    "graph/model/src/status.rs",
];

/// What of them no person is told, or is made of parts that are.
const OTHER: &[&str] = &[
    // Of logs and faults.
    "an entry of the accounts cannot be read and counts for nothing",
    "the store does not write",
    "the hash failed; the log says why",
    // Of the checker, which speaks English; its lines follow.
    "the home's files have problems already:\n{}",
    "the home would have problems, so nothing was changed:\n{}",
    // Parts that are put together there.
    "cannot be heard",
    "is unknown",
    "what asks failed too often{why}",
    "{}: {why} about {stream}",
    // Parts that stand behind or around a reason.
    "; did you mean {}?",
    "{what}: {why}",
    // Of programs.
    "Bearer ",
    "application/problem+json",
];

/// String literals of a source, without its tests, comments, attributes and the words of its log.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut log = false;
    for line in source.lines() {
        let code = line.trim_start();
        if code.starts_with("//")
            || code.starts_with("#[")
            || code.starts_with("#![")
            || code.contains("reason = \"")
        {
            continue;
        }
        log |= code.contains("tracing::") || code.contains(".expect(");
        let skip = log;
        log &= !code.ends_with(';');
        let mut rest = code;
        while let Some((_, after)) = rest.split_once('"') {
            let mut end = 0;
            let bytes = after.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            if end >= bytes.len() {
                break;
            }
            if !skip {
                found.push(after[..end].replace("\\n", "\n"));
            }
            rest = &after[end + 1..];
        }
    }
    found
}

/// What a format's parts could be: words that stand in no table.
fn filled(literal: &str) -> String {
    let mut out = String::new();
    let mut rest = literal;
    let mut n = 0;
    while let Some((before, after)) = rest.split_once('{') {
        let after = after.split_once('}').map_or("", |(_, after)| after);
        n += 1;
        out.push_str(before);
        out.push_str(&format!("x{n}"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[test]
fn every_reason_of_the_sources_has_a_row() {
    let rows = Patterns::of(Tongue::German);
    let mut missing = Vec::new();
    for source in SOURCES {
        let text = std::fs::read_to_string(root().join(source)).unwrap();
        for literal in literals(&text) {
            let words =
                literal.split(' ').filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1).count();
            if words >= 2
                && !OTHER.contains(&literal.as_str())
                && rows.told(&filled(&literal), &|_, _| None).is_none()
            {
                missing.push(format!("{source}: {literal}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "tongue" && name != "tests" && name != "web" {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            // A literal that goes on in the next line is one.
            let text = std::fs::read_to_string(&path).unwrap();
            for line in text.lines().map(str::trim) {
                all.push_str(line.strip_suffix('\\').unwrap_or(line));
                if !line.ends_with('\\') {
                    all.push('\n');
                }
            }
        }
    }
}

#[test]
fn every_row_is_of_a_reason_that_is_made() {
    let mut all = String::new();
    for folder in [
        "actors/household/src",
        "actors/surfaces/src",
        "config/src",
        "graph/model/src",
        "supervisors/lares/src",
        "supervisors/tree/src",
    ] {
        sources(&root().join(folder), &mut all);
    }
    sources(&root().join("actors/surfaces/src/web"), &mut all);
    let mut gone = Vec::new();
    let tables = [GERMAN, CODES, FACTS, ASKED, CONDITIONS, CHECKER, WATCHED];
    for (en, _) in tables.concat() {
        // What a rule waits for is put together from words of several places.
        let pieces = en.split('{').map(|p| p.split_once('}').map_or(p, |(_, after)| after));
        let words = pieces.flat_map(str::split_whitespace).filter(|word| word.len() >= 4);
        let lost: Vec<&str> = words.filter(|word| !all.contains(word)).collect();
        if !lost.is_empty() {
            gone.push(format!("{en}: {lost:?}"));
        }
    }
    assert_eq!(gone, Vec::<String>::new());
}

#[test]
fn a_reason_is_told_by_what_it_was_made_of() {
    let de = |text: &str| Tongue::German.reason(text);
    assert_eq!(de("its time is over"), "seine Zeit ist um");
    assert_eq!(
        de("interlock:leak (equipment_protection): utility-leak.water_leak is on"),
        "interlock:leak (Schutz der Geräte): utility-leak.water_leak ist an"
    );
    assert_eq!(
        de("at least 3 min off (`min_off`), allowed again in 40 s"),
        "mindestens 3 min aus (`min_off`), wieder erlaubt in 40 s"
    );
    assert_eq!(de("a guest may not move Lock (lock)"), "als Gast darf man Lock nicht bewegen (lock)");
    assert_eq!(
        de(
            "Ben in the Bedroom is asked first, which cannot be done now: `domains/media` did not answer within 10s. Nothing was changed: say it in the Bedroom itself, or again in a few minutes"
        ),
        "zuerst wird gefragt: Ben (Bedroom), was jetzt nicht geht: `domains/media` hat nicht binnen 10s geantwortet. Nichts wurde geändert: sag es dort (Bedroom) selbst, oder in ein paar Minuten noch einmal"
    );
    assert_eq!(de("hall-lamp.light brightness is 40"), "hall-lamp.light brightness ist 40");
    assert_eq!(
        de(
            "0.6 MB in use (0.1 MB samples, 0.1 MB journal), 0.2 MB free in its file for what comes; a budget of 4.0 GB"
        ),
        "0.6 MB belegt (0.1 MB Messwerte, 0.1 MB journal), 0.2 MB in der Datei frei für das, was kommt; höchstens 4.0 GB"
    );
    assert_eq!(
        de("(the sun is down or (hall is empty and hall-motion.illuminance below 50))"),
        "(die Sonne ist untergegangen oder (hall ist leer und hall-motion.illuminance unter 50))"
    );
    assert_eq!(de("(a) or (b and )("), "(a) or (b and )(");
    // What nobody has a row for stays as it came, whole.
    for other in ["", "connection refused (os error 111)", "{}", "{who}", "Wohnzimmer", "äöü\u{1F600}"] {
        assert_eq!(de(other), other);
    }
    // Words that go on within themselves end.
    let long = |n| "link x: ".repeat(n) + "y";
    assert!(de(&long(200)).starts_with("Verbindung x: Verbindung x: "));
    assert_eq!(de(&long(100_000)), long(100_000));
    assert_eq!(Tongue::English.reason("its time is over"), "its time is over");
}

#[test]
fn receipts_and_lengths_are_told() {
    let de = Tongue::German;
    assert_eq!(de.receipt(&Receipt::Confirmed), "bestätigt");
    assert_eq!(de.receipt(&Receipt::Differs(Value::Bool(false))), "weicht ab: gemeldet wird aus");
    assert_eq!(de.receipt(&Receipt::Refused("it has no color".into())), "abgelehnt: color hat es nicht");
    assert_eq!(de.ago(std::time::Duration::from_secs(300)), "vor 5 min");
    for receipt in
        [Receipt::Sent, Receipt::Unknown, Receipt::Overridden("anna".into()), Receipt::Failed("x".into())]
    {
        assert_eq!(Tongue::English.receipt(&receipt), receipt.to_string());
    }
    assert_eq!(fill("{a} {b} {c", &[("a", &1)]), "1 {b} c");
}

#[test]
fn a_language_is_chosen_by_what_is_wanted_most() {
    let accepted = |header| Tongue::accepted(header);
    assert_eq!(accepted("de-AT,de;q=0.9,en;q=0.8"), Some(Tongue::German));
    assert_eq!(accepted("fr, en;q=0.5, de;q=0.7"), Some(Tongue::German));
    assert_eq!(accepted("en, de"), Some(Tongue::English));
    assert_eq!(accepted("de;q=0, *"), None);
    for nothing in ["", "fr", ";;q=,", "de;q=x", "\u{e4}"] {
        assert_eq!(accepted(nothing), None, "{nothing}");
    }
    let terminal = |lang: &str| Tongue::of_terminal(|name| (name == "LANG").then(|| lang.to_owned()));
    assert_eq!(terminal("de_DE.UTF-8"), Some(Tongue::German));
    assert_eq!((terminal("C.UTF-8"), terminal("")), (None, None));
}
