//! What can go wrong, in words for the household.

use std::path::PathBuf;

use lares_model::EventId;

use crate::{DecodeError, KeyFileError, key::KeyError, table::Table};

/// Reading or writing failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Database(#[from] heed::Error),
    #[error("failed to {what} {path}: {source}", path = path.display())]
    Io { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error("table {table} holds an entry {key} that cannot be read: {source}")]
    Unreadable { table: Table, key: String, source: DecodeError },
    #[error("{id}: {why}")]
    Gap { id: EventId, why: String },
    #[error("table {table} holds a key that cannot be read: {source}")]
    BadKey { table: Table, source: KeyError },
    #[error(
        "nothing is kept of `{name}`{}",
        if known.is_empty() { String::new() } else { format!("; there are {}", known.join(", ")) }
    )]
    NobodyCalled { name: String, known: Vec<String> },
    #[error("the journal's chain is broken at {at}: what stands there is not what was written")]
    ChainBroken { at: EventId },
    #[error("the data has reached its limit of {0} bytes")]
    Full(usize),
    #[error("failed to encode a value: {0}")]
    Encode(String),
}

impl StoreError {
    /// It belongs to somebody who was forgotten.
    pub(crate) fn is_forgotten(&self) -> bool {
        matches!(self, Self::Unreadable { source: DecodeError::Forgotten, .. })
    }

    pub(crate) fn is_map_full(&self) -> bool {
        matches!(self, Self::Database(heed::Error::Mdb(heed::MdbError::MapFull)))
    }
}

/// The data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path} is in use by process {pid}: only one household can run on a data folder", path = path.display())]
    InUse { path: PathBuf, pid: String },
    #[error(
        "the data in {path} has format {found}, and this Lares knows formats up to {known}: start the newer Lares \
         that wrote it, or restore a backup made before the update",
        path = path.display()
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error(
        "the data in {path} is sealed with the key {id}, and there is no key file {file}: put it back, or write it \
         from its paper copy with `lares key restore`; without the key nobody can read the data",
        path = path.display(),
        file = file.display()
    )]
    NoKey { path: PathBuf, file: PathBuf, id: String },
    #[error(
        "the data in {path} is sealed with the key {id}, and {file} holds the key {found}",
        path = path.display(),
        file = file.display()
    )]
    OtherKey { path: PathBuf, file: PathBuf, id: String, found: String },
    #[error("the data in {path} cannot be opened: {source}", path = path.display())]
    Key { path: PathBuf, source: KeyFileError },
    #[error("the data in {path} is not sealed", path = path.display())]
    NotSealed { path: PathBuf },
    #[error(
        "the data in {path} has format {found} and was not ended in order: start and stop the Lares that wrote it",
        path = path.display()
    )]
    Older { path: PathBuf, found: u32 },
    #[error("there is no data in {path}", path = path.display())]
    Missing { path: PathBuf },
    #[error("failed to open the data in {path}: {source}", path = path.display())]
    Store { path: PathBuf, source: StoreError },
    #[error("failed to start the store's thread for {path}: {source}", path = path.display())]
    Thread { path: PathBuf, source: std::io::Error },
}
