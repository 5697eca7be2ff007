//! The book shows every page of the dashboard, with a picture that the test of the tour made (LARES_WRITE=1).
//!
//! Meant to fail it (not tried): a page in the router without a picture, a picture that no page of the book shows.

use std::collections::BTreeSet;
use std::path::Path;

use super::sample::root;

/// A picture in the book weighs at most so many bytes: a repository keeps every one that ever was.
const HEAVIEST: u64 = 60_000;

/// First parts of the addresses that the dashboard's router knows.
fn pages() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("actors/surfaces/web/src/main.tsx")).unwrap();
    let cases = text.lines().filter_map(|line| line.trim().strip_prefix("case \""));
    cases.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Pictures that the book shows: `![words](pictures/NAME)`, and pages that show one without words.
fn shown(folder: &Path) -> (BTreeSet<String>, Vec<String>) {
    let (mut names, mut dumb) = (BTreeSet::new(), Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (before, after) in
            text.match_indices("](pictures/").map(|(at, mark)| text.split_at(at + mark.len()))
        {
            let name = after.split([')', ' ']).next().unwrap_or_default();
            let words = before.trim_end_matches("](pictures/").rsplit("![").next().unwrap_or_default();
            if words.trim().is_empty() {
                dumb.push(format!("{}: {name}", path.display()));
            }
            names.insert(name.to_owned());
        }
    }
    (names, dumb)
}

#[test]
fn every_page_is_in_the_book_with_its_picture() {
    let docs = root().join("docs");
    let (names, dumb) = shown(&docs);
    let pages = pages();
    assert!(pages.len() >= 11, "the router is read wrongly: {pages:?}");
    assert_eq!(dumb, Vec::<String>::new(), "for who does not see it, a picture needs words");
    for page in &pages {
        let name = format!("{}-phone.webp", if page.is_empty() { "now" } else { page });
        assert!(names.contains(&name), "no page of the book shows pictures/{name}");
    }
    for size in ["wall", "desk"] {
        assert!(names.contains(&format!("now-{size}.webp")), "no picture of a {size}");
    }
    for name in &names {
        let file = docs.join("pictures").join(name);
        let bytes = std::fs::metadata(&file).map_or(0, |m| m.len());
        assert!(bytes > 1000, "{} is not there; LARES_WRITE=1 makes it", file.display());
        assert!(bytes <= HEAVIEST, "{} has {bytes} bytes; at most {HEAVIEST}", file.display());
    }
    let there = std::fs::read_dir(docs.join("pictures")).unwrap();
    let unused: Vec<String> = there
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !names.contains(name))
        .collect();
    assert_eq!(unused, Vec::<String>::new(), "pictures that no page of the book shows");
}
