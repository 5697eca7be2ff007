//! Kinds of entries that are not kept for ever: what is left of an old one is its place, and its hash for the chain.

use std::collections::BTreeMap;
use std::ops::Bound;

use heed::RwTxn;
use lares_model::{EventId, Timestamp};

use super::replace;
use crate::{
    Store, StoreError,
    codec::Kind,
    core::{Core, unreadable},
    gone::{Entry, Gone, Why, read},
    key,
    table::Table,
};

/// By number of a kind: below which id none of it is left.
pub(crate) type Marks = BTreeMap<u16, EventId>;

const MARKS_KEY: &[u8] = b"journal_kept";
/// Entries that one commit looks at.
const STEP: usize = 2_000;

impl Store {
    /// One step of letting go of entries that were seen before the instants that are told for their kinds, from an id on or from
    /// where there may be some. Gives how many went, and where the next step goes on; `None`: all was seen to.
    pub fn let_go(
        &self,
        before: &BTreeMap<u16, Timestamp>,
        now: Timestamp,
        from: Option<EventId>,
    ) -> Result<(u64, Option<EventId>), StoreError> {
        if before.is_empty() {
            return Ok((0, None));
        }
        self.core().write(|txn| step(self.core(), txn, before, now, from))
    }
}

fn step(
    core: &Core,
    txn: &mut RwTxn<'_>,
    before: &BTreeMap<u16, Timestamp>,
    now: Timestamp,
    from: Option<EventId>,
) -> Result<(u64, Option<EventId>), StoreError> {
    let mut marks: Marks = core.value(txn, Table::Meta, MARKS_KEY, Kind::Marks)?.unwrap_or_default();
    let mark = |marks: &Marks, kind: &u16| marks.get(kind).copied().unwrap_or_default();
    let start = from.or_else(|| before.keys().map(|kind| mark(&marks, kind)).min()).unwrap_or_default();
    let youngest = before.values().max().copied().unwrap_or(Timestamp::MIN);
    let mut going = Vec::new();
    // By kind: the first that stays.
    let mut stays: Marks = BTreeMap::new();
    let (mut end, mut next) = (start, None);
    let k = key::event(start);
    let range = (Bound::Included(k.as_slice()), Bound::Unbounded);
    for (n, entry) in core.table(Table::Journal).range(txn, &range)?.enumerate() {
        let (k, stored) = entry?;
        let id = key::read_event(k).map_err(|source| StoreError::BadKey { table: Table::Journal, source })?;
        end = id;
        if n >= STEP {
            next = Some(id);
            break;
        }
        let record = match core.record(txn, k, stored) {
            Err(e) if e.is_forgotten() => continue,
            record => record?,
        };
        let entry = read(id, &record).map_err(|e| unreadable(Table::Journal, k, e))?;
        // One that a wrong clock dated into the future says nothing about those behind it.
        if entry.seen() >= youngest && entry.seen() <= now {
            break;
        }
        let Entry::Whole(entry) = entry else { continue };
        let kind = entry.event.body.kind() as u16;
        match before.get(&kind) {
            Some(before) if entry.event.seen < *before => going.push((
                id,
                Gone {
                    why: Why::Old,
                    digest: [0; 32],
                    kind,
                    seen: entry.event.seen,
                    subject: entry.event.subject,
                    previous: entry.previous,
                },
            )),
            Some(_) => {
                stays.entry(kind).or_insert(id);
            }
            None => {}
        }
    }
    let count = going.len() as u64;
    replace(core, txn, going)?;
    let known = marks.clone();
    for kind in before.keys().filter(|kind| mark(&known, kind) >= start) {
        marks.insert(*kind, stays.get(kind).copied().unwrap_or(end).max(mark(&known, kind)));
    }
    if marks != known {
        core.put(txn, Table::Meta, MARKS_KEY, Kind::Marks, &marks)?;
    }
    Ok((count, next))
}
