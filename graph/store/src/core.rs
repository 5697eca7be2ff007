//! The open database: tables, transactions, growth. Everything that touches heed's environment goes through here.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use heed::{Env, EnvFlags, MdbError, PutFlags, RoTxn, RwTxn, WithoutTls};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Codec, DecodeError, OpenError, StoreError,
    archive::Parts,
    codec::{Kind, Owner, content, decode, encode},
    env::{MIB, TABLES, Tab, check_format, create_tables, find_tables, open_env, read_format, whole_mib},
    keys::{for_reading, for_writing},
    lock::FolderLock,
    meta::FORMAT,
    migrate::migrate,
    moment::Seen,
    table::Table,
};

/// Key and value of an entry.
type Opened<'k, 'a> = (Cow<'k, [u8]>, Cow<'a, [u8]>);

/// What LMDB says of all work after the last write of a commit failed.
const BROKEN: heed::Error = heed::Error::Mdb(MdbError::Panic);

fn is_broken(error: &heed::Error) -> bool {
    matches!(error, heed::Error::Mdb(MdbError::Panic))
}

/// The open data folder.
pub(crate) struct Core {
    /// Held for reading by every transaction: only when there is none can the map be resized and the environment be opened anew. There
    /// is none after it could not be.
    env: RwLock<Option<Env<WithoutTls>>>,
    flags: EnvFlags,
    /// Of the data as it stands.
    format: u32,
    /// Changed only while nobody is in a transaction.
    tables: RwLock<[Tab; TABLES]>,
    pub(crate) codec: Arc<dyn Codec>,
    map_limit: AtomicUsize,
    pub(crate) path: PathBuf,
    pub(crate) parts: Parts,
    pub(crate) seen: Seen,
    _lock: Option<FolderLock>,
}

impl Core {
    /// Opens for writing; makes the tables if there are none. New data is sealed if `key` says where the key is.
    pub(crate) fn open(
        path: &Path,
        map_size: usize,
        map_limit: usize,
        sync: bool,
        key: Option<&Path>,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
        std::fs::create_dir_all(path).map_err(|source| {
            failed(StoreError::Io { what: "make the folder", path: path.to_path_buf(), source })
        })?;
        let lock = FolderLock::exclusive(path)?;
        let flags = if sync { EnvFlags::empty() } else { EnvFlags::NO_SYNC };
        let env = open_env(path, map_size, flags).map_err(failed)?;
        let found = read_format(&env).map_err(failed)?.unwrap_or(FORMAT);
        check_format(path, found)?;
        let tables = create_tables(&env).map_err(failed)?;
        let codec = for_writing(path, &env, &tables, key)?;
        let mut core = Self {
            env: RwLock::new(Some(env)),
            flags,
            format: found,
            tables: RwLock::new(tables),
            codec,
            map_limit: AtomicUsize::new(map_limit),
            path: path.to_path_buf(),
            parts: Parts::default(),
            seen: Seen::default(),
            _lock: Some(lock),
        };
        core.clear_stale_readers();
        migrate(&core, found).map_err(failed)?;
        core.format = FORMAT;
        Ok(core)
    }

    /// Opens for reading only, while no household runs; with `beside` also while one does.
    pub(crate) fn open_read_only(path: &Path, beside: bool, key: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
        if !path.join("data.mdb").is_file() {
            return Err(OpenError::Missing { path: path.to_path_buf() });
        }
        // Two processes may read and write one database: its own lock file sees to that.
        let lock = if beside { None } else { Some(FolderLock::shared(path)?) };
        let env = open_env(path, MIB, EnvFlags::READ_ONLY).map_err(failed)?;
        let found = read_format(&env).map_err(failed)?;
        let format = found.ok_or_else(|| OpenError::Missing { path: path.to_path_buf() })?;
        check_format(path, format)?;
        let missing = || OpenError::Missing { path: path.to_path_buf() };
        let tables = find_tables(&env).map_err(failed)?.ok_or_else(missing)?;
        let codec = for_reading(path, &env, &tables, key)?;
        Ok(Self {
            env: RwLock::new(Some(env)),
            flags: EnvFlags::READ_ONLY,
            format,
            tables: RwLock::new(tables),
            codec,
            map_limit: AtomicUsize::new(usize::MAX),
            path: path.to_path_buf(),
            parts: Parts::default(),
            seen: Seen::default(),
            _lock: lock,
        })
    }

    /// The chunks of a series are in order and do not overlap: so since format 3.
    pub(crate) fn ordered_chunks(&self) -> bool {
        self.format >= 3
    }

    pub(crate) fn format(&self) -> u32 {
        self.format
    }

    pub(crate) fn has_chain(&self) -> bool {
        self.format >= 3
    }

    pub(crate) fn table(&self, table: Table) -> Tab {
        #[allow(clippy::indexing_slicing, reason = "the array has a place for every table")]
        self.tables.read().unwrap_or_else(PoisonError::into_inner)[table as usize]
    }

    /// A short snapshot.
    pub(crate) fn read<T>(
        &self,
        f: impl FnOnce(&RoTxn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reopened = false;
        loop {
            let env = self.env();
            match env.as_ref().ok_or(BROKEN).and_then(Env::read_txn) {
                Err(e) if is_broken(&e) && !reopened => {}
                Err(e) => return Err(e.into()),
                Ok(txn) => return f(&txn),
            }
            drop(env);
            self.reopen()?;
            reopened = true;
        }
    }

    fn env(&self) -> RwLockReadGuard<'_, Option<Env<WithoutTls>>> {
        self.env.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reader that was killed holds the pages it read for ever, and the file grows: lets go of them.
    pub(crate) fn clear_stale_readers(&self) {
        match self.env().as_ref().map_or(Ok(0), Env::clear_stale_readers) {
            Ok(0) => {}
            Ok(n) => tracing::info!(n, "readers that died are let go of"),
            Err(e) => tracing::warn!(error = %e, "readers that died could not be let go of"),
        }
    }

    /// All of `f` in one commit, or nothing. When the map is full it grows and `f` runs again.
    pub(crate) fn write<T>(
        &self,
        mut f: impl FnMut(&mut RwTxn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reopened = false;
        loop {
            let tried = {
                let env = self.env();
                let begun = env.as_ref().ok_or(BROKEN).and_then(Env::write_txn).map_err(StoreError::from);
                begun.and_then(|mut txn| {
                    let done = f(&mut txn)?;
                    txn.commit()?;
                    Ok(done)
                })
            };
            match tried {
                Err(e) if e.is_map_full() => self.grow()?,
                Err(StoreError::Database(e)) if is_broken(&e) && !reopened => {
                    self.reopen()?;
                    reopened = true;
                }
                done => return done,
            }
        }
    }

    fn grow(&self) -> Result<(), StoreError> {
        let limit = self.map_limit.load(Ordering::Relaxed);
        let env = self.env.write().unwrap_or_else(PoisonError::into_inner);
        let env = env.as_ref().ok_or(BROKEN)?;
        let size = env.info().map_size;
        if size >= limit {
            return Err(StoreError::Full(limit));
        }
        let larger = whole_mib(size.saturating_mul(2)).min(limit);
        tracing::info!(from = size, to = larger, "the database grows");
        #[allow(unsafe_code, reason = "resizing a map needs it")]
        // SAFETY: no transaction is open in this process: each holds the environment for reading, and we hold it for writing.
        unsafe {
            env.resize(larger)?;
        }
        Ok(())
    }

    /// A commit writes its last page, the one that makes it count, last of all. When just that write fails (a disk that fails, a file
    /// system that needs room to overwrite), LMDB refuses all work until it is opened anew. Whether the commit counts is seen then.
    fn reopen(&self) -> Result<(), StoreError> {
        let mut env = self.env.write().unwrap_or_else(PoisonError::into_inner);
        if env.as_ref().is_some_and(|env| !env.read_txn().is_err_and(|e| is_broken(&e))) {
            // Somebody else did meanwhile.
            return Ok(());
        }
        // The one before must be closed: a process has a database open once.
        let size = env.take().map_or(MIB, |env| env.info().map_size);
        let opened = open_env(&self.path, size, self.flags)?;
        let tables = find_tables(&opened)?;
        *self.tables.write().unwrap_or_else(PoisonError::into_inner) = tables.ok_or(BROKEN)?;
        *env = Some(opened);
        tracing::warn!("the database was opened anew: a write to it had failed");
        Ok(())
    }

    pub(crate) fn copy(
        &self,
        to: &mut std::fs::File,
        option: heed::CompactionOption,
    ) -> Result<(), StoreError> {
        Ok(self.env().as_ref().ok_or(BROKEN)?.copy_to_file(to, option)?)
    }

    pub(crate) fn set_map_limit(&self, bytes: usize) {
        self.map_limit.store(bytes, Ordering::Relaxed);
    }

    /// Brings to disk what commits left to the system. Nothing, unless the store was opened without syncing.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        if self.flags.contains(EnvFlags::NO_SYNC) {
            self.env().as_ref().ok_or(BROKEN)?.force_sync()?;
        }
        Ok(())
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.env().as_ref().and_then(|env| env.real_disk_size().ok()).unwrap_or(0)
    }

    /// Opens the stored form of a value.
    pub(crate) fn plain<'a>(
        &self,
        table: Table,
        key: &[u8],
        stored: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, StoreError> {
        Ok(self.entry(table, key, stored)?.1)
    }

    /// Opens a stored entry: its own key, which may stand in the value, and the value.
    pub(crate) fn entry<'k, 'a>(
        &self,
        table: Table,
        place: &'k [u8],
        stored: &'a [u8],
    ) -> Result<Opened<'k, 'a>, StoreError> {
        let failed = |e| unreadable(table, place, e);
        let plain = self.codec.open(table.name(), place, stored).map_err(failed)?;
        if !self.codec.hides(table) {
            return Ok((Cow::Borrowed(place), plain));
        }
        let named = plain.split_first_chunk::<2>();
        let named = named.and_then(|(n, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*n))));
        let (key, value) = named.ok_or_else(|| failed(DecodeError::Short))?;
        Ok((Cow::Owned(key.to_vec()), Cow::Owned(value.to_vec())))
    }

    pub(crate) fn has(&self, txn: &RoTxn<'_>, table: Table, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.table(table).get(txn, &self.codec.place(table, key))?.is_some())
    }

    pub(crate) fn delete(&self, txn: &mut RwTxn<'_>, table: Table, key: &[u8]) -> Result<bool, StoreError> {
        self.table(table).delete(txn, &self.codec.place(table, key))
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
        let place = self.codec.place(table, key);
        let stored = self.table(table).get(txn, &place)?;
        stored.map(|stored| self.decoded(table, &place, stored, kind)).transpose()
    }

    /// A value that is bytes, by its own key.
    pub(crate) fn bytes(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
        key: &[u8],
        kind: Kind,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let place = self.codec.place(table, key);
        let stored = self.table(table).get(txn, &place)?;
        stored.map(|stored| self.opened_bytes(table, &place, stored, kind)).transpose()
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
        self.put_for(txn, None, (table, key), plain, flags, scratch)
    }

    /// As [`Core::put_plain`], of a table whose keys stand as they are: sealed for somebody.
    pub(crate) fn put_for(
        &self,
        txn: &mut RwTxn<'_>,
        owner: Option<Owner>,
        (table, key): (Table, &[u8]),
        plain: &[u8],
        flags: PutFlags,
        scratch: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        scratch.clear();
        let place = self.codec.place(table, key);
        let named;
        let content = if self.codec.hides(table) {
            named = [&(key.len() as u16).to_be_bytes(), key, plain].concat();
            named.as_slice()
        } else {
            plain
        };
        let sealed = self.codec.seal_for(owner, table.name(), &place, content, scratch);
        sealed.map_err(|e| unreadable(table, &place, e))?;
        self.table(table).put_with_flags(txn, flags, &place, scratch.as_slice())
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
