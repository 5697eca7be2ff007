//! A made-up household over years: five people, twelve rooms, three hundred entities, what they do and what happens, from a
//! seed and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::{Clock, Journal};
use lares_model::{
    Basis, Body, Claim, Component, Draft, Edge, EdgeKind, EntityInfo, EventId, Level, Node, NodeId, NodeKind,
    Origin, Outcome, Property, Receipt, RuleRef, Timestamp, Until, Value, Verdict, Write,
};

pub const DAY: i64 = 86_400_000_000;
/// 1 December 2021, UTC.
pub const START: i64 = 18_962 * DAY;
pub const ROOMS: u64 = 12;
pub const PEOPLE: [&str; 5] = ["anna", "ben", "clara", "dora", "emil"];
pub const SKILLS: u64 = 15;
pub const GOALS: u64 = 20;
/// A lamp, a switch and a number each.
pub const DEVICES: u64 = 100;
pub const RULES: u64 = 60;
pub const STOCKS: u64 = 400;

/// How much there is to be of it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub days: i64,
    /// Readings of on/off a day, each a journal entry; two of five with a decision and a receipt.
    pub switched: u64,
    /// Samples of numbers a day.
    pub samples: u64,
}

impl Size {
    /// Five years: two million entries of the journal, forty million samples.
    pub const WHOLE: Self = Self { days: 1_826, switched: 610, samples: 21_900 };
}

/// Time as it is set.
pub struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.now().0 - START).unwrap_or(0))
    }
}

/// The numbers of a linear congruence: the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// What the questions may name, and a few answers that are known from the making.
#[derive(Default)]
pub struct Years {
    pub now: Timestamp,
    pub tasks: u64,
    /// Open tasks that wait for one that is not done.
    pub waiting: u64,
    /// Stocks at or below the amount at which more is to be bought.
    pub low: u64,
    /// Who is at home now, with their skills.
    pub home: Vec<(&'static str, Vec<u64>)>,
    /// Decisions of the last year.
    pub decisions: Vec<EventId>,
}

pub fn lamp(device: u64) -> NodeId {
    NodeId::entity(&format!("z2m/{device}_light"))
}

pub fn number(device: u64) -> NodeId {
    NodeId::entity(&format!("z2m/{device}_number"))
}

fn switch(device: u64) -> NodeId {
    NodeId::entity(&format!("z2m/{device}_switch"))
}

pub fn day(at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).expect("an instant of these years");
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn node(kind: NodeKind, key: &str, props: &[(&str, Value)]) -> Write {
    let props: BTreeMap<String, Value> = props.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let id = NodeId::derive(kind.name(), key);
    Write::PutNode(Node {
        id,
        kind,
        key: key.into(),
        name: format!("{} {key}", kind.name()),
        props,
        detail: vec![],
    })
}

fn edge(from: NodeId, kind: EdgeKind, to: NodeId) -> Write {
    Write::PutEdge(Edge { from, kind, to })
}

fn of(kind: NodeKind, key: impl std::fmt::Display) -> NodeId {
    NodeId::derive(kind.name(), &key.to_string())
}

struct Making {
    graph: Graph,
    journal: Arc<dyn Journal>,
    clock: Arc<Hands>,
    dice: Dice,
    writes: Vec<Write>,
    made: Years,
}

/// Makes it in a new folder; gives it open, and what is known of it.
pub fn fill(folder: &Path, size: Size, seed: u64) -> (Graph, Years) {
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let options = GraphOptions {
        map_size: 1 << 30,
        key: Some(folder.with_extension("key")),
        ..GraphOptions::inline(folder, clock.clone())
    };
    let (graph, _) = Graph::open(options).expect("a new folder");
    let journal = graph.journal();
    let made = Years::default();
    let mut making = Making { graph, journal, clock, dice: Dice(seed), writes: Vec::new(), made };
    making.house();
    for day in 0..size.days {
        making.day(day, size);
    }
    making.end(size.days);
    (making.graph, making.made)
}

impl Making {
    fn say(&mut self, draft: Draft) -> EventId {
        self.journal.append(draft, std::mem::take(&mut self.writes)).id
    }

    fn flush(&mut self) {
        let body = Body::Notice { text: "what was said".to_owned() };
        self.say(Draft::new(NodeId::household(), Origin::Console, body));
    }

    fn house(&mut self) {
        for room in 0..ROOMS {
            self.writes.push(node(NodeKind::Room, &format!("room{room}"), &[]));
        }
        for skill in 0..SKILLS {
            self.writes.push(node(NodeKind::Skill, &format!("skill{skill}"), &[]));
        }
        for (n, person) in (0..).zip(PEOPLE) {
            self.writes.push(node(NodeKind::Person, person, &[]));
            let skills: Vec<u64> = (0..SKILLS).filter(|s| (s + n) % 3 == 0).collect();
            for skill in &skills {
                self.writes.push(edge(
                    NodeId::person(person),
                    EdgeKind::Can,
                    of(NodeKind::Skill, format!("skill{skill}")),
                ));
            }
            self.made.home.push((person, skills));
        }
        for goal in 0..GOALS {
            self.writes.push(node(NodeKind::Goal, &format!("goal{goal}"), &[("status", "open".into())]));
        }
        for device in 0..DEVICES {
            self.device(device);
        }
        for rule in 0..RULES {
            self.writes.push(node(NodeKind::Rule, &format!("rule{rule}"), &[]));
            self.writes.push(edge(
                NodeId::rule(&format!("rule{rule}")),
                EdgeKind::Controls,
                lamp(rule % DEVICES),
            ));
        }
        for stock in 0..STOCKS {
            let at =
                [("amount", Value::Number(20.0)), ("reorder_at", Value::Number(5.0)), ("unit", "kg".into())];
            self.writes.push(node(NodeKind::InventoryItem, &format!("stock{stock}"), &at));
        }
        self.flush();
    }

    fn device(&mut self, device: u64) {
        let key = format!("z2m/{device}");
        let id = NodeId::derive("device", &key);
        let reference = format!("device{device}");
        self.writes.push(node(NodeKind::Device, &key, &[("ref", reference.as_str().into())]));
        self.writes.push(edge(
            id,
            EdgeKind::LocatedIn,
            of(NodeKind::Room, format!("room{}", device % ROOMS)),
        ));
        let kinds =
            [("light", Component::Light), ("switch", Component::Switch), ("number", Component::Sensor)];
        for (slug, component) in kinds {
            let key = format!("z2m/{device}_{slug}");
            let info = EntityInfo {
                key: key.clone(),
                unique_id: key.clone(),
                component,
                name: None,
                slug: slug.to_owned(),
                device_class: None,
                state_class: None,
                unit: None,
                category: None,
                enabled_by_default: true,
                expire_after: None,
                assumed: false,
                properties: vec![],
            };
            let reference = format!("device{device}.{slug}");
            self.writes.push(Write::PutNode(Node {
                id: NodeId::entity(&key),
                kind: NodeKind::Entity,
                key: key.as_str().into(),
                name: format!("{slug} {device}"),
                props: [("ref".to_owned(), reference.as_str().into())].into(),
                detail: serde_json::to_vec(&info).expect("it can be written"),
            }));
            self.writes.push(edge(NodeId::entity(&key), EdgeKind::PartOf, id));
        }
    }

    fn at(&self, day: i64, part: u64, parts: u64) -> Timestamp {
        let at =
            START + day * DAY + i64::try_from(part).unwrap_or(0) * (DAY / i64::try_from(parts).unwrap_or(1));
        self.clock.0.fetch_max(at, Ordering::Relaxed);
        Timestamp(at)
    }

    fn day(&mut self, n: i64, size: Size) {
        let today = START + n * DAY;
        for part in 0..size.samples {
            let at = self.at(n, part, size.samples);
            let device = part % DEVICES;
            let value = 20.0 + ((part / DEVICES * 7 + device) % 60) as f64 / 10.0;
            let body = Body::Reading { property: Property::State, value: Some(value.into()) };
            self.journal.append(
                Draft::new(number(device), Origin::Link("z2m".into()), body).at(at).to_series(),
                vec![],
            );
            if part * size.switched / size.samples != (part + 1) * size.switched / size.samples {
                self.switched(at, n, size);
            }
        }
        for person in PEOPLE {
            let home = self.dice.below(4) != 0;
            let body = Body::Reading { property: Property::Home, value: Some(home.into()) };
            self.say(Draft::new(NodeId::person(person), Origin::System, body));
            if n + 1 == size.days && !home {
                self.made.home.retain(|(key, _)| *key != person);
            }
        }
        for _ in 0..2 {
            self.task(today, n, size);
        }
        self.doings(today, n);
        self.flush();
        if n % 7 == 6 {
            self.graph.look_after();
        }
    }

    /// A motion sensor of sorts; two of five move a lamp.
    fn switched(&mut self, at: Timestamp, day: i64, size: Size) {
        let device = self.dice.below(DEVICES);
        let on = self.dice.below(2) == 0;
        let link = || Origin::Link("z2m".into());
        let body = Body::Reading { property: Property::State, value: Some(on.into()) };
        let cause = self.say(Draft::new(switch(device), link(), body).at(at));
        if self.dice.below(5) >= 2 {
            return;
        }
        let key: Arc<str> = format!("rule{}", device % RULES).into();
        let rule = RuleRef { key: key.clone(), snapshot: [7; 32], file: "rules.toml".into(), line: 12 };
        let value = Value::Bool(on);
        let source = format!("rule:{key}").as_str().into();
        let verdict = Verdict {
            property: Property::On,
            claim: Claim {
                source,
                level: Level::Rule,
                value: value.clone(),
                until: Until::Momentary,
                reason: "it was so".into(),
            },
            basis: Some(Basis { rule, trigger: "it became so".to_owned(), conditions: vec![] }.into()),
            rivals: vec![],
            outcome: Outcome::Commanded { value: value.clone() },
        };
        let draft = Draft::new(lamp(device), Origin::Rule(key), Body::Decision(Box::new(verdict)));
        let decision = self.say(draft.caused_by([cause]));
        let body = Body::Reading { property: Property::On, value: Some(value) };
        let answer = self.say(Draft::new(lamp(device), link(), body).at(at).caused_by([decision]));
        let receipt =
            Body::Receipt { command: decision, property: Property::On, receipt: Receipt::Confirmed };
        self.say(Draft::new(lamp(device), Origin::System, receipt).caused_by([answer]));
        if day + 365 >= size.days {
            self.made.decisions.push(decision);
        }
    }

    /// A task a time; those older than a week are done, save one in fifty.
    fn task(&mut self, today: i64, day_n: i64, size: Size) {
        let n = self.made.tasks;
        self.made.tasks += 1;
        let done = day_n + 7 < size.days && !n.is_multiple_of(50);
        let due = day(today + DAY * i64::try_from(self.dice.below(14)).unwrap_or(0));
        let status = if done { "done" } else { "open" };
        let props =
            [("status", status.into()), ("due", due.as_str().into()), ("minutes", Value::Number(30.0))];
        self.writes.push(node(NodeKind::Task, &format!("task{n}"), &props));
        let task = of(NodeKind::Task, format!("task{n}"));
        self.writes.push(edge(task, EdgeKind::Serves, of(NodeKind::Goal, format!("goal{}", n % GOALS))));
        let who = PEOPLE.get(usize::try_from(n % 5).unwrap_or(0)).copied().unwrap_or("anna");
        self.writes.push(edge(NodeId::person(who), EdgeKind::ResponsibleFor, task));
        if n > 0 {
            let other = n - 1 - self.dice.below(n.min(3));
            self.writes.push(edge(task, EdgeKind::DependsOn, of(NodeKind::Task, format!("task{other}"))));
            let other_done =
                i64::try_from(other / 2).unwrap_or(0) + 7 < size.days && !other.is_multiple_of(50);
            self.made.waiting += u64::from(!done && !other_done);
        }
    }

    /// An appointment a day, three payments, a batch every five days, a plan, some stock used up or bought.
    fn doings(&mut self, today: i64, n: i64) {
        let instant =
            |at: i64| Value::text(jiff::Timestamp::from_microsecond(at).expect("an instant").to_string());
        let (start, end) = (today + 9 * DAY / 24, today + 10 * DAY / 24);
        let when = [("start", instant(start)), ("end", instant(end)), ("status", "confirmed".into())];
        self.writes.push(node(NodeKind::Event, &format!("event{n}"), &when));
        let event = of(NodeKind::Event, format!("event{n}"));
        for person in PEOPLE {
            if self.dice.below(3) == 0 {
                self.writes.push(edge(NodeId::person(person), EdgeKind::Attends, event));
            }
        }
        for part in 0..3 {
            let amount = Value::Number(self.dice.below(20_000) as f64 / 100.0);
            let day = day(today);
            let props = [("amount", amount), ("at", day.as_str().into())];
            self.writes.push(node(NodeKind::Transaction, &format!("pay{n}-{part}"), &props));
        }
        if n % 5 == 0 {
            let next = today + i64::try_from(self.dice.below(40)).unwrap_or(0) * DAY / 24;
            let props =
                [("status", "started".into()), ("step", "rising".into()), ("next_step", instant(next))];
            self.writes.push(node(NodeKind::Batch, &format!("batch{n}"), &props));
        }
        self.writes.push(node(
            NodeKind::Plan,
            &format!("plan{n}"),
            &[("start", instant(today)), ("end", instant(today + DAY))],
        ));
        for _ in 0..3 {
            let stock = self.dice.below(STOCKS);
            let amount = Value::Number(self.dice.below(24) as f64);
            let id = of(NodeKind::InventoryItem, format!("stock{stock}"));
            self.writes.push(Write::Amend {
                id,
                kind: NodeKind::InventoryItem,
                key: format!("stock{stock}").as_str().into(),
                name: None,
                set: [("amount".to_owned(), Some(amount))].into(),
            });
        }
    }

    fn end(&mut self, days: i64) {
        self.at(days, 0, 1);
        self.graph.sync_blocking().expect("it is kept");
        self.graph.look_after();
        self.made.now = Timestamp(START + days * DAY);
        let stocks = self.graph.reader().nodes(NodeKind::InventoryItem).expect("they are read");
        let low = |n: &&Node| {
            let of = |key: &str| n.props.get(key).and_then(Value::as_number).unwrap_or(f64::MAX);
            of("amount") <= of("reorder_at")
        };
        self.made.low = stocks.iter().filter(low).count() as u64;
    }
}
