//! The files of the tree, as the rules see them.

use std::fs;
use std::path::Path;

/// A text file, or a picture, which has no text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Relative to the workspace, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .enumerate()
            .map(|(n, line)| (n + 1, line))
    }

    /// The name after the last `/`.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What came from outside and is kept as it came.
    pub fn is_fixture(&self) -> bool {
        self.path.split('/').any(|part| part == "fixtures" || part == "snapshots")
    }
}

/// What is made, not written.
const MADE: &[&str] = &[".git", ".lares", "target", "node_modules", "dist", "__pycache__"];

/// What the book's pictures are.
const PICTURE: &str = ".webp";

/// All text files, and pictures, below `root`, sorted by path.
pub fn tree(root: &Path) -> std::io::Result<Vec<Source>> {
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<Source>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if MADE.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            match String::from_utf8(fs::read(entry.path())?) {
                Ok(text) => found.push(Source { path, text }),
                // A page may lead to it; there is nothing to read in it.
                Err(_) if path.ends_with(PICTURE) => found.push(Source { path, text: String::new() }),
                Err(_) => {}
            }
        }
    }
    Ok(())
}
