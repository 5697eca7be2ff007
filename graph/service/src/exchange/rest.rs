//! Lines that stand for a property, and lines that stand for nothing here: how both go in and come back.
//!
//! A property is read out of its line. If writing the property would not give the very same line, the line is kept as well. When it is
//! written, a kept line that still says what the property says is used, else the property is written anew.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::{NodeKind, Statement, Value};

use super::lines::{Entry, split};
use super::names::put as said;

/// How often each key was read so far.
pub(super) type Keys = BTreeMap<(NodeKind, String), usize>;

/// What a format knows of lines.
pub(super) trait Dialect {
    /// The property that a line stands for, and its value; the label of the node is the property `name`.
    fn read(&self, entry: &Entry) -> Option<(String, Value)>;

    /// The line of a property; none if it has none.
    fn write(&self, prop: &str, value: &Value) -> Option<String>;
}

/// Properties and the lines that are kept.
#[derive(Default, Debug)]
pub(super) struct Taken {
    pub props: BTreeMap<String, Value>,
    pub rest: Vec<String>,
}

impl Taken {
    /// The node that was read: under `key`, or under `instead` if that can be none, and numbered where it came before.
    pub fn node(
        mut self,
        kind: NodeKind,
        format: &str,
        (key, instead): (String, String),
        keys: &mut Keys,
    ) -> Statement {
        let fits =
            key.trim() == key && !key.is_empty() && key.len() <= 200 && !key.chars().any(char::is_control);
        let key = if fits { key } else { instead };
        let again = keys.entry((kind, key.clone())).or_insert(0);
        *again += 1;
        let key = if *again > 1 { format!("{key}#{again}") } else { key };
        if self.props.get("uid").and_then(Value::as_text) == Some(&*key) {
            self.props.remove("uid");
        }
        let name = match self.props.remove("name") {
            Some(Value::Text(text)) => text.trim().to_owned(),
            _ => key.clone(),
        };
        if !self.rest.is_empty() {
            self.props.insert(format.to_owned(), Value::text(self.rest.join("\n")));
        }
        said(kind, &key, &name, self.props)
    }
}

/// Takes lines apart. Nested ones (`BEGIN` to `END`) are kept whole.
pub(super) fn take(dialect: &dyn Dialect, lines: &[String]) -> Taken {
    let mut taken = Taken::default();
    // A property that stands there twice is kept twice.
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for (line, entry) in top_level(lines) {
        match entry.as_ref().and_then(|e| dialect.read(e)) {
            Some((prop, value)) if !taken.props.contains_key(&prop) => {
                if dialect.write(&prop, &value).as_ref() == Some(line) {
                    first.insert(prop.clone(), line.clone());
                } else {
                    taken.rest.push(line.clone());
                }
                taken.props.insert(prop, value);
            }
            Some((prop, _)) => {
                taken.rest.extend(first.remove(&prop));
                taken.rest.push(line.clone());
            }
            None => taken.rest.push(line.clone()),
        }
    }
    taken
}

/// The lines of properties, with those that were kept.
pub(super) fn put(dialect: &dyn Dialect, props: &BTreeMap<String, Value>, rest: &str) -> Vec<String> {
    let kept: Vec<String> = rest.lines().map(str::to_owned).collect();
    let mut out = Vec::new();
    let mut nested = Vec::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (line, entry) in top_level(&kept) {
        let Some(entry) = entry else {
            nested.push(line.clone());
            continue;
        };
        match dialect.read(&entry) {
            // The first of them is the property; it may say something else by now.
            Some((prop, value)) if !told.contains(&prop) => {
                if props.get(&prop) == Some(&value) {
                    out.push(line.clone());
                    told.insert(prop);
                }
            }
            _ => out.push(line.clone()),
        }
    }
    let new = props.iter().filter(|(prop, _)| !told.contains(*prop));
    out.extend(new.filter_map(|(prop, value)| dialect.write(prop, value)));
    out.extend(nested);
    out
}

/// Lines, each with what it is; nested ones are nothing.
fn top_level(lines: &[String]) -> Vec<(&String, Option<Entry>)> {
    let mut depth = 0_usize;
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let entry = split(line);
        let name = entry.as_ref().map(|e| e.name.as_str());
        if name == Some("BEGIN") {
            depth += 1;
        }
        let within = depth > 0;
        if name == Some("END") {
            depth = depth.saturating_sub(1);
        }
        all.push((line, entry.filter(|_| !within)));
    }
    all
}
