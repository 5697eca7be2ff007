//! Whatever is in the files: problems or a home, never a panic, and every problem can be shown.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers fail as tests do"
)]

mod common;

use lares_config::{load_from, render};
use proptest::prelude::*;

fn survives(files: Vec<(String, String)>) {
    if let Err(problems) = load_from(std::path::Path::new("/nowhere"), files, &[], std::iter::empty()) {
        assert!(!problems.is_empty());
        assert!(!render(&problems, false).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_of_sample_homes(
        home in prop::sample::select(vec!["cottage", "casas"]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let mut files = common::example_files(home);
        for (file, at, byte, how) in edits {
            let file = file.index(files.len());
            let mut bytes = std::mem::take(&mut files[file].1).into_bytes();
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte % 128),
                _ => drop(bytes.remove(at)),
            }
            files[file].1 = String::from_utf8_lossy(&bytes).into_owned();
        }
        survives(files);
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,200}") {
        survives(vec![("a.toml".into(), text)]);
    }

    #[test]
    fn swapped_values_keep_the_syntax(
        seeds in prop::collection::vec((any::<prop::sample::Index>(), 0..12usize), 1..8),
    ) {
        const VALUES: [&str; 12] = ["1", "-1e300", "\"\"", "\"group:\"", "[]", "{}", "[[]]", "true", "\"x.y.z\"", "nan",
            "{ a = { b = [1, { c = 2 }] } }", "07:00:00"];
        let mut files = common::example_files("cottage");
        for (index, value) in seeds {
            let text = &mut files[2].1;
            let places: Vec<usize> = text.match_indices(" = ").map(|(i, _)| i).collect();
            let start = places[index.index(places.len())] + 3;
            let end = start + text[start..].find([',', '\n', '}']).unwrap_or(0);
            text.replace_range(start..end, VALUES[value]);
        }
        survives(files);
    }
}
