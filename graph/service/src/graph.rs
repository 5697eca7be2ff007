//! The handle of an open graph.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use lares_kernel::Journal;
use lares_kernel::wire::DurableMap;
use lares_store::{OpenError, Owners, Reader, Store, StoreError, StoreOptions};

use crate::{
    GraphOptions, Health, Mode, Opened, Retention,
    commit::{Shared, lock},
    front::{Ending, Front},
    journal::StoreJournal,
    map::SpaceMap,
    thread,
    waiters::Then,
};

/// How long [`Graph::sync`] waits. Synced commits of a busy disk were seen to take 0.3 s; after a hundred times that
/// the disk does not answer, and whoever waits has something better to do.
const SYNC_DEADLINE: Duration = Duration::from_secs(30);

/// An open graph. Cheap to clone. [`Graph::close`] ends it in order; when the last clone is dropped without, nothing
/// more is written, as after a kill: what was flushed is found again at the next start.
#[derive(Clone)]
pub struct Graph(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    worker: Mutex<Option<JoinHandle<Result<(), String>>>>,
}

impl Graph {
    /// Opens the data folder, makes it if there is none, and takes in what only the spool had. Only one process can
    /// have it open.
    pub fn open(options: GraphOptions) -> Result<(Self, Opened), OpenError> {
        let opened = Store::open(&StoreOptions {
            path: options.path.clone(),
            map_size: options.map_size,
            map_limit: options.map_limit,
            key: options.key.clone(),
            sync: matches!(options.mode, Mode::Threaded { .. }),
        })?;
        let told = Opened {
            epoch: opened.epoch,
            after_crash: opened.after_crash,
            recovered: opened.recovered,
            torn: opened.torn,
        };
        if told.recovered > 0 || told.torn {
            tracing::info!(recovered = told.recovered, torn = told.torn, "taken in from the spool");
        }
        let mut front = Front::new(opened.epoch, opened.next_counter, opened.next_seq, opened.heads);
        front.cut = options.cut.clone();
        let shared =
            Arc::new(Shared::new(opened.store, opened.spool, front, options.clock.clone(), options.mode));
        let worker = match options.mode {
            Mode::Inline { .. } => None,
            Mode::Threaded { idle_window } => {
                let shared = shared.clone();
                let named = std::thread::Builder::new().name("lares-store".to_owned());
                let started = named.spawn(move || thread::run(&shared, idle_window));
                let failed = |source| OpenError::Thread { path: options.path.clone(), source };
                Some(started.map_err(failed)?)
            }
        };
        Ok((Self(Arc::new(Inner { shared, worker: Mutex::new(worker) })), told))
    }

    pub fn journal(&self) -> Arc<dyn Journal> {
        Arc::new(StoreJournal(self.0.shared.clone()))
    }

    /// Reads what is committed; [`Graph::sync`] first to see all that was appended.
    pub fn reader(&self) -> Reader {
        self.0.shared.reader.clone()
    }

    /// A gateway's own space of keys. Its name has at most 30 bytes (so that keys of 480 fit) and no zero byte.
    pub fn map(&self, space: &str) -> Arc<dyn DurableMap> {
        Arc::new(SpaceMap { shared: self.0.shared.clone(), space: space.into() })
    }

    /// Resolves when all that was appended before is synced; the error says why it could not be, or
    /// that the store did not answer in 30 s.
    pub async fn sync(&self) -> Result<(), String> {
        let (told, outcome) = tokio::sync::oneshot::channel();
        self.0.shared.wait(Then::Told(Box::new(move |result| {
            let _ = told.send(result);
        })));
        match tokio::time::timeout(SYNC_DEADLINE, outcome).await {
            Ok(told) => told.unwrap_or_else(|_| Err("the store ended".to_owned())),
            Err(_) => Err(format!("the store did not answer within {} s", SYNC_DEADLINE.as_secs())),
        }
    }

    /// [`Graph::sync`] for those who may block.
    pub fn sync_blocking(&self) -> Result<(), String> {
        let (told, outcome) = std::sync::mpsc::sync_channel(1);
        self.0.shared.wait(Then::Told(Box::new(move |result| {
            let _ = told.send(result);
        })));
        outcome.recv().unwrap_or_else(|_| Err("the store ended".to_owned()))
    }

    /// In virtual time what was appended is committed at once, so that a reader sees it on every machine alike. A living
    /// household's reader may be as far behind as the idle window is long: nobody waits for the disk here.
    pub fn settle(&self) -> Result<(), String> {
        match self.0.shared.mode {
            Mode::Inline { .. } => self.sync_blocking(),
            Mode::Threaded { .. } => Ok(()),
        }
    }

    pub fn health(&self) -> Health {
        self.0.shared.health()
    }

    /// Entries that are not committed: a gateway stops reading its wire above its high-water mark. One atomic load.
    pub fn pending(&self) -> usize {
        self.0.shared.pending.load(Ordering::Relaxed)
    }

    /// Changes how long series are kept. Seen to in small steps from then on.
    pub fn set_retention(&self, retention: Retention) {
        self.0.shared.set_retention(retention);
    }

    /// Says whose nodes are (`person:anna`, `domain:health`): what comes of them is sealed with a key of their own, which
    /// can be erased.
    pub fn set_owners(&self, owners: &Owners) -> Result<(), StoreError> {
        self.0.shared.set_owners(owners)
    }

    /// Looks after the series until nothing is left to do: for those who may block.
    pub fn look_after(&self) {
        while self.0.shared.look_after() {}
    }

    /// Changes how far the database may grow.
    pub fn set_map_limit(&self, bytes: usize) {
        self.0.shared.set_map_limit(bytes);
    }

    /// Commits all, marks the end as orderly and ends the store thread. What is appended later is kept in the spool
    /// at best.
    pub fn close(&self) -> Result<(), String> {
        let shared = &self.0.shared;
        match shared.mode {
            Mode::Inline { .. } => shared.finish(),
            Mode::Threaded { .. } => match lock(&self.0.worker).take() {
                Some(worker) => {
                    self.0.end(Ending::Orderly);
                    worker.join().unwrap_or_else(|_| Err("the store thread failed".to_owned()))
                }
                None => Ok(()),
            },
        }
    }
}

impl Inner {
    fn end(&self, ending: Ending) {
        lock(&self.shared.front).ending = Some(ending);
        self.shared.wake.notify_all();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let Some(worker) = lock(&self.worker).take() else { return };
        self.end(Ending::Abandon);
        // The last clone may live in what the store thread runs: it cannot wait for itself.
        if worker.thread().id() != std::thread::current().id() {
            drop(worker.join());
        }
    }
}
