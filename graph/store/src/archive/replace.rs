//! What is left of an entry takes its place, wherever it lies.

use std::collections::BTreeMap;

use heed::{PutFlags, RwTxn};
use lares_model::EventId;

use super::{Part, Place};
use crate::{
    StoreError,
    apply::owner_of,
    chain::digest,
    codec::{Kind, encode},
    core::{Core, unreadable},
    gone::{Entry, Gone, read},
    key,
    table::Table,
};

/// The hash is that of what is replaced; in an archive the chain runs over the block, and needs none.
pub(crate) fn replace(core: &Core, txn: &mut RwTxn<'_>, all: Vec<(EventId, Gone)>) -> Result<(), StoreError> {
    let mut scratch = Vec::new();
    let mut folded: BTreeMap<Place, BTreeMap<EventId, Vec<u8>>> = BTreeMap::new();
    for (id, gone) in all {
        let k = key::event(id);
        let Some(stored) = core.table(Table::Journal).get(txn, &k)? else { continue };
        match Place::of(stored) {
            Some(place) => {
                let plain = encode(Kind::Gone, &Gone { digest: [0; 32], ..gone })?;
                folded.entry(place).or_default().insert(id, plain);
            }
            None => {
                let plain = encode(Kind::Gone, &Gone { digest: digest(stored), ..gone })?;
                core.put_plain(txn, Table::Journal, &k, &plain, PutFlags::empty(), &mut scratch)?;
            }
        }
    }
    for (place, left) in folded {
        let part = core.part(txn, place)?;
        let mut owner = None;
        let mut records = Vec::with_capacity(part.len());
        for (id, record) in part.each() {
            if let Some(left) = left.get(&id) {
                records.push((id, left.as_slice()));
                continue;
            }
            if owner.is_none()
                && let Entry::Whole(entry) =
                    read(id, record).map_err(|e| unreadable(Table::Archive, &place.key(), e))?
            {
                // All entries of a part are of one owner.
                owner = owner_of(core, &entry.event);
            }
            records.push((id, record));
        }
        let plain = Part::new(part.frame, records).write()?;
        core.put_for(txn, owner, (Table::Archive, &place.key()), &plain, PutFlags::empty(), &mut scratch)?;
    }
    Ok(())
}
