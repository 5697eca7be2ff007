//! Questions in the subset of openCypher, and what is refused of it.

use std::time::Duration;

use crate::ask::tests::{Home, picture};
use crate::ask::{Answer, AskError, Datum, Field, Limits, Picture, Query};

const STILL: &dyn Fn() -> Duration = &|| Duration::ZERO;

fn ask(picture: &Picture<'_>, text: &str) -> Result<Answer, AskError> {
    Query::parse(text)?.run(picture, &Limits::new(STILL))
}

/// An answer in words: a row after the other, columns with commas.
fn told(picture: &Picture<'_>, text: &str) -> String {
    fn word(picture: &Picture<'_>, datum: &Datum) -> String {
        match datum {
            Datum::Null => "null".to_owned(),
            Datum::Bool(b) => b.to_string(),
            Datum::Number(n) => n.to_string(),
            Datum::Text(text) => text.to_string(),
            Datum::Node(place) => word(picture, &Field::Ref.of(picture, *place).unwrap()),
            Datum::Edge(_) => "edge".to_owned(),
            Datum::List(all) => {
                format!("[{}]", all.iter().map(|d| word(picture, d)).collect::<Vec<_>>().join(" "))
            }
        }
    }
    let answer = ask(picture, text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let row = |row: &Vec<Datum>| row.iter().map(|d| word(picture, d)).collect::<Vec<_>>().join(",");
    answer.rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

#[test]
fn questions_get_their_answers() {
    let picture = picture(Home::small());
    let cases = [
        ("MATCH (r:room) RETURN r.key ORDER BY r.key", "hall; kitchen"),
        ("match (r:Room) return r.key order by r.key desc", "kitchen; hall"),
        (
            "MATCH (a:room)<-[:in]-(d:device)-[:has*1..3]->(e) WHERE d.status = 'offline' AND e.age > 20 \
          RETURN a.name, count(e) AS n ORDER BY n DESC LIMIT 5",
            "Hall,2",
        ),
        (
            "MATCH (r:room)<-[:in]-(d) RETURN r.key, count(*) AS n, collect(d.ref) ORDER BY r.key",
            "hall,2,[hall-sensor old-plug]; kitchen,1,[kitchen-lamp]",
        ),
        (
            "MATCH (e:entity)-[:part_of]->(d)-[:located_in]->(r) RETURN e.slug, r.key ORDER BY e.slug",
            "battery,hall; light,kitchen; temperature,hall",
        ),
        // The same by the names from the other end.
        (
            "MATCH (r)-[:holds]->(d)-[:has]->(e) RETURN e.slug, r.key ORDER BY e.slug",
            "battery,hall; light,kitchen; temperature,hall",
        ),
        ("MATCH (r:room {key: 'hall'})-[]-(x) RETURN x.ref ORDER BY x.ref", "ground; hall-sensor; old-plug"),
        ("MATCH (r {ref: 'hall'})--(x:device) RETURN x.ref ORDER BY x.ref", "hall-sensor; old-plug"),
        (
            "MATCH (f:floor)-[:has]->(r), (r)<-[:in]-(d {removed: true}) RETURN f.key, d.ref",
            "ground,old-plug",
        ),
        (
            "MATCH (f:floor)<-[:part_of|in*2..3]-(x) RETURN x.ref ORDER BY x.ref",
            "hall-sensor; hall-sensor.battery; hall-sensor.temperature; kitchen-lamp; kitchen-lamp.light; old-plug",
        ),
        ("MATCH (r:room)-[*0..1]->(x) WHERE r.key = 'hall' RETURN x.ref ORDER BY x.ref", "ground; hall"),
        ("MATCH (a:room)-->(f)<--(b:room) RETURN a.key, b.key ORDER BY a.key", "hall,kitchen; kitchen,hall"),
        (
            "MATCH (e:entity) WHERE e.on = true RETURN e.ref, e.brightness, e.state",
            "kitchen-lamp.light,40,null",
        ),
        ("MATCH (e:entity) WHERE e.brightness IS NULL RETURN count(*)", "2"),
        ("MATCH (e:entity) WHERE NOT e.brightness IS NULL RETURN e.slug", "light"),
        // What is not known is neither so nor not so.
        ("MATCH (e:entity) WHERE NOT e.brightness > 90 RETURN e.slug", "light"),
        ("MATCH (e:entity) WHERE e.brightness > 90 OR e.slug = 'battery' RETURN e.slug", "battery"),
        (
            "MATCH (d:device) WHERE d.name STARTS WITH 'Hall' OR d.name ENDS WITH 'plug' RETURN d.ref ORDER BY d.ref",
            "hall-sensor; old-plug",
        ),
        (
            "MATCH (d:device) WHERE d.name CONTAINS 'lamp' AND d.room IN ['hall', 'attic'] RETURN d.ref",
            "hall-sensor",
        ),
        (
            "MATCH (d:device|person) WHERE d.key <> 'anna' RETURN count(DISTINCT d.room), count(d.room), count(d.unit)",
            "2,3,0",
        ),
        (
            "MATCH (e:entity) RETURN min(e.brightness), max(e.age), avg(e.age), sum(e.age), collect(e.on)",
            "40,600,600,1800,[true]",
        ),
        (
            "MATCH (x:link) RETURN count(*), sum(x.age), avg(x.age), min(x.name), collect(x)",
            "0,0,null,null,[]",
        ),
        ("MATCH (x:link) RETURN x.name, count(*)", ""),
        ("MATCH (d:device) RETURN DISTINCT d.room ORDER BY d.room SKIP 1", "kitchen"),
        ("MATCH (d:device) RETURN DISTINCT d.link, d.kind", "mqtt,device"),
        ("MATCH (d:device) RETURN d.ref ORDER BY d.room DESC, d.ref LIMIT 2", "kitchen-lamp; hall-sensor"),
        ("MATCH (d:device) RETURN d LIMIT 0", ""),
        ("MATCH (d:device)-[r]->(x) RETURN r.kind, count(r) ORDER BY r.kind", "located_in,3"),
        ("MATCH (a)-[r:has]->(b:entity) WHERE r.since = 'e1-1' RETURN count(*)", "3"),
        ("MATCH (a:room), (b:room) WHERE a = b RETURN count(*)", "2"),
        ("MATCH (a:room), (b:room) RETURN count(*);", "4"),
        ("MATCH (n) WHERE n.id = 'none' RETURN n", ""),
        ("MATCH (p:person) RETURN p.name AS of, p.key", "Anna,anna"),
    ];
    for (text, wanted) in cases {
        assert_eq!(told(&picture, text), wanted, "{text}");
    }
}

#[test]
fn as_of_is_handed_out_to_who_knows_the_zone() {
    for text in [
        "MATCH (d) RETURN d.name AS OF '2026-05-03'",
        "MATCH (d) RETURN d.name AS n ORDER BY n LIMIT 3 AS OF '2026-05-03'",
        "MATCH (d) WHERE d.kind = 'room' AS OF '2026-05-03' RETURN d.name",
    ] {
        let query = Query::parse(text).unwrap();
        assert_eq!(query.as_of(), Some("2026-05-03"), "{text}");
        assert_eq!(&text[query.wrong_instant("2026-05-03", "no").at], "'2026-05-03'");
    }
}

#[test]
fn what_is_not_supported_is_refused_where_it_stands() {
    let picture = picture(Home::small());
    // Each with the part that the caret stands under, and words of what is said.
    let cases = [
        ("", "", "too early"),
        ("CREATE (n:room)", "CREATE", "only read"),
        ("MATCH (a) SET a.x = 1", "SET", "only read"),
        ("MATCH (a) DETACH DELETE a", "DETACH", "only read"),
        ("MATCH (a) OPTIONAL MATCH (b) RETURN a", "OPTIONAL", "one MATCH"),
        ("MATCH (a) WITH a RETURN a", "WITH", "one MATCH"),
        ("MATCH (a) RETURN a UNION MATCH (b) RETURN b", "UNION", "one MATCH"),
        ("MATCH (a)", "", "too early"),
        ("MATCH (a:rooms) RETURN a", "rooms", "no kind of node"),
        ("MATCH (a:room:device) RETURN a", ":", "one kind"),
        ("MATCH (a)-[:likes]->(b) RETURN a", "likes", "no kind of edge"),
        ("MATCH (a)-[r:in*]->(b) RETURN a", "r", "no name"),
        ("MATCH (a)-[*3..2]->(b) RETURN a", "3..2", "3 is more than 2"),
        ("MATCH (a)-[*1..99]->(b) RETURN a", "99", "up to 32"),
        ("MATCH (a)-[{x: 1}]->(b) RETURN a", "{", "no fields"),
        ("MATCH (a)<-[:in]->(b) RETURN a", "<-[:in]->", "one direction"),
        ("MATCH p = (a) RETURN a", "p", "path has no name"),
        ("MATCH (a) RETURN *", "*", "not supported"),
        ("MATCH (a) RETURN b.name", "b", "is called `b`"),
        ("MATCH (a) RETURN a.nme", "nme", "no field `nme`"),
        ("MATCH (a {nme: 1}) RETURN a", "nme", "no field"),
        ("MATCH (a {name: a.key}) RETURN a", "a.key", "only a value"),
        ("MATCH (a)-[r]->(b) RETURN r.weight", "weight", "an edge has no field"),
        ("MATCH (a)-[a]->(b) RETURN a", "a", "stands for something"),
        ("MATCH (b)-[r]->(c), (r) RETURN b", "r", "an edge already"),
        ("MATCH (a) WHERE count(a) > 1 RETURN a", "count(a)", "not in WHERE"),
        ("MATCH (a) RETURN sum(count(a))", "count(a)", "within another"),
        ("MATCH (a) RETURN count(a) > 1", "count(a)", "column of its own"),
        ("MATCH (a) RETURN sum(a.name)", "sum(a.name)", "no number"),
        ("MATCH (a) RETURN size(a.name)", "size", "no function"),
        ("MATCH (a) WHERE a.age + 1 > 2 RETURN a", "+", "no calculating"),
        ("MATCH (a) WHERE 1 < a.age < 2 RETURN a", "<", "chained"),
        ("MATCH (a) WHERE a.on XOR a.stale RETURN a", "XOR", "not supported"),
        ("MATCH (a) WHERE a.key = $key RETURN a", "$", "parameters"),
        ("MATCH (a) WHERE a.key STARTS 'x' RETURN a", "'x'", "followed by WITH"),
        ("MATCH (a) RETURN a.key, count(*) ORDER BY a.name", "a.name", "only what is returned"),
        ("MATCH (a) RETURN a LIMIT 1.5", "1.5", "cannot stand"),
        ("MATCH (a) RETURN a AS OF 2026", "2026", "cannot stand"),
        ("MATCH (a) RETURN a AS OF '1' AS OF '2'", "AS", "twice"),
        ("MATCH (a) AS OF '1' RETURN a AS OF '2'", "AS", "twice"),
        ("MATCH (where) RETURN 1", "where", "word of the language"),
        ("MATCH (a) RETURN a.name 'x'", "'x'", "cannot stand"),
        ("MATCH (a) WHERE 'open", "'open", "not closed"),
    ];
    for (text, part, message) in cases {
        let Err(AskError::Wrong(wrong)) = ask(&picture, text) else { panic!("{text} has an answer") };
        assert!(wrong.message.contains(message), "{text}: {}", wrong.message);
        assert_eq!(&text[wrong.at.clone()], part, "{text}");
        assert!(wrong.to_string().contains('^'));
    }
    let deep = format!("MATCH (a) WHERE {}a.on{} RETURN a", "(".repeat(100), ")".repeat(100));
    assert!(ask(&picture, &deep).unwrap_err().to_string().contains("nested"));
    let long = format!("MATCH (a) WHERE {} a.on RETURN a", "a.on AND ".repeat(1_000));
    assert!(ask(&picture, &long).is_ok(), "a long conjunction is not a deep one");
    let path = format!("MATCH (a){} RETURN a", "-->()".repeat(40));
    assert!(ask(&picture, &path).unwrap_err().to_string().contains("at most 32 nodes"));
}

#[test]
fn limits_hold() {
    let picture = picture(Home::small());
    let run = |limits: Limits<'_>| {
        Query::parse("MATCH (a), (b), (c), (d), (e), (f) RETURN count(*)").unwrap().run(&picture, &limits)
    };
    let limit = |error: Result<Answer, AskError>| match error {
        Err(AskError::Limit(what)) => what,
        other => panic!("{other:?}"),
    };
    assert!(limit(run(Limits { expansions: 1_000, ..Limits::new(STILL) })).contains("1000 expansions"));
    let ticks = std::cell::Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1);
        Duration::from_millis(ticks.get() * 100)
    };
    assert!(limit(run(Limits::new(&clock))).contains("2000 ms"));
    assert_eq!(ticks.get(), 21, "the clock is looked at now and then");
    let query = Query::parse("MATCH (a), (b) RETURN a, b").unwrap();
    let few = Limits { rows: 10, ..Limits::new(STILL) };
    assert!(limit(query.run(&picture, &few)).contains("more than 10 rows"));
    let first = Query::parse("MATCH (a), (b) RETURN a, b LIMIT 3").unwrap().run(&picture, &few).unwrap();
    assert!(first.rows.len() == 3 && first.expansions < 10, "it ends when it has enough");
}
