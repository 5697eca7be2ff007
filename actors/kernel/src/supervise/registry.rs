//! What runs, as anybody may see it: the tree of a running household.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::MailboxStats;

/// State of a child in its tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildState {
    Starting,
    Running,
    /// Failed; starts again after a wait.
    Restarting,
    /// Failed too often; tried again slowly.
    Quarantined,
    Stopped,
    /// Nobody was given to start for this place.
    Absent,
}

/// One line of `lares tree`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChildReport {
    /// `devices/hall-lamp`.
    pub path: String,
    pub state: ChildState,
    pub restarts: u32,
    pub last_error: Option<String>,
    /// Messages waiting.
    pub waiting: usize,
    pub handled: u64,
    pub refused: u64,
}

#[derive(Clone)]
pub(super) struct Entry {
    pub state: ChildState,
    pub restarts: u32,
    pub last_error: Option<String>,
    pub stats: Arc<MailboxStats>,
    pub waiting: Arc<dyn Fn() -> usize + Send + Sync>,
}

/// All children of a household by path.
#[derive(Default, Clone)]
pub struct Registry(Arc<Mutex<BTreeMap<String, Entry>>>);

impl Registry {
    pub fn report(&self) -> Vec<ChildReport> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let report = |(path, e): (&String, &Entry)| ChildReport {
            path: path.clone(),
            state: e.state.clone(),
            restarts: e.restarts,
            last_error: e.last_error.clone(),
            waiting: (e.waiting)(),
            handled: e.stats.handled.load(Ordering::Relaxed),
            refused: e.stats.refused.load(Ordering::Relaxed),
        };
        entries.iter().map(report).collect()
    }

    pub fn child(&self, path: &str) -> Option<ChildReport> {
        self.report().into_iter().find(|c| c.path == path)
    }

    /// A place in the tree for which nobody was given.
    pub fn absent(&self, path: &str) {
        let entry = Entry {
            state: ChildState::Absent,
            restarts: 0,
            last_error: None,
            stats: Arc::default(),
            waiting: Arc::new(|| 0),
        };
        self.put(path, entry);
    }

    pub(super) fn put(&self, path: &str, entry: Entry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), entry);
    }

    pub(super) fn update(&self, path: &str, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(path) {
            change(entry);
        }
    }

    pub(super) fn remove(&self, path: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
    }
}
