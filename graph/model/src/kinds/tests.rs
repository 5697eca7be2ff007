use super::*;
use std::collections::{BTreeMap, BTreeSet};

fn all() -> impl Iterator<Item = &'static KindDescriptor> {
    FEATURES.iter().flat_map(|(_, kinds)| *kinds)
}

#[test]
fn words_are_unique_and_understood() {
    for kind in NodeKind::ALL {
        assert_eq!(NodeKind::parse(kind.name()), Some(*kind));
    }
    let words: BTreeSet<&str> = EdgeKind::words().collect();
    assert_eq!(words.len(), EdgeKind::ALL.len() * 2 + 1);
    for word in words {
        assert!(EdgeKind::parse(word).is_some(), "{word}");
    }
    assert_eq!(EdgeKind::parse("has"), Some((EdgeKind::PartOf, Direction::In)));
    assert_eq!(EdgeKind::parse("likes"), None);
}

#[test]
fn every_kind_has_one_description_and_its_number_is_its_place() {
    assert!(FEATURES.is_sorted_by_key(|(name, _)| name));
    for (n, kind) in NodeKind::ALL.iter().enumerate() {
        // Values name kinds by their place, keys by their number: one must give the other.
        assert_eq!(*kind as usize, n + 1);
        assert_eq!(all().filter(|d| d.kind == *kind).count(), 1, "{}", kind.name());
    }
    for (n, kind) in EdgeKind::ALL.iter().enumerate() {
        assert_eq!(*kind as usize, n + 1);
        assert_eq!(EdgeKind::try_from(*kind as u16), Ok(*kind));
        assert_eq!(EDGES.get(n).map(|d| d.kind), Some(*kind));
    }
    assert_eq!(EdgeKind::try_from(0), Err(0));
}

#[test]
fn a_name_means_the_same_on_every_kind() {
    let mut known: BTreeMap<&str, (&Prop, &str)> = BTreeMap::new();
    for descriptor in all() {
        let mut own = BTreeSet::new();
        for prop in descriptor.props {
            assert!(own.insert(prop.name), "{} twice on {}", prop.name, descriptor.kind.name());
            assert!(!COMMON.iter().any(|c| c.name == prop.name), "{} is common", prop.name);
            assert!(!prop.name.starts_with(OWN_PREFIX), "{}", prop.name);
            if let Some((other, kind)) = known.get(prop.name) {
                let same = std::mem::discriminant(&other.of) == std::mem::discriminant(&prop.of);
                assert!(same, "{} of {kind} and {}", prop.name, descriptor.kind.name());
                assert_eq!(other.unit, prop.unit, "{} of {kind}", prop.name);
            }
            known.insert(prop.name, (prop, descriptor.kind.name()));
        }
        let braces = descriptor.sentence.split('{').skip(1).filter_map(|part| part.split_once('}'));
        for (name, _) in braces {
            assert!(
                name == "name" || prop(descriptor.kind, name).is_some(),
                "{name} in {}",
                descriptor.sentence
            );
        }
    }
    assert!(prop(NodeKind::Task, "due").is_some() && prop(NodeKind::Room, "due").is_none());
    assert!(is_made(NodeKind::Device, "link") && !is_made(NodeKind::Device, "serial"));
    assert!(is_own("my_colour") && !is_own("my_") && !is_own("my colour") && !is_own("colour"));
    assert_eq!(dated("room@until:2026-05-02T00:00:00Z"), Some(("room", "2026-05-02T00:00:00Z")));
}

/// The page is made by `LARES_WRITE=1 cargo test -p lares-model kinds`.
#[test]
fn the_page_of_kinds_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/kinds.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- kinds: begin -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- kinds: end -->").unwrap();
    let current = format!("{before}<!-- kinds: begin -->\n\n{}\n<!-- kinds: end -->{after}", kinds_page());
    if std::env::var_os("LARES_WRITE").is_some() {
        std::fs::write(&path, &current).unwrap();
        return;
    }
    assert_eq!(text, current, "docs/kinds.md is not what the code says: LARES_WRITE=1 makes it");
}
