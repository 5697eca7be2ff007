//! Plain data of an older start is sealed: written anew into a database beside it, which then takes its place. A kill
//! before that leaves the plain one as it was.

use std::path::Path;

use heed::PutFlags;

use crate::{
    OpenError, Sealing, Store, StoreError, StoreOptions, chain,
    core::Core,
    forget::OWNERS_KEY,
    meta::{BOOT_KEY, PROGRESS_KEY, Progress},
    table::Table,
};

/// The folder in which it is made.
const BESIDE: &str = "sealing";
/// Entries of one commit.
const STEP: usize = 20_000;

/// Seals the data in `options.path` if it is plain and there is to be a key.
pub(crate) fn seal_plain(options: &StoreOptions) -> Result<(), OpenError> {
    let path = options.path.as_path();
    let beside = path.join(BESIDE);
    // What cannot even be looked at is told by opening it.
    if options.key.is_none() || !options.sync || !matches!(Sealing::of(path), Ok(Sealing::Plain)) {
        return Ok(());
    }
    // What only the spool has is taken in first, and it is empty then.
    let plain = StoreOptions { path: path.to_path_buf(), key: None, ..*options };
    let store = Store::open_as_it_is(&plain)?.store;
    let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
    store.end().map_err(failed)?;
    if store.core().read(|txn| Ok(store.core().table(Table::Journal).len(txn)?)).map_err(failed)? == 0 {
        return Ok(());
    }
    tracing::info!("the data is plain: it is sealed now");
    let io = |what, at: &Path| {
        let at = at.to_path_buf();
        move |source| failed(StoreError::Io { what, path: at, source })
    };
    if beside.exists() {
        std::fs::remove_dir_all(&beside).map_err(io("remove", &beside))?;
    }
    let sealed = Core::open(&beside, options.map_size, options.map_limit, true, options.key.as_deref())?;
    copy(store.core(), &sealed).map_err(failed)?;
    drop(sealed);
    drop(store);
    let whole = path.join("data.mdb");
    std::fs::rename(beside.join("data.mdb"), &whole).map_err(io("replace", &whole))?;
    std::fs::File::open(path).and_then(|f| f.sync_all()).map_err(io("sync", path))?;
    // The lock file of the database that was is worth nothing.
    let _ = std::fs::remove_file(path.join("lock.mdb"));
    std::fs::remove_dir_all(&beside).map_err(io("remove", &beside))
}

fn copy(from: &Core, to: &Core) -> Result<(), StoreError> {
    for table in Table::ALL {
        // The chain runs over what is stored: it is made anew. What is folded is unfolded, and folded again in its time.
        if matches!(table, Table::Chain | Table::Archive) {
            continue;
        }
        let mut next: Option<Vec<u8>> = None;
        loop {
            let start = next.take();
            let part = part(from, table, start.as_deref())?;
            to.write(|txn| {
                let mut scratch = Vec::new();
                for (k, plain) in &part {
                    match plain {
                        Some(plain) => to.put_plain(txn, table, k, plain, PutFlags::empty(), &mut scratch)?,
                        None => to.table(table).put(txn, k, &[])?,
                    }
                }
                Ok(())
            })?;
            if part.len() < STEP {
                break;
            }
            next = part.into_iter().next_back().map(|(k, _)| k);
        }
    }
    to.write(|txn| {
        let mut progress = Progress { chain: [0; 32], chain_from: [0; 32], ..Progress::read(to, txn)? };
        chain::make(to, txn, &mut progress)?;
        progress.write(to, txn)
    })
}

type Part = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// Entries behind `after`, opened; `None` for what has no value.
fn part(from: &Core, table: Table, after: Option<&[u8]>) -> Result<Part, StoreError> {
    use std::ops::Bound;
    let range = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
    from.read(|txn| {
        let mut part = Vec::new();
        for entry in from.table(table).range(txn, &range)?.take(STEP) {
            let (k, stored) = entry?;
            // Of what the store knows of itself, only this is sealed; the rest is the new database's own.
            let bare = table == Table::Meta && ![BOOT_KEY, PROGRESS_KEY, OWNERS_KEY].contains(&k);
            if !bare {
                let plain = match table {
                    _ if stored.is_empty() => None,
                    Table::Journal => Some(from.record(txn, k, stored)?.into_owned()),
                    _ => Some(from.plain(table, k, stored)?.into_owned()),
                };
                part.push((k.to_vec(), plain));
            }
        }
        Ok(part)
    })
}
