//! What is written can be read again, whatever it says; what is broken is refused whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_model::{Edge, EdgeInfo, EdgeKind, Node, NodeId, NodeKind, Placed, Span, Timestamp, Value, Write};
use proptest::prelude::*;

use super::{Content, Format, Given, read, write};
use crate::ask::Shape;
use crate::say::tests::Nodes;
use crate::say::{Stage, check};

/// What a household without anything has once it was told all that.
fn told(statements: &[Placed]) -> Content {
    let mut stage = Stage::new(Arc::new(Nodes(Arc::new(Shape::default()))));
    let outcome = check(statements, &mut stage, Timestamp(0)).unwrap_or_else(|e| panic!("{e}"));
    let (mut nodes, mut edges): (BTreeMap<NodeId, Node>, BTreeMap<Edge, EdgeInfo>) = Default::default();
    for write in outcome.writes {
        match write {
            Write::Amend { id, kind, key, name, set } => {
                let props = set.into_iter().filter_map(|(k, v)| Some((k, v?))).collect();
                nodes.insert(id, Node { id, kind, key, name: name.unwrap(), props, detail: vec![] });
            }
            Write::PutEdge(edge) => drop(edges.insert(edge, EdgeInfo::default())),
            Write::PutFact { edge, info } => drop(edges.insert(edge, info)),
            other => panic!("{other:?}"),
        }
    }
    sorted(Content { nodes: nodes.into_values().collect(), edges: edges.into_iter().collect() })
}

fn sorted(mut content: Content) -> Content {
    content.nodes.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    content.edges.sort_by_key(|(edge, _)| *edge);
    content
}

fn given(format: Format, content: &Content) -> Vec<Given> {
    let files = write(format, content).files;
    files.into_iter().map(|f| Given { name: f.name, bytes: f.text.into_bytes() }).collect()
}

fn text() -> impl Strategy<Value = String> {
    "[ -~äß漢\n]{0,12}".prop_filter_map("a text says something", |t| (!t.trim().is_empty()).then_some(t))
}

fn key() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9@./% ü-]{1,12}".prop_filter("no blanks around", |k| k.trim() == k && !k.is_empty())
}

fn when() -> impl Strategy<Value = String> {
    let day = (1970..2100_i16, 1..13_i8, 1..29_i8).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let hour = || (0..24_i8, 0..60_i8);
    (day, hour(), 0..4).prop_map(|(day, (h, m), of)| match of {
        0 => day,
        1 => format!("{day}T{h:02}:{m:02}:00"),
        2 => format!("{day}T{h:02}:{m:02}:00Z"),
        _ => format!("{day}T12:{m:02}:00+00:00[UTC]"),
    })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|n| Value::Number(f64::from(n) / 8.0)),
        text().prop_map(Value::text)
    ]
}

/// Properties that a kind may have.
fn props(kind: NodeKind) -> BoxedStrategy<BTreeMap<String, Value>> {
    use lares_model::{COMMON, PropType, descriptor};
    let known = descriptor(kind).unwrap().props.iter().chain(COMMON);
    let said: Vec<_> = known
        .filter(|p| !p.made && !matches!(p.name, "ical" | "vcard" | "uid" | "media" | "postings"))
        .collect();
    let one = move |name: &'static str, of: PropType| -> BoxedStrategy<(String, Value)> {
        let value: BoxedStrategy<Value> = match of {
            PropType::Text => text().prop_map(Value::text).boxed(),
            PropType::Number => (0..100_i32).prop_map(|n| Value::Number(n.into())).boxed(),
            PropType::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
            PropType::When => when().prop_map(Value::text).boxed(),
            PropType::Choice(words) => proptest::sample::select(words).prop_map(Value::text).boxed(),
            PropType::Words => "[a-c]{1,3}(,[d-f]{1,3})?".prop_map(Value::text).boxed(),
        };
        value.prop_map(move |v| (name.to_owned(), v)).boxed()
    };
    let own = ("my_[a-zA-Z0-9_]{1,6}", value());
    let dated = text().prop_map(|t| ("description@until:2026-05-02T00:00:00Z".to_owned(), Value::text(t)));
    let known = proptest::sample::select(said).prop_flat_map(move |p| one(p.name, p.of));
    let any = prop_oneof![6 => known, 2 => own, 1 => dated];
    proptest::collection::btree_map(any.clone().prop_map(|(k, _)| k), Just(()), 0..1)
        .prop_flat_map(move |_| proptest::collection::vec(any.clone(), 0..5))
        .prop_map(|all| all.into_iter().collect())
        .boxed()
}

fn node(kinds: &'static [NodeKind]) -> impl Strategy<Value = Node> {
    let name = text().prop_map(|n| n.trim().replace('\n', " "));
    (proptest::sample::select(kinds), key(), name).prop_flat_map(|(kind, key, name)| {
        props(kind).prop_map(move |props| Node {
            id: NodeId::derive(kind.name(), &key),
            kind,
            key: key.as_str().into(),
            name: name.clone(),
            props,
            detail: vec![],
        })
    })
}

fn content(kinds: &'static [NodeKind], edges: usize) -> impl Strategy<Value = Content> {
    let nodes = proptest::collection::vec(node(kinds), 1..5);
    let ends = (0..9_usize, 0..9_usize, proptest::option::of(0..3_i64), proptest::option::of(text()));
    (nodes, proptest::collection::vec(ends, 0..=edges)).prop_map(|(nodes, ends)| {
        let nodes: BTreeMap<NodeId, Node> = nodes.into_iter().map(|n| (n.id, n)).collect();
        // Of two keys that differ in their case only, the second would be the first.
        let mut keys = BTreeSet::new();
        let nodes: Vec<Node> =
            nodes.into_values().filter(|n| keys.insert((n.kind, crate::ask::fold(&n.key)))).collect();
        let mut edges = BTreeMap::new();
        for (a, b, valid, note) in ends {
            let (from, to) = (nodes[a % nodes.len()].id, nodes[b % nodes.len()].id);
            if from != to {
                let valid = valid.map(|n| Span {
                    from: Some(Timestamp(n * 1_000_000)),
                    to: (n > 1).then_some(Timestamp(9_500_000)),
                });
                let props = note.map(|n| ("note".to_owned(), Value::text(n))).into_iter().collect();
                let edge = Edge { from, kind: EdgeKind::Mentions, to };
                edges.insert(edge, EdgeInfo { valid: valid.into_iter().collect(), props });
            }
        }
        sorted(Content { nodes, edges: edges.into_iter().collect() })
    })
}

const ANY: &[NodeKind] = &[
    NodeKind::Task,
    NodeKind::Goal,
    NodeKind::Event,
    NodeKind::Contact,
    NodeKind::Note,
    NodeKind::Document,
    NodeKind::InventoryItem,
    NodeKind::HealthRecord,
    NodeKind::Recipe,
    NodeKind::Message,
];
const TIMED: &[NodeKind] = &[NodeKind::Task, NodeKind::Event, NodeKind::Habit, NodeKind::Note];

fn survives(format: Format, content: &Content) -> Result<(), TestCaseError> {
    let files = given(format, content);
    let shown = || files.iter().map(|f| String::from_utf8_lossy(&f.bytes).into_owned()).collect::<String>();
    let back = read(format, &files).map_err(|e| TestCaseError::fail(format!("{e}\n{}", shown())))?;
    prop_assert_eq!(&told(&back), content, "{}", shown());
    // Written again it is the same, byte for byte.
    prop_assert_eq!(given(format, &told(&back)), files.clone());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn json_lines_survive(content in content(ANY, 4)) {
        survives(Format::Jsonl, &content)?;
    }

    #[test]
    fn json_ld_survives(content in content(ANY, 4)) {
        survives(Format::Jsonld, &content)?;
    }

    #[test]
    fn graphml_survives(content in content(ANY, 4)) {
        survives(Format::Graphml, &content)?;
    }

    #[test]
    fn a_markdown_folder_survives(content in content(ANY, 4)) {
        survives(Format::Markdown, &content)?;
    }

    #[test]
    fn calendars_survive(content in content(TIMED, 0)) {
        survives(Format::Ical, &content)?;
    }

    #[test]
    fn cards_survive(content in content(&[NodeKind::Contact], 0)) {
        survives(Format::Vcard, &content)?;
    }

    #[test]
    fn journals_of_money_survive(content in money()) {
        survives(Format::Hledger, &content)?;
    }

    /// Whatever stands in a file: an answer or a reason, never a panic.
    #[test]
    fn garbage_is_refused(text in "(\\PC|\n|BEGIN:VEVENT\n|END:VEVENT\n|---\n|\\{|\\}|<a>){0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for format in Format::ALL {
            for bytes in [text.clone().into_bytes(), bytes.clone()] {
                let _ = read(*format, &[Given { name: "x".into(), bytes }]);
            }
        }
    }
}

fn money() -> impl Strategy<Value = Content> {
    let words = || "[a-zA-Z0-9ü][a-zA-Z0-9ü -]{0,8}[a-z]";
    let posting = ("[a-z]{1,5}:[a-z]{1,5}", -5_000..5_000_i32)
        .prop_map(|(account, cents)| format!("{account}  EUR {}.{:02}", cents / 100, (cents % 100).abs()));
    let transaction = (
        words(),
        "[a-z0-9]{1,6}",
        (1970..2100_i16, 1..13_i8, 1..29_i8),
        proptest::collection::vec(posting, 1..4),
        proptest::option::of(words()),
    );
    let transaction = transaction.prop_map(|(name, key, (y, m, d), postings, payee)| {
        let mut props = BTreeMap::from([
            ("at".to_owned(), Value::text(format!("{y:04}-{m:02}-{d:02}"))),
            ("postings".to_owned(), Value::text(postings.join("\n"))),
        ]);
        props.extend(payee.map(|p| ("payee".to_owned(), Value::text(p))));
        (NodeKind::Transaction, key, name, props)
    });
    let account =
        ("[a-z]{1,6}(:[a-z]{1,6})?", words(), props(NodeKind::Account)).prop_map(|(key, name, mut props)| {
            props.remove("account");
            (NodeKind::Account, key, name, props)
        });
    proptest::collection::vec(prop_oneof![transaction, account], 1..6).prop_map(|all| {
        let node = |(kind, key, name, props): (NodeKind, String, String, BTreeMap<String, Value>)| Node {
            id: NodeId::derive(kind.name(), &key),
            kind,
            key: key.as_str().into(),
            name,
            props,
            detail: vec![],
        };
        let nodes: BTreeMap<NodeId, Node> = all.into_iter().map(node).map(|n| (n.id, n)).collect();
        sorted(Content { nodes: nodes.into_values().collect(), edges: vec![] })
    })
}

#[test]
fn what_is_broken_is_refused_with_its_line() {
    let cases = [
        (Format::Jsonl, "{\"node\":\"task:a\",\"name\":\"A\"}\n{\"nod", "x:2: it is no JSON"),
        (Format::Jsonl, "{\"node\":\"task:a\"}", "x:1: missing field `name`"),
        (Format::Jsonl, "{\"node\":\"tsk:a\",\"name\":\"A\"}", "x:1: `tsk:a` is no node"),
        (Format::Jsonl, "{\"node\":\"task:a\",\"name\":\"A\",\"props\":{\"due\":[1]}}", "x:1: `due` is [1]"),
        (
            Format::Ical,
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VCALENDAR\n",
            "x:4: `VEVENT` of line 2 ends as `VCALENDAR`",
        ),
        (
            Format::Ical,
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n",
            "x:2: `VEVENT` begins here and does not end",
        ),
        (Format::Ical, "BEGIN:VCALENDAR\n{\"a\" 1}\nEND:VCALENDAR", "x:2: `{\\\"a\\\" 1}` is no line"),
        (Format::Ical, "SUMMARY:x\n", "x:1: it stands outside"),
        (Format::Ical, "", "x:1: it is empty"),
        (Format::Vcard, "BEGIN:VCARD\nFN:x\n", "x:1: a card begins here and does not end"),
        (Format::Vcard, "<html>", "x:1: this is no line of a card"),
        (Format::Graphml, "<graphml><graph>\n<node id='task:a'></nod>", "x:2: it is no XML"),
        (Format::Graphml, "<svg/>", "x:1: it is `svg`, and no graphml"),
        (Format::Graphml, "<graphml><graph>\n<node id='n0'/></graph></graphml>", "x:2: `n0` is no node"),
        (Format::Jsonld, "{\n\"@graph\": 1", "x:2: it is no JSON"),
        (Format::Markdown, "---\ntitle: x\n", "x:1: its front matter begins and does not end"),
        (Format::Markdown, "---\na: [\n---\n", "its front matter is no YAML"),
        (Format::Hledger, "2026-11-25 x\n", "x:1: a transaction has no postings"),
        (Format::Hledger, "; c\n\nhello\n", "x:3: `hello` is neither a day nor"),
        (Format::Hledger, "  a  1 EUR\n", "x:1: a posting stands outside"),
    ];
    for (format, text, reason) in cases {
        let files = [Given { name: "x".into(), bytes: text.as_bytes().to_vec() }];
        let refused = read(format, &files).expect_err(text).to_string();
        assert!(refused.contains(reason), "{text:?}: {refused}");
    }
    let latin = Given { name: "x".into(), bytes: b"BEGIN:VCARD\nFN:M\xfcller\nEND:VCARD\n".to_vec() };
    assert_eq!(read(Format::Vcard, &[latin]).unwrap_err().to_string(), "x:2: it is not UTF-8");
}

#[test]
fn what_means_nothing_here_goes_back_as_it_came() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nX-WR-CALNAME:Family\r\nBEGIN:VTIMEZONE\r\nTZID:Home\r\n\
        BEGIN:STANDARD\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
        BEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY;LANGUAGE=de:Zahnarzt\r\nDTSTART;TZID=Home:20261125T180000\r\n\
        DTEND;TZID=Europe/Berlin:20261125T190000\r\nATTENDEE;CN=\"A: B\":mailto:a@x.org\r\nCATEGORIES:z,a\r\nCATEGORIES:b\r\n\
        BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let files = [Given { name: "family.ics".into(), bytes: text.as_bytes().to_vec() }];
    let content = told(&read(Format::Ical, &files).unwrap());
    let event = content.nodes.iter().find(|n| n.kind == NodeKind::Event).unwrap();
    assert_eq!((&*event.key, event.name.as_str()), ("1@x", "Zahnarzt"));
    assert_eq!(event.props["end"], Value::text("2026-11-25T19:00:00+01:00[Europe/Berlin]"));
    assert_eq!(event.props.get("start"), None, "a zone of the file's own is none that we know");
    let lines = |text: &str| {
        let mut all: Vec<String> =
            text.lines().map(str::to_owned).filter(|l| !l.starts_with("PRODID")).collect();
        all.sort();
        all
    };
    let written = &write(Format::Ical, &content).files[0].text;
    assert_eq!(lines(written), lines(text));

    // What was changed here is what is told.
    let mut changed = content.clone();
    let event = changed.nodes.iter_mut().find(|n| n.kind == NodeKind::Event).unwrap();
    event.name = "Dentist".into();
    let written = &write(Format::Ical, &changed).files[0].text;
    assert!(written.contains("SUMMARY:Dentist\r\n") && !written.contains("Zahnarzt"), "{written}");
}
