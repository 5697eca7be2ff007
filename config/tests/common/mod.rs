//! What the tests of this crate share.
#![allow(dead_code, reason = "each test target uses its part")]

use std::path::PathBuf;

use lares_config::{Diagnostic, Loaded, load_from};

pub fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// Loads files given as (name, text), without environment or flags.
pub fn load(files: &[(&str, &str)]) -> Result<Loaded, Vec<Diagnostic>> {
    load_with(files, &[], &[])
}

pub fn load_with(
    files: &[(&str, &str)],
    flags: &[(&str, &str)],
    env: &[(&str, &str)],
) -> Result<Loaded, Vec<Diagnostic>> {
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    load_from(std::path::Path::new("/nowhere"), own(files), &own(flags), own(env).into_iter())
}

/// The `toml` texts of a sample home, by relative path.
pub fn example_files(name: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(examples().join(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}
