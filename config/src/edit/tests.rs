//! Files after a change are what a person would have written.

use std::path::Path;

use super::*;

const HOME: &str =
    "# Mine.\n[household]\ntime_zone = \"UTC\"\n[room.hall]\n[room.bath] # cold\n[mqtt.main]\nhost = \"b\"\n";
const DEVICES: &str = "# What we have.\n\n[device.lamp]  # over the table\nidentifiers = [\"a\"]   # the old one\n\
    room = \"hall\"\n\n# Last.\n[device.plug]\nidentifiers = [\"p\"]\n";
const RULES: &str = "[rule.r]\nwhen = [{ entity = \"lamp.light\", to = true }, { entity = \"lamps\" }]\n\
    then = [{ set = \"lamp\", on = true }, { notify = \"lamp\" }] # lamp\n[group.g]\nmembers = [\"plug\", \"lamp\"]\n";

fn files() -> Files {
    [("devices.toml", DEVICES), ("home.toml", HOME), ("rules.toml", RULES)]
        .map(|(p, t)| (p.to_owned(), t.to_owned()))
        .to_vec()
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    &files.iter().find(|(p, _)| p == path).unwrap().1
}

fn motion() -> Adoption {
    Adoption {
        key: "bath-motion".into(),
        name: Some("Bath \"motion\"".into()),
        room: Some("bath".into()),
        link: None,
        identifiers: vec!["0x1".into()],
        remark: "Philips\n[device.evil] Hue".into(),
    }
}

#[test]
fn a_new_device_stands_after_the_others_and_nothing_else_moves() {
    let (after, path) = adopt(&files(), &motion()).unwrap();
    let added = "\n# Philips[device.evil] Hue\n[device.bath-motion]\nname = 'Bath \"motion\"'\nroom = \"bath\"\nidentifiers = [\"0x1\"]\n";
    assert_eq!(
        (path.as_str(), text(&after, "devices.toml")),
        ("devices.toml", format!("{DEVICES}{added}").as_str())
    );
    let home =
        crate::load_from(Path::new("/"), vec![after[0].clone(), after[1].clone()], &[], std::iter::empty());
    let home = home.unwrap().home;
    assert_eq!(home.devices["bath-motion"].name, "Bath \"motion\"");
    assert!(!home.devices.contains_key("evil"));
    let (after, path) = adopt(&vec![("home.toml".into(), HOME.into())], &motion()).unwrap();
    assert_eq!(path, "devices.toml");
    assert_eq!(after.len(), 2);
}

#[test]
fn a_device_that_has_a_section_keeps_it_and_its_remarks() {
    let lamp = Adoption { key: "lamp".into(), name: None, room: Some("bath".into()), ..motion() };
    let (after, _) = adopt(&files(), &lamp).unwrap();
    assert_eq!(text(&after, "devices.toml"), DEVICES.replace("room = \"hall\"", "room = \"bath\""));
}

#[test]
fn what_replaces_another_takes_its_section() {
    let (after, _) = replace(&files(), "lamp", None, &["new".into()]).unwrap();
    assert_eq!(text(&after, "devices.toml"), DEVICES.replace("[\"a\"]", "[\"new\"]"));
    assert!(replace(&files(), "gone", None, &[]).unwrap_err().0.contains("no [device.gone]"));
    let twin = vec![("a.toml".to_owned(), "[device.x]\ntwin = \"light\"\n".to_owned())];
    assert!(replace(&twin, "x", None, &[]).unwrap_err().0.contains("not bound by identifiers"));
}

#[test]
fn a_renamed_device_is_renamed_wherever_it_is_named_and_nowhere_else() {
    let (after, changed) = rename(&files(), "lamp", "table-lamp").unwrap();
    assert_eq!(changed, ["devices.toml", "rules.toml"]);
    let rules = RULES
        .replace("\"lamp.light\"", "\"table-lamp.light\"")
        .replace("set = \"lamp\"", "set = \"table-lamp\"")
        .replace("[\"plug\", \"lamp\"]", "[\"plug\", \"table-lamp\"]");
    assert_eq!(text(&after, "rules.toml"), rules, "`lamps` and words for people stay");
    assert!(text(&after, "devices.toml").contains("[device.table-lamp]  # over the table\nidentifiers"));
    assert!(rename(&files(), "lamp", "plug").unwrap_err().0.contains("already"));
    assert!(rename(&files(), "gone", "x").is_err());
}
