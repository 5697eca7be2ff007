//! The lints are on in every crate, and whatever is banned says why.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Value};

/// What the style bans and how: a level for each lint that must stand in the workspace's table.
const LINTS: &[(&str, &str, &str)] = &[
    ("rust", "unsafe_code", "deny"),
    ("clippy", "unwrap_used", "deny"),
    ("clippy", "expect_used", "deny"),
    ("clippy", "panic", "deny"),
    ("clippy", "todo", "deny"),
    ("clippy", "unimplemented", "deny"),
    ("clippy", "disallowed_methods", "deny"),
    ("clippy", "disallowed_types", "deny"),
    ("clippy", "await_holding_lock", "deny"),
    ("clippy", "print_stdout", "deny"),
];

/// Calls that must be banned: the ports of the kernel are there for these.
const BANNED: &[&str] = &[
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "std::thread::spawn",
    "tokio::task::spawn_blocking",
    "tokio::sync::mpsc::unbounded_channel",
    "std::sync::mpsc::channel",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn toml(path: &Path) -> DocumentMut {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Manifests of the members that do not take the workspace's lints.
fn without_lints<'a>(manifests: impl IntoIterator<Item = (&'a str, DocumentMut)>) -> Vec<&'a str> {
    let takes = |m: &DocumentMut| m.get("lints").and_then(|l| l.get("workspace")).and_then(Item::as_bool);
    manifests.into_iter().filter(|(_, m)| takes(m) != Some(true)).map(|(name, _)| name).collect()
}

/// Bans that do not say why, by path.
fn without_reason(clippy: &DocumentMut) -> Vec<String> {
    bans(clippy)
        .filter(|ban| reason(ban).is_none_or(|r| r.trim().len() < 10))
        .map(|ban| path(ban).unwrap_or("a ban without a path").to_owned())
        .collect()
}

fn bans(clippy: &DocumentMut) -> impl Iterator<Item = &Value> {
    let lists = ["disallowed-methods", "disallowed-types", "disallowed-macros"];
    lists.into_iter().filter_map(|l| clippy.get(l)?.as_array()).flat_map(|list| list.iter())
}

fn path(ban: &Value) -> Option<&str> {
    ban.as_str().or_else(|| ban.as_inline_table()?.get("path")?.as_str())
}

fn reason(ban: &Value) -> Option<&str> {
    ban.as_inline_table()?.get("reason")?.as_str()
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let workspace = toml(&root().join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let members: Vec<&str> = members.iter().filter_map(Value::as_str).collect();
    assert!(members.len() > 10, "{members:?}");
    let manifests = members.iter().map(|m| (*m, toml(&root().join(m).join("Cargo.toml"))));
    assert_eq!(without_lints(manifests), Vec::<&str>::new());
    for (tool, lint, level) in LINTS {
        let found = workspace["workspace"]["lints"][tool][lint].as_str();
        assert_eq!(found, Some(*level), "{tool}::{lint}");
    }
}

#[test]
fn every_ban_says_why() {
    let clippy = toml(&root().join("clippy.toml"));
    assert_eq!(without_reason(&clippy), Vec::<String>::new());
    let banned: Vec<&str> = bans(&clippy).filter_map(path).collect();
    for call in BANNED {
        assert!(banned.contains(call), "{call} is not banned");
    }
}

#[test]
fn the_checkers_find_made_up_violations() {
    let parse = |text: &str| text.parse::<DocumentMut>().unwrap();
    let (on, off, none) =
        ("[lints]\nworkspace = true", "[lints]\nworkspace = false", "[package]\nname = \"x\"");
    let manifests = [("a", parse(on)), ("b", parse(off)), ("c", parse(none))];
    assert_eq!(without_lints(manifests), ["b", "c"]);
    let clippy = parse(
        "disallowed-methods = [\"a::b\", { path = \"c::d\" }, { path = \"e::f\", reason = \"it breaks replay\" }]\n\
         disallowed-types = [{ path = \"g::H\", reason = \"bad\" }]",
    );
    assert_eq!(without_reason(&clippy), ["a::b", "c::d", "g::H"]);
}

/// Files that wait for a reply and have no deadline, or whose deadline nobody sees.
fn without_deadline<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    let waits = |text: &str| text.contains("oneshot::channel()") && !text.contains("time::timeout(");
    files.into_iter().filter(|(_, text)| waits(text)).map(|(name, _)| name).collect()
}

/// R05: whoever waits for a reply says for how long. `Address::ask` takes a deadline; what makes a channel of its own is
/// looked at here.
#[test]
fn every_reply_is_waited_for_with_a_deadline() {
    let mut files = Vec::new();
    let mut todo: Vec<PathBuf> =
        ["actors", "graph", "supervisors", "simulations"].iter().map(|d| root().join(d)).collect();
    while let Some(at) = todo.pop() {
        if at.is_dir() && !at.ends_with("tests") && !at.ends_with("benches") {
            todo.extend(fs::read_dir(&at).unwrap().map(|e| e.unwrap().path()));
        } else if at.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&at).unwrap();
            files.push((at.strip_prefix(root()).unwrap().display().to_string(), text));
        }
    }
    assert!(files.len() > 100, "{}", files.len());
    let found = without_deadline(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    // The end of the process is waited for as long as it runs.
    assert_eq!(found, ["actors/kernel/src/world.rs"]);
    let made_up = [
        ("a.rs", "let (s, r) = oneshot::channel(); r.await"),
        ("b.rs", "oneshot::channel() time::timeout(d, r)"),
    ];
    assert_eq!(without_deadline(made_up), ["a.rs"]);
}
