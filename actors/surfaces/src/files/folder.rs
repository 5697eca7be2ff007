//! The home folder: read, checked and written. What would be no good home is never written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lares_config::edit::Files;
use lares_config::{Diagnostic, Home, Loaded};

/// Where the home's files lie, and what is laid over them.
#[derive(Clone, Debug)]
pub struct Folder {
    pub root: PathBuf,
    /// Flags: dotted key, value.
    pub overrides: Vec<(String, String)>,
}

/// The home as its files say it now.
#[derive(Clone, Debug)]
pub struct Opened {
    pub home: Arc<Home>,
    /// (relative path, text), by path.
    pub files: Files,
}

/// Why nothing was written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("the home has problems already; mend these first, nothing was changed:\n{}", words(.0))]
    Already(Vec<Diagnostic>),
    #[error("the home would have problems; nothing was changed:\n{}", words(.0))]
    Would(Vec<Diagnostic>),
    /// What was asked does not fit the home.
    #[error("{0}")]
    Input(String),
    #[error("{0}")]
    Missing(String),
    /// It does not fit what is so now.
    #[error("{0}")]
    Conflict(String),
    #[error("{0} was changed meanwhile: read it again, and see what differs")]
    Meanwhile(String),
    #[error("failed to write {path}: {why}")]
    Write { path: String, why: String },
}

impl Unwritten {
    pub(super) fn missing(change: u64) -> Self {
        Self::Missing(format!("there is no change {change}"))
    }
}

fn words(problems: &[Diagnostic]) -> String {
    lares_config::render(problems, false)
}

impl Folder {
    /// # Errors
    /// Files that are no good home as they are.
    pub fn open(&self) -> Result<Opened, Unwritten> {
        let loaded =
            lares_config::load(&self.root, &self.overrides, environment()).map_err(Unwritten::Already)?;
        let files = loaded.home.files.iter().map(|f| (f.path.to_string(), f.text.to_string())).collect();
        Ok(Opened { home: loaded.home, files })
    }

    /// The texts of all files as they are, good or not, by path.
    ///
    /// # Errors
    /// One that cannot be read.
    pub(super) fn texts(&self) -> Result<Files, Unwritten> {
        let read = |at: PathBuf| {
            let path = relative(&self.root, &at);
            let failed = |e: io::Error| Unwritten::Input(format!("{path} cannot be read: {e}"));
            fs::read_to_string(&at).map(|text| (path.clone(), text)).map_err(failed)
        };
        lares_config::home_files(&self.root).into_iter().map(read).collect()
    }

    /// The home that these files would be.
    ///
    /// # Errors
    /// All problems found.
    pub fn check(&self, files: Files) -> Result<Loaded, Vec<Diagnostic>> {
        lares_config::load_from(&self.root, files, &self.overrides, environment())
    }

    /// Writes what differs, if the whole is a good home. Gives the home that it is then.
    ///
    /// # Errors
    /// A home with problems: nothing is written. A file that cannot be written: those before it are.
    pub fn write(&self, before: &Files, after: &Files) -> Result<Arc<Home>, Unwritten> {
        let loaded = self.check(after.clone()).map_err(Unwritten::Would)?;
        for (path, text) in after.iter().filter(|file| !before.contains(file)) {
            let failed = |e: io::Error| Unwritten::Write { path: path.clone(), why: e.to_string() };
            replace(&self.root.join(path), text).map_err(failed)?;
        }
        Ok(loaded.home)
    }
}

/// Settings that the environment holds. What is no text cannot be one.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
}

/// As the home's files are named: relative, with `/`.
pub(super) fn relative(root: &Path, at: &Path) -> String {
    let parts = at.strip_prefix(root).unwrap_or(at).components();
    parts.map(|c| c.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

/// All or nothing, also over a power cut; who may read it stays.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = path.with_file_name(name);
    let written = write_beside(&beside, path, text);
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_beside(beside: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(beside)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    fs::rename(beside, path)?;
    sync_folder(path)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    sync_folder(path)
}

/// The new name is on disk, too.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
