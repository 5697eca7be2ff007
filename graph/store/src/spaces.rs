//! Reading what gateways keep as their own.

use crate::{
    Changes, Reader, StoreError,
    codec::Kind,
    key::{self, KeyError},
    reader::KeyValue,
    table::Table,
};

impl Reader {
    /// Committed entries of a gateway's map whose key starts with `prefix`. `first` runs once the snapshot is taken.
    pub fn space_scan(
        &self,
        space: &str,
        prefix: &[u8],
        first: impl FnOnce(),
    ) -> Result<Vec<KeyValue>, StoreError> {
        let whole = key::owned(space, prefix);
        self.core.read(|txn| {
            first();
            match &whole {
                Ok(whole) => self.owned(txn, Table::Spaces, Kind::SpaceValue, whole),
                Err(_) => Ok(Vec::new()),
            }
        })
    }

    /// A committed value of a gateway's map.
    pub fn space_get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Ok(whole) = key::owned(space, key) else { return Ok(None) };
        self.core.read(|txn| self.core.bytes(txn, Table::Spaces, &whole, Kind::SpaceValue))
    }

    /// Whether these changes can be kept at all.
    pub fn space_accepts(space: &str, changes: &Changes) -> Result<(), KeyError> {
        changes.iter().try_for_each(|(k, _)| key::owned(space, k).map(|_| ()))
    }
}
