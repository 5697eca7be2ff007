//! LMDB's environment: opening it, its tables, the format of the data.

use std::path::Path;

use heed::types::Bytes;
use heed::{CommitOrAbort, Database, Env, EnvFlags, EnvOpenOptions, WithoutTls};

use crate::{
    OpenError, StoreError,
    meta::{FORMAT, FORMAT_KEY},
    table::Table,
};

pub(crate) type Db = Database<'static, Bytes, Bytes>;

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
    Ok(unsafe { options.flags(flags).open(path)? })
}

pub(crate) fn create_tables(env: &Env<WithoutTls>) -> Result<[Db; TABLES], StoreError> {
    let made = env.create_databases_and_commit(env.write_txn()?, |opener, txn| {
        let mut made = Vec::with_capacity(TABLES);
        for table in Table::ALL {
            made.push(opener.create_database::<Bytes, Bytes>(txn, Some(table.name()))?);
        }
        if let Some(meta) = made.first()
            && meta.get(txn, FORMAT_KEY)? != Some(&FORMAT.to_be_bytes()[..])
        {
            meta.put(txn, FORMAT_KEY, &FORMAT.to_be_bytes())?;
        }
        let all: Result<[_; TABLES], _> = made.try_into();
        Ok::<_, heed::Error>(match all {
            Ok(all) => CommitOrAbort::Commit(all),
            Err(_) => CommitOrAbort::Abort(()),
        })
    })?;
    made.commit().ok_or_else(|| StoreError::Encode("the tables do not match their list".to_owned()))
}

pub(crate) fn find_tables(env: &Env<WithoutTls>) -> Result<Option<[Db; TABLES]>, StoreError> {
    let found = env.open_databases_and_commit(env.read_txn()?, |opener, txn| {
        let mut found = Vec::with_capacity(TABLES);
        for table in Table::ALL {
            found.extend(opener.open_database::<Bytes, Bytes>(txn, Some(table.name()))?);
        }
        let all: Result<[_; TABLES], _> = found.try_into();
        Ok::<_, heed::Error>(match all {
            Ok(all) => CommitOrAbort::Commit(all),
            Err(_) => CommitOrAbort::Abort(()),
        })
    })?;
    Ok(found.commit())
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
    if found < FORMAT && (spooled("spool-a") || spooled("spool-b")) {
        return Err(OpenError::Older { path: path.to_path_buf(), found });
    }
    Ok(())
}
