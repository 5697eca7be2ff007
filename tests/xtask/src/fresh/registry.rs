//! The registries: a sorted list of `pub mod` lines beside the features.

use std::fs;
use std::path::Path;

use super::{Fresh, Kind, NotMade, put};
use crate::tidy::{KINDS, block};

/// How many numbers of event and node kinds a feature gets.
pub(super) const BLOCK: u16 = 100;
/// Domains have the kinds from 1,000, production systems those from 20,000; what is lower belongs to the model.
fn first_block(kind: Kind) -> u16 {
    if kind == Kind::System { 20_000 } else { 1_000 }
}

/// The first number of the next free block.
pub(super) fn free_kinds(root: &Path, kind: Kind) -> Result<u16, NotMade> {
    let parent = root.join(kind.parent());
    let mut next = first_block(kind);
    let Ok(folders) = fs::read_dir(&parent) else { return Ok(next) };
    for folder in folders.flatten() {
        let Ok(text) = fs::read_to_string(folder.path().join("mod.rs")) else { continue };
        let ends = text.lines().filter_map(|l| block(l.strip_prefix(KINDS)?)).map(|(_, to)| to);
        next = ends.fold(next, u16::max);
    }
    Ok(next)
}

/// Enters the feature into its registry, which is made if it is the first of its kind.
pub(super) fn enter(root: &Path, fresh: &Fresh) -> Result<Vec<String>, NotMade> {
    let path = file(fresh.kind);
    let mut written = vec![path.to_owned()];
    let text = match fs::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(_) => {
            let list = if fresh.kind == Kind::Domain { "domains" } else { "production" };
            let crate_root = "actors/household/src/lib.rs";
            let whole = read(root, crate_root)?;
            put(root, crate_root, &with_module(&whole, list))?;
            written.push(crate_root.into());
            first(fresh.kind).to_owned()
        }
    };
    put(root, path, &with_module(&text, &fresh.name))?;
    Ok(written)
}

fn file(kind: Kind) -> &'static str {
    match kind {
        Kind::Protocol => "devices/src/lib.rs",
        Kind::Domain => "actors/household/src/domains/mod.rs",
        Kind::System => "actors/household/src/production/mod.rs",
    }
}

fn first(kind: Kind) -> &'static str {
    match kind {
        Kind::Protocol => "",
        Kind::Domain => "//! The domains of life: a folder and a line here each.\n\n",
        Kind::System => "//! The production systems: a folder and a line here each.\n\n",
    }
}

fn read(root: &Path, path: &str) -> Result<String, NotMade> {
    fs::read_to_string(root.join(path)).map_err(|source| NotMade::Io { path: path.into(), source })
}

/// `text` with `pub mod NAME;` in its sorted place among the module lines, or after the top comment.
fn with_module(text: &str, name: &str) -> String {
    let new = format!("pub mod {name};");
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.contains(&new.as_str()) {
        return text.to_owned();
    }
    let modules: Vec<(usize, &str)> =
        lines.iter().enumerate().filter_map(|(n, line)| Some((n, module(line)?))).collect();
    let before = modules.iter().find(|(_, other)| *other > name).map(|(n, _)| *n);
    let after = modules.last().map(|(n, _)| n + 1);
    match before.or(after) {
        Some(at) => lines.insert(at, &new),
        None => {
            let at = lines.iter().take_while(|l| l.starts_with("//!") || l.starts_with("#![")).count();
            lines.insert(at, "");
            lines.insert(at + 1, &new);
            if lines.get(at + 2).is_some_and(|l| !l.is_empty()) {
                lines.insert(at + 2, "");
            }
        }
    }
    while lines.last().is_some_and(|l| l.is_empty()) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

/// The name in `mod NAME;` or `pub mod NAME;`.
fn module(line: &str) -> Option<&str> {
    line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_to_its_sorted_place() {
        let text = "//! Top.\n\nmod a;\npub mod c;\n\npub use a::A;\n";
        assert_eq!(with_module(text, "b"), "//! Top.\n\nmod a;\npub mod b;\npub mod c;\n\npub use a::A;\n");
        assert_eq!(with_module(text, "d"), "//! Top.\n\nmod a;\npub mod c;\npub mod d;\n\npub use a::A;\n");
        assert_eq!(with_module(text, "c"), text, "once is enough");
    }

    #[test]
    fn the_first_line_comes_after_the_top_comment() {
        assert_eq!(with_module("//! Top.\n", "a"), "//! Top.\n\npub mod a;\n");
        assert_eq!(with_module("//! Top.\n\nfn x() {}\n", "a"), "//! Top.\n\npub mod a;\n\nfn x() {}\n");
    }
}
