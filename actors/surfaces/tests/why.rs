//! Why: the chain from the journal, in words.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use std::time::Duration;

use common::{Home, RULES};
use lares_model::*;
use lares_surfaces::tongue::Tongue;
use lares_surfaces::views::{Changed, why, why_line, why_text};

fn told(home: &Home, what: &str, full: bool) -> String {
    let told = home.told();
    why_text(&why(&home.graph.reader(), &told, what).unwrap(), &told, full)
}

/// Ids differ with what was furnished before: they are named by their turn here.
fn numbered(text: &str) -> String {
    let mut ids: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for word in text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '-')) {
        let bare = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '-'));
        if bare.parse::<EventId>().is_ok() {
            let at = ids.iter().position(|i| i == bare).unwrap_or_else(|| {
                ids.push(bare.to_owned());
                ids.len() - 1
            });
            let name = format!("<{at}>");
            let pad = bare.len().saturating_sub(name.len());
            out.push(word.replacen(bare, &format!("{name}{}", " ".repeat(pad)), 1));
        } else {
            out.push(word.to_owned());
        }
    }
    out.concat().lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

/// What was written down in English is told in German, by what it was made of.
#[test]
fn the_chain_in_german() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.wait(Duration::from_secs(180));
    let told = home.told().spoken_in(Tongue::German);
    let text = why_text(&why(&home.graph.reader(), &told, "hall-lamp").unwrap(), &told, false);
    let expected = "\
HALL-LAMP ist an seit 18:00:04 (vor 3 min): Regel „Hall light“ hat das bewirkt (an), denn HALL-MOTION · Belegung ging an
(hall-lamp.light)

18:00:04.000 <0> HALL-MOTION · Belegung ist an
18:00:04.000 <1> Regel „Hall light“: HALL-LAMP an
Regel „Hall light“ (hall-light) in rules.toml:2 (seither unverändert)
wenn HALL-MOTION · Belegung ging an
falls HALL-MOTION · Helligkeit unter 50 - trifft zu: gefunden 31 lx, vor 4 s
Wunsch an: Regel „Hall light“, Regel (110), einmalig
andere aus: default lamp, Vorgabe (170), steht zurück
Befehl an (<1>)
Quittung bestätigt um 18:00:04.060 (<2>)
";
    let tidy = |s: String| s.replace(" )", ")").replace("( ", "(");
    assert_eq!(tidy(numbered(&text)), expected);
}

#[test]
fn the_whole_chain_of_a_lamp_that_went_on() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.wait(Duration::from_secs(180));
    let expected = "\
HALL-LAMP is on since 18:00:04 (3 min ago): rule “Hall light” set it on, because HALL-MOTION · occupancy became on
(hall-lamp.light)

18:00:04.000 <0> HALL-MOTION · occupancy is on
18:00:04.000 <1> rule “Hall light” set HALL-LAMP on
rule “Hall light” (hall-light) at rules.toml:2 (unchanged since)
when HALL-MOTION · occupancy became on
if HALL-MOTION · brightness below 50 - met: found 31 lx, 4 s ago
claim on by rule “Hall light”, rule (110), once
others off by default lamp, default (170), comes after
command on (<1>)
receipt confirmed at 18:00:04.060 (<2>)
";
    // Spaces inside parentheses come from the padding of ids.
    let tidy = |s: String| s.replace(" )", ")").replace("( ", "(");
    assert_eq!(tidy(numbered(&told(&home, "hall-lamp", false))), expected);
    let full = told(&home, "hall-lamp.light", true);
    assert!(
        full.contains("| then = [{ set = \"hall-lamp\", on = true }]") && !full.contains("porch"),
        "{full}"
    );
    assert!(full.contains("[rule hall-light; hall-lamp.light]") && full.contains("[link mqtt; "), "{full}");
}

#[test]
fn it_says_that_the_rule_has_changed_since_and_shows_it_as_it_was() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.load(&RULES.replace("below = 50", "below = 20"));
    let text = told(&home, "hall-lamp", false);
    assert!(text.contains("(it has changed since)") && text.contains("below = 50"), "{text}");
    home.load("[rule.other]\n");
    let answer = why(&home.graph.reader(), &home.told(), "hall-lamp").unwrap();
    let changed = answer.root.unwrap().decision.unwrap().grounds.unwrap().changed;
    assert_eq!(changed, Changed::Removed);
}

#[test]
fn moving_a_rule_within_its_file_is_no_change() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.load(&format!("# a new first line\n\n{RULES}"));
    assert!(told(&home, "hall-lamp", false).contains("rules.toml:2 (unchanged since)"));
}

#[test]
fn a_rule_that_looked_and_did_nothing_is_told_with_the_condition_that_was_not_met() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.wait(Duration::from_secs(60));
    let moved = home.reading(home.motion, Property::State, true.into(), &[]);
    let basis = Box::new(home.basis(snapshot, 80.0));
    home.say(
        NodeId::rule("hall-light"),
        Origin::Rule("hall-light".into()),
        Body::RuleSkipped { basis },
        &[moved],
    );
    for what in ["hall-lamp", "hall-light"] {
        let text = told(&home, what, false);
        assert!(text.contains("NOT MET: found 80 lx, 4 s ago"), "{text}");
    }
    let answer = why(&home.graph.reader(), &home.told(), "hall-lamp").unwrap();
    assert_eq!(answer.since.len(), 1, "{answer:?}");
    assert!(answer.line.contains("rule “Hall light” set it on"), "what made it so stays the answer");
    // The other rule moves another lamp: it is no part of this one's story.
    let mut basis = home.basis(snapshot, 80.0);
    basis.rule = RuleRef { key: "other".into(), line: 7, ..basis.rule };
    let body = Body::RuleSkipped { basis: Box::new(basis) };
    home.say(NodeId::rule("other"), Origin::Rule("other".into()), body, &[moved]);
    let answer = why(&home.graph.reader(), &home.told(), "hall-lamp").unwrap();
    assert_eq!(answer.since.len(), 1, "{answer:?}");
}

#[test]
fn a_wish_that_was_refused_or_overridden_is_told() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    let verdict = Verdict {
        property: Property::On,
        claim: Claim {
            source: "person:anna".into(),
            level: Level::Person,
            value: false.into(),
            until: Until::Momentary,
            reason: "asked on the command line".into(),
        },
        basis: None,
        rivals: vec![],
        outcome: Outcome::Not(Receipt::Overridden("interlock:fire".into())),
    };
    let body = Body::Decision(Box::new(verdict));
    let id = home.say(home.lamp, Origin::Person("anna".into()), body, &[]);
    let text = told(&home, "hall-lamp", false);
    assert!(text.contains("Anna wished HALL-LAMP off: overridden by interlock:fire"), "{text}");
    let alone = why(&home.graph.reader(), &home.told(), &id.to_string()).unwrap();
    assert!(why_line(&alone).contains("overridden by interlock:fire"));
}

#[test]
fn a_lamp_switched_by_hand_is_not_laid_at_the_rules_door() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.wait(Duration::from_secs(30));
    let report = home.reading(home.lamp, Property::On, false.into(), &[]);
    let line = || why_line(&why(&home.graph.reader(), &home.told(), "hall-lamp").unwrap());
    assert!(
        line().starts_with("HALL-LAMP is off since") && line().contains("by hand, or of its own"),
        "{}",
        line()
    );
    let verdict = Verdict {
        property: Property::On,
        claim: Claim {
            source: "hand".into(),
            level: Level::PhysicalSwitch,
            value: false.into(),
            until: Until::At(home.told().now + Duration::from_secs(3600)),
            reason: "it was moved by hand".into(),
        },
        basis: None,
        rivals: vec![],
        outcome: Outcome::AlreadySo { value: false.into() },
    };
    home.say(home.lamp, Origin::Link("mqtt".into()), Body::Decision(Box::new(verdict)), &[report]);
    assert!(line().ends_with("it was moved by hand"), "{}", line());
}

#[test]
fn a_receipt_leads_to_its_command_and_an_unknown_name_to_the_nearest() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    let (moved, decided) = home.lamp_goes_on(snapshot);
    let receipt = home.graph.reader().effects(decided).unwrap();
    let receipt = receipt.last().unwrap().to_string();
    let answer = why(&home.graph.reader(), &home.told(), &receipt).unwrap();
    assert_eq!(answer.root.unwrap().event, decided.to_string());
    let answer = why(&home.graph.reader(), &home.told(), &moved.to_string()).unwrap();
    assert_eq!(answer.led_to.len(), 1);
    let wrong = why(&home.graph.reader(), &home.told(), "hal-lamp").unwrap_err().to_string();
    assert_eq!(wrong, "nothing is called `hal-lamp`; did you mean hall-lamp?");
    assert!(why(&home.graph.reader(), &home.told(), "e9-9").is_err());
}

#[test]
fn a_command_without_a_receipt_says_so_and_its_device_may_be_the_reason() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    home.status(NodeId::device("mqtt/hall-lamp-id"), &Status::Offline(Detail::Silent));
    let text = told(&home, "hall-lamp", false);
    assert!(text.contains("note: HALL-LAMP is offline (nothing heard in time)"), "{text}");
}
