//! Flushing and committing: the steps that both the store thread and the inline mode take.
//!
//! Order of locks: store, spool, front, tally. No one's code runs under any of them.

use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use lares_kernel::Clock;
use lares_store::{Group, Owners, Reader, Spool, Store, StoreError};

use crate::{
    Health, Mode,
    front::{Ending, Front},
    health::Tally,
    upkeep::{Care, Retention},
    waiters::Then,
};

/// The tail may grow to this many samples before a commit that somebody waits for also compacts.
const TAIL_LIMIT: u64 = 65_536;

pub(crate) struct Shared {
    pub(crate) front: Mutex<Front>,
    /// Tells the store thread that there is something to do.
    pub(crate) wake: Condvar,
    spool: Mutex<Spooler>,
    back: Mutex<Back>,
    tally: Mutex<Tally>,
    pub(crate) pending: AtomicUsize,
    pub(crate) reader: Reader,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mode: Mode,
}

struct Spooler {
    spool: Spool,
    /// Frames that are being written; after a failure, those to try again first.
    buffer: Vec<u8>,
    last_seq: u64,
}

struct Back {
    store: Store,
    care: Care,
    /// A group whose commit failed: it goes first.
    stuck: Option<Group>,
}

/// What came of an attempt to commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Committed,
    Nothing,
    Failed,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(store: Store, spool: Spool, front: Front, clock: Arc<dyn Clock>, mode: Mode) -> Self {
        let newest = store.reader().journal(Bound::Unbounded, Bound::Unbounded, true, 1);
        let newest = newest.ok().and_then(|found| Some(found.first()?.event.seen));
        let care = Care::new(newest, &*clock);
        Self {
            front: Mutex::new(front),
            wake: Condvar::new(),
            spool: Mutex::new(Spooler { spool, buffer: Vec::new(), last_seq: 0 }),
            reader: store.reader(),
            back: Mutex::new(Back { store, care, stuck: None }),
            tally: Mutex::default(),
            pending: AtomicUsize::new(0),
            clock,
            mode,
        }
    }

    /// Under the front's lock: a count that was overtaken would hold a gateway for ever.
    pub(crate) fn count(&self, front: &Front) {
        self.pending.store(front.pending(), Ordering::Relaxed);
    }

    /// Hands all that was appended to the spool file. It survives a kill of the process from then on.
    pub(crate) fn flush(&self) {
        let mut spooler = lock(&self.spool);
        let Spooler { spool, buffer, last_seq } = &mut *spooler;
        if buffer.is_empty() {
            *last_seq = lock(&self.front).take_unspooled(buffer);
        } else {
            let mut more = Vec::new();
            *last_seq = lock(&self.front).take_unspooled(&mut more);
            buffer.append(&mut more);
        }
        if buffer.is_empty() {
            return;
        }
        match spool.append(buffer, *last_seq) {
            Ok(()) => {
                buffer.clear();
                lock(&self.tally).failing_spool = false;
            }
            Err(e) => {
                let mut tally = lock(&self.tally);
                if !tally.failing_spool {
                    tracing::error!(error = %e, "the spool cannot be written");
                }
                tally.failing_spool = true;
                tally.last_error = Some(e.to_string());
            }
        }
    }

    /// Commits one group, and tells those who waited for it.
    pub(crate) fn commit_group(&self) -> Step {
        let mut back = lock(&self.back);
        self.flush();
        let (group, awaited) = {
            let mut front = lock(&self.front);
            let group = back.stuck.take().or_else(|| front.take_group());
            (group, !front.waiters.is_empty())
        };
        let Some(group) = group else {
            // Whoever waits has what it waits for.
            let done = {
                let mut front = lock(&self.front);
                let seq = front.committed;
                front.waiters.done(seq)
            };
            drop(back);
            tell(done, &Ok(()));
            return Step::Nothing;
        };
        let began = self.clock.elapsed();
        let compact = !awaited || back.store.tail() > TAIL_LIMIT;
        match back.store.apply(&group, compact) {
            Ok(refused) => {
                let took = self.clock.elapsed().saturating_sub(began);
                let done = self.after_commit(group, refused.len(), took.as_micros() as u64);
                drop(back);
                tell(done, &Ok(()));
                Step::Committed
            }
            Err(e) => {
                back.stuck = Some(group);
                drop(back);
                let failed = lock(&self.front).waiters.failed();
                let why = e.to_string();
                {
                    let mut tally = lock(&self.tally);
                    if !tally.failing_commit {
                        tracing::error!(error = %why, "a commit failed; its entries are kept and tried again");
                    }
                    tally.failing_commit = true;
                    tally.last_error = Some(why.clone());
                }
                tell(failed, &Err(why));
                Step::Failed
            }
        }
    }

    fn after_commit(&self, group: Group, refused: usize, micros: u64) -> Vec<Then> {
        let (entries, seq) = (group.len() as u64, group.last_seq());
        let mut spooler = lock(&self.spool);
        if spooler.last_seq <= seq {
            spooler.buffer.clear();
        }
        let covered = spooler.spool.covered(seq, false);
        drop(spooler);
        let done = {
            let mut front = lock(&self.front);
            front.committed(group);
            self.count(&front);
            front.waiters.done(seq)
        };
        let mut tally = lock(&self.tally);
        if let Err(e) = covered {
            tally.last_error = Some(e.to_string());
        }
        tally.failing_commit = false;
        tally.commits += 1;
        tally.entries += entries;
        tally.refused += refused as u64;
        tally.last_commit_micros = micros;
        done
    }

    /// One step of looking after the series, if there is something to do and nobody waits. Gives whether there is more.
    pub(crate) fn look_after(&self) -> bool {
        if !lock(&self.front).waiters.is_empty() {
            return true;
        }
        let mut back = lock(&self.back);
        let Back { store, care, .. } = &mut *back;
        if !care.is_due(&*self.clock) {
            return false;
        }
        let over = care.over_budget;
        if let Err(e) = care.step(store, &*self.clock) {
            tracing::warn!(error = %e, "the series could not be looked after");
            lock(&self.tally).last_error = Some(e.to_string());
            return false;
        }
        if care.over_budget && !over {
            tracing::warn!(
                budget = care.budget(),
                "the data is larger than its budget: old samples go sooner"
            );
        }
        let mut tally = lock(&self.tally);
        (tally.upkeep, tally.squeezed, tally.over_budget) = (care.done, care.squeezed, care.over_budget);
        care.is_due(&*self.clock)
    }

    pub(crate) fn set_owners(&self, owners: &Owners) -> Result<(), StoreError> {
        lock(&self.back).store.set_owners(owners)
    }

    pub(crate) fn set_retention(&self, retention: Retention) {
        lock(&self.back).care.set(retention);
        self.wake.notify_one();
    }

    /// Commits until nothing is left or it fails.
    pub(crate) fn commit_all(&self) -> Step {
        loop {
            match self.commit_group() {
                Step::Committed => {}
                end => return end,
            }
        }
    }

    /// Runs `then` after a synced commit that covers all that was appended before.
    pub(crate) fn wait(&self, then: Then) {
        let mut front = lock(&self.front);
        let seq = front.last_seq();
        if front.committed >= seq {
            drop(front);
            then.run(Ok(()));
        } else if front.ending.is_some() {
            drop(front);
            then.run(Err("the store is closed".to_owned()));
        } else {
            front.waiters.push(seq, then);
            drop(front);
            match self.mode {
                Mode::Threaded { .. } => self.wake.notify_one(),
                Mode::Inline { .. } => {
                    self.commit_all();
                }
            }
        }
    }

    /// Ends in order: commits all, empties the spool, marks the end.
    pub(crate) fn finish(&self) -> Result<(), String> {
        lock(&self.front).ending = Some(Ending::Orderly);
        if self.commit_all() == Step::Failed {
            return Err(self.health().last_error.unwrap_or_else(|| "a commit failed".to_owned()));
        }
        let back = lock(&self.back);
        back.store.end().map_err(|e| e.to_string())?;
        let mut spooler = lock(&self.spool);
        spooler.spool.covered(u64::MAX, true).map_err(|e| e.to_string())?;
        Ok(())
    }

    /// Whatever ended the store thread: nobody waits for it any more.
    pub(crate) fn ended(&self) {
        let left = {
            let mut front = lock(&self.front);
            front.ending.get_or_insert(Ending::Abandon);
            front.waiters.failed()
        };
        tell(left, &Err("the store ended".to_owned()));
    }

    pub(crate) fn set_map_limit(&self, bytes: usize) {
        lock(&self.back).store.set_map_limit(bytes);
    }

    pub(crate) fn health(&self) -> Health {
        let pending = lock(&self.front).pending();
        let spool_bytes = lock(&self.spool).spool.bytes();
        let tally = lock(&self.tally);
        Health {
            ok: !tally.failing_commit && !tally.failing_spool,
            last_error: tally.last_error.clone(),
            pending,
            commits: tally.commits,
            entries: tally.entries,
            spool_bytes,
            last_commit_micros: tally.last_commit_micros,
            refused: tally.refused,
            upkeep: tally.upkeep,
            squeezed: tally.squeezed,
            over_budget: tally.over_budget,
        }
    }

    /// Something could not be queued at all.
    pub(crate) fn lost(&self, why: &str) {
        tracing::error!(why, "an entry could not be kept");
        let mut tally = lock(&self.tally);
        tally.refused += 1;
        tally.last_error = Some(why.to_owned());
    }
}

/// One waiter that panics must take neither the others nor the store thread with it.
pub(crate) fn tell(waiters: Vec<Then>, outcome: &Result<(), String>) {
    for then in waiters {
        let outcome = outcome.clone();
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| then.run(outcome))).is_err() {
            tracing::error!("what waited for a commit panicked");
        }
    }
}
