//! The eleven questions of a planner, each through the layer that surfaces and rules ask by.

use std::ops::Bound;
use std::time::Duration;

use lares_graph::Reader;
use lares_graph::ask::{Answer, Filter, Limits, Picture, Query, agenda, find};
use lares_model::{EventId, Timestamp};

use super::fill::{DAY, DEVICES, Dice, GOALS, PEOPLE, ROOMS, RULES, SKILLS, Years, lamp};

/// A household and what may be asked of it.
pub struct Asked<'a> {
    pub reader: &'a Reader,
    pub years: &'a Years,
}

type Question = fn(&Asked<'_>, &mut Dice) -> usize;

/// Each gives how many rows it told.
pub const QUESTIONS: [(&str, Question); 11] = [
    ("open tasks of a goal that wait for another", waiting),
    ("who is home and can do this", able),
    ("stocks at which more is to be bought", low),
    ("what a person has this week", week),
    ("devices of a room that can be lit", lit),
    ("the last ten states of a lamp, with their causes", states),
    ("what a command came to", effects),
    ("rules that move a lamp", rules),
    ("batches whose step ends soon, or should have", steps),
    ("plans of two days", plans),
    ("what changed since an event", since),
];

impl Asked<'_> {
    pub fn ask(&self, question: &str) -> Answer {
        self.ask_as_of(question, None)
    }

    pub fn ask_as_of(&self, question: &str, as_of: Option<Timestamp>) -> Answer {
        let none = || Duration::ZERO;
        let picture = Picture::at(self.reader, self.years.now, as_of, None).expect("it is read");
        let query = Query::parse(question).unwrap_or_else(|e| panic!("{e}"));
        query.run(&picture, &Limits::new(&none)).unwrap_or_else(|e| panic!("{question}: {e}"))
    }

    pub fn find(&self, filter: &str) -> usize {
        let picture = Picture::of(self.reader, self.years.now).expect("it is read");
        let filter = Filter::parse(filter).unwrap_or_else(|e| panic!("{e}"));
        find(&picture, &filter, 100).unwrap_or_else(|e| panic!("{e}")).total
    }
}

fn waiting(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let goal = dice.below(GOALS);
    let question = format!(
        "MATCH (g:goal {{key: 'goal{goal}'}})<-[:serves]-(t:task)-[:depends_on]->(d:task) \
         WHERE t.status = 'open' AND d.status <> 'done' RETURN t.key, d.key, t.due ORDER BY t.due"
    );
    asked.ask(&question).rows.len()
}

fn able(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let skill = dice.below(SKILLS);
    let question = format!(
        "MATCH (s:skill {{key: 'skill{skill}'}})<-[:can]-(p:person) WHERE p.home = true RETURN p.key"
    );
    asked.ask(&question).rows.len()
}

fn low(asked: &Asked<'_>, _: &mut Dice) -> usize {
    let question =
        "MATCH (i:inventory_item) WHERE i.amount <= i.reorder_at RETURN i.key, i.amount ORDER BY i.amount";
    asked.ask(question).rows.len()
}

fn week(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let person = PEOPLE.get(dice.below(5) as usize).copied().unwrap_or_default();
    let picture = Picture::of(asked.reader, asked.years.now).expect("it is read");
    let filter = Filter::parse(&format!("who:{person}")).unwrap_or_else(|e| panic!("{e}"));
    let from = Timestamp(asked.years.now.0 - dice.below(300) as i64 * DAY);
    agenda(&picture, &filter, from, Timestamp(from.0 + 7 * DAY)).unwrap_or_else(|e| panic!("{e}")).len()
}

fn lit(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    asked.find(&format!("component:light in:room{}", dice.below(ROOMS)))
}

fn states(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let entries = asked.reader.history(lamp(dice.below(DEVICES)), None, 10).expect("it is read");
    let caused = |e: &lares_model::Stored| e.event.causes.first().copied();
    entries
        .iter()
        .filter_map(caused)
        .filter(|c| asked.reader.event(*c).expect("it is read").is_some())
        .count()
}

fn effects(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let mut count = 0;
    let mut open = vec![asked.years.decisions[dice.below(asked.years.decisions.len() as u64) as usize]];
    while let Some(event) = open.pop() {
        count += 1;
        assert!(asked.reader.event(event).expect("it is read").is_some());
        open.extend(asked.reader.effects(event).expect("it is read"));
    }
    count
}

fn rules(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let device = dice.below(RULES.min(DEVICES));
    let question =
        format!("MATCH (e:entity {{ref: 'device{device}.light'}})<-[:controls]-(r:rule) RETURN r.key");
    asked.ask(&question).rows.len()
}

fn steps(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    asked.find(&format!("kind:batch status:started next_step_in:-{}..21600", 86_400 * (1 + dice.below(30))))
}

fn plans(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let from = asked.years.now.0 - (2 + dice.below(100) as i64) * DAY;
    let (from, to) = (super::fill::day(from), super::fill::day(from + DAY));
    asked.find(&format!("kind:plan start:{from}..{to}"))
}

fn since(asked: &Asked<'_>, dice: &mut Dice) -> usize {
    let from: EventId = asked.years.decisions[asked.years.decisions.len() - 1 - dice.below(20) as usize];
    asked.reader.journal(Bound::Excluded(from), Bound::Unbounded, false, 1_000).expect("it is read").len()
}
