//! Changes of gateways' maps that are queued and not yet committed, so that a map reads its own writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_store::Changes;

#[derive(Default)]
pub(crate) struct Overlay {
    spaces: BTreeMap<Arc<str>, Space>,
}

/// Key -> (number of the entry that wrote it, value or removal).
type Space = BTreeMap<Vec<u8>, (u64, Option<Vec<u8>>)>;

impl Overlay {
    pub(crate) fn write(&mut self, space: &Arc<str>, seq: u64, changes: &Changes) {
        let own = self.spaces.entry(space.clone()).or_default();
        for (key, value) in changes {
            own.insert(key.clone(), (seq, value.clone()));
        }
    }

    /// `None`: nothing is queued for the key. `Some(None)`: its removal is.
    pub(crate) fn get(&self, space: &str, key: &[u8]) -> Option<Option<Vec<u8>>> {
        self.spaces.get(space)?.get(key).map(|(_, value)| value.clone())
    }

    pub(crate) fn scan(&self, space: &str, prefix: &[u8]) -> Changes {
        let Some(own) = self.spaces.get(space) else { return Changes::new() };
        own.range(prefix.to_vec()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, (_, value))| (key.clone(), value.clone()))
            .collect()
    }

    /// All up to entry `seq` is committed.
    pub(crate) fn committed(&mut self, seq: u64) {
        for own in self.spaces.values_mut() {
            own.retain(|_, (written, _)| *written > seq);
        }
        self.spaces.retain(|_, own| !own.is_empty());
    }
}
