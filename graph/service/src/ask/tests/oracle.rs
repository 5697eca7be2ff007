//! Any question on any small graph has the answer that trying everything gives.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{EdgeKind, NodeKind, Value};
use lares_store::Parts;
use proptest::prelude::*;

use crate::ask::tests::{Home, edge, node, picture};
use crate::ask::{Datum, Limits, Query};

const KINDS: [NodeKind; 2] = [NodeKind::Room, NodeKind::Device];
const EDGES: [EdgeKind; 2] = [EdgeKind::LocatedIn, EdgeKind::PartOf];

/// Nodes by number: kind and perhaps a number; edges by the numbers of their nodes.
#[derive(Clone, Debug)]
struct World {
    nodes: Vec<(usize, Option<i8>)>,
    edges: Vec<(usize, usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Arrow {
    Right,
    Left,
    Either,
}

#[derive(Clone, Debug)]
struct Link {
    kind: Option<usize>,
    arrow: Arrow,
    hops: Option<(usize, usize)>,
}

#[derive(Clone, Debug)]
enum Cond {
    Less(usize, i8),
    Same(usize, usize),
    IsNull(usize),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

/// `MATCH (n0)-[..]-(n1)... , ...`: variables by number, each path a list of them.
#[derive(Clone, Debug)]
struct Question {
    kinds: Vec<Option<usize>>,
    paths: Vec<(Vec<usize>, Vec<Link>)>,
    cond: Option<Cond>,
}

fn worlds() -> impl Strategy<Value = World> {
    let nodes = prop::collection::vec((0..2_usize, prop::option::of(-2..3_i8)), 1..5);
    nodes.prop_flat_map(|nodes| {
        let n = nodes.len();
        let edges = prop::collection::btree_set((0..n, 0..2_usize, 0..n), 0..6);
        (Just(nodes), edges).prop_map(|(nodes, edges)| World { nodes, edges: edges.into_iter().collect() })
    })
}

fn conds() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![
        (0..3_usize, -2..3_i8).prop_map(|(v, n)| Cond::Less(v, n)),
        (0..3_usize, 0..3_usize).prop_map(|(a, b)| Cond::Same(a, b)),
        (0..3_usize).prop_map(Cond::IsNull),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Cond::Not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Cond::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Cond::Or(Box::new(a), Box::new(b))),
        ]
    })
}

fn questions() -> impl Strategy<Value = Question> {
    let arrow = prop_oneof![Just(Arrow::Right), Just(Arrow::Left), Just(Arrow::Either)];
    let hops =
        prop::option::weighted(0.3, (0..3_usize, 0..2_usize).prop_map(|(from, more)| (from, from + more)));
    let link = (prop::option::of(0..2_usize), arrow, hops).prop_map(|(kind, arrow, hops)| Link {
        kind,
        arrow,
        hops,
    });
    let path = (0..3_usize, prop::collection::vec((link, 0..3_usize), 0..3)).prop_map(|(first, rest)| {
        let (links, vars): (Vec<Link>, Vec<usize>) = rest.into_iter().unzip();
        (std::iter::once(first).chain(vars).collect::<Vec<_>>(), links)
    });
    let kinds = prop::collection::vec(prop::option::weighted(0.3, 0..2_usize), 3);
    (kinds, prop::collection::vec(path, 1..3), prop::option::of(conds()))
        .prop_map(|(kinds, paths, cond)| Question { kinds, paths, cond })
        .prop_filter("few edges, so that everything can be tried", |q| {
            q.paths.iter().flat_map(|(_, links)| links).map(|l| l.hops.map_or(1, |h| h.1)).sum::<usize>() <= 5
        })
}

impl Question {
    /// Variables that stand in a path.
    fn vars(&self) -> Vec<usize> {
        (0..3).filter(|v| self.paths.iter().any(|(vars, _)| vars.contains(v))).collect()
    }

    /// The question that tells the first so many variables, and the number of matches.
    fn text(&self, told: usize) -> String {
        let node = |v: &usize| match self.kinds[*v] {
            Some(kind) => format!("(v{v}:{})", KINDS[kind].name()),
            None => format!("(v{v})"),
        };
        let link = |l: &Link| {
            let kind = l.kind.map(|k| format!(":{}", EDGES[k].name())).unwrap_or_default();
            let hops = l.hops.map(|(from, to)| format!("*{from}..{to}")).unwrap_or_default();
            let (left, right) = match l.arrow {
                Arrow::Right => ("-", "->"),
                Arrow::Left => ("<-", "-"),
                Arrow::Either => ("-", "-"),
            };
            format!("{left}[{kind}{hops}]{right}")
        };
        let path = |(vars, links): &(Vec<usize>, Vec<Link>)| {
            let rest = links.iter().zip(&vars[1..]).map(|(l, v)| link(l) + &node(v));
            node(&vars[0]) + &rest.collect::<String>()
        };
        let paths = self.paths.iter().map(path).collect::<Vec<_>>().join(", ");
        let cond = self.cond.as_ref().map(|c| format!(" WHERE {}", self.words(c))).unwrap_or_default();
        let told = self.vars().iter().take(told).map(|v| format!("v{v}.key, ")).collect::<String>();
        format!("MATCH {paths}{cond} RETURN {told}count(*)")
    }

    /// A variable that stands in a path, in place of one that may not.
    fn var(&self, v: usize) -> usize {
        let vars = self.vars();
        vars[v % vars.len()]
    }

    fn words(&self, cond: &Cond) -> String {
        let v = |v: &usize| self.var(*v);
        match cond {
            Cond::Less(a, n) => format!("v{}.amount < {n}", v(a)),
            Cond::Same(a, b) => format!("v{}.amount = v{}.amount", v(a), v(b)),
            Cond::IsNull(a) => format!("v{}.amount IS NULL", v(a)),
            Cond::Not(a) => format!("NOT ({})", self.words(a)),
            Cond::And(a, b) => format!("({} AND {})", self.words(a), self.words(b)),
            Cond::Or(a, b) => format!("({} OR {})", self.words(a), self.words(b)),
        }
    }

    fn holds(&self, world: &World, at: &[usize; 3], cond: &Cond) -> Option<bool> {
        let n = |v: &usize| world.nodes[at[self.var(*v)]].1;
        match cond {
            Cond::Less(a, limit) => n(a).map(|n| n < *limit),
            Cond::Same(a, b) => Some(n(a)? == n(b)?),
            Cond::IsNull(a) => Some(n(a).is_none()),
            Cond::Not(a) => self.holds(world, at, a).map(|t| !t),
            Cond::And(a, b) => match (self.holds(world, at, a), self.holds(world, at, b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Cond::Or(a, b) => match (self.holds(world, at, a), self.holds(world, at, b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    /// Every choice of nodes is tried, and for each every choice of edges.
    fn oracle(&self, world: &World) -> BTreeMap<Vec<usize>, usize> {
        let mut found = BTreeMap::new();
        let (vars, n) = (self.vars(), world.nodes.len());
        for choice in 0..n.pow(vars.len() as u32) {
            let mut at = [0; 3];
            let mut rest = choice;
            for v in &vars {
                at[*v] = rest % n;
                rest /= n;
            }
            let kinds = vars.iter().all(|v| self.kinds[*v].is_none_or(|k| world.nodes[at[*v]].0 == k));
            let cond = self.cond.as_ref().is_none_or(|c| self.holds(world, &at, c) == Some(true));
            if kinds && cond {
                let links: Vec<(usize, &Link, usize)> = self
                    .paths
                    .iter()
                    .flat_map(|(vars, links)| {
                        links.iter().enumerate().map(|(i, l)| (at[vars[i]], l, at[vars[i + 1]]))
                    })
                    .collect();
                let ways = ways(world, &links, &mut Vec::new());
                if ways > 0 {
                    found.insert(vars.iter().map(|v| at[*v]).collect(), ways);
                }
            }
        }
        found
    }
}

/// In how many ways edges can be chosen for all links, none twice.
fn ways(world: &World, links: &[(usize, &Link, usize)], used: &mut Vec<usize>) -> usize {
    let Some(((from, link, to), rest)) = links.split_first() else { return 1 };
    let (least, most) = link.hops.unwrap_or((1, 1));
    (least..=most).map(|hops| chains(world, *from, link, *to, hops, rest, used)).sum()
}

fn chains(
    world: &World,
    from: usize,
    link: &Link,
    to: usize,
    hops: usize,
    rest: &[(usize, &Link, usize)],
    used: &mut Vec<usize>,
) -> usize {
    if hops == 0 {
        return if from == to { ways(world, rest, used) } else { 0 };
    }
    let mut sum = 0;
    for (e, (a, kind, b)) in world.edges.iter().enumerate() {
        if used.contains(&e) || link.kind.is_some_and(|k| k != *kind) {
            continue;
        }
        let mut next = Vec::new();
        if link.arrow != Arrow::Left && *a == from {
            next.push(*b);
        }
        if link.arrow != Arrow::Right && *b == from && !(link.arrow == Arrow::Either && a == b) {
            next.push(*a);
        }
        used.push(e);
        sum += next.into_iter().map(|n| chains(world, n, link, to, hops - 1, rest, used)).sum::<usize>();
        used.pop();
    }
    sum
}

fn graph(world: &World) -> Home {
    let nodes: Vec<_> = world
        .nodes
        .iter()
        .enumerate()
        .map(|(key, (kind, n))| {
            // A field that every graph has, so that it may be asked for where no node has it.
            let props: Vec<(&str, Value)> =
                n.iter().map(|n| ("amount", Value::Number(f64::from(*n)))).collect();
            node(KINDS[*kind], &key.to_string(), "", &props)
        })
        .collect();
    let edges = world.edges.iter().map(|(a, kind, b)| edge(&nodes[*a], EDGES[*kind], &nodes[*b])).collect();
    let mut home = Home::default();
    home.parts = Parts { nodes, edges, ..Parts::default() };
    home
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_trying_everything(world in worlds(), question in questions()) {
        let picture = picture(graph(&world));
        let none: &dyn Fn() -> Duration = &|| Duration::ZERO;
        let oracle = question.oracle(&world);
        for told in 0..=question.vars().len() {
            let text = question.text(told);
            let answer = Query::parse(&text).unwrap().run(&picture, &Limits::new(none)).unwrap();
            let mut found = BTreeMap::new();
            for row in &answer.rows {
                let (count, keys) = row.split_last().unwrap();
                let keys: Vec<usize> = keys.iter().map(|k| match k {
                    Datum::Text(key) => key.parse().unwrap(),
                    other => panic!("{other:?}"),
                }).collect();
                let Datum::Number(count) = count else { panic!("{count:?}") };
                found.insert(keys, *count as usize);
            }
            let mut wanted = BTreeMap::new();
            for (keys, ways) in &oracle {
                *wanted.entry(keys[..told].to_vec()).or_insert(0) += ways;
            }
            if told == 0 {
                wanted.entry(Vec::new()).or_insert(0);
            }
            prop_assert_eq!(&found, &wanted, "{}", text);
            if told == 1 {
                let text = format!("{text} AS n ORDER BY n DESC, v{}.key LIMIT 2", question.vars()[0]);
                let answer = Query::parse(&text).unwrap().run(&picture, &Limits::new(none)).unwrap();
                let mut most: Vec<(usize, String)> =
                    wanted.iter().map(|(keys, n)| (*n, keys[0].to_string())).collect();
                most.sort_by_key(|(n, key)| (std::cmp::Reverse(*n), key.clone()));
                let rows: Vec<Vec<Datum>> = most.iter().take(2)
                    .map(|(n, key)| vec![Datum::text(key.as_str()), Datum::Number(*n as f64)]).collect();
                prop_assert_eq!(answer.rows, rows, "{}", text);
            }
        }
    }

    /// Whatever is written: an answer or a place in it, never a panic.
    #[test]
    fn no_text_is_too_strange(text in "(MATCH |WHERE |RETURN |AS OF |ORDER BY )?[(]?[a-z:()\\[\\]<>*.,|'\"=$ é-]{0,40}") {
        let picture = picture(Home::default());
        for text in [text.clone(), format!("MATCH (a){text}"), format!("MATCH (a) WHERE {text} RETURN a")] {
            let none: &dyn Fn() -> Duration = &|| Duration::ZERO;
            let wrong = match Query::parse(&text) {
                Ok(query) => query.run(&picture, &Limits::new(none)).err().map(|e| e.to_string()),
                Err(wrong) => Some(wrong.to_string()),
            };
            prop_assert!(wrong.is_none_or(|w| !w.is_empty()));
            if let Ok(filter) = crate::ask::Filter::parse(&text) {
                let _ = crate::ask::find(&picture, &filter, 10).map_err(|e| e.to_string());
            }
        }
    }
}
