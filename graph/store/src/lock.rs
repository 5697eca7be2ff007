//! One household on a data folder: LMDB itself lets a second process in, so the folder has a lock of its own.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use crate::{OpenError, StoreError};

/// Somebody who only reads holds the lock for a moment: a start that comes just then waits for so long (milliseconds).
const PATIENCE: u64 = 1_000;
const LOOK: u64 = 20;

/// Held as long as the data is open; the operating system lets go of it when the process dies.
pub(crate) struct FolderLock(#[allow(dead_code, reason = "held for its drop")] File);

impl FolderLock {
    /// For a running household.
    pub(crate) fn exclusive(folder: &Path) -> Result<Self, OpenError> {
        let mut file = open(folder)?;
        let mut patience = PATIENCE / LOOK;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if patience > 0 => patience -= 1,
                Err(TryLockError::WouldBlock) => return Err(in_use(folder, &mut file)),
                Err(TryLockError::Error(e)) => return Err(failed(folder, e)),
            }
            #[allow(clippy::disallowed_methods, reason = "nothing runs yet that could be held up")]
            std::thread::sleep(Duration::from_millis(LOOK));
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()))
            .and_then(|()| file.flush());
        written.map_err(|e| failed(folder, e))?;
        Ok(Self(file))
    }

    /// For reading while no household runs. Several readers may share it.
    pub(crate) fn shared(folder: &Path) -> Result<Self, OpenError> {
        let mut file = open(folder)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(in_use(folder, &mut file)),
            Err(TryLockError::Error(e)) => Err(failed(folder, e)),
        }
    }
}

fn open(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    options.map_err(|e| failed(folder, e))
}

fn in_use(folder: &Path, file: &mut File) -> OpenError {
    let mut pid = String::new();
    // A lock held by readers, or taken this very moment, has no pid in it yet.
    let read = file.read_to_string(&mut pid);
    let known = read.is_ok() && !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit());
    OpenError::InUse { path: folder.to_path_buf(), pid: if known { pid } else { "unknown".to_owned() } }
}

fn failed(folder: &Path, source: std::io::Error) -> OpenError {
    let error = StoreError::Io { what: "lock", path: folder.join("lock"), source };
    OpenError::Store { path: folder.to_path_buf(), source: error }
}
