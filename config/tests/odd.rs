//! What can be run and will surprise all the same is told with its place, and what is right is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

mod common;

use lares_config::{Diagnostic, Severity};

const HOUSE: &str = r#"[household]
time_zone = "UTC"
[room.bath]
[device.m]
identifiers = ["m"]
[device.fan]
room = "bath"
identifiers = ["fan"]
"#;

/// The warnings of a home that is taken all the same.
fn warned(text: &str) -> Vec<Diagnostic> {
    let text = format!("{HOUSE}{text}");
    let loaded = common::load(&[("home.toml", &text)]);
    let warnings = loaded.unwrap_or_else(|p| panic!("{}", lares_config::render(&p, false))).warnings;
    assert!(warnings.iter().all(|w| w.severity == Severity::Warning));
    warnings
}

/// What a diagnostic points at.
fn shown(text: &str, problem: &Diagnostic) -> String {
    let (start, length) = problem.span.unwrap();
    format!("{HOUSE}{text}")[start..start + length].to_owned()
}

#[test]
fn what_nothing_switches_off_again_is_told() {
    let rule =
        "[rule.r]\nblueprint = \"lares/humid-air\"\nwith = { humidity = \"m.humidity\", fan = \"fan\" }\n";
    let warnings = warned(rule);
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!((warning.code, warning.file.as_deref()), ("stays-on", Some("home.toml")));
    let help = warning.help.as_deref().unwrap();
    assert!(warning.message.contains("\"fan\" will stay on") && help.contains("[device.fan]"), "{warning}");
    let written = "[rule.r]\nwhen = [{ entity = \"m.humidity\", above = 65 }]\n\
        then = [{ set = \"fan\", on = true, hold_while = \"when\" }]\n";
    let warnings = warned(written);
    assert_eq!(shown(written, &warnings[0]), "\"fan\"");
    // A default, a rule, a room, a scene, a group or a filter that switches it off.
    let off = |then: &str| format!("{rule}[rule.off]\nwhen = [{{ time = \"22:00\" }}]\nthen = [{then}]\n");
    for fine in [
        format!("{}{rule}", "default = { on = false }\n"),
        off("{ set = \"fan\", on = false }"),
        off("{ set_room = \"bath\", on = false }"),
        off("{ if = [{ people = \"nobody_home\" }], then = [{ set_all = \"component:fan\", on = false }] }"),
        format!("{rule}[scene.dark]\nset = [{{ set = \"fan\", on = false }}]\n"),
        off("{ set = \"group:wet\", on = false }") + "[group.wet]\nmembers = [\"fan\"]\n",
        rule.replace("[rule.r]\n", "[rule.r]\nenabled = false\n"),
        // What is held off needs no way back.
        written.replace("on = true", "on = false"),
    ] {
        assert_eq!(warned(&fine).len(), 0, "{fine}");
    }
}

#[test]
fn rules_that_contradict_each_other_are_told() {
    let rule = |key: &str, more: &str, on: bool| {
        format!(
            "[rule.{key}]\n{more}when = [{{ entity = \"m.occupancy\", to = true }}]\n\
             then = [{{ notify = \"x\" }}, {{ set = \"fan\", on = {on} }}]\n"
        )
    };
    let text = rule("a", "", true) + &rule("b", "", false);
    let warnings = warned(&text);
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(warning.code, "contradiction");
    assert_eq!(shown(&text, warning), "\"fan\"");
    assert!(warning.message.contains("rule \"b\" and rule \"a\""), "{warning}");
    assert_eq!(warning.related.len(), 1, "the other one is shown beside it");
    for fine in [
        rule("a", "", true) + &rule("b", "", true),
        rule("a", "", true) + &rule("b", "level = \"comfort\"\n", false),
        rule("a", "", true) + &rule("b", "enabled = false\n", false),
        rule("a", "", true) + &rule("b", "if = [{ people = \"nobody_home\" }]\n", false),
        rule("a", "", true) + &rule("b", "autonomy = \"ask\"\n", false),
        rule("a", "", true) + &rule("b", "", false).replace("{ notify = \"x\" }", "{ delay = \"1m\" }"),
        rule("a", "", true) + &rule("b", "", false).replace("to = true", "to = false"),
    ] {
        assert_eq!(warned(&fine).len(), 0, "{fine}");
    }
}
