//! Which file is meant: below the home folder, by plain names, through no link.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Unwritten;
use super::folder::relative;

/// As deep as a home is read.
const DEEPEST: usize = 9;
/// More than any file that a person edits in a browser.
pub(crate) const LONGEST: usize = 256 * 1024;

/// A file of the home, as it is listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Listed {
    /// Relative to the home folder, with `/`.
    pub path: String,
    pub bytes: u64,
    /// Why it cannot be opened here; null if it can.
    pub closed: Option<String>,
}

/// The place of a file. It need not be there yet; its folder must.
///
/// # Errors
/// What is no name of a file of the home, or leads out of it.
pub(super) fn inside(root: &Path, path: &str) -> Result<PathBuf, Unwritten> {
    let refuse = |why: &str| Unwritten::Input(format!("`{}` is no file of the home: {why}", shown(path)));
    let parts: Vec<&str> = path.split('/').collect();
    let plain = |part: &&str| {
        !part.is_empty() && !part.starts_with('.') && part.chars().all(|c| c != '\\' && !c.is_control())
    };
    if path.len() > 200 || parts.len() > DEEPEST || !parts.iter().all(plain) {
        return Err(refuse("allowed are names such as `lights.toml` and `upstairs/lights.toml`"));
    }
    if !path.ends_with(".toml") {
        return Err(refuse("its files end with `.toml`"));
    }
    let mut at = root.to_path_buf();
    for (n, part) in parts.iter().enumerate() {
        at.push(part);
        let last = n + 1 == parts.len();
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_symlink() => {
                return Err(refuse("it is a link, and a link may lead anywhere"));
            }
            Ok(meta) if last && meta.is_file() || !last && meta.is_dir() => {}
            Ok(_) => return Err(refuse("it is something else")),
            Err(e) if last && e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(refuse(&e.to_string())),
        }
    }
    Ok(at)
}

fn shown(path: &str) -> String {
    path.chars().take(80).map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Its text; none if it is not there.
///
/// # Errors
/// What is not to be shown or changed here: no text, too long, or a secret stands in it.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<String>, Unwritten> {
    let failed = |why: String| Unwritten::Input(format!("{path} cannot be opened here: {why}"));
    let bytes = match fs::read(inside(root, path)?) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(e.to_string())),
    };
    let text = String::from_utf8(bytes).map_err(|_| failed("it is no text in UTF-8".to_owned()))?;
    fit(path, &text)?;
    Ok(Some(text))
}

/// Whether a text may be shown, kept and written.
pub(super) fn fit(path: &str, text: &str) -> Result<(), Unwritten> {
    let refuse = |why: String| Err(Unwritten::Input(format!("{path} cannot be opened here: {why}")));
    if text.len() > LONGEST {
        return refuse(format!("it has {} bytes; allowed: {LONGEST}", text.len()));
    }
    match lares_config::secret_lines(text).first() {
        Some(line) => refuse(format!(
            "a secret seems to stand in line {line}; put it into a file of its own and name that: password_file"
        )),
        None => Ok(()),
    }
}

/// What a text is known by: another text has another.
pub fn tag(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// All files of the home, by path.
pub(super) fn list(root: &Path) -> Vec<Listed> {
    let of = |at: PathBuf| {
        let path = relative(root, &at);
        let bytes = fs::metadata(&at).map_or(0, |m| m.len());
        Listed { closed: read(root, &path).err().map(|e| e.to_string()), bytes, path }
    };
    let mut all: Vec<Listed> = lares_config::home_files(root).into_iter().map(of).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_below_the_home_are_meant() {
        let folder = tempfile::tempdir().unwrap();
        let (root, other) = (folder.path().join("home"), folder.path().join("other"));
        let outside = other.join("outside.toml");
        fs::create_dir_all(&other).unwrap();
        fs::create_dir_all(root.join("up")).unwrap();
        fs::create_dir_all(root.join("dir.toml")).unwrap();
        fs::write(&outside, "x = 1\n").unwrap();
        fs::write(root.join("home.toml"), "x = 1\n").unwrap();
        std::os::unix::fs::symlink(&outside, root.join("link.toml")).unwrap();
        std::os::unix::fs::symlink(&other, root.join("links")).unwrap();
        for fine in ["home.toml", "up/new.toml", "new one.toml"] {
            assert!(inside(&root, fine).is_ok(), "{fine}");
        }
        for (bad, word) in [
            ("../outside.toml", "names such as"),
            ("/etc/lares.toml", "names such as"),
            ("up/../../outside.toml", "names such as"),
            ("up//x.toml", "names such as"),
            (".hidden.toml", "names such as"),
            ("a\\b.toml", "names such as"),
            ("a\0.toml", "names such as"),
            ("", "names such as"),
            ("home.txt", "end with"),
            ("nowhere/x.toml", "No such file"),
            ("link.toml", "a link"),
            ("links/outside.toml", "a link"),
            ("dir.toml", "something else"),
            ("home.toml/x.toml", "something else"),
        ] {
            let said = inside(&root, bad).unwrap_err().to_string();
            assert!(said.contains(word), "{bad:?}: {said}");
        }
        let listed: Vec<(String, bool)> =
            list(&root).into_iter().map(|l| (l.path, l.closed.is_none())).collect();
        let closed = |path: &str| (path.to_owned(), false);
        assert_eq!(
            listed,
            [("home.toml".to_owned(), true), closed("link.toml"), closed("links/outside.toml")]
        );
    }

    #[test]
    fn what_holds_a_secret_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.toml"), "[mqtt.main]\nhost = \"x\"\n# password = \"hunter2\"\n")
            .unwrap();
        let said = read(folder.path(), "a.toml").unwrap_err().to_string();
        assert!(said.contains("line 3") && !said.contains("hunter2"), "{said}");
        assert_eq!(read(folder.path(), "b.toml").unwrap(), None);
        fs::write(folder.path().join("c.toml"), [0xff, 0xfe]).unwrap();
        assert!(read(folder.path(), "c.toml").unwrap_err().to_string().contains("UTF-8"));
    }
}
