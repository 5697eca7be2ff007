//! LMDB's environment: opening it, its tables, the format of the data.

use std::ops::Bound;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::{fs, io};

use heed::types::Bytes;
use heed::{
    CommitOrAbort, CompactionOption, Database, Env, EnvFlags, EnvOpenOptions, PutFlags, RoTxn, RwTxn,
    WithoutTls,
};

use crate::{
    OpenError, StoreError,
    lock::FolderLock,
    meta::{FORMAT, FORMAT_KEY},
    table::Table,
};

pub(crate) type Db = Database<'static, Bytes, Bytes>;

/// A table, which data of an older format may not have: then it is empty.
#[derive(Clone, Copy)]
pub(crate) struct Tab(pub Option<Db>);

/// Key and value.
pub(crate) type Pair<'t> = (&'t [u8], &'t [u8]);

impl Tab {
    pub fn get<'t>(&self, txn: &'t RoTxn<'_>, key: &[u8]) -> heed::Result<Option<&'t [u8]>> {
        self.0.map_or(Ok(None), |db| db.get(txn, key))
    }

    pub fn len(&self, txn: &RoTxn<'_>) -> heed::Result<u64> {
        self.0.map_or(Ok(0), |db| db.len(txn))
    }

    pub fn last<'t>(&self, txn: &'t RoTxn<'_>) -> heed::Result<Option<Pair<'t>>> {
        self.0.map_or(Ok(None), |db| db.last(txn))
    }

    pub fn iter<'t>(
        &self,
        txn: &'t RoTxn<'_>,
    ) -> heed::Result<impl Iterator<Item = heed::Result<Pair<'t>>> + use<'t>> {
        Ok(self.0.map(|db| db.iter(txn)).transpose()?.into_iter().flatten())
    }

    pub fn prefix_iter<'t>(
        &self,
        txn: &'t RoTxn<'_>,
        prefix: &[u8],
    ) -> heed::Result<impl Iterator<Item = heed::Result<Pair<'t>>> + use<'t>> {
        Ok(self.0.map(|db| db.prefix_iter(txn, prefix)).transpose()?.into_iter().flatten())
    }

    pub fn range<'t>(
        &self,
        txn: &'t RoTxn<'_>,
        range: &(Bound<&[u8]>, Bound<&[u8]>),
    ) -> heed::Result<impl Iterator<Item = heed::Result<Pair<'t>>> + use<'t>> {
        Ok(self.0.map(|db| db.range(txn, range)).transpose()?.into_iter().flatten())
    }

    pub fn rev_range<'t>(
        &self,
        txn: &'t RoTxn<'_>,
        range: &(Bound<&[u8]>, Bound<&[u8]>),
    ) -> heed::Result<impl Iterator<Item = heed::Result<Pair<'t>>> + use<'t>> {
        Ok(self.0.map(|db| db.rev_range(txn, range)).transpose()?.into_iter().flatten())
    }

    /// Bytes of its pages.
    pub fn bytes(&self, txn: &RoTxn<'_>) -> heed::Result<u64> {
        let Some(db) = self.0 else { return Ok(0) };
        let stat = db.stat(txn)?;
        let pages = stat.branch_pages + stat.leaf_pages + stat.overflow_pages;
        Ok(pages as u64 * u64::from(stat.page_size))
    }

    pub fn put(&self, txn: &mut RwTxn<'_>, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        Ok(self.there()?.put(txn, key, value)?)
    }

    pub fn put_with_flags(
        &self,
        txn: &mut RwTxn<'_>,
        flags: PutFlags,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), StoreError> {
        Ok(self.there()?.put_with_flags(txn, flags, key, value)?)
    }

    pub fn delete(&self, txn: &mut RwTxn<'_>, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.there()?.delete(txn, key)?)
    }

    /// Whoever writes has made all tables before.
    fn there(&self) -> Result<Db, StoreError> {
        self.0.ok_or_else(|| StoreError::Encode("a table is missing".to_owned()))
    }
}

pub(crate) const TABLES: usize = Table::ALL.len();
pub(crate) const MIB: usize = 1 << 20;

pub(crate) fn whole_mib(bytes: usize) -> usize {
    bytes.max(1).div_ceil(MIB).saturating_mul(MIB)
}

pub(crate) fn open_env(path: &Path, map_size: usize, flags: EnvFlags) -> Result<Env<WithoutTls>, StoreError> {
    let on_disk = std::fs::metadata(path.join("data.mdb")).map_or(0, |m| m.len() as usize);
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(whole_mib(map_size.max(on_disk))).max_dbs(TABLES as u32).max_readers(126);
    #[allow(unsafe_code, reason = "opening a memory map needs it")]
    // SAFETY: the folder's lock is ours, so no other process changes the file under the map. NO_SYNC is only asked
    // for by simulations, whose data is thrown away after a power cut.
    let env = unsafe { options.flags(flags).open(path)? };
    if let Err(e) = keep_from_programs(path) {
        tracing::warn!(error = %e, "programs that are started from here may read the data file");
    }
    Ok(env)
}

/// Programs that this process starts (voices, commands, what reads a caller's sound) do not get the data file: LMDB opens it so that
/// they would.
fn keep_from_programs(path: &Path) -> io::Result<()> {
    let data = path.canonicalize()?.join("data.mdb");
    for entry in fs::read_dir("/proc/self/fd")?.flatten() {
        let ours = fs::read_link(entry.path()).is_ok_and(|of| of == data);
        let number = entry.file_name().to_str().and_then(|name| name.parse().ok()).filter(|_| ours);
        let Some(number) = number else { continue };
        #[allow(unsafe_code, reason = "LMDB has no other way to its descriptor")]
        // SAFETY: it was open on our data file a moment ago, is only told not to be inherited, and is not kept.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        rustix::io::fcntl_setfd(descriptor, rustix::io::FdFlags::CLOEXEC)?;
    }
    Ok(())
}

pub(crate) fn create_tables(env: &Env<WithoutTls>) -> Result<[Tab; TABLES], StoreError> {
    let made = env.create_databases_and_commit(env.write_txn()?, |opener, txn| {
        let mut made = Vec::with_capacity(TABLES);
        for table in Table::ALL {
            made.push(opener.create_database::<Bytes, Bytes>(txn, Some(table.name()))?);
        }
        // Data of an older format has its own until it is brought to this one, in one commit with what that changes.
        if let Some(meta) = made.first()
            && meta.get(txn, FORMAT_KEY)?.is_none()
        {
            meta.put(txn, FORMAT_KEY, &FORMAT.to_be_bytes())?;
        }
        let all: Result<[_; TABLES], _> = made.try_into();
        Ok::<_, heed::Error>(match all {
            Ok(all) => CommitOrAbort::Commit(all),
            Err(_) => CommitOrAbort::Abort(()),
        })
    })?;
    let made = made.commit().map(|tables: [Db; TABLES]| tables.map(|db| Tab(Some(db))));
    made.ok_or_else(|| StoreError::Encode("the tables do not match their list".to_owned()))
}

/// The tables that are there: data of an older format has fewer. `None`: there is no data.
pub(crate) fn find_tables(env: &Env<WithoutTls>) -> Result<Option<[Tab; TABLES]>, StoreError> {
    let found = env.open_databases_and_commit(env.read_txn()?, |opener, txn| {
        let mut found = Vec::with_capacity(TABLES);
        for table in Table::ALL {
            found.push(opener.open_database::<Bytes, Bytes>(txn, Some(table.name()))?);
        }
        let all: Result<[_; TABLES], _> = found.try_into();
        Ok::<_, heed::Error>(match all {
            Ok(all) => CommitOrAbort::Commit(all),
            Err(_) => CommitOrAbort::Abort(()),
        })
    })?;
    let found = found.commit().map(|tables: [Option<Db>; TABLES]| tables.map(Tab));
    Ok(found.filter(|tables| tables.first().is_some_and(|meta| meta.0.is_some())))
}

/// The format of existing data; `None` if there is none yet.
pub(crate) fn read_format(env: &Env<WithoutTls>) -> Result<Option<u32>, StoreError> {
    let found = env.open_databases_and_commit(env.read_txn()?, |opener, txn| {
        let meta = opener.open_database::<Bytes, Bytes>(txn, Some(Table::Meta.name()))?;
        let format = match &meta {
            Some(meta) => meta.get(txn, FORMAT_KEY)?.map(<[u8]>::to_vec),
            None => None,
        };
        Ok::<CommitOrAbort<(), _>, heed::Error>(CommitOrAbort::Abort(format))
    })?;
    let bytes = found.abort().flatten();
    Ok(bytes.map(|b| b.try_into().map_or(u32::MAX, u32::from_be_bytes)))
}

pub(crate) fn check_format(path: &Path, found: u32) -> Result<(), OpenError> {
    if found > FORMAT {
        return Err(OpenError::Newer { path: path.to_path_buf(), found, known: FORMAT });
    }
    let spooled = |name| std::fs::metadata(path.join(name)).is_ok_and(|m| m.len() > 0);
    // The spool of format 2 is read as this one's.
    if found < 2 && (spooled("spool-a") || spooled("spool-b")) {
        return Err(OpenError::Older { path: path.to_path_buf(), found });
    }
    Ok(())
}

/// Copies the database without its free pages, in which what was erased still stands, and puts the copy in its place.
pub(crate) fn compact_in_place(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
    let io = |what, path: &Path| {
        let path = path.to_path_buf();
        move |source| StoreError::Io { what, path, source }
    };
    let _lock = FolderLock::exclusive(path)?;
    let (part, whole) = (path.join("data.part"), path.join("data.mdb"));
    let compact = || {
        let env = open_env(path, MIB, EnvFlags::empty())?;
        let _ = std::fs::remove_file(&part);
        let mut to = std::fs::File::create_new(&part).map_err(io("make", &part))?;
        env.copy_to_file(&mut to, CompactionOption::Enabled)?;
        to.sync_all().map_err(io("sync", &part))?;
        drop(env);
        std::fs::rename(&part, &whole).map_err(io("replace", &whole))?;
        let folder = std::fs::File::open(path).map_err(io("open", path))?;
        folder.sync_all().map_err(io("sync", path))
    };
    compact().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a program that is started by a test")]
    fn a_program_that_is_started_gets_nothing_of_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let env = open_env(folder.path(), MIB, EnvFlags::empty()).unwrap();
        let listed = std::process::Command::new("ls").args(["-l", "/proc/self/fd"]).output().unwrap();
        let listed = String::from_utf8_lossy(&listed.stdout);
        assert!(listed.contains(" 1 -> ") && !listed.contains(".mdb"), "{listed}");
        drop(env);
    }
}
