//! Folding the oldest groups of the journal, a block in one commit: a kill leaves them as they were or folded.

use std::collections::BTreeMap;

use heed::{PutFlags, RwTxn};
use lares_model::{EventId, NodeId, Timestamp};

use super::{Part, Place, part::Frame};
use crate::{
    Store, StoreError,
    apply::owner_of,
    chain::{Hash, Link, digest, linked},
    codec::{Kind, Owner, encode},
    core::{Core, unreadable},
    gone::{Entry, Gone, Why, read},
    key,
    meta::Progress,
    table::Table,
};

/// Entries of a block, at least, if there are as many.
const BLOCK: usize = 512;

/// Groups that are folded together.
#[derive(Default)]
struct Block {
    /// Keys of their links.
    links: Vec<Vec<u8>>,
    /// The chain's hash after them.
    after: Hash,
    count: u64,
    /// Plain records, by whom they are sealed for.
    parts: BTreeMap<Option<Owner>, Vec<(EventId, Vec<u8>)>>,
}

impl Store {
    /// Folds the oldest groups whose entries were all seen before an instant, one block of them. Gives how many entries that are;
    /// none: there are not enough for one, or the next group is younger. One that a wrong clock dated beyond `now` holds nothing up.
    ///
    /// # Errors
    /// If the chain does not hold there: what cannot be proven is left as it is.
    pub fn fold(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let mut folded = 0;
        self.change(|txn, progress| {
            let block = block(self.core(), txn, progress, (before, now))?;
            folded = block.as_ref().map_or(0, |b| b.count);
            block.map_or(Ok(()), |block| put(self.core(), txn, progress, block))
        })?;
        Ok(folded)
    }
}

fn block(
    core: &Core,
    txn: &RwTxn<'_>,
    progress: &Progress,
    (before, now): (Timestamp, Timestamp),
) -> Result<Option<Block>, StoreError> {
    let mut block = Block { after: progress.chain_from, ..Block::default() };
    let mut last = Timestamp::MIN;
    for entry in core.table(Table::Chain).iter(txn)? {
        let (k, stored) = entry?;
        let link: Link = core.decoded(Table::Chain, k, stored, Kind::Link)?;
        let seq = k.try_into().map(u64::from_be_bytes).unwrap_or_default();
        let (mut digests, mut group) = (Vec::new(), Vec::new());
        for id in link.ids() {
            let k = key::event(id);
            let stored =
                core.table(Table::Journal).get(txn, &k)?.ok_or(StoreError::ChainBroken { at: id })?;
            let (owner, seen, hash, record) = opened(core, id, stored, last)?;
            if seen >= before && seen <= now {
                return Ok(None);
            }
            last = seen;
            digests.push((id, hash));
            group.push((owner, id, record));
        }
        if linked(&block.after, seq, &digests) != link.hash {
            return Err(StoreError::ChainBroken { at: digests.first().map_or(EventId(0), |(id, _)| *id) });
        }
        block.after = link.hash;
        block.links.push(k.to_vec());
        block.count += group.len() as u64;
        for (owner, id, record) in group {
            block.parts.entry(owner).or_default().push((id, record));
        }
        if block.count >= BLOCK as u64 {
            return Ok(Some(block));
        }
    }
    // The youngest entries of all: they wait for more.
    Ok(None)
}

/// Whose an entry is, when it was seen, its hash in the chain, its plain record.
type Opened = (Option<Owner>, Timestamp, Hash, Vec<u8>);

/// `last`: when the entry before it was seen.
fn opened(core: &Core, id: EventId, stored: &[u8], last: Timestamp) -> Result<Opened, StoreError> {
    let k = key::event(id);
    let plain = match core.plain(Table::Journal, &k, stored) {
        Ok(plain) => plain,
        // The key was erased elsewhere: what is left is what there is to keep.
        Err(e) if e.is_forgotten() => {
            let hash = digest(stored);
            let gone = Gone {
                why: Why::Forgotten,
                digest: hash,
                kind: 0,
                seen: last,
                subject: NodeId(0),
                previous: None,
            };
            return Ok((None, last, hash, encode(Kind::Gone, &gone)?));
        }
        Err(e) => return Err(e),
    };
    let entry = read(id, &plain).map_err(|e| unreadable(Table::Journal, &k, e))?;
    Ok(match &entry {
        Entry::Whole(entry) => {
            (owner_of(core, &entry.event), entry.event.seen, digest(stored), plain.into_owned())
        }
        Entry::Gone(gone) => (None, gone.seen, gone.digest, plain.into_owned()),
    })
}

fn put(core: &Core, txn: &mut RwTxn<'_>, progress: &mut Progress, block: Block) -> Result<(), StoreError> {
    let last = core.table(Table::Archive).last(txn)?.and_then(|(k, _)| Place::read(k));
    let number = last.map_or(1, |place| place.block + 1);
    let frame = Frame { before: progress.chain_from, after: block.after, parts: block.parts.len() as u16 };
    let (mut scratch, mut named) = (Vec::new(), Vec::new());
    for ((owner, entries), part) in block.parts.iter().zip(0..) {
        let place = Place { block: number, part };
        let records = entries.iter().map(|(id, record)| (*id, record.as_slice())).collect();
        let plain = Part::new(frame, records).write()?;
        let at = (Table::Archive, place.key());
        core.put_for(txn, *owner, (at.0, &at.1), &plain, PutFlags::empty(), &mut scratch)?;
        named.extend(entries.iter().map(|(id, _)| (key::event(*id), place.stored())));
    }
    // A page that only gets smaller values is not given back; one whose entries go is.
    named.sort();
    for (k, _) in &named {
        core.table(Table::Journal).delete(txn, k)?;
    }
    for (k, stored) in &named {
        core.table(Table::Journal).put(txn, k, stored)?;
    }
    for link in &block.links {
        core.table(Table::Chain).delete(txn, link)?;
    }
    progress.chain_from = block.after;
    Ok(())
}
