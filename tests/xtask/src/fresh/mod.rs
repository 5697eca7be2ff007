//! New features by template: a folder that compiles, and its line in the registry.

mod name;
mod registry;
mod templates;

pub use name::{Fresh, Kind};

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Why nothing was made. Nothing is written then.
#[derive(Debug)]
pub enum NotMade {
    Kind(String),
    Name(String),
    Exists(String),
    Io { path: String, source: std::io::Error },
}

impl std::fmt::Display for NotMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind(kind) => {
                write!(f, "`{kind}` is not a kind of feature; there are protocol, domain, system")
            }
            Self::Name(name) => {
                write!(
                    f,
                    "`{name}` is not a name; use lower case letters, digits and single `_` between words"
                )
            }
            Self::Exists(path) => write!(f, "{path} is already there"),
            Self::Io { path, source } => write!(f, "failed at {path}: {source}"),
        }
    }
}

impl std::error::Error for NotMade {}

/// Writes the feature's folder and its registry line; answers the files written, relative to `root`.
///
/// # Errors
/// If the folder exists, or on trouble with the disk.
pub fn write(root: &Path, fresh: &Fresh) -> Result<Vec<String>, NotMade> {
    let folder = format!("{}/{}", fresh.kind.parent(), fresh.name);
    if root.join(&folder).exists() {
        return Err(NotMade::Exists(folder));
    }
    let kinds = registry::free_kinds(root, fresh.kind)?;
    let mut written = Vec::new();
    for (file, text) in templates::of(fresh.kind) {
        let path = format!("{folder}/{file}");
        put(root, &path, &fresh.fill(text, kinds))?;
        written.push(path);
    }
    written.extend(registry::enter(root, fresh)?);
    format(root, &written);
    Ok(written)
}

/// Sorts what depends on the name. Without rustfmt the files are good all the same; the format step will tell.
fn format(root: &Path, written: &[String]) {
    let code = written.iter().filter(|path| path.ends_with(".rs"));
    let _ = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .args(code)
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

fn put(root: &Path, path: &str, text: &str) -> Result<(), NotMade> {
    let full = root.join(path);
    let done = full.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&full, text));
    done.map_err(|source| NotMade::Io { path: path.into(), source })
}
