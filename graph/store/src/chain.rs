//! The chain over the journal: each group of entries carries a hash of them and of the groups before.
//!
//! It runs over what is stored, sealed as it is: an entry that was cut out, exchanged or altered shows, and it can be
//! verified without reading anyone's content. An entry that had to go leaves its hash in its place. The last hash is sealed
//! with the store's progress, so that the end cannot be cut off either. One link a group, not an entry: 32 bytes and a
//! hash of it cost nothing a group, and a group is what is written as one.

use heed::{PutFlags, RoTxn, RwTxn};
use lares_model::EventId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    CheckReport, StoreError,
    codec::{Kind, decode, encode},
    core::Core,
    gone::Gone,
    key,
    meta::Progress,
    table::Table,
};

pub(crate) type Hash = [u8; 32];

/// Entries of one link of a chain that is made later, for data that had none.
const A_LINK: usize = 4096;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Link {
    /// As distances from the one before: entries of one group stand close together.
    ids: Vec<i64>,
    pub hash: Hash,
}

impl Link {
    pub fn ids(&self) -> Vec<EventId> {
        let mut id = 0_u64;
        let next = |step: &i64| {
            id = id.wrapping_add(*step as u64);
            EventId(id)
        };
        self.ids.iter().map(next).collect()
    }
}

#[cfg(test)]
impl Link {
    pub fn for_golden(ids: &[i64]) -> Self {
        let link = Self { ids: ids.to_vec(), hash: [4; 32] };
        assert_eq!(link.ids().len(), ids.len());
        link
    }
}

pub(crate) fn digest(stored: &[u8]) -> Hash {
    Sha256::digest(stored).into()
}

/// The entries of a link that is being made.
#[derive(Default)]
pub(crate) struct Linked {
    entries: Vec<(EventId, Hash)>,
}

impl Linked {
    pub fn push(&mut self, id: EventId, stored: &[u8]) {
        self.entries.push((id, digest(stored)));
    }

    /// Writes the link of group `seq` behind `chain`, which becomes its hash. Nothing if there is no entry.
    pub fn write(
        self,
        core: &Core,
        txn: &mut RwTxn<'_>,
        seq: u64,
        chain: &mut Hash,
    ) -> Result<(), StoreError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        *chain = linked(chain, seq, &self.entries);
        let mut before = 0_u64;
        let step = |(id, _): &(EventId, Hash)| {
            let step = id.0.wrapping_sub(before) as i64;
            before = id.0;
            step
        };
        let link = Link { ids: self.entries.iter().map(step).collect(), hash: *chain };
        let plain = encode(Kind::Link, &link)?;
        core.put_plain(txn, Table::Chain, &seq.to_be_bytes(), &plain, PutFlags::empty(), &mut Vec::new())
    }
}

pub(crate) fn linked(before: &Hash, seq: u64, entries: &[(EventId, Hash)]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    for (id, digest) in entries {
        hash.update(key::event(*id));
        hash.update(digest);
    }
    hash.finalize().into()
}

/// The hash of an entry as it was written, also if it had to go.
fn digest_of(core: &Core, k: &[u8], stored: &[u8]) -> Hash {
    // What cannot be opened was altered: its own hash shows it.
    let opened = core.plain(Table::Journal, k, stored).ok();
    let gone = opened.and_then(|plain| decode::<Gone>(Kind::Gone, &plain).ok());
    gone.map_or_else(|| digest(stored), |gone| gone.digest)
}

/// Verifies the chain; gives how many entries it holds.
pub(crate) fn check(
    core: &Core,
    txn: &RoTxn<'_>,
    progress: &Progress,
    report: &mut CheckReport,
) -> Result<u64, StoreError> {
    let (mut before, mut count) = (progress.chain_from, 0);
    for entry in core.table(Table::Chain).iter(txn)? {
        let (k, stored) = entry?;
        let link: Link = match core.decoded(Table::Chain, k, stored, Kind::Link) {
            Ok(link) => link,
            Err(e) => {
                report.problem(e.to_string());
                continue;
            }
        };
        let seq = k.try_into().map(u64::from_be_bytes).unwrap_or_default();
        let mut entries = Vec::with_capacity(link.ids.len());
        for id in link.ids() {
            count += 1;
            let k = key::event(id);
            match core.table(Table::Journal).get(txn, &k)? {
                Some(stored) => entries.push((id, digest_of(core, &k, stored))),
                None => report.problem(format!("{id}: was written, and is missing")),
            }
        }
        if linked(&before, seq, &entries) != link.hash {
            let span = link.ids().first().copied().zip(link.ids().last().copied());
            let (first, last) = span.unwrap_or_default();
            report.problem(format!(
                "the chain breaks at {first} to {last}: not what was written, or not in its order"
            ));
        }
        before = link.hash;
    }
    if before != progress.chain {
        report.problem("the chain does not end where it did: its last entries are missing");
    }
    Ok(count)
}

/// Chains a journal that has no chain. For a migration.
pub(crate) fn make(core: &Core, txn: &mut RwTxn<'_>, progress: &mut Progress) -> Result<(), StoreError> {
    let mut links: Vec<Linked> = Vec::new();
    for entry in core.table(Table::Journal).iter(txn)? {
        let (k, stored) = entry?;
        let id = key::read_event(k).map_err(|source| StoreError::BadKey { table: Table::Journal, source })?;
        if links.last().is_none_or(|l| l.entries.len() >= A_LINK) {
            links.push(Linked::default());
        }
        if let Some(link) = links.last_mut() {
            link.entries.push((id, digest_of(core, k, stored)));
        }
    }
    let count = links.len() as u64;
    // Numbers below that of the last group, in order: entries number their groups, and a link has many.
    for (link, n) in links.into_iter().zip(1..) {
        let seq = progress.seq.saturating_sub(count) + n;
        link.write(core, txn, seq, &mut progress.chain)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
