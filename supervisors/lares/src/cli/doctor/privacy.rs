//! What a thief could read.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use lares_graph::{HouseholdKey, Sealing, key_file};

use super::Finding;

const WHAT: &str = "privacy";
const ELSEWHERE: &str = "keep the key elsewhere: on a stick (LARES_KEY_FILE), or sealed by the machine (systemd's \
                         LoadCredentialEncrypted=lares.key:...)";

/// Whether the data is sealed, whether the key opens it, and who else could.
pub(super) fn sealing(data: &Path) -> Finding {
    let file = key_file(data);
    let shown = file.display();
    let id = match Sealing::of(data) {
        Ok(Sealing::Sealed(id)) => id,
        Ok(Sealing::Nothing) => {
            return Finding::ok(WHAT, format!("new data will be sealed with the key in {shown}"));
        }
        Ok(Sealing::Plain) => {
            return Finding::warn(
                WHAT,
                "the data is not sealed: whoever has the disk or a backup can read all of it",
                "the next start of the household seals it; backups made before stay plain: delete them",
            );
        }
        Err(e) => return Finding::warn(WHAT, e.to_string(), "see the line `data`"),
    };
    let paper = "put the right file there, or write it from its paper copy: `lares key restore`";
    match HouseholdKey::read(&file) {
        Err(e) => Finding::bad(WHAT, e.to_string(), paper),
        Ok(None) => Finding::bad(
            WHAT,
            format!("the data is sealed with the key {id}, and there is no {shown}"),
            paper,
        ),
        Ok(Some(key)) if key.id() != id => {
            let found = format!("the data is sealed with the key {id}, and {shown} holds {}", key.id());
            Finding::bad(WHAT, found, paper)
        }
        Ok(Some(_)) => thieves(data, &file, &id),
    }
}

fn thieves(data: &Path, file: &Path, id: &str) -> Finding {
    let shown = file.display();
    if std::fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o077 != 0) {
        let found = format!("others on this machine can read the key in {shown}");
        return Finding::bad(WHAT, found, format!("chmod 600 {shown}"));
    }
    let private = lares_graph::private_file(file);
    let own = if private.is_file() { ", persons' with their own" } else { "" };
    let sealed = format!(
        "sealed with the key {id}{own}: data folder and backups alone tell only how much there is and when it was written"
    );
    let device = |path: &Path| std::fs::metadata(path).map(|m| m.dev()).ok();
    if device(data).is_some() && device(data) == device(file) {
        let found = format!("{sealed}; a thief of this disk has the key too, in {shown}");
        return Finding::warn(WHAT, found, ELSEWHERE);
    }
    Finding::ok(WHAT, sealed)
}
