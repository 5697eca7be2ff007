//! The table of features in the book is made from this list, and every cell from evidence: a text in the sample home, a
//! heading or word in the book, a command or surface, and tests by name that show `why`, a kill and a replay.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where a feature can be seen: (file, text in it); tests by their name.
#[derive(Default)]
struct Feature {
    name: &'static str,
    home: Option<(&'static str, &'static str)>,
    book: Option<(&'static str, &'static str)>,
    surface: Option<&'static str>,
    why: Option<&'static str>,
    kill: Option<&'static str>,
    replay: Option<&'static str>,
}

const RULES: &str = "config/examples/cottage/rules.toml";
const DEVICES: &str = "config/examples/cottage/devices.toml";
const HOME: &str = "config/examples/cottage/home.toml";

const FEATURES: &[Feature] = &[
    Feature {
        name: "discovery of MQTT devices",
        home: Some((DEVICES, "twin = \"motion\"")),
        book: Some(("describing-your-home.md", "## Devices")),
        surface: Some("devices"),
        why: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        kill: Some("discovery"),
        replay: Some("own_recordings_replay_discovery_and_drivers"),
    },
    Feature {
        name: "rules: when, if, then",
        home: Some((RULES, "when = ")),
        book: Some(("rules.md", "## When")),
        surface: Some("log"),
        why: Some("the_whole_chain_of_a_lamp_that_went_on"),
        kill: Some("every_instant_is_one_to_be_killed_at"),
        replay: Some("a_made_up_evening_gives_the_expected_command"),
    },
    Feature {
        name: "holds (`hold`, `hold_while`)",
        home: Some((RULES, "hold_while = \"when\"")),
        book: Some(("rules.md", "hold_while")),
        surface: Some("plan"),
        why: Some("the_whole_chain_of_a_lamp_that_went_on"),
        kill: Some("every_instant_is_one_to_be_killed_at"),
        replay: Some("same_seed_same_day"),
    },
    Feature {
        name: "durable `for` and `delay`",
        home: Some((RULES, "delay = ")),
        book: Some(("rules.md", "## Modes, and what was missed")),
        surface: Some("timers"),
        why: Some("why_is_never_lost"),
        kill: Some("every_instant_is_one_to_be_killed_at"),
        replay: Some("same_seed_same_day"),
    },
    Feature {
        name: "times and the sun",
        home: Some((RULES, "sun = ")),
        book: Some(("rules.md", "sun")),
        surface: Some("plan"),
        why: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        kill: Some("every_instant_is_one_to_be_killed_at"),
        replay: Some("both_daylight_saving_nights_fire_once"),
    },
    Feature {
        name: "conditions that were not met",
        home: Some((RULES, "if   = ")),
        book: Some(("rules.md", "## If")),
        surface: Some("why"),
        why: Some("a_rule_that_looked_and_did_nothing_is_told_with_the_condition_that_was_not_met"),
        kill: Some("why_is_never_lost"),
        replay: Some("same_seed_same_day"),
    },
    Feature {
        name: "interlocks",
        home: Some((RULES, "[interlock.")),
        book: Some(("interlocks.md", "## What it may watch")),
        surface: Some("interlocks"),
        why: Some("dangerous_actuators_fail_safe"),
        kill: Some("dangerous_actuators_fail_safe"),
        replay: Some("interlocks_are_replayed"),
    },
    Feature {
        name: "a hand on the switch",
        home: Some((RULES, "a person goes before a rule")),
        book: Some(("rules.md", "## What a rule wants is a claim")),
        surface: Some("why"),
        why: Some("a_lamp_switched_by_hand_is_not_laid_at_the_rules_door"),
        kill: Some("by_hand_right_after_a_start"),
        replay: Some("recorded_reports_are_a_hand_on_the_switch_or_are_left_out"),
    },
    Feature {
        name: "a person's wish, with receipts",
        home: Some(("not meant: it is said, not configured", "")),
        book: Some(("command-line.md", "`set TARGET")),
        surface: Some("set"),
        why: Some("a_wish_that_was_refused_or_overridden_is_told"),
        kill: Some("why_is_never_lost"),
        replay: Some("not meant: a recording holds no wishes"),
    },
    Feature {
        name: "occupancy of rooms",
        home: Some((HOME, "occupancy_timeout")),
        book: Some(("describing-your-home.md", "occupancy_timeout")),
        surface: Some("log"),
        why: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        kill: Some("every_instant_is_one_to_be_killed_at"),
        replay: Some("same_seed_same_day"),
    },
    Feature {
        name: "people and presence",
        home: Some((HOME, "[person.anna]")),
        book: Some(("describing-your-home.md", "## People")),
        surface: Some("log"),
        why: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        kill: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        replay: Some("people_and_silence_are_replayed"),
    },
    Feature {
        name: "who is in which room, by receivers and motion",
        home: Some((HOME, "beacons")),
        book: Some(("describing-your-home.md", "[receiver.hall-node]")),
        surface: Some("log"),
        why: None,
        kill: None,
        replay: Some("walks_past_receivers_are_told_room_by_room"),
    },
    Feature {
        name: "occupancy of rooms by their air",
        home: None,
        book: Some(("describing-your-home.md", "carbon dioxide")),
        surface: Some("log"),
        why: None,
        kill: None,
        replay: Some("rooms_without_a_sensor_are_told_by_their_air"),
    },
    Feature {
        name: "adopting and replacing devices",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("devices.md", "lares adopt")),
        surface: Some("adopt"),
        why: Some("not meant: it edits files"),
        kill: Some("adopting"),
        replay: Some("not meant: a replay runs one home"),
    },
    Feature {
        name: "silence is not a value",
        home: Some((DEVICES, "stale_after")),
        book: Some(("describing-your-home.md", "stale_after")),
        surface: Some("devices"),
        why: Some("silence"),
        kill: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        replay: Some("people_and_silence_are_replayed"),
    },
    Feature {
        name: "wall displays",
        home: Some((DEVICES, "[display.hall]")),
        book: Some(("describing-your-home.md", "## Displays")),
        surface: Some("tree"),
        why: Some("not meant: it shows and decides nothing"),
        kill: Some("people_rooms_silence_and_displays_are_told_and_kept_over_a_kill"),
        replay: Some("not meant: a replay has no surfaces"),
    },
    Feature {
        name: "the embedded broker",
        home: Some((HOME, "[household]")),
        book: Some(("describing-your-home.md", "## Brokers")),
        surface: Some("status"),
        why: Some("not meant: it moves bytes and decides nothing"),
        kill: Some("nothing_acknowledged_is_lost_by_kill_9"),
        replay: Some("not meant: a replay opens no wire"),
    },
    Feature {
        name: "sealed data, its key on paper",
        home: Some(("not meant: on from the first start", "")),
        book: Some(("keeping-data.md", "## The key")),
        surface: Some("key"),
        why: Some("not meant: it decides nothing"),
        kill: Some("sealed"),
        replay: Some("not meant: a replay keeps nothing"),
    },
    Feature {
        name: "proven backups, by hand and by schedule",
        home: None,
        book: Some(("keeping-data.md", "## Backups")),
        surface: Some("backup"),
        why: Some("not meant: it decides nothing"),
        kill: Some("backups"),
        replay: Some("not meant: a replay keeps nothing"),
    },
    Feature {
        name: "history of readings, kept as long as the home says",
        home: Some((HOME, "[retention]")),
        book: Some(("keeping-data.md", "## How long things are kept")),
        surface: Some("history"),
        why: Some("not meant: it decides nothing"),
        kill: Some("nothing_that_was_flushed_is_lost"),
        replay: Some("the_same_input_gives_the_same_journal_whatever_the_groups"),
    },
    Feature {
        name: "forgetting a person or a part of life",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("keeping-data.md", "## Keys of persons, and forgetting")),
        surface: Some("forget"),
        why: Some("not meant: what is forgotten is not told"),
        kill: None,
        replay: Some("not meant: a replay keeps nothing"),
    },
    Feature {
        name: "a journal that is a chain",
        home: Some(("not meant: always on", "")),
        book: Some(("keeping-data.md", "The journal is a chain")),
        surface: Some("graph check"),
        why: Some("not meant: it decides nothing"),
        kill: Some("a_kill_inside_a_migration_leaves_the_old_or_the_new"),
        replay: Some("not meant: a replay keeps nothing"),
    },
    Feature {
        name: "asking the life graph",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("asking.md", "# ")),
        surface: Some("graph"),
        why: Some("not meant: it decides nothing"),
        kill: Some("not meant: it changes nothing"),
        replay: Some("not meant: a recording holds no questions"),
    },
    Feature {
        name: "saying something of the life graph",
        home: Some(("not meant: it is said, not configured", "")),
        book: Some(("life-graph.md", "## Put")),
        surface: Some("graph"),
        why: Some("what_is_said_is_kept_and_told"),
        kill: Some("what_is_said_is_kept_and_told"),
        replay: Some("not meant: a recording holds no statements"),
    },
    Feature {
        name: "files in and out: calendars, cards, money, notes",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("life-graph.md", "## Files")),
        surface: Some("graph"),
        why: Some("a_file_is_taken_whole_or_not_at_all"),
        kill: None,
        replay: Some("not meant: a recording holds no files"),
    },
    Feature {
        name: "the dashboard",
        home: Some((HOME, "role = \"owner\"")),
        book: Some(("dashboard.md", "## What is where")),
        surface: Some("run"),
        why: Some("not meant: it shows and decides nothing"),
        kill: Some("logins_and_tokens"),
        replay: Some("not meant: a replay has no surfaces"),
    },
    Feature {
        name: "the terminal",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("terminal.md", "## Pages")),
        surface: Some("top"),
        why: Some("a_terminal_over_a_household_that_is_killed_and_comes_back"),
        kill: Some("a_terminal_over_a_household_that_is_killed_and_comes_back"),
        replay: Some("not meant: a replay has no surfaces"),
    },
    Feature {
        name: "the API: wishes with receipts, live changes",
        home: Some(("not meant: always on", "")),
        book: Some(("dashboard.md", "## Programs")),
        surface: Some("tokens"),
        why: None,
        kill: Some("a_wish_is_answered_with_its_receipts_and_done_once"),
        replay: Some("not meant: a replay has no surfaces"),
    },
    Feature {
        name: "roles, and grants that end",
        home: Some((HOME, "role = \"child\"")),
        book: Some(("dashboard.md", "## Who may do what")),
        surface: Some("people"),
        why: None,
        kill: None,
        replay: Some("not meant: a recording holds no wishes"),
    },
    Feature {
        name: "hot reload",
        home: Some(("not meant: a command, not a setting", "")),
        book: Some(("operations.md", "lares reload")),
        surface: Some("reload"),
        why: Some("it_says_that_the_rule_has_changed_since_and_shows_it_as_it_was"),
        kill: Some("what_cannot_start_anew_goes_on_as_it_was"),
        replay: Some("not meant: a replay runs one home"),
    },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The names of all tests in the tree.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let folders = ["tests/tests", "simulations", "actors", "supervisors", "graph"];
    let mut todo: Vec<PathBuf> = folders.iter().map(|d| root().join(d)).collect();
    while let Some(at) = todo.pop() {
        if at.is_dir() {
            todo.extend(std::fs::read_dir(&at).unwrap().map(|e| e.unwrap().path()));
        } else if at.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&at).unwrap();
            let mut lines = text.lines().map(str::trim).peekable();
            while let Some(line) = lines.next() {
                if !(line.starts_with("#[test]") || line.starts_with("#[tokio::test")) {
                    continue;
                }
                let named =
                    lines.clone().find_map(|l| l.split_once("fn ")?.1.split_once('(').map(|(n, _)| n));
                names.extend(named.map(str::to_owned));
            }
        }
    }
    names
}

/// A cell that cannot be filled says why.
const NOT_MEANT: &str = "not meant: ";

fn cell(evidence: Option<&str>) -> String {
    evidence.map_or_else(|| "no".to_owned(), str::to_owned)
}

/// The table; every missing piece of evidence is a problem.
fn table(features: &[Feature], problems: &mut Vec<String>) -> String {
    let tests = tests();
    let commands = std::fs::read_to_string(root().join("docs/command-line.md")).unwrap();
    let mut out =
        "| feature | sample home | book | surface | why | kill | replay |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for f in features {
        let mut shown = |what: &str, fine: bool| {
            if !fine {
                problems.push(format!("{}: {what} is not there", f.name));
            }
        };
        for (file, text) in
            f.home.iter().filter(|(p, _)| !p.starts_with(NOT_MEANT)).map(|(p, t)| ((*p).to_owned(), *t))
        {
            shown(text, std::fs::read_to_string(root().join(file)).is_ok_and(|all| all.contains(text)));
        }
        for (page, text) in f.book.iter().map(|(p, t)| (format!("docs/{p}"), *t)) {
            shown(text, std::fs::read_to_string(root().join(page)).is_ok_and(|all| all.contains(text)));
        }
        if let Some(command) = f.surface {
            shown(command, commands.contains(&format!("`{command}")));
        }
        for test in [f.why, f.kill, f.replay].into_iter().flatten().filter(|t| !t.starts_with(NOT_MEANT)) {
            shown(test, tests.contains(test));
        }
        let file =
            |p: &str| if p.starts_with(NOT_MEANT) { p } else { p.rsplit('/').next().unwrap_or(p) }.to_owned();
        let home = f.home.map(|(p, _)| file(p));
        let book = f.book.map(|(p, _)| format!("[{}]({p})", p.trim_end_matches(".md")));
        let surface = f.surface.map(|c| format!("`lares {c}`"));
        let quoted = |t: &str| if t.starts_with(NOT_MEANT) { t.to_owned() } else { format!("`{t}`") };
        let test = |t: Option<&str>| cell(t.map(quoted).as_deref());
        let cells = [cell(home.as_deref()), cell(book.as_deref()), cell(surface.as_deref())];
        let line = format!(
            "| {} | {} | {} | {} | {} |\n",
            f.name,
            cells.join(" | "),
            test(f.why),
            test(f.kill),
            test(f.replay)
        );
        out.push_str(&line);
    }
    out
}

#[test]
fn the_table_of_features_is_what_can_be_shown() {
    let mut problems = Vec::new();
    let table = table(FEATURES, &mut problems);
    assert!(problems.is_empty(), "no evidence:\n{}", problems.join("\n"));
    let page = root().join("docs/features.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once("<!-- features: begin -->\n").unwrap();
    let (old, tail) = rest.split_once("<!-- features: end -->").unwrap();
    if old.trim() != table.trim() {
        if std::env::var_os("LARES_WRITE").is_some() {
            let new = format!("{head}<!-- features: begin -->\n\n{table}\n<!-- features: end -->{tail}");
            std::fs::write(&page, new).unwrap();
            return;
        }
        panic!("docs/features.md is not up to date; LARES_WRITE=1 writes it:\n{table}");
    }
}

#[test]
fn a_feature_without_evidence_is_found() {
    let (home, surface, why) = (Some((RULES, "make tea")), Some("brew"), Some("why_tea"));
    let made_up = Feature { name: "tea", home, surface, why, ..Feature::default() };
    let mut problems = Vec::new();
    table(&[made_up], &mut problems);
    assert_eq!(problems.len(), 3, "{problems:?}");
}
