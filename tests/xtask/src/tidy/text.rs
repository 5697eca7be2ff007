//! Rules on the lines of a file.

use super::{Problem, Source};

const WARN_LINES: usize = 300;
const MOST_LINES: usize = 400;

// In two parts, so that this file does not break its own rules.
const UNFINISHED: &[&str] = &[concat!("todo", "!("), concat!("unimplemented", "!(")];
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

pub(super) fn check(source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    let rust = source.path.ends_with(".rs");
    if rust {
        problems.extend(length(source));
    }
    for (n, line) in source.lines() {
        if !source.is_fixture() && line.ends_with([' ', '\t']) {
            problems.push(Problem::at(source, n, "white space at the end of the line"));
        }
        for word in UNFINISHED.iter().filter(|word| rust && line.contains(**word)) {
            problems.push(Problem::at(source, n, format!("`{word}...)`: finish it or leave it out")));
        }
        for path in MACHINE_PATHS.iter().filter(|path| !source.is_fixture() && has_path(line, path)) {
            problems.push(Problem::at(source, n, format!("`{path}` is a path of one machine")));
        }
    }
    problems
}

fn length(source: &Source) -> Option<Problem> {
    let lines = source.text.lines().count();
    let what =
        format!("{lines} lines; a file of up to {WARN_LINES} is one idea, more than {MOST_LINES} is several");
    let fatal = lines > MOST_LINES;
    (lines > WARN_LINES).then_some(Problem { fatal, ..Problem::at(source, 0, what) })
}

/// Whether an absolute path begins here: `config/src/home/mod.rs` holds one of the words, but does not begin with it.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "_-./}{*+~<>".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Source::new(path, text)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_rule_finds_its_breach_and_lets_the_rest_pass() {
        let clean = "fn a() {}\n// see config/src/home/mod.rs and ../home/x\n";
        assert_eq!(found("a.rs", clean), Vec::<String>::new());
        assert_eq!(found("a.rs", "fn a() {} \n").len(), 1);
        assert_eq!(found("a.rs", &format!("fn a() {{ {}) }}\n", UNFINISHED[0])).len(), 1);
        assert_eq!(found("a.md", &format!("{})\n", UNFINISHED[0])).len(), 0, "prose may name it");
        for path in MACHINE_PATHS {
            assert_eq!(found("a.md", &format!("see `{path}x`\n")).len(), 1, "{path}");
            assert_eq!(found("a.md", &format!("{path}x\n")).len(), 1, "{path}");
        }
        assert_eq!(found("devices/src/x/fixtures/a.txt", "as it came \n").len(), 0);
    }

    #[test]
    fn long_files_are_named_and_too_long_ones_refused() {
        let of = |lines: usize| check(&Source::new("a.rs", &"x\n".repeat(lines)));
        assert!(of(300).is_empty());
        assert!(!of(301)[0].fatal);
        assert!(!of(400)[0].fatal);
        assert!(of(401)[0].fatal);
    }
}
