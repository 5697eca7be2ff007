//! Opening: lock, format, recovery of the spool, the next boot epoch.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{EventId, IdMap, NodeId, Property, Timestamp};

use crate::{
    Group, Keeping, OpenError, Reader, Spool, StoreError, Upkeep,
    apply::apply,
    codec::Kind,
    core::{Core, unreadable},
    key,
    meta::{BOOT_KEY, Boot, Progress},
    reseal::seal_plain,
    series::upkeep,
    spool::Replayed,
    table::Table,
};

/// How many entries go into one commit at most.
const REPLAY_GROUP: usize = 4096;

pub struct StoreOptions {
    pub path: PathBuf,
    /// Bytes of address space for the database; it grows by doubling. Not memory.
    pub map_size: usize,
    /// Bytes beyond which it does not grow.
    pub map_limit: usize,
    /// Whether a commit is synced to disk. Only a simulation may go without.
    pub sync: bool,
    /// The file of the household's key: new data is sealed with it. Without, new data is plain.
    pub key: Option<PathBuf>,
}

/// An open store with what its start had to tell.
pub struct Opened {
    pub store: Store,
    pub spool: Spool,
    /// The last journal entry of every subject.
    pub heads: IdMap<NodeId, EventId>,
    pub epoch: u16,
    /// Counter of the next event.
    pub next_counter: u64,
    /// Number of the next entry.
    pub next_seq: u64,
    /// The last run did not end in order.
    pub after_crash: bool,
    /// Entries that only the spool had.
    pub recovered: usize,
    /// The spool ended in a broken frame, which was cut off.
    pub torn: bool,
}

/// The writing end. There is one.
pub struct Store {
    core: Arc<Core>,
    progress: Mutex<Progress>,
}

impl Store {
    /// Opens the data, makes it if there is none, seals what stands there plain, and takes in what only the spool had.
    pub fn open(options: &StoreOptions) -> Result<Opened, OpenError> {
        seal_plain(options)?;
        Self::open_as_it_is(options)
    }

    pub(crate) fn open_as_it_is(options: &StoreOptions) -> Result<Opened, OpenError> {
        let StoreOptions { path, map_size, map_limit, sync, key } = options;
        let core = Core::open(path, *map_size, *map_limit, *sync, key.as_deref())?;
        let failed = |source| OpenError::Store { path: options.path.clone(), source };
        Self::recover(Arc::new(core)).map_err(failed)
    }

    fn recover(core: Arc<Core>) -> Result<Opened, StoreError> {
        let (progress, boot) = core.read(|txn| Ok((Progress::read(&core, txn)?, Boot::read(&core, txn)?)))?;
        let after_crash = boot.epoch > 0 && !boot.clean;
        let store = Self { core, progress: Mutex::new(progress) };
        let mut spool = Spool::open(&store.core.path, store.core.codec.clone())?;
        let Replayed { fresh, torn } = store.replay(&spool, progress.seq)?;
        store.core.sync()?;
        let progress = store.progress();
        spool.covered(u64::MAX, true)?;

        // 65,535 starts may be used up by a crash loop in a week: then the last epoch goes on counting.
        let epoch = boot.epoch.saturating_add(1);
        let last = progress.last_id;
        let next_counter = if last.epoch() == epoch { last.counter() + 1 } else { 1 };
        store.put_boot(Boot { epoch, clean: false })?;
        let heads = store.heads()?;
        Ok(Opened {
            store,
            spool,
            heads,
            epoch,
            next_counter,
            next_seq: progress.seq + 1,
            after_crash,
            recovered: fresh,
            torn,
        })
    }

    fn replay(&self, spool: &Spool, applied: u64) -> Result<Replayed, StoreError> {
        let mut group = Group::default();
        let told = spool.replay(applied, |_, payload| {
            group.push_payload(payload).map_err(|e| unreadable(Table::Journal, b"spool", e))?;
            if group.len() >= REPLAY_GROUP {
                self.apply(&group, false)?;
                group = Group::default();
            }
            Ok(())
        })?;
        if !group.is_empty() {
            self.apply(&group, false)?;
        }
        Ok(told)
    }

    fn heads(&self) -> Result<IdMap<NodeId, EventId>, StoreError> {
        let core = &self.core;
        core.read(|txn| {
            let mut heads = IdMap::default();
            for entry in core.table(Table::Heads).iter(txn)? {
                let (k, stored) = entry?;
                let node =
                    key::read_node(k).map_err(|source| StoreError::BadKey { table: Table::Heads, source })?;
                heads.insert(node, core.decoded(Table::Heads, k, stored, Kind::Head)?);
            }
            Ok(heads)
        })
    }

    fn put_boot(&self, boot: Boot) -> Result<(), StoreError> {
        self.core.write(|txn| self.core.put(txn, Table::Meta, BOOT_KEY, Kind::Boot, &boot))
    }

    /// Writes a group in one commit, synced unless the store was opened without. Gives the writes that were
    /// refused, in words. `compact`: also moves samples from the tail into chunks if there are many.
    pub fn apply(&self, group: &Group, compact: bool) -> Result<Vec<String>, StoreError> {
        let (after, refused) = self.core.write(|txn| {
            let before = Progress::read(&self.core, txn)?;
            if group.last_seq <= before.seq {
                // Its commit counts, though the disk said that it failed.
                return Ok((before, Vec::new()));
            }
            apply(&self.core, txn, group, before, compact)
        })?;
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = after;
        Ok(refused)
    }

    /// One step of looking after the series, synced as a group is. See [`Upkeep`] for how it goes on.
    pub fn upkeep(
        &self,
        now: Timestamp,
        keeping: &Keeping,
        from: Option<(NodeId, Property)>,
    ) -> Result<Upkeep, StoreError> {
        if from.is_none() {
            self.core.clear_stale_readers();
        }
        let (after, done) = self.core.write(|txn| {
            let mut progress = Progress::read(&self.core, txn)?;
            let done = upkeep(&self.core, txn, &mut progress, now, keeping, from)?;
            progress.write(&self.core, txn)?;
            Ok((progress, done))
        })?;
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = after;
        Ok(done)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// One commit that changes the progress too.
    pub(crate) fn change(
        &self,
        mut f: impl FnMut(&mut heed::RwTxn<'_>, &mut Progress) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let after = self.core.write(|txn| {
            let mut progress = Progress::read(&self.core, txn)?;
            f(txn, &mut progress)?;
            progress.write(&self.core, txn)?;
            Ok(progress)
        })?;
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = after;
        Ok(())
    }

    fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Samples that wait in the tail for their chunks.
    pub fn tail(&self) -> u64 {
        self.progress().tail
    }

    pub fn set_map_limit(&self, bytes: usize) {
        self.core.set_map_limit(bytes);
    }

    /// Marks the end of this run as orderly and syncs.
    pub fn end(&self) -> Result<(), StoreError> {
        let boot = self.core.read(|txn| Boot::read(&self.core, txn))?;
        self.put_boot(Boot { clean: true, ..boot })?;
        self.core.sync()
    }

    pub fn reader(&self) -> Reader {
        Reader::new(self.core.clone(), 0)
    }
}
