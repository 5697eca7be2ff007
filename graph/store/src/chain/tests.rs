//! Meant to fail it: leaving the entries' hashes out of `linked`, not comparing the last hash, taking
//! what is stored for a gone entry's hash.

use std::path::Path;

use lares_model::{Body, Draft, Event, NodeId, Origin, Timestamp};

use super::*;
use crate::{Group, Keep, Reader, Store, StoreOptions, gone::Why};

const GROUPS: u64 = 6;
const EACH: u64 = 5;

/// A plain store: nothing but the chain tells that a value was altered well.
fn filled(path: &Path) -> Store {
    let options =
        StoreOptions { path: path.into(), map_size: 1 << 20, map_limit: usize::MAX, sync: false, key: None };
    let store = Store::open(&options).unwrap().store;
    for g in 0..GROUPS {
        let mut group = Group::default();
        for n in 1..=EACH {
            let id = EventId::new(1, g * EACH + n);
            group.push_event(id.counter(), event(id, "a note").into(), None, Keep::Journal, vec![]).unwrap();
        }
        store.apply(&group, false).unwrap();
    }
    store
}

/// Each about a thing of its own, so that no other chain leads through it.
fn event(id: EventId, text: &str) -> Event {
    let subject = NodeId(id.0);
    let Draft { causes, origin, body, .. } =
        Draft::new(subject, Origin::System, Body::Notice { text: text.to_owned() });
    Event { id, at: Timestamp(5), seen: Timestamp(5), causes, origin, subject, body }
}

fn entry(n: u64) -> [u8; 8] {
    key::event(EventId::new(1, n))
}

fn stored(reader: &Reader, n: u64) -> Vec<u8> {
    reader
        .core
        .read(|txn| Ok(reader.core.table(Table::Journal).get(txn, &entry(n))?.unwrap().to_vec()))
        .unwrap()
}

fn put(reader: &Reader, n: u64, value: &[u8]) {
    reader.core.write(|txn| reader.core.table(Table::Journal).put(txn, &entry(n), value)).unwrap();
}

fn told(reader: &Reader) -> String {
    reader.check().unwrap().problems.join("\n")
}

#[test]
fn a_whole_chain_holds_over_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let report = store.reader().check().unwrap();
    assert!(report.is_good() && report.chained == GROUPS * EACH, "{report:?}");
    drop(store);
    let report = Reader::open_read_only(dir.path()).unwrap().check().unwrap();
    assert!(report.is_good() && report.chained == GROUPS * EACH, "{report:?}");
}

#[test]
fn what_is_cut_out_exchanged_or_altered_is_noticed() {
    for n in 1..=GROUPS * EACH {
        let dir = tempfile::tempdir().unwrap();
        let reader = filled(dir.path()).reader();
        let whole = stored(&reader, n);
        let mut altered = whole.clone();
        *altered.last_mut().unwrap() ^= 1;
        put(&reader, n, &altered);
        assert!(told(&reader).contains("the chain breaks"), "{n} altered: {}", told(&reader));
        put(&reader, n, &whole);
        assert_eq!(told(&reader), "");

        let other = n % (GROUPS * EACH) + 1;
        let theirs = stored(&reader, other);
        let mut text = Vec::new();
        crate::record::write(&mut text, &event(EventId::new(1, other), "another one"), None).unwrap();
        put(&reader, n, &theirs);
        put(&reader, other, &[&[0], text.as_slice()].concat());
        assert!(told(&reader).contains("the chain breaks"), "{n} exchanged: {}", told(&reader));
        put(&reader, other, &theirs);
        put(&reader, n, &whole);
        assert_eq!(told(&reader), "");

        reader.core.write(|txn| reader.core.table(Table::Journal).delete(txn, &entry(n))).unwrap();
        assert!(told(&reader).contains("was written, and is missing"), "{n} cut out: {}", told(&reader));
    }
}

#[test]
fn links_and_the_end_cannot_be_cut_off() {
    for seq in (1..=GROUPS).map(|g| g * EACH) {
        let dir = tempfile::tempdir().unwrap();
        let reader = filled(dir.path()).reader();
        let cut = |txn: &mut RwTxn<'_>| {
            reader.core.table(Table::Chain).delete(txn, &seq.to_be_bytes())?;
            (0..EACH).try_for_each(|n| {
                reader.core.table(Table::Journal).delete(txn, &entry(seq - n))?;
                reader
                    .core
                    .table(Table::Heads)
                    .delete(txn, &key::node(NodeId(EventId::new(1, seq - n).0)))?;
                Ok(())
            })
        };
        reader.core.write(cut).unwrap();
        assert!(told(&reader).contains("the chain"), "up to {seq}: {}", told(&reader));
    }
}

#[test]
fn what_had_to_go_leaves_its_place_in_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let reader = filled(dir.path()).reader();
    let gone = |digest| Gone {
        why: Why::Forgotten,
        digest,
        kind: 21,
        seen: Timestamp(5),
        subject: NodeId(EventId::new(1, 7).0),
        previous: None,
    };
    let mark = |gone: &Gone| {
        let plain = encode(Kind::Gone, gone).unwrap();
        put(&reader, 7, &[&[0], plain.as_slice()].concat());
    };
    let whole = stored(&reader, 7);
    mark(&gone(digest(&whole)));
    let report = reader.check().unwrap();
    assert!(report.is_good() && report.gone == 1, "{report:?}");
    assert_eq!(reader.event(EventId::new(1, 7)).unwrap(), None);
    mark(&gone([0; 32]));
    assert!(told(&reader).contains("the chain breaks"));
}
