//! Home, data and the disk below it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use lares_config::{Home, load};

use super::Finding;
use crate::cli::check::environment;

pub(super) fn home(root: &Path, overrides: &[(String, String)]) -> (Option<Arc<Home>>, Finding) {
    let shown = root.display();
    if !root.is_dir() {
        let mend = format!("`lares init {shown}` writes a sample home, or name yours with --home");
        return (None, Finding::bad("home", format!("there is no folder {shown}"), mend));
    }
    match load(root, overrides, environment()) {
        Ok(loaded) if loaded.warnings.is_empty() => {
            (Some(loaded.home), Finding::ok("home", format!("{shown} has no problems")))
        }
        Ok(loaded) => {
            let found = format!("{shown} works, with {} warnings", loaded.warnings.len());
            (Some(loaded.home), Finding::warn("home", found, "`lares check` shows them"))
        }
        Err(problems) => {
            let found = format!("{shown} has {} problems", problems.len());
            (None, Finding::bad("home", found, "`lares check` shows them all"))
        }
    }
}

/// Whether the folder can be written, by writing. One that is not there yet is asked of its nearest parent.
pub(super) fn data(data: &Path) -> Finding {
    let shown = data.display();
    let Some(folder) = existing(data) else {
        return Finding::bad("data", format!("{shown} has no parent folder"), "name another with --data");
    };
    let probe = folder.join(format!(".lares-doctor-{}", std::process::id()));
    let written = fs::write(&probe, b"probe").and_then(|()| fs::remove_file(&probe));
    match written {
        Ok(()) if folder == data => Finding::ok("data", format!("{shown} can be written")),
        Ok(()) => Finding::ok("data", format!("{shown} will be made at the first start")),
        Err(e) => Finding::bad(
            "data",
            format!("{} cannot be written: {e}", folder.display()),
            "mend its rights, or name another with --data",
        ),
    }
}

fn existing(path: &Path) -> Option<&Path> {
    path.ancestors().find(|p| p.is_dir())
}

/// Enough for about a year of a busy house.
const COMFORTABLE_KIB: u64 = 4 * 1024 * 1024;
const LEAST_KIB: u64 = 256 * 1024;

pub(super) fn space(data: &Path) -> Finding {
    let folder = existing(data).unwrap_or(Path::new("/"));
    let df = Command::new("df").arg("-Pk").arg(folder).output().ok().filter(|o| o.status.success());
    let free = df.and_then(|o| free_kib(&String::from_utf8_lossy(&o.stdout)));
    let mend = "free some, or put the data folder on a larger disk";
    match free {
        None => Finding::warn("disk", "how much is free could not be found out", "look with `df -h`"),
        Some(kib) => {
            let found = format!("{:.1} GiB are free for {}", kib as f64 / 1_048_576.0, data.display());
            match kib {
                0..LEAST_KIB => Finding::bad("disk", found, mend),
                LEAST_KIB..COMFORTABLE_KIB => Finding::warn("disk", found, mend),
                _ => Finding::ok("disk", found),
            }
        }
    }
}

/// The fourth column of the second line, as POSIX has it.
fn free_kib(df: &str) -> Option<u64> {
    df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn folders_are_found_out_by_trying() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(data(dir.path()).grade, Grade::Ok);
        assert_eq!(data(&dir.path().join("a/b")).grade, Grade::Ok);
        assert!(fs::read_dir(dir.path()).unwrap().next().is_none(), "the probe is gone");
        assert_eq!(home(&dir.path().join("none"), &[]).1.grade, Grade::Bad);
    }

    #[test]
    fn df_is_read() {
        let text = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 100 40 60 40% /\n";
        assert_eq!(free_kib(text), Some(60));
        assert_eq!(free_kib("nonsense"), None);
    }
}
