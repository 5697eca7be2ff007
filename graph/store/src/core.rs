//! The open database: tables, transactions, growth. Everything that touches heed's environment goes through here.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use heed::{Env, EnvFlags, PutFlags, RoTxn, RwTxn, WithoutTls};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Codec, DecodeError, OpenError, Plain, StoreError,
    codec::{Kind, content, decode, encode},
    env::{Db, MIB, TABLES, check_format, create_tables, find_tables, open_env, read_format, whole_mib},
    lock::FolderLock,
    table::Table,
};

/// The open data folder.
pub(crate) struct Core {
    env: Env<WithoutTls>,
    tables: [Db; TABLES],
    codec: Box<dyn Codec>,
    /// Held for reading by every transaction: the map can only be resized when there is none.
    gate: RwLock<()>,
    map_limit: AtomicUsize,
    /// Every commit is on disk when it returns.
    synced: bool,
    pub(crate) path: PathBuf,
    _lock: Option<FolderLock>,
}

impl Core {
    /// Opens for writing; makes the tables if there are none.
    pub(crate) fn open(
        path: &Path,
        map_size: usize,
        map_limit: usize,
        sync: bool,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
        std::fs::create_dir_all(path).map_err(|source| {
            failed(StoreError::Io { what: "make the folder", path: path.to_path_buf(), source })
        })?;
        let lock = FolderLock::exclusive(path)?;
        let flags = if sync { EnvFlags::empty() } else { EnvFlags::NO_SYNC };
        let env = open_env(path, map_size, flags).map_err(failed)?;
        if let Some(found) = read_format(&env).map_err(failed)? {
            check_format(path, found)?;
        }
        let tables = create_tables(&env).map_err(failed)?;
        let core = Self {
            env,
            tables,
            codec: Box::new(Plain),
            gate: RwLock::new(()),
            map_limit: AtomicUsize::new(map_limit),
            synced: sync,
            path: path.to_path_buf(),
            _lock: Some(lock),
        };
        Ok(core)
    }

    /// Opens for reading only, while no household runs; with `beside` also while one does.
    pub(crate) fn open_read_only(path: &Path, beside: bool) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
        if !path.join("data.mdb").is_file() {
            return Err(OpenError::Missing { path: path.to_path_buf() });
        }
        // Two processes may read and write one database: its own lock file sees to that.
        let lock = if beside { None } else { Some(FolderLock::shared(path)?) };
        let env = open_env(path, MIB, EnvFlags::READ_ONLY).map_err(failed)?;
        let found = read_format(&env).map_err(failed)?;
        check_format(path, found.ok_or_else(|| OpenError::Missing { path: path.to_path_buf() })?)?;
        let missing = || OpenError::Missing { path: path.to_path_buf() };
        let tables = find_tables(&env).map_err(failed)?.ok_or_else(missing)?;
        Ok(Self {
            env,
            tables,
            codec: Box::new(Plain),
            gate: RwLock::new(()),
            map_limit: AtomicUsize::new(usize::MAX),
            synced: true,
            path: path.to_path_buf(),
            _lock: lock,
        })
    }

    pub(crate) fn table(&self, table: Table) -> &Db {
        #[allow(clippy::indexing_slicing, reason = "the array has a place for every table")]
        &self.tables[table as usize]
    }

    /// A short snapshot.
    pub(crate) fn read<T>(
        &self,
        f: impl FnOnce(&RoTxn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let txn = self.env.read_txn()?;
        f(&txn)
    }

    /// All of `f` in one commit, or nothing. When the map is full it grows and `f` runs again.
    pub(crate) fn write<T>(
        &self,
        mut f: impl FnMut(&mut RwTxn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        loop {
            let tried = {
                let _gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
                let mut txn = self.env.write_txn()?;
                f(&mut txn).and_then(|done| {
                    txn.commit()?;
                    Ok(done)
                })
            };
            match tried {
                Err(e) if e.is_map_full() => self.grow()?,
                done => return done,
            }
        }
    }

    fn grow(&self) -> Result<(), StoreError> {
        let limit = self.map_limit.load(Ordering::Relaxed);
        let _gate = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let size = self.env.info().map_size;
        if size >= limit {
            return Err(StoreError::Full(limit));
        }
        let larger = whole_mib(size.saturating_mul(2)).min(limit);
        tracing::info!(from = size, to = larger, "the database grows");
        #[allow(unsafe_code, reason = "resizing a map needs it")]
        // SAFETY: no transaction is open in this process: each holds the gate for reading, and we hold it for writing.
        unsafe {
            self.env.resize(larger)?;
        }
        Ok(())
    }

    pub(crate) fn set_map_limit(&self, bytes: usize) {
        self.map_limit.store(bytes, Ordering::Relaxed);
    }

    /// Brings to disk what commits left to the system. Nothing, unless the store was opened without syncing.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        if !self.synced {
            self.env.force_sync()?;
        }
        Ok(())
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.env.real_disk_size().unwrap_or(0)
    }

    /// Opens the stored form of a value.
    pub(crate) fn plain<'a>(
        &self,
        table: Table,
        key: &[u8],
        stored: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, StoreError> {
        self.codec.open(table, key, stored).map_err(|e| unreadable(table, key, e))
    }

    pub(crate) fn decoded<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &[u8],
        stored: &[u8],
        kind: Kind,
    ) -> Result<T, StoreError> {
        let plain = self.plain(table, key, stored)?;
        decode(kind, &plain).map_err(|e| unreadable(table, key, e))
    }

    /// A typed value.
    pub(crate) fn value<T: DeserializeOwned>(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
        key: &[u8],
        kind: Kind,
    ) -> Result<Option<T>, StoreError> {
        let stored = self.table(table).get(txn, key)?;
        stored.map(|stored| self.decoded(table, key, stored, kind)).transpose()
    }

    /// A value that is bytes.
    pub(crate) fn opened_bytes(
        &self,
        table: Table,
        key: &[u8],
        stored: &[u8],
        kind: Kind,
    ) -> Result<Vec<u8>, StoreError> {
        let plain = self.plain(table, key, stored)?;
        content(kind, &plain).map(<[u8]>::to_vec).map_err(|e| unreadable(table, key, e))
    }

    /// Seals and puts a plain value.
    pub(crate) fn put_plain(
        &self,
        txn: &mut RwTxn<'_>,
        table: Table,
        key: &[u8],
        plain: &[u8],
        flags: PutFlags,
        scratch: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        scratch.clear();
        self.codec.seal(table, key, plain, scratch);
        Ok(self.table(table).put_with_flags(txn, flags, key, scratch.as_slice())?)
    }

    pub(crate) fn put<T: Serialize>(
        &self,
        txn: &mut RwTxn<'_>,
        table: Table,
        key: &[u8],
        kind: Kind,
        value: &T,
    ) -> Result<(), StoreError> {
        self.put_plain(txn, table, key, &encode(kind, value)?, PutFlags::empty(), &mut Vec::new())
    }
}

pub(crate) fn unreadable(table: Table, key: &[u8], source: DecodeError) -> StoreError {
    let key = key.iter().map(|b| format!("{b:02x}")).collect();
    StoreError::Unreadable { table, key, source }
}
