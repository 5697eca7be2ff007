//! Backups: a copy of the database, what is known of it, and back.
//!
//! A backup is a folder: the copied database and a manifest that says what it must hold. It is sealed as the data is;
//! the manifest tells only counts, times and hashes.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use heed::CompactionOption;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{CheckReport, OpenError, Reader, Sealing, StoreError, key_file};

pub const DATABASE: &str = "data.mdb";
const MANIFEST: &str = "backup.json";

/// What is known of a backup since it was proven.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Microseconds since 1970, UTC: when the copy began. It holds all that was committed before.
    pub made: i64,
    /// The version of Lares that made it.
    pub version: String,
    /// Id of the household key that opens it; none if it is plain.
    pub key: Option<String>,
    pub bytes: u64,
    pub sha256: String,
    pub events: u64,
    pub nodes: u64,
    pub samples: u64,
    /// [`Reader::journal_hash`], in hexadecimal.
    pub journal: String,
    /// Entries and values of those who were forgotten since it was made: nobody can read them.
    #[serde(default)]
    pub forgotten: u64,
}

/// A backup is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("failed to {what} {path}: {source}", path = path.display())]
    Io { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{path} is no backup: {why}", path = path.display())]
    NoBackup { path: PathBuf, why: String },
    #[error("{path} is not what was proven when it was made: {what} is {found}, and was {wanted}", path = path.display())]
    Changed { path: PathBuf, what: &'static str, found: String, wanted: String },
    #[error("{path} is broken: {first} ({count} problems in all)", path = path.display())]
    Broken { path: PathBuf, first: String, count: u64 },
    #[error("{path} is not empty: restore into a new folder", path = path.display())]
    InTheWay { path: PathBuf },
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_path_buf();
    move |source| BackupError::Io { what, path, source }
}

impl Reader {
    /// Copies what is committed into a new file, without the pages that are free, and syncs it. The household goes on.
    pub fn copy_to(&self, file: &Path) -> Result<(), BackupError> {
        let mut to = File::create_new(file).map_err(failed("make", file))?;
        self.core.copy(&mut to, CompactionOption::Enabled)?;
        to.sync_all().map_err(failed("sync", file))
    }
}

/// Checks the database in `folder` in full, with the key of the data folder `keyed_as`, and says what it holds.
pub fn prove(folder: &Path, keyed_as: &Path, made: i64, version: &str) -> Result<Manifest, BackupError> {
    let reader = Reader::open_copy(folder, &key_file(keyed_as))?;
    let CheckReport { problems, problem_count, forgotten, .. } = reader.check()?;
    if problem_count > 0 {
        let first = problems.into_iter().next().unwrap_or_default();
        return Err(BackupError::Broken { path: folder.to_path_buf(), first, count: problem_count });
    }
    let counts = reader.counts()?;
    let journal = hex(&reader.journal_hash()?);
    drop(reader);
    let key = match Sealing::of(folder)? {
        Sealing::Sealed(id) => Some(id),
        Sealing::Plain | Sealing::Nothing => None,
    };
    let (bytes, sha256) = digest(&folder.join(DATABASE))?;
    let (events, nodes, samples) = (counts.events, counts.nodes, counts.samples);
    let version = version.to_owned();
    Ok(Manifest { made, version, key, bytes, sha256, events, nodes, samples, journal, forgotten })
}

/// What the folder of a proven backup begins with.
pub const PROVEN: &str = "lares-";

/// The proven backups in a folder, oldest first, each with when it was made (microseconds since 1970, UTC).
pub fn proven(folder: &Path) -> Result<Vec<(i64, PathBuf)>, BackupError> {
    let entries = std::fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut found = Vec::new();
    for path in entries.filter_map(Result::ok).map(|e| e.path()) {
        let named = path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(PROVEN));
        if named && let Ok(manifest) = Manifest::read(&path) {
            found.push((manifest.made, path));
        }
    }
    found.sort();
    Ok(found)
}

impl Manifest {
    pub fn read(backup: &Path) -> Result<Self, BackupError> {
        let path = backup.join(MANIFEST);
        let no = |why: String| BackupError::NoBackup { path: backup.to_path_buf(), why };
        let text = std::fs::read_to_string(&path).map_err(|e| no(format!("{MANIFEST}: {e}")))?;
        serde_json::from_str(&text).map_err(|e| no(format!("{MANIFEST}: {e}")))
    }

    /// Writes it beside the database, synced.
    pub fn write(&self, backup: &Path) -> Result<(), BackupError> {
        use std::io::Write;
        let path = backup.join(MANIFEST);
        let text = serde_json::to_string_pretty(self).map_err(|e| StoreError::Encode(e.to_string()))?;
        let mut file = File::create_new(&path).map_err(failed("make", &path))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed("write", &path))
    }

    /// Whether the database in `folder` is the one that was proven: the file first, which needs no key.
    pub fn same_file(&self, folder: &Path) -> Result<(), BackupError> {
        let (bytes, sha256) = digest(&folder.join(DATABASE))?;
        self.same(folder, "its size", bytes.to_string(), self.bytes.to_string())?;
        self.same(folder, "its hash", sha256, self.sha256.clone())
    }

    /// Whether what was found by [`prove`] is what was proven before.
    pub fn same_content(&self, folder: &Path, found: &Self) -> Result<(), BackupError> {
        // What can be read no more is no part of the hash; the file's own hash still says that it is the same.
        if found.forgotten == self.forgotten {
            self.same(folder, "its journal", found.journal.clone(), self.journal.clone())?;
        }
        self.same(folder, "its number of events", found.events.to_string(), self.events.to_string())
    }

    fn same(
        &self,
        folder: &Path,
        what: &'static str,
        found: String,
        wanted: String,
    ) -> Result<(), BackupError> {
        if found == wanted {
            return Ok(());
        }
        Err(BackupError::Changed { path: folder.to_path_buf(), what, found, wanted })
    }
}

fn digest(path: &Path) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).map_err(failed("read", path))?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut part = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut part).map_err(failed("read", path))?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(part.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Makes the data folder `data` from a backup's database, synced. Nothing that is there is written over.
pub fn put_back(backup: &Path, data: &Path) -> Result<(), BackupError> {
    std::fs::create_dir_all(data).map_err(failed("make", data))?;
    let mut there = std::fs::read_dir(data).map_err(failed("read", data))?;
    if there.next().is_some() {
        return Err(BackupError::InTheWay { path: data.to_path_buf() });
    }
    let (part, whole) = (data.join("data.part"), data.join(DATABASE));
    std::fs::copy(backup.join(DATABASE), &part).map_err(failed("copy to", &part))?;
    File::open(&part).and_then(|f| f.sync_all()).map_err(failed("sync", &part))?;
    std::fs::rename(&part, &whole).map_err(failed("name", &whole))?;
    File::open(data).and_then(|f| f.sync_all()).map_err(failed("sync", data))
}
