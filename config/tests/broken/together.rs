//! What only shows with several problems or several files.

use super::{GOOD, common};

#[test]
fn all_problems_are_found_at_once() {
    let text = GOOD
        .replace("latitude = 48.2", "latitude = 200")
        .replace("brightness = 80", "brightness = 150")
        .replace("to = true, for = \"3s\"", "to = \"on\", for = \"3 bananas\"")
        .replace("[\"phone\"]", "[\"fone\"]");
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
    // In the order of the file.
    assert_eq!(codes, ["out-of-range", "dangling-reference", "wrong-type", "bad-duration", "out-of-range"]);
}

#[test]
fn a_section_in_two_files_names_both_places() {
    let other = "# more\n[room.hall]\nname = \"Another hall\"\n[household]\nname = \"x\"\n";
    let problems = common::load(&[("a.toml", GOOD), ("b.toml", other)]).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("b.toml:2:7: error: [room.hall] is already defined at a.toml:13:7"),
        "{lines:?}"
    );
    assert!(lines[1].contains("[household] is already defined at a.toml:3:2"), "{lines:?}");
    assert_eq!(problems[0].related[0].line, 13);
}

#[test]
fn syntax_errors_of_all_files_are_told() {
    let problems = common::load(&[("a.toml", "x = \n"), ("b.toml", "[room\n"), ("c.toml", "")]).unwrap_err();
    let files: Vec<&str> = problems.iter().filter_map(|p| p.file.as_deref()).collect();
    assert_eq!(files, ["a.toml", "b.toml"]);
    assert!(problems.iter().all(|p| p.code == "toml-syntax" && p.span.is_some()));
}

#[test]
fn environment_and_flags_are_named_as_such() {
    let env = [("LARES__mqtt__mqtt__port", "70000"), ("LARES_HOME", "/x"), ("PATH", "/bin")];
    let flags = [("household.latitude", "200")];
    let problems = common::load_with(&[("home.toml", GOOD)], &flags, &env).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("environment:1:25: error: `port` can't be 70000"), "{lines:?}");
    assert!(lines[1].starts_with("flag:1:20: error: `latitude` can't be 200"), "{lines:?}");
}

#[test]
fn without_a_position_the_sun_is_a_problem() {
    let text = GOOD.replace("latitude = 48.2\n", "").replace("longitude = 16.4\n", "");
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("the sun can't be reckoned"));
    assert_eq!(problems[0].key_path, "rule.evening.when[0].sun");
}

#[test]
fn a_missing_or_empty_folder_is_told() {
    let root = tempfile::tempdir().unwrap();
    let none = std::iter::empty();
    let problems = lares_config::load(&root.path().join("nowhere"), &[], none.clone()).unwrap_err();
    assert_eq!(problems[0].code, "home-missing");
    let problems = lares_config::load(root.path(), &[], none.clone()).unwrap_err();
    assert_eq!(problems[0].code, "home-empty");
    std::fs::write(root.path().join("a.toml"), [0xff, 0xfe]).unwrap();
    let problems = lares_config::load(root.path(), &[], none).unwrap_err();
    assert_eq!((problems[0].code, problems[0].file.as_deref()), ("file-unreadable", Some("a.toml")));
}

#[test]
fn a_secret_is_not_printed_with_its_problem() {
    let text = GOOD.replace("port = 1884", "username = \"u\"\npassword = \"s3cret\"");
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    let shown = lares_config::render(&problems, false);
    assert!(shown.contains("password = ****") && !shown.contains("s3cret"), "{shown}");
    let json = serde_json::to_string(&problems).unwrap();
    assert!(!json.contains("s3cret"), "{json}");
}
