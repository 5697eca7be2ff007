//! The files of one change on disk: written together, and put back together, whatever a kill or a full disk left of it.

use super::changes::{Change, Part};
use super::folder::{Folder, Unwritten, remove, replace};
use super::names::{inside, read};

/// How a file stands to a change of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stands {
    Before,
    After,
    /// Somebody else wrote it since.
    Else,
}

fn stands(folder: &Folder, part: &Part) -> Result<Stands, Unwritten> {
    let now = read(&folder.root, &part.path)?;
    Ok(match now {
        now if now == part.before => Stands::Before,
        Some(text) if text == part.after => Stands::After,
        _ => Stands::Else,
    })
}

fn set(folder: &Folder, path: &str, text: Option<&str>) -> Result<(), Unwritten> {
    let place = inside(&folder.root, path)?;
    let written = match text {
        Some(text) => replace(&place, text),
        None => remove(&place),
    };
    written.map_err(|e| Unwritten::Write { path: path.to_owned(), why: e.to_string() })
}

/// Writes all of them.
///
/// # Errors
/// Then all are as they were, as far as the disk lets that be.
pub(super) fn write(folder: &Folder, change: &Change) -> Result<(), Unwritten> {
    for (n, part) in change.parts().enumerate() {
        let Err(why) = set(folder, &part.path, Some(&part.after)) else { continue };
        for written in change.parts().take(n) {
            if let Err(e) = set(folder, &written.path, written.before.as_deref()) {
                tracing::error!(error = %e, "a change that could not be written whole cannot go back either");
            }
        }
        return Err(why);
    }
    Ok(())
}

/// A kill came between its files: some have it, some have not.
pub(super) fn is_half(folder: &Folder, change: &Change) -> bool {
    let all: Vec<Stands> = change.parts().filter_map(|p| stands(folder, p).ok()).collect();
    all.contains(&Stands::Before) && all.contains(&Stands::After)
}

/// Files that a change still has to give back.
///
/// # Errors
/// One that somebody else wrote since, or a home that would have problems without the change.
pub(super) fn to_put_back<'a>(folder: &Folder, change: &'a Change) -> Result<Vec<&'a Part>, Unwritten> {
    let mut left = Vec::new();
    for part in change.parts() {
        match stands(folder, part)? {
            // A kill between the record and the file, or between the file and the record.
            Stands::Before => {}
            Stands::After => left.push(part),
            Stands::Else => return Err(Unwritten::Meanwhile(part.path.clone())),
        }
    }
    if left.is_empty() {
        return Ok(left);
    }
    let mut files = folder.texts()?;
    files.retain(|(path, _)| left.iter().all(|p| p.path != *path));
    files.extend(left.iter().filter_map(|p| Some((p.path.clone(), p.before.clone()?))));
    files.sort();
    // If nothing is a good home any more, the one that was is the better guess.
    match folder.check(files) {
        Err(problems) if folder.open().is_ok() => Err(Unwritten::Would(problems)),
        _ => Ok(left),
    }
}

/// Gives a file back what it was.
///
/// # Errors
/// The disk.
pub(super) fn put_back(folder: &Folder, part: &Part) -> Result<(), Unwritten> {
    set(folder, &part.path, part.before.as_deref())
}
