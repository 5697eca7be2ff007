//! Meant to fail it: reading a folded entry from the part beside its own, leaving a link in the chain, not comparing a block with
//! the one before it, folding a group that is too young, leaving the digest of an old entry empty.

use std::collections::BTreeMap;
use std::path::Path;

use lares_model::{Body, Draft, Event, EventId, NodeId, Origin, Timestamp};

use std::ops::Bound::Unbounded;

use super::*;
use crate::{Group, HouseholdKey, Keep, Store, StoreOptions, codec::Kind, key, table::Table};

const DAY: i64 = 86_400_000_000;
/// A group a day.
const DAYS: u64 = 400;
const EACH: u64 = 5;

fn options(path: &Path, sealed: bool) -> StoreOptions {
    let data = path.join("data");
    let key = path.join("data.key");
    if sealed && !key.exists() {
        HouseholdKey::generate().unwrap().write_new(&key).unwrap();
    }
    StoreOptions {
        path: data,
        map_size: 1 << 20,
        map_limit: usize::MAX,
        sync: false,
        key: sealed.then_some(key),
    }
}

/// The nth thing of a group is about its own subject: five things, each with an entry a day; every fifth is anna.
fn subject(n: u64) -> NodeId {
    if n == EACH { NodeId::person("anna") } else { NodeId(n) }
}

fn filled(path: &Path, sealed: bool) -> Store {
    let store = Store::open(&options(path, sealed)).unwrap().store;
    let anna = BTreeMap::from([("person:anna".to_owned(), vec![NodeId::person("anna")])]);
    store.set_owners(&anna).unwrap();
    for day in 0..DAYS {
        let mut group = Group::default();
        for n in 1..=EACH {
            let id = EventId::new(1, day * EACH + n);
            // The cause: the first of the day.
            let cause = (n > 1).then(|| EventId::new(1, day * EACH + 1));
            let event = event(id, day, n, cause);
            let previous = day.checked_sub(1).map(|day| EventId::new(1, day * EACH + n));
            group.push_event(id.counter(), event.into(), previous, Keep::Journal, vec![]).unwrap();
        }
        store.apply(&group, false).unwrap();
    }
    store
}

fn event(id: EventId, day: u64, n: u64, cause: Option<EventId>) -> Event {
    let text = format!("the {n}th note of day {day}");
    let body = if n == 2 {
        Body::Problem { place: "somewhere".to_owned(), reason: text }
    } else {
        Body::Notice { text }
    };
    let Draft { origin, body, .. } = Draft::new(subject(n), Origin::System, body);
    let at = Timestamp(day as i64 * DAY + n as i64);
    Event { id, at, seen: at, causes: cause.into_iter().collect(), origin, subject: subject(n), body }
}

fn day(day: i64) -> Timestamp {
    Timestamp(day * DAY)
}

fn fold_all(store: &Store, before: Timestamp) -> u64 {
    std::iter::from_fn(|| Some(store.fold(before, day(1_000)).unwrap()).filter(|n| *n > 0)).sum()
}

fn good(store: &Store) -> crate::CheckReport {
    let report = store.reader().check().unwrap();
    assert!(report.is_good(), "{:?}", report.problems);
    report
}

#[test]
fn what_is_folded_is_read_as_before() {
    for sealed in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(dir.path(), sealed);
        let reader = store.reader();
        let hash = reader.journal_hash().unwrap();
        let all = reader.journal(Unbounded, Unbounded, false, usize::MAX).unwrap();
        let anna = reader.history(subject(EACH), None, usize::MAX).unwrap();
        let effects = reader.effects(EventId::new(1, 1)).unwrap();
        let used = reader.space().unwrap().journal;
        let folded = fold_all(&store, day(350));
        // Whole blocks only; the youngest wait for more.
        assert!((1_500..1_750).contains(&folded), "{folded}");
        let report = good(&store);
        assert_eq!(
            (report.events, report.archived, report.chained),
            (DAYS * EACH, folded, DAYS * EACH - folded)
        );
        drop((store, reader));
        // As it lies on disk.
        let store = Store::open(&options(dir.path(), sealed)).unwrap().store;
        let reader = store.reader();
        assert_eq!(reader.journal_hash().unwrap(), hash);
        assert_eq!(reader.journal(Unbounded, Unbounded, false, usize::MAX).unwrap(), all);
        assert_eq!(reader.history(subject(EACH), None, usize::MAX).unwrap(), anna);
        assert_eq!(reader.effects(EventId::new(1, 1)).unwrap(), effects);
        assert_eq!(reader.event(all[7].event.id).unwrap().as_ref(), Some(&all[7]));
        assert!(reader.space().unwrap().journal < used, "{used} {:?}", reader.space());
        assert!(reader.space().unwrap().archived > 0);
        // What comes after is chained behind it.
        let mut group = Group::default();
        let id = EventId::new(2, 1);
        group
            .push_event(
                DAYS * EACH + 1,
                event(id, 500, 1, None).into(),
                reader.history(subject(1), None, 1).unwrap().first().map(|s| s.event.id),
                Keep::Journal,
                vec![],
            )
            .unwrap();
        store.apply(&group, false).unwrap();
        assert_eq!(reader.history(subject(1), None, 2).unwrap().len(), 2);
        good(&store);
    }
}

#[test]
fn what_is_young_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path(), true);
    // One block is 512 entries: 103 groups.
    assert_eq!(fold_all(&store, day(103)), 515);
    assert_eq!(fold_all(&store, day(103)), 0);
    assert_eq!(
        store.fold(day(205), day(1_000)).unwrap(),
        0,
        "the second block would have a group that is too young"
    );
    assert_eq!(store.fold(day(206), day(1_000)).unwrap(), 515);
}

#[test]
fn blocks_that_are_cut_out_exchanged_or_altered_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path(), true);
    fold_all(&store, day(400));
    let (reader, core) = (store.reader(), store.core());
    let table = core.table(Table::Archive);
    let parts: Vec<(Vec<u8>, Vec<u8>)> = core
        .read(|txn| table.iter(txn)?.map(|e| Ok(e.map(|(k, v)| (k.to_vec(), v.to_vec()))?)).collect())
        .unwrap();
    assert_eq!(parts.len(), 2 * (DAYS * EACH / 515) as usize, "each block has anna's part and the others'");
    let put = |k: &[u8], v: &[u8]| core.write(|txn| table.put(txn, k, v)).unwrap();
    for (n, (k, v)) in parts.iter().enumerate() {
        let told = |what: &str| {
            let report = reader.check().unwrap();
            assert!(!report.is_good(), "{what} {n} is not noticed");
        };
        for at in (0..v.len()).step_by(97) {
            let mut altered = v.clone();
            altered[at] ^= 1;
            put(k, &altered);
            told("altered");
        }
        put(k, &parts[(n + 2) % parts.len()].1);
        told("exchanged");
        core.write(|txn| table.delete(txn, k)).unwrap();
        told("cut out");
        put(k, v);
        good(&store);
    }
    // A block with all that names it.
    let last = Place::read(&parts.last().unwrap().0).unwrap().block;
    for block in [1, 2, last] {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(dir.path(), true);
        fold_all(&store, day(400));
        let core = store.core();
        core.write(|txn| {
            for part in 0..2 {
                let place = Place { block, part };
                let named: Vec<Vec<u8>> = core
                    .table(Table::Journal)
                    .iter(txn)?
                    .filter_map(Result::ok)
                    .filter(|(_, v)| Place::of(v) == Some(place))
                    .map(|(k, _)| k.to_vec())
                    .collect();
                for k in named {
                    core.table(Table::Journal).delete(txn, &k)?;
                }
                core.table(Table::Archive).delete(txn, &place.key())?;
            }
            Ok(())
        })
        .unwrap();
        let problems = store.reader().check().unwrap().problems.join("\n");
        assert!(problems.contains("archive"), "{block}: {problems}");
    }
    // One entry that the journal does not name any more.
    core.write(|txn| core.table(Table::Journal).delete(txn, &key::event(EventId::new(1, 4)))).unwrap();
    let problems = reader.check().unwrap().problems.join("\n");
    assert!(problems.contains("the archives hold"), "{problems}");
}

#[test]
fn a_broken_chain_is_not_folded() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path(), false);
    let core = store.core();
    let k = key::event(EventId::new(1, 8));
    core.write(|txn| {
        let mut stored = core.table(Table::Journal).get(txn, &k)?.unwrap().to_vec();
        *stored.last_mut().unwrap() ^= 1;
        core.table(Table::Journal).put(txn, &k, &stored)
    })
    .unwrap();
    let told = store.fold(day(400), day(1_000)).unwrap_err().to_string();
    assert!(told.contains("broken at e1-6"), "{told}");
    assert_eq!(store.reader().check().unwrap().archived, 0);
}

#[test]
fn kinds_that_are_not_kept_leave_their_place() {
    for folded in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let store = filled(dir.path(), true);
        if folded {
            assert!(fold_all(&store, day(150)) > 500);
        }
        let problem = Body::Problem { place: String::new(), reason: String::new() }.kind() as u16;
        let before = BTreeMap::from([(problem, day(300))]);
        let mut from = None;
        let mut gone = 0;
        loop {
            let (went, next) = store.let_go(&before, day(400), from).unwrap();
            gone += went;
            from = next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(gone, 300);
        let report = good(&store);
        assert_eq!((report.gone, report.events), (300, DAYS * EACH));
        let reader = store.reader();
        assert_eq!(reader.event(EventId::new(1, 2)).unwrap(), None);
        // Behind what is gone the history goes on.
        assert_eq!(reader.history(subject(2), None, usize::MAX).unwrap().len(), 100);
        assert_eq!(reader.history(subject(1), None, usize::MAX).unwrap().len(), 400);
        // The second time it begins where the first one ended, also for one that went on with its clock.
        assert_eq!(store.let_go(&before, day(400), None).unwrap(), (0, None));
        let before = BTreeMap::from([(problem, day(310))]);
        assert_eq!(store.let_go(&before, day(400), None).unwrap(), (10, None));
        // What is gone is folded too.
        fold_all(&store, day(390));
        assert_eq!(good(&store).gone, 310);
    }
}

#[test]
fn a_clock_that_was_ahead_does_not_keep_what_is_old() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&options(dir.path(), true)).unwrap().store;
    for (n, at) in [(1, 0), (2, 9_000), (3, 1), (4, 50)] {
        let mut group = Group::default();
        group
            .push_event(n, event(EventId::new(1, n), at, 1, None).into(), None, Keep::Journal, vec![])
            .unwrap();
        store.apply(&group, false).unwrap();
    }
    let notice = Body::Notice { text: String::new() }.kind() as u16;
    let before = BTreeMap::from([(notice, day(10))]);
    assert_eq!(store.let_go(&before, day(100), None).unwrap(), (2, None));
    assert!(store.reader().event(EventId::new(1, 2)).unwrap().is_some());
    // Nor does it hold up the archive: the first 600 of a group a day, the third of them from the future.
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&options(dir.path(), true)).unwrap().store;
    for n in 1..=600 {
        let mut group = Group::default();
        let at = if n == 3 { 9_000 } else { n / 10 };
        let event = event(EventId::new(1, n), at, 1, None);
        group
            .push_event(n, event.into(), (n > 1).then(|| EventId::new(1, n - 1)), Keep::Journal, vec![])
            .unwrap();
        store.apply(&group, false).unwrap();
    }
    assert_eq!(store.fold(day(61), day(1_000)).unwrap(), 512);
    good(&store);
}

#[test]
fn who_is_forgotten_is_forgotten_in_the_archives_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path(), true);
    let folded = fold_all(&store, day(350));
    store.end().unwrap();
    drop(store);
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("data")).unwrap();
    std::fs::copy(dir.path().join("data/data.mdb"), copy.path().join("data/data.mdb")).unwrap();
    std::fs::copy(dir.path().join("data.key"), copy.path().join("data.key")).unwrap();
    let done = crate::forget(&dir.path().join("data"), "person:anna").unwrap();
    assert_eq!(done.entries, DAYS);
    let store = Store::open(&options(dir.path(), true)).unwrap().store;
    let report = good(&store);
    assert_eq!((report.gone, report.archived, report.forgotten), (DAYS, folded, 0));
    let left = store.reader().journal(Unbounded, Unbounded, false, usize::MAX).unwrap();
    assert_eq!(left.len() as u64, DAYS * (EACH - 1));
    // A copy of before, with the keys of after, tells nothing of hers.
    std::fs::copy(dir.path().join("data.key.private"), copy.path().join("data.key.private")).unwrap();
    let reader = crate::Reader::open_copy(&copy.path().join("data"), &copy.path().join("data.key")).unwrap();
    let report = reader.check().unwrap();
    assert!(report.is_good() && report.forgotten >= DAYS, "{report:?}");
    assert_eq!(reader.journal(Unbounded, Unbounded, false, usize::MAX).unwrap(), left);
}

#[test]
fn a_part_is_read_back_and_a_cut_one_is_refused() {
    let frame = Frame { before: [1; 32], after: [2; 32], parts: 3 };
    let records: Vec<Vec<u8>> =
        (0..600_u32).map(|n| n.to_string().repeat(n as usize % 40).into_bytes()).collect();
    let entries = records
        .iter()
        .enumerate()
        .map(|(n, r)| (EventId::new(1, n as u64 * 7 + 7), r.as_slice()))
        .rev()
        .collect();
    let part = Part::new(frame, entries);
    let plain = part.write().unwrap();
    assert!(plain.len() < records.iter().map(Vec::len).sum::<usize>() / 2);
    let back = Part::read(&plain).unwrap();
    assert_eq!(back, part);
    assert_eq!(back.get(EventId::new(1, 7 * 42)), Some(records[41].as_slice()));
    assert_eq!(back.get(EventId::new(1, 8)), None);
    for cut in (0..plain.len()).step_by(31) {
        assert!(Part::read(&plain[..cut]).is_err(), "{cut}");
    }
    assert_eq!(Kind::Archived as u16, 65_037);
}
