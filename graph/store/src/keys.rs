//! Which codec a data folder is read and written with, and where its key is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use heed::{Env, EnvFlags, WithoutTls};

use crate::{
    Codec, HouseholdKey, KeyFileError, OpenError, Plain, StoreError,
    env::{MIB, Tab, find_tables, open_env},
    lock::FolderLock,
    meta::BOOT_KEY,
    seal::{Private, Ring, SEAL_KEY, Sealed, key_file, private_file},
};

/// The codec of a household that runs. New data is sealed if `asked` says where the key is; the key is made if there
/// is none. Data that stands there plain stays so.
pub(crate) fn for_writing(
    data: &Path,
    env: &Env<WithoutTls>,
    tables: &[Tab],
    asked: Option<&Path>,
) -> Result<Arc<dyn Codec>, OpenError> {
    let failed = |source| OpenError::Store { path: data.to_path_buf(), source };
    let database = |e| failed(StoreError::Database(e));
    let Some(meta) = tables.first() else { return Ok(Arc::new(Plain)) };
    let txn = env.read_txn().map_err(database)?;
    let wrapped = meta.get(&txn, SEAL_KEY).map_err(database)?.map(<[u8]>::to_vec);
    let fresh = meta.get(&txn, BOOT_KEY).map_err(database)?.is_none();
    drop(txn);
    let (mut ring, new) = match (wrapped, asked) {
        (Some(wrapped), Some(file)) => (open_ring(data, &wrapped, file)?, None),
        (Some(wrapped), None) => (open_ring(data, &wrapped, &key_file(data))?, None),
        (None, Some(file)) if fresh => {
            let key = find_or_make(data, file)?;
            let (ring, wrapped) = Ring::create(&key).map_err(failed)?;
            (ring, Some(wrapped))
        }
        (None, _) => return Ok(Arc::new(Plain)),
    };
    let private = read_private(data, &asked.map_or_else(|| key_file(data), Path::to_path_buf))?;
    // Synced before anything is sealed in the session, and the wrapped key with it.
    let mut txn = env.write_txn().map_err(database)?;
    if let Some(wrapped) = new {
        meta.put(&mut txn, SEAL_KEY, &wrapped).map_err(failed)?;
    }
    ring.read_salts(meta, &txn).map_err(failed)?;
    let session = ring.add_session(meta, &mut txn).map_err(failed)?;
    txn.commit().map_err(database)?;
    Ok(Arc::new(Sealed::new(ring, Some(session), private)))
}

pub(crate) fn for_reading(
    data: &Path,
    env: &Env<WithoutTls>,
    tables: &[Tab],
    key: &Path,
) -> Result<Arc<dyn Codec>, OpenError> {
    let failed = |source| OpenError::Store { path: data.to_path_buf(), source };
    let database = |e| failed(StoreError::Database(e));
    let Some(meta) = tables.first() else { return Ok(Arc::new(Plain)) };
    let txn = env.read_txn().map_err(database)?;
    let Some(wrapped) = meta.get(&txn, SEAL_KEY).map_err(database)? else { return Ok(Arc::new(Plain)) };
    let mut ring = open_ring(data, wrapped, key)?;
    ring.read_salts(meta, &txn).map_err(failed)?;
    let private = read_private(data, key)?;
    Ok(Arc::new(Sealed::new(ring, None, private)))
}

/// How a data folder is sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sealing {
    /// There is no data yet.
    Nothing,
    Plain,
    /// With the household key of this id.
    Sealed(String),
}

impl Sealing {
    /// Looks without a key, also while a household runs.
    pub fn of(data: &Path) -> Result<Self, OpenError> {
        if !data.join("data.mdb").is_file() {
            return Ok(Self::Nothing);
        }
        let failed = |source| OpenError::Store { path: data.to_path_buf(), source };
        let env = open_env(data, MIB, EnvFlags::READ_ONLY).map_err(failed)?;
        let wrapped = wrapped(&env).map_err(failed)?;
        Ok(wrapped.map_or(Self::Plain, |w| Self::Sealed(Ring::sealed_with(&w))))
    }
}

fn wrapped(env: &Env<WithoutTls>) -> Result<Option<Vec<u8>>, StoreError> {
    let tables = find_tables(env)?;
    let txn = env.read_txn()?;
    let Some(meta) = tables.as_ref().and_then(|t| t.first()) else { return Ok(None) };
    Ok(meta.get(&txn, SEAL_KEY)?.map(<[u8]>::to_vec))
}

/// Wraps the master key of data that no household runs on with a new household key, and writes that to the key file.
/// The data itself is not touched. Gives the old key, which older backups need, and the new one.
///
/// A kill in between leaves the new key in `<key file>.new`, where it is found if the data is already wrapped with it.
pub fn change_key(data: &Path) -> Result<(HouseholdKey, HouseholdKey), OpenError> {
    let failed = |source| OpenError::Store { path: data.to_path_buf(), source };
    let failed_key = |source| OpenError::Key { path: data.to_path_buf(), source };
    let database = |e| failed(StoreError::Database(e));
    let _lock = FolderLock::exclusive(data)?;
    let env = open_env(data, MIB, EnvFlags::empty()).map_err(failed)?;
    let tables = find_tables(&env).map_err(failed)?;
    let old = wrapped(&env).map_err(failed)?;
    let (Some(tables), Some(old)) = (tables, old) else {
        return Err(OpenError::NotSealed { path: data.to_path_buf() });
    };
    let file = key_file(data);
    let ring = open_ring(data, &old, &file)?;
    let no_key =
        || OpenError::NoKey { path: data.to_path_buf(), file: file.clone(), id: Ring::sealed_with(&old) };
    let old_key = read_key(data, &file)?.ok_or_else(no_key)?;
    let key = HouseholdKey::generate().map_err(failed_key)?;
    let aside = aside(&file);
    // Left by a change that was killed before it had any effect.
    let _ = std::fs::remove_file(&aside);
    key.write_new(&aside).map_err(failed_key)?;
    let rewrapped = ring.wrap(&key).map_err(failed)?;
    let mut txn = env.write_txn().map_err(database)?;
    if let Some(meta) = tables.first() {
        meta.put(&mut txn, SEAL_KEY, &rewrapped).map_err(failed)?;
    }
    txn.commit().map_err(database)?;
    take_place(&aside, &file).map_err(failed_key)?;
    Ok((old_key, key))
}

fn aside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}

fn take_place(aside: &Path, file: &Path) -> Result<(), KeyFileError> {
    let renamed = std::fs::rename(aside, file);
    renamed.map_err(|source| KeyFileError::Io { what: "replace", path: file.to_path_buf(), source })
}

fn open_ring(data: &Path, wrapped: &[u8], file: &Path) -> Result<Ring, OpenError> {
    let (path, id) = (data.to_path_buf(), Ring::sealed_with(wrapped));
    let key = match read_key(data, file)? {
        Some(key) if key.id() == id => key,
        found => match read_key(data, &aside(file))? {
            // The key was being changed when it ended.
            Some(new) if new.id() == id => {
                let placed = take_place(&aside(file), file);
                placed.map_err(|source| OpenError::Key { path: path.clone(), source })?;
                new
            }
            _ => {
                let file = file.to_path_buf();
                return Err(match found {
                    Some(found) => OpenError::OtherKey { path, file, id, found: found.id() },
                    None => OpenError::NoKey { path, file, id },
                });
            }
        },
    };
    let broken = || StoreError::Encode("the wrapped master key is broken".to_owned());
    Ring::open(&key, wrapped).ok_or_else(|| OpenError::Store { path, source: broken() })
}

fn read_private(data: &Path, key: &Path) -> Result<Private, OpenError> {
    let read = Private::read(private_file(key));
    read.map_err(|source| OpenError::Key { path: data.to_path_buf(), source })
}

fn find_or_make(data: &Path, file: &Path) -> Result<HouseholdKey, OpenError> {
    let failed = |source| OpenError::Key { path: data.to_path_buf(), source };
    if let Some(key) = read_key(data, file)? {
        return Ok(key);
    }
    let key = HouseholdKey::generate().map_err(failed)?;
    key.write_new(file).map_err(failed)?;
    tracing::info!(file = %file.display(), id = key.id(), "made the household's key: write it down, `lares key show` prints it");
    Ok(key)
}

fn read_key(data: &Path, file: &Path) -> Result<Option<HouseholdKey>, OpenError> {
    HouseholdKey::read(file).map_err(|source| OpenError::Key { path: data.to_path_buf(), source })
}
