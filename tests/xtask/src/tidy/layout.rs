//! Rules on where things are.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Source};

/// The only folders at the top, besides dot-folders.
const TOP: &[&str] = &["actors", "config", "devices", "docs", "graph", "simulations", "supervisors", "tests"];
/// Folders of which each sub-folder is a feature: a README says what it promises, reads, writes, never does.
const FEATURES: &[&str] = &["devices/src", "actors/household/src/domains", "actors/household/src/production"];
const ABSENT: &str = "Absent on purpose";
/// What a feature's block of kind numbers is declared as.
pub(crate) const KINDS: &str = "pub const KINDS: std::ops::Range<u16> = ";

pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tops = BTreeSet::new();
    for source in sources {
        let top = source.path.split('/').next().unwrap_or_default();
        let known = TOP.contains(&top) || top.starts_with('.') || !source.path.contains('/');
        if !known && tops.insert(top) {
            let what = format!("`{top}` stands at the top, where only these do: {}", TOP.join(", "));
            problems.push(Problem::at(source, 0, what));
        }
        if is_crate_root(source, sources) && !top_comment(source).contains(ABSENT) {
            let what = format!("the top comment does not say what is \"{ABSENT}\" from this crate");
            problems.push(Problem::at(source, 1, what));
        }
    }
    problems.extend(features(sources));
    problems.extend(kinds(sources));
    problems
}

fn is_crate_root(source: &Source, sources: &[Source]) -> bool {
    source
        .path
        .strip_suffix("src/lib.rs")
        .is_some_and(|folder| sources.iter().any(|s| s.path == format!("{folder}Cargo.toml")))
}

fn top_comment(source: &Source) -> String {
    source.text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n")
}

fn features(sources: &[Source]) -> Vec<Problem> {
    let mut without = BTreeMap::new();
    for source in sources {
        for parent in FEATURES {
            let inside = source.path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('/'));
            let Some((feature, _)) = inside.and_then(|rest| rest.split_once('/')) else { continue };
            without.entry(format!("{parent}/{feature}")).or_insert(source);
        }
    }
    without.retain(|folder, _| !sources.iter().any(|s| s.path == format!("{folder}/README.md")));
    without
        .into_iter()
        .map(|(folder, first)| Problem::at(first, 0, format!("{folder} has no README.md")))
        .collect()
}

/// Blocks of kind numbers may not overlap: a number means one thing for ever.
fn kinds(sources: &[Source]) -> Vec<Problem> {
    let mut blocks: Vec<(u16, u16, &Source, usize)> = Vec::new();
    let mut problems = Vec::new();
    for source in sources.iter().filter(|s| s.path.ends_with(".rs")) {
        for (n, line) in source.lines() {
            let Some(text) = line.strip_prefix(KINDS) else { continue };
            match block(text) {
                Some((from, to)) => blocks.push((from, to, source, n)),
                None => problems.push(Problem::at(source, n, "KINDS is written as `1000..1100`")),
            }
        }
    }
    blocks.sort_by_key(|(from, ..)| *from);
    for pair in blocks.windows(2) {
        let [(_, to, first, _), (from, _, second, n)] = pair else { continue };
        if from < to {
            problems.push(Problem::at(second, *n, format!("KINDS overlaps with that of {}", first.path)));
        }
    }
    problems
}

/// Reads `1000..1100;`.
pub(crate) fn block(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.trim_end_matches(';').split_once("..")?;
    Some((from.replace('_', "").parse().ok()?, to.replace('_', "").parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        check(&sources).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_the_known_folders_stand_at_the_top() {
        assert!(found(&[("README.md", ""), (".ci/run", ""), ("docs/a.md", "")]).is_empty());
        assert_eq!(found(&[("tools/a.sh", ""), ("tools/b.sh", "")]).len(), 1);
    }

    #[test]
    fn a_crate_says_what_is_absent_from_it() {
        let good = ("devices/src/lib.rs", "//! Bytes in.\n//!\n//! **Absent on purpose:** sockets.\n");
        let bad = ("devices/src/lib.rs", "//! Bytes in.\n\n// Absent on purpose: too late\n");
        assert!(found(&[("devices/Cargo.toml", ""), good]).is_empty());
        assert_eq!(found(&[("devices/Cargo.toml", ""), bad]).len(), 1);
    }

    #[test]
    fn a_feature_has_a_readme() {
        let code = ("devices/src/zigbee/mod.rs", "");
        assert_eq!(found(&[code]), ["devices/src/zigbee/mod.rs: devices/src/zigbee has no README.md"]);
        assert!(
            found(&[code, ("devices/src/zigbee/README.md", ""), ("devices/src/problem.rs", "")]).is_empty()
        );
    }

    #[test]
    fn blocks_of_kind_numbers_stay_apart() {
        let block = |range: &str| format!("{KINDS}{range};\n");
        let (a, b, c) = (block("1000..1100"), block("1_100..1_200"), block("1050..1060"));
        assert!(found(&[("tests/a.rs", &a), ("tests/b.rs", &b)]).is_empty());
        assert_eq!(found(&[("tests/a.rs", &a), ("tests/c.rs", &c)]).len(), 1);
        assert_eq!(found(&[("tests/a.rs", &block("many"))]).len(), 1);
    }
}
