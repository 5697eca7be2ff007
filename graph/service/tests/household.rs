//! The made-up household of the benchmark: the questions of a planner are answered as its making knows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    dead_code,
    reason = "a test, and what it shares with the benchmark"
)]

#[path = "../benches/household/ask.rs"]
mod ask;
#[path = "../benches/household/fill.rs"]
mod fill;

use ask::{Asked, QUESTIONS};
use fill::{Dice, GOALS, PEOPLE, ROOMS, RULES, SKILLS, Size, fill};

#[test]
fn the_eleven_questions_are_answered_as_the_making_knows() {
    let dir = tempfile::tempdir().unwrap();
    let size = Size { days: 60, switched: 40, samples: 400 };
    let (graph, years) = fill(&dir.path().join("data"), size, 42);
    let reader = graph.reader();
    let asked = Asked { reader: &reader, years: &years };
    let told = |question: &str| asked.ask(question).rows.len() as u64;

    let by_goal = (0..GOALS).map(|goal| {
        told(&format!(
            "MATCH (g:goal {{key: 'goal{goal}'}})<-[:serves]-(t:task)-[:depends_on]->(d:task) \
             WHERE t.status = 'open' AND d.status <> 'done' RETURN t.key"
        ))
    });
    assert_eq!(by_goal.sum::<u64>(), years.waiting);
    assert!(years.waiting > 5 && years.low > 5 && !years.home.is_empty(), "there is something to ask for");
    assert_eq!(told("MATCH (i:inventory_item) WHERE i.amount <= i.reorder_at RETURN i.key"), years.low);
    for skill in 0..SKILLS {
        let able = years.home.iter().filter(|(_, skills)| skills.contains(&skill)).count() as u64;
        let question = format!(
            "MATCH (s:skill {{key: 'skill{skill}'}})<-[:can]-(p:person) WHERE p.home = true RETURN p.key"
        );
        assert_eq!(told(&question), able, "skill {skill}");
    }
    let lamps = (0..ROOMS).map(|room| asked.find(&format!("component:light in:room{room}")));
    assert_eq!(lamps.sum::<usize>() as u64, fill::DEVICES);
    assert_eq!(told("MATCH (e:entity)<-[:controls]-(r:rule) RETURN r.key"), RULES);
    assert_eq!(asked.find("kind:task who:anna") as u64, years.tasks.div_ceil(PEOPLE.len() as u64));
    // None of the benchmark's own asks in vain.
    for (name, question) in QUESTIONS {
        let mut dice = Dice(7);
        let rows: usize = (0..50).map(|_| question(&asked, &mut dice)).sum();
        assert!(rows > 0, "{name}: nothing in fifty times");
    }
    let report = reader.check().unwrap();
    assert!(report.is_good(), "{report:?}");
    graph.close().unwrap();
}
