//! `lares init`: a sample home to begin with.

use std::fs;
use std::path::Path;

use super::args::InitArgs;
use super::exit::{Failure, Outcome};
use super::out;

/// Path below the examples, text.
const EXAMPLES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/examples.rs"));

pub(super) fn init(args: &InitArgs) -> Outcome {
    let files: Vec<(String, &str)> = EXAMPLES
        .iter()
        .filter_map(|(path, text)| {
            Some((path.strip_prefix(&args.example)?.strip_prefix('/')?.to_owned(), *text))
        })
        .collect();
    if !files.iter().any(|(path, _)| path.ends_with(".toml")) {
        return Err(Failure::input(format!(
            "there is no sample home `{}`; there are {}",
            args.example,
            names().join(", ")
        )));
    }
    write(&args.dir, &files)?;
    let dir = args.dir.display();
    out::text(&format!(
        "{dir} holds a sample home now. What to do next:\n  lares check --home {dir}\n  lares run --home {dir}\n"
    ))
}

/// Sample homes that have files of their own.
fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = EXAMPLES
        .iter()
        .filter(|(path, _)| path.ends_with(".toml"))
        .filter_map(|(path, _)| Some(path.split_once('/')?.0))
        .collect();
    names.dedup();
    names
}

/// Writes files into a folder that is new or empty: nothing of anybody's is ever overwritten.
pub(super) fn write(dir: &Path, files: &[(String, impl AsRef<str>)]) -> Outcome {
    let failed = |e: std::io::Error| Failure::failed(format!("failed to write to {}: {e}", dir.display()));
    fs::create_dir_all(dir).map_err(failed)?;
    if fs::read_dir(dir).map_err(failed)?.next().is_some() {
        return Err(Failure::input(format!("{} is not empty", dir.display())).hint("name a new folder"));
    }
    for (path, text) in files {
        let path = dir.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(path, text.as_ref()).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_home_is_good_where_it_was_copied_to_and_nothing_is_overwritten() {
        assert!(names().contains(&"cottage"), "{:?}", names());
        for name in names() {
            let dir = tempfile::tempdir().unwrap();
            let home = dir.path().join("home");
            let args = InitArgs { dir: home.clone(), example: name.to_owned() };
            init(&args).unwrap();
            lares_config::load(&home, &[], std::iter::empty()).unwrap_or_else(|p| panic!("{name}: {p:?}"));
            assert!(init(&args).is_err());
        }
        let args = InitArgs { dir: "nowhere".into(), example: "castle".to_owned() };
        assert!(init(&args).unwrap_err().message.unwrap().contains("cottage"));
    }
}
