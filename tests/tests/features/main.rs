//! The table of features in the book is made from this list, and every cell from evidence: a text in the sample home, a
//! heading or word in the book, a command or surface, and tests by name that show `why`, a kill and a replay.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod list;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use list::{RULES, features};

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
fn table(features: &[&Feature], problems: &mut Vec<String>) -> String {
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
    let table = table(&features(), &mut problems);
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
    table(&[&made_up], &mut problems);
    assert_eq!(problems.len(), 3, "{problems:?}");
}
