//! Byte snapshots of everything that is stored. A line that changes means that data on disk would be misread.
//!
//! A new kind: add its case below, run the tests once with `LARES_GOLDEN=add`, and look at the new line. Lines that
//! are there are never rewritten: what changes gets a version and a way from the old one.

mod cases;

use std::collections::BTreeMap;
use std::path::PathBuf;

use lares_model::*;

use cases::{bodies, event, info, node, origins, samples, timer, writes};

use crate::{
    Counters, Group, Keep, LastState,
    archive::{Frame, Marks, Part},
    chain::Link,
    codec::{Kind, encode, encode_bytes},
    gone::{Gone, Why},
    meta::{Boot, Progress, Progress1},
    record,
    series::{
        Change, Chunk, Columns, Correction, OldChunk, Resolution, SeriesInfo, TailBuilder, pack_for_golden,
        unpack_for_golden,
    },
};

fn record_of(event: &Event) -> Vec<u8> {
    let mut plain = Vec::new();
    record::write(&mut plain, event, Some(EventId::new(3, 1000))).unwrap();
    let back = record::read(event.id, &plain).unwrap();
    assert_eq!((&back.event, back.previous), (event, Some(EventId::new(3, 1000))));
    for cut in 0..plain.len() {
        assert!(record::read(event.id, &plain[..cut]).is_err(), "cut at {cut}");
    }
    plain
}

/// Everything, by name.
fn all() -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut add = |name: String, bytes: Vec<u8>| assert!(all.insert(name, bytes).is_none());
    for (name, body) in bodies() {
        add(format!("event {name}"), record_of(&event(Origin::System, body)));
    }
    for (name, origin) in origins() {
        add(format!("origin {name}"), record_of(&event(origin, Body::Notice { text: String::new() })));
    }
    for (name, write) in writes() {
        let mut group = Group::default();
        let shared = event(Origin::System, Body::Notice { text: String::new() }).into();
        let frame = group.push_event(9, shared, None, Keep::Journal, vec![write]).unwrap();
        add(format!("frame {name}"), frame.to_vec());
    }
    let changes = vec![(vec![1], Some(vec![2])), (vec![3], None)];
    add("frame map".to_owned(), Group::default().push_map(9, "s".into(), changes).unwrap().to_vec());
    let state = LastState {
        value: Some(1.0.into()),
        at: Timestamp(5),
        seen: Timestamp(6),
        event: EventId::new(1, 1),
    };
    let counters = Counters { events: 1, nodes: 2, edges: 3, samples: 4, timers: 5 };
    let progress1 = Progress1 { seq: 300, last_id: EventId::new(1, 9), counters, tail: 6 };
    let progress = Progress {
        let_go: EventId::new(1, 3),
        chain: [5; 32],
        chain_from: [6; 32],
        archived: EventId::new(1, 2),
        ..Progress::from(Progress1 { seq: 300, last_id: EventId::new(1, 9), counters, tail: 6 })
    };
    let mut tail = TailBuilder::default();
    for sample in samples() {
        tail.push((NodeId(8), Property::State), sample);
    }
    let old_chunk = |samples: &[crate::Sample]| {
        let plain = old(Kind::Chunk, &OldChunk { last_at: 7, columns: Columns::write(samples.iter()) });
        assert_eq!(Chunk::of(&plain).unwrap().samples().unwrap(), samples);
        Ok(plain)
    };
    let chunk = |samples: &[crate::Sample]| {
        let mut plain = encode_bytes(Kind::Chunk, &[]);
        Chunk::write(&mut plain, samples)?;
        let read = Chunk::of(&plain).unwrap();
        assert_eq!(
            (read.last_at, read.samples().unwrap()),
            (samples.iter().map(|s| s.at).max().unwrap(), samples.to_vec())
        );
        Ok(plain)
    };
    let series = SeriesInfo { raw_from: 19_000, dirty: vec![19_003], ..SeriesInfo::new(18_000) };
    let correct =
        |change| Correction { property: Property::State, from: Timestamp(5), to: Timestamp(9), change };
    let correction = |change| encode(Kind::Correction, &correct(change));
    let gone = Gone {
        why: Why::Forgotten,
        digest: [7; 32],
        kind: 21,
        seen: Timestamp(5),
        subject: NodeId(8),
        previous: Some(EventId::new(1, 2)),
    };
    let values = [
        ("boot", encode(Kind::Boot, &Boot { epoch: 3, clean: true })),
        ("progress", Ok(old(Kind::Progress, &progress1))),
        ("progress2", encode(Kind::Progress, &progress)),
        ("series_info", encode(Kind::SeriesInfo, &series)),
        ("rolled", Ok(encode_bytes(Kind::Rolled, &pack_for_golden(&samples())))),
        ("correction_out", correction(Change::LeaveOut)),
        ("correction_set", correction(Change::Set(1.5.into()))),
        ("correction_add", correction(Change::Add(1.5))),
        ("correction_scale", correction(Change::Scale(1.5))),
        (
            "correction_each",
            correction(Change::Each(vec![(Timestamp(6), Some(1.5.into())), (Timestamp(7), None)])),
        ),
        ("link", encode(Kind::Link, &Link::for_golden(&[9, 7, 12]))),
        ("gone", encode(Kind::Gone, &gone)),
        ("gone_old", encode(Kind::Gone, &Gone { why: Why::Old, previous: None, ..gone })),
        ("archived", archived()),
        ("marks", encode(Kind::Marks, &Marks::from([(21, EventId::new(1, 2))]))),
        ("head", encode(Kind::Head, &EventId::new(1, 2))),
        ("node", encode(Kind::Node, &node())),
        ("node_version", encode(Kind::NodeVersion, &Some(node()))),
        ("node_gone", encode(Kind::NodeVersion, &None::<Node>)),
        ("edge_since", encode(Kind::EdgeSince, &EventId::new(1, 2))),
        ("edge_version", encode(Kind::EdgeVersion, &true)),
        ("edge_fact", encode(Kind::EdgeFact, &(EventId::new(1, 2), info()))),
        ("edge_fact_version", encode(Kind::EdgeFactVersion, &info())),
        ("edge_of_two", Ok(encode_bytes(Kind::EdgeOfTwo, b"x"))),
        ("last_state", encode(Kind::LastState, &state)),
        ("timer", encode(Kind::Timer, &timer())),
        ("state", Ok(encode_bytes(Kind::State, b"x"))),
        ("blob", Ok(encode_bytes(Kind::Blob, b"x"))),
        ("tail", encode(Kind::Tail, &tail.finish())),
        ("chunk_mixed", old_chunk(&samples())),
        ("chunk_numbers", old_chunk(&samples()[..1])),
        ("chunk_bools", old_chunk(&samples()[2..])),
        ("chunk2_mixed", chunk(&samples())),
        ("chunk2_decimals", chunk(&samples()[..1])),
        ("chunk2_bools", chunk(&samples()[2..])),
        ("chunk2_gaps", chunk(&samples()[1..])),
        ("chunk2_floats", chunk(&[crate::Sample { value: Some((1.0 / 3.0).into()), ..samples().remove(0) }])),
        ("space_value", Ok(encode_bytes(Kind::SpaceValue, b"x"))),
    ];
    for (name, plain) in values {
        add(format!("value {name}"), plain.unwrap());
    }
    all
}

/// A part of an archive, stored: how well it is compressed may change.
fn archived() -> Result<Vec<u8>, crate::StoreError> {
    let frame = Frame { before: [1; 32], after: [2; 32], parts: 1 };
    let part = Part::new(frame, vec![(EventId::new(1, 7), b"seven"), (EventId::new(1, 2), b"two")]);
    let plain = part.write_with(flate2::Compression::none())?;
    assert_eq!(Part::read(&plain).unwrap(), part);
    Ok(plain)
}

/// A plain value of version 1.
fn old<T: serde::Serialize>(kind: Kind, value: &T) -> Vec<u8> {
    let mut plain = [&(kind as u16).to_be_bytes()[..], &[1]].concat();
    crate::codec::append(&mut plain, value).unwrap();
    plain
}

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden.txt")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn stored_bytes_are_what_they_were() {
    let text = std::fs::read_to_string(fixture()).unwrap_or_default();
    let mut known: BTreeMap<String, String> = text
        .lines()
        .filter_map(|l| l.rsplit_once(' '))
        .map(|(name, hex)| (name.to_owned(), hex.to_owned()))
        .collect();
    let now: BTreeMap<String, String> = all().into_iter().map(|(name, bytes)| (name, hex(&bytes))).collect();
    if std::env::var("LARES_GOLDEN").as_deref() == Ok("add") {
        for (name, bytes) in &now {
            known.entry(name.clone()).or_insert_with(|| bytes.clone());
        }
        let lines: String = known.iter().map(|(name, hex)| format!("{name} {hex}\n")).collect();
        std::fs::write(fixture(), lines).unwrap();
    }
    for (name, bytes) in &now {
        assert_eq!(Some(bytes), known.get(name), "{name}");
    }
    assert_eq!(known.len(), now.len(), "a stored type has lost its case");
}

#[test]
fn every_kind_of_event_has_a_snapshot() {
    let covered: Vec<BodyKind> = bodies().iter().map(|(_, b)| b.kind()).collect();
    for kind in BodyKind::ALL {
        assert!(covered.contains(kind), "{} has none", kind.name());
    }
}

#[test]
fn garbage_is_an_error_and_never_a_panic() {
    let mut seed = 1_u64;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..seed >> 40 & 63)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 56) as u8
            })
            .collect();
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(3);
        let _ = record::read(EventId(1), &bytes);
        let _ = Group::default().push_payload(&bytes);
        for version in [1, 2] {
            let plain = [&(Kind::Chunk as u16).to_be_bytes()[..], &[version], &bytes].concat();
            let _ = Chunk::of(&plain).and_then(|chunk| chunk.samples());
        }
        let _ = unpack_for_golden(&bytes, Resolution::Hours);
    }
}
