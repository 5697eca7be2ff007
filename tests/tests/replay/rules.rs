//! Rules in a replay: what they ask, their ways, scenes, what they can move.

use lares_graph::Reader;
use lares_model::{EdgeKind, NodeId};

use super::*;

#[test]
fn a_rule_that_asks_the_graph_is_replayed() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         if = [{{ find = \"component:light -on:yes\" }}]\nthen = [{{ set_all = \"component:light in:hall\", on = true }}]\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let (_folder, file) = recording(&[
        at("18:00:00", false),
        at("18:00:10", true),
        at("18:01:00", false),
        // Now the lamp is on: nothing fits.
        at("18:02:00", true),
    ]);
    let told = run(&file, &home, 1, Reports::Manual);
    assert_eq!(told.commands, 1, "{told:?}");
    assert_eq!(told.deeds[0].entity.as_deref(), Some("lamp.light"));
}

#[test]
fn expressions_are_replayed() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ template = \"state('motion.motion')\" }}]\n\
         if = [{{ template = \"now.hour == 18 and not state('lamp.light')\" }}]\nthen = [{{ set = \"lamp\", on = {{ template = \"1 < 2\" }} }}]\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let lamp = line("2026-03-01T17:00:00+01:00", "Lamp", "light", false);
    let lines =
        [lamp, at("17:59:00", false), at("18:00:10", true), at("18:01:00", false), at("18:02:00", true)];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home, 1, Reports::Manual);
    let deeds: Vec<String> = told.deeds.iter().map(|d| d.what.clone()).collect();
    assert_eq!(deeds, ["on=on"], "{told:?}");
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}

/// Nobody is there to answer in a replay: silence is no.
#[test]
fn a_rule_that_asks_is_not_answered_in_a_replay() {
    let asks = |autonomy: &str| {
        let home = home(&format!(
            "{HALL}\n[rule.light]\n{autonomy}\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
             then = [{{ set = \"lamp\", on = true }}]\n"
        ));
        let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
        let (_folder, file) =
            recording(&[at("18:00:00", false), at("18:00:10", true), at("18:30:00", false)]);
        run(&file, &home, 1, Reports::Manual)
    };
    assert_eq!(asks("").commands, 1);
    let silent = asks("autonomy = \"ask\"");
    assert_eq!(silent.commands, 0, "{silent:?}");
    assert_ne!(
        silent.journal_hash,
        asks("autonomy = \"observe\"").journal_hash,
        "it asks, and is not answered"
    );
}

/// A blueprint's run goes on in virtual time: it waits, and is set off again.
#[test]
fn steps_of_a_blueprint_are_replayed() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nblueprint = \"lares/motion-light\"\n\
         with = {{ sensor = \"motion.motion\", light = \"lamp\", after = \"5m\" }}\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let lines = [
        at("18:00:00", false),
        at("18:00:10", true),
        at("18:01:00", false),
        // Again before the five minutes are over.
        at("18:04:00", true),
        at("18:05:00", false),
        at("19:00:00", false),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home, 1, Reports::Manual);
    let deeds: Vec<String> =
        told.deeds.iter().map(|d| format!("{} {}", d.at.0 / 1_000_000, d.what)).collect();
    let six = 1_772_384_400;
    assert_eq!(deeds, [format!("{} on=on", six + 10), format!("{} on=off", six + 600)]);
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}

/// Nobody knows the words there: that it would be said is told.
#[test]
fn what_a_rule_says_in_a_room_is_replayed() {
    let home = home(&format!(
        "{HALL}\n[rule.morning]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ delay = \"5m\" }}, {{ say = \"Good morning. {{today}}\", room = \"hall\" }}]\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-02T{time}+01:00"), "Motion", "motion", on);
    let (_folder, file) = recording(&[at("06:00:00", false), at("06:10:00", true), at("07:00:00", false)]);
    let told = run(&file, &home, 1, Reports::Manual);
    let said = told.deeds.iter().filter(|deed| deed.what.contains("Good morning. (what is on today)"));
    assert_eq!(said.count(), 1, "{:?}", told.deeds);
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}

#[test]
fn scenes_are_replayed() {
    let home = home(&format!(
        "{HALL}\n[scene.lit]\nset = [{{ set = \"lamp\", on = true }}]\n\
         [rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ scene = \"lit\", hold = \"10m\" }}]\n\
         [rule.dark]\nwhen = [{{ entity = \"motion.motion\", to = false }}]\nthen = [{{ set = \"lamp\", on = false }}]\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let (_folder, file) = recording(&[at("18:00:00", false), at("18:00:10", true), at("18:01:00", false)]);
    let told = run(&file, &home, 1, Reports::Manual);
    let deeds: Vec<String> = told.deeds.iter().map(|d| format!("{} {}", d.what, d.by)).collect();
    assert_eq!(deeds, ["on=on scene:lit"], "a rule comes after a scene: {:?}", told.decisions);
    assert_eq!(told.decisions.get("overridden"), Some(&1), "{:?}", told.decisions);
}

/// What a rule can move is known in a replay as in a running household, and the same each time.
#[test]
fn a_replay_knows_what_rules_can_move() {
    let home = home(&format!(
        "{HALL}[rule.lit]\nwhen = [{{ entity = \"motion\", to = true }}]\n\
         then = [{{ set_room = \"hall\", component = \"light\", on = true }}]\n\
         [rule.told]\nwhen = [{{ entity = \"motion\", to = true }}]\nthen = [{{ notify = \"there\" }}]\n\
         [scene.lit]\nset = [{{ set = \"lamp\", on = true }}]\n\
         [rule.deep]\nwhen = [{{ entity = \"motion\", to = true }}]\n\
         then = [{{ repeat = 2, do = [{{ parallel = [[{{ delay = \"1s\" }}], {{ scene = \"lit\" }}] }}] }}]\n"
    ));
    let (_folder, some) = recording(&[line("2026-06-01T10:00:00Z", "Motion", "motion", true)]);
    let edges = || {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            source: Source::Recording(some.clone()),
            home: home.clone(),
            seed: 1,
            reports: Reports::Manual,
            data: Some(folder.path().to_path_buf()),
            version: "test".to_owned(),
        };
        let summary = replay(&options).unwrap();
        let reader = Reader::open_read_only(folder.path()).unwrap();
        let moved = |rule: &str| {
            let from = reader.edges_from(NodeId::rule(rule)).unwrap();
            let edges = from.into_iter().filter(|(e, _)| e.kind == EdgeKind::Controls);
            let named = |id| reader.node(id).unwrap().unwrap().props.get("ref").unwrap().to_string();
            edges.map(|(edge, event)| (named(edge.to), event)).collect::<Vec<_>>()
        };
        (moved("lit"), moved("told"), moved("deep"), summary.journal_hash)
    };
    let (lit, told, deep, hash) = edges();
    assert!(lit.len() == 1 && lit[0].0.starts_with("lamp."), "{lit:?}");
    assert_eq!(told, []);
    assert_eq!(deep.len(), 1, "whatever the way to it");
    assert_eq!(edges(), (lit, told, deep, hash));
}
