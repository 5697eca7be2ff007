//! Reading the home folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SourceText;
use crate::diagnostic::Diagnostic;

/// Deeper folders are a mistake or a loop of links.
const DEPTH: usize = 8;

/// All `*.toml` files below the folder, sorted by relative path; hidden files and folders are left out.
pub(crate) fn read_folder(root: &Path) -> Result<Vec<Arc<SourceText>>, Vec<Diagnostic>> {
    let mut paths = Vec::new();
    let mut problems = Vec::new();
    match fs::metadata(root) {
        Ok(meta) if meta.is_dir() => list(root, DEPTH, &mut paths, &mut problems),
        Ok(_) => problems.push(Diagnostic::of_folder(
            "home-missing",
            format!("the home {} is a file, not a folder", root.display()),
            "name the folder that holds the TOML files".into(),
        )),
        Err(error) => problems.push(Diagnostic::of_folder(
            "home-missing",
            format!("can't open the home folder {}: {error}", root.display()),
            "name a folder with --home or LARES_HOME; a sample to copy is config/examples/cottage".into(),
        )),
    }
    let mut named: Vec<(String, PathBuf)> =
        paths.into_iter().map(|path| (relative_name(root, &path), path)).collect();
    named.sort();
    if named.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::of_folder(
            "home-empty",
            format!("there is no .toml file in the home folder {}", root.display()),
            "write one that begins with [household]; a sample to copy is config/examples/cottage".into(),
        ));
    }
    let mut texts = Vec::new();
    for (name, path) in named {
        match read(&path) {
            Ok(text) => texts.push(Arc::new(SourceText::new(name.into(), text.into()))),
            Err(why) => problems.push(unreadable(name, why)),
        }
    }
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

/// The files that a home consists of; none if the folder cannot be read.
pub fn home_files(root: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    list(root, DEPTH, &mut paths, &mut Vec::new());
    paths
}

fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>, problems: &mut Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.push(unreadable(folder.display().to_string(), error.to_string())),
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, paths, problems);
            }
        } else if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| format!("byte {} is not UTF-8", e.utf8_error().valid_up_to()))
}

fn unreadable(name: String, why: String) -> Diagnostic {
    let mut problem = Diagnostic::of_folder(
        "file-unreadable",
        format!("can't read {name}: {why}"),
        "it must be a text in UTF-8 that this user may read".into(),
    );
    problem.file = Some(name.into());
    problem
}

/// The same on every system, since it is part of the snapshot.
fn relative_name(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts.map(|c| c.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}
