use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use lares_model::{
    Change, Edge, EdgeInfo, Node, NodeId, NodeKind, OwnProp, OwnType, Placed, Statement, Timestamp, Value,
    Write,
};
use lares_store::Parts;

use super::{Ground, Outcome, SayError, Stage, check};
use crate::ask::{ReadFailed, Shape};

/// 25 November 2026, noon UTC.
const NOW: Timestamp = Timestamp(1_795_608_000_000_000);

fn stage() -> Stage {
    let node = |kind: NodeKind, key: &str, name: &str| Node {
        id: NodeId::derive(kind.name(), key),
        kind,
        key: key.into(),
        name: name.into(),
        props: BTreeMap::new(),
        detail: vec![],
    };
    let nodes = vec![
        node(NodeKind::Person, "anna", "Anna"),
        node(NodeKind::Room, "kitchen", "Kitchen"),
        node(NodeKind::Room, "hall", "Hall"),
        node(NodeKind::Device, "mqtt/oven", "Oven"),
    ];
    Stage::new(Arc::new(Nodes(Arc::new(Shape::new(Parts { nodes, ..Parts::default() })))))
}

/// Nodes without edges.
pub(crate) struct Nodes(pub Arc<Shape>);

impl Ground for Nodes {
    fn zone(&self) -> Result<TimeZone, ReadFailed> {
        Ok(TimeZone::UTC)
    }

    fn own(&self) -> Result<Vec<OwnProp>, ReadFailed> {
        let prop = |name: &str, of, unit: Option<&str>| OwnProp {
            name: name.to_owned(),
            says: String::new(),
            kinds: vec![NodeKind::Person],
            of,
            unit: unit.map(str::to_owned),
        };
        Ok(vec![
            prop("my_shoe", OwnType::Number { min: Some(15.0), max: Some(55.0) }, Some("EU")),
            prop("my_diet", OwnType::Choice(vec!["vegan".to_owned(), "any".to_owned()]), None),
            prop("my_jab", OwnType::When, None),
        ])
    }

    fn node(&self, id: NodeId) -> Result<Option<Node>, ReadFailed> {
        Ok(self.0.place(id).and_then(|place| self.0.node(place)).cloned())
    }

    fn edge(&self, _: Edge) -> Result<Option<EdgeInfo>, ReadFailed> {
        Ok(None)
    }

    fn edges_of(&self, _: NodeId) -> Result<Vec<Edge>, ReadFailed> {
        Ok(vec![])
    }

    fn shape(&self) -> Result<Arc<Shape>, ReadFailed> {
        Ok(self.0.clone())
    }
}

fn put(node: &str, set: &[(&str, &str)]) -> Statement {
    let set = set.iter().map(|(k, v)| ((*k).to_owned(), (!v.is_empty()).then(|| Value::text(*v))));
    Statement::Put { node: node.into(), name: None, set: set.collect(), since: None }
}

fn since(statement: Statement, at: &str) -> Statement {
    match statement {
        Statement::Put { node, name, set, .. } => Statement::Put { node, name, set, since: Some(at.into()) },
        other => other,
    }
}

fn link(from: &str, edge: &str, to: &str) -> Statement {
    let (since, until, set) = Default::default();
    Statement::Link { from: from.into(), edge: edge.into(), to: to.into(), since, until, set }
}

fn say(stage: &mut Stage, all: &[Statement]) -> Result<Outcome, SayError> {
    check(&all.iter().cloned().map(Placed::from).collect::<Vec<_>>(), stage, NOW)
}

fn prop(stage: &Stage, node: &str, key: &str) -> Option<Value> {
    stage.find(node).unwrap().props.get(key).cloned()
}

#[test]
fn a_node_is_made_and_later_statements_see_it() {
    let mut stage = stage();
    let all = [
        put(
            "task:dough",
            &[
                ("due", "tomorrow"),
                ("minutes", "1.5h"),
                ("status", "open"),
                ("labels", "b, a,b"),
                ("my_mood", "good"),
            ],
        ),
        link("anna", "responsible_for", "task:dough"),
        link("task:dough", "in", "kitchen"),
    ];
    let out = say(&mut stage, &all).unwrap();
    assert_eq!(out.writes.len(), 3);
    assert_eq!(out.said.count, 3);
    assert_eq!(out.subject, None);
    assert_eq!(prop(&stage, "dough", "due"), Some(Value::text("2026-11-26")));
    assert_eq!(prop(&stage, "dough", "minutes"), Some(Value::Number(90.0)));
    assert_eq!(prop(&stage, "dough", "labels"), Some(Value::text("a,b")));
    let Write::Amend { name, set, .. } = &out.writes[0] else { panic!("{:?}", out.writes[0]) };
    assert_eq!((name.as_deref(), set.len()), (Some("dough"), 5));

    // The same again changes nothing.
    assert_eq!(say(&mut stage, &all[1..]).unwrap(), Outcome::default());
    let out = say(&mut stage, &[put("dough", &[("due", "")])]).unwrap();
    assert_eq!(
        out.said.changes,
        [Change::Put { node: NodeId::derive("task", "dough"), keys: vec!["due".into()] }]
    );
    assert_eq!(prop(&stage, "dough", "due"), None);
}

#[test]
fn what_does_not_fit_is_refused_with_what_does() {
    let cases: &[(Statement, &[&str])] = &[
        (put("tsk:dough", &[]), &["`tsk` is no kind of node", "did you mean task"]),
        (
            put("task:dough", &[("deu", "today")]),
            &["a task has no property `deu`", "did you mean due", "my_"],
        ),
        (
            put("task:dough", &[("due", "soon")]),
            &["`due` is a day or a time, and `soon` is none", "2026-11-25"],
        ),
        (put("task:dough", &[("minutes", "3kg")]), &["`kg` is not its unit", "write min, h"]),
        (put("task:dough", &[("minutes", "many")]), &["`minutes` is a number in min, and `many` is none"]),
        (put("task:dough", &[("status", "opne")]), &["`status` is one of some words", "did you mean open"]),
        (put("task: x", &[]), &["is no key"]),
        (put("dough", &[]), &["nothing is called `dough`", "task:water-plants"]),
        (put("room:attic", &[]), &["there is no room `attic`", "home folder"]),
        (put("mqtt/oven", &[("room", "hall")]), &["`room` of a device is written by the household"]),
        (put("transaction:1", &[("at", "2026-01-01")]), &["a transaction needs postings"]),
        (link("anna", "likes", "kitchen"), &["`likes` is no kind of edge", "knows"]),
        (link("kitchen", "attends", "anna"), &["`attends` leaves no room", "it leaves person, contact"]),
        (link("anna", "knows", "kitchen"), &["`knows` leads to no room"]),
        (link("mqtt/oven", "located_in", "hall"), &["stands in the home folder"]),
        (link("anna", "knows", "bob"), &["nothing is called `bob`"]),
        (Statement::Remove { node: "kitchen".into() }, &["room `kitchen` stands in the home folder"]),
        (
            Statement::Unlink { from: "anna".into(), edge: "knows".into(), to: "anna".into(), since: None },
            &["itself"],
        ),
    ];
    for (statement, parts) in cases {
        let error =
            check(&[Placed { at: Some("x.jsonl:7".into()), what: statement.clone() }], &mut stage(), NOW);
        let text = error.unwrap_err().to_string();
        assert!(text.starts_with("x.jsonl:7: "), "{text}");
        for part in *parts {
            assert!(text.contains(part), "{statement:?}: {text}");
        }
    }
}

#[test]
fn a_property_keeps_what_it_was_until_then() {
    let mut stage = stage();
    say(&mut stage, &[put("inventory_item:flour", &[("unit", "kg"), ("amount", "5")])]).unwrap();
    say(&mut stage, &[since(put("flour", &[("amount", "3")]), "2026-11-01")]).unwrap();
    // Learned later: it changed in between.
    say(&mut stage, &[since(put("flour", &[("amount", "4")]), "2026-10-15T00:00:00Z")]).unwrap();
    let flour = stage.find("flour").unwrap();
    let told: Vec<(&str, String)> = flour
        .props
        .iter()
        .filter(|(k, _)| k.starts_with("amount"))
        .map(|(k, v)| (k.as_str(), v.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("amount", "3".to_owned()),
            ("amount@until:2026-10-15T00:00:00Z", "5".to_owned()),
            ("amount@until:2026-11-01T00:00:00Z", "4".to_owned()),
        ]
    );
}

#[test]
fn merging_moves_edges_and_fills_what_is_missing() {
    let mut stage = stage();
    say(
        &mut stage,
        &[
            put("contact:bob", &[("email", "b@x.org"), ("labels", "band")]),
            put("contact:robert", &[("email", "r@x.org"), ("phone", "1"), ("labels", "club")]),
            link("anna", "knows", "contact:robert"),
        ],
    )
    .unwrap();
    let out = say(&mut stage, &[Statement::Merge { from: "robert".into(), into: "bob".into() }]).unwrap();
    assert_eq!(prop(&stage, "bob", "email"), Some(Value::text("b@x.org")));
    assert_eq!(prop(&stage, "bob", "phone"), Some(Value::text("1")));
    assert_eq!(prop(&stage, "bob", "labels"), Some(Value::text("band,club")));
    let bob = NodeId::derive("contact", "bob");
    assert_eq!(stage.edges_of(bob).unwrap().len(), 1);
    assert!(stage.find("robert").is_err());
    assert!(matches!(out.writes.last(), Some(Write::RemoveNode(_))));
    let wrong =
        say(&mut stage, &[Statement::Merge { from: "bob".into(), into: "kitchen".into() }]).unwrap_err();
    assert!(wrong.message.contains("cannot be merged into a room"), "{wrong}");
}

#[test]
fn properties_that_the_home_declares_are_checked() {
    let one = |set: &[(&str, &str)]| check(&[Placed { at: None, what: put("anna", set) }], &mut stage(), NOW);
    for good in [
        ("my_shoe", "39"),
        ("my_shoe", "39 EU"),
        ("my_diet", "vegan"),
        ("my_jab", "tomorrow"),
        ("my_cat", "x"),
    ] {
        assert_eq!(one(&[good]).unwrap().said.count, 1, "{good:?}");
    }
    for (wrong, why) in [
        (("my_shoe", "large"), "`my_shoe` is a number in EU"),
        (("my_shoe", "39kg"), "`kg` is not its unit"),
        (("my_shoe", "390"), "can't be 390"),
        (("my_diet", "meat"), "one of some words"),
        (("my_jab", "soon"), "a day or a time"),
    ] {
        let e = one(&[wrong]).unwrap_err().to_string();
        assert!(e.contains(why), "{wrong:?}: {e}");
    }
    let other = Placed { at: None, what: put("kitchen", &[("my_shoe", "39")]) };
    let e = check(&[other], &mut stage(), NOW).unwrap_err().to_string();
    assert!(e.contains("a room has no `my_shoe`") && e.contains("it is of person"), "{e}");
}
