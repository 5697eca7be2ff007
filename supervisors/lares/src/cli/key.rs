//! `lares key`: the key on paper.

use std::io::Read as _;

use lares_graph::{HouseholdKey, OpenError, Sealing, change_key, key_file};
use serde_json::json;

use super::args::{Global, KeyCommand};
use super::exit::{Failure, Outcome};
use super::out;

/// No key on paper is longer.
const LONGEST: u64 = 4096;

pub(super) fn key(global: &Global, command: &KeyCommand) -> Outcome {
    let data = global.data()?;
    let file = key_file(&data);
    match command {
        KeyCommand::Show => {
            let key = HouseholdKey::read(&file).map_err(Failure::failed)?;
            let key = key.ok_or_else(|| {
                Failure::failed(format!("there is no key in {}", file.display()))
                    .hint("the first start of a household makes it; name the data folder with --data")
            })?;
            shown(global, &key, &file.display().to_string())
        }
        KeyCommand::Restore => {
            let mut typed = String::new();
            let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut typed);
            read.map_err(|e| Failure::failed(format!("failed to read the key: {e}")))?;
            let key = HouseholdKey::parse(&typed)
                .map_err(|why| Failure::input(format!("this is no key: {why}")))?;
            if let Ok(Sealing::Sealed(id)) = Sealing::of(&data)
                && id != key.id()
            {
                let (typed, data) = (key.id(), data.display());
                let wrong = format!("this is the key {typed}, and the data in {data} is sealed with {id}");
                return Err(Failure::input(wrong));
            }
            key.write_new(&file).map_err(Failure::failed)?;
            out::line(&format!("wrote the key {} to {}", key.id(), file.display()))
        }
        KeyCommand::Lock | KeyCommand::Unlock => {
            let key = HouseholdKey::read(&file).map_err(Failure::failed)?;
            let key = key.ok_or_else(|| Failure::failed(format!("there is no key in {}", file.display())))?;
            let mut typed = String::new();
            let lock = matches!(command, KeyCommand::Lock);
            if lock {
                let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut typed);
                read.map_err(|e| Failure::failed(format!("failed to read the passphrase: {e}")))?;
            }
            let phrase = typed.lines().next().unwrap_or_default();
            key.rewrite(&file, lock.then_some(phrase)).map_err(Failure::input)?;
            let how = if lock { "is locked with the passphrase now" } else { "needs no passphrase now" };
            out::line(&format!("the key {} in {} {how}", key.id(), file.display()))
        }
        KeyCommand::Change => {
            let (old, key) = change_key(&data).map_err(|e| match e {
                OpenError::InUse { .. } => Failure::failed(e).hint("stop it first: `lares stop`"),
                other => Failure::failed(other),
            })?;
            if global.json {
                let (old_id, words) = (old.id(), old.words());
                let old = json!({ "id": old_id, "key": words });
                return out::json(&json!({ "id": key.id(), "file": file, "key": key.words(), "old": old }));
            }
            out::text(&format!(
                "the key {} no longer opens {}. Backups made before need it; it is written nowhere now:\n\n    {}\n\n",
                old.id(),
                data.display(),
                old.words()
            ))?;
            shown(global, &key, &file.display().to_string())
        }
    }
}

fn shown(global: &Global, key: &HouseholdKey, file: &str) -> Outcome {
    if global.json {
        return out::json(&json!({ "id": key.id(), "file": file, "key": key.words() }));
    }
    out::text(&format!(
        "key {} in {file}\n\n    {}\n\nKeep a copy on paper, away from the machine and its backups. `lares key restore` \
         writes it back.\n",
        key.id(),
        key.words()
    ))?;
    let private = lares_graph::private_file(std::path::Path::new(file));
    if private.is_file() {
        out::line(&format!(
            "Copy {} too: what belongs to persons cannot be read without it.",
            private.display()
        ))?;
    }
    Ok(())
}
