//! Lines that stand for a property, and lines that stand for nothing here: how both go in and come back.
//!
//! A property is read out of its line. If writing the property would not give the very same line, the line is kept as well. When it is
//! written, a kept line that still says what the property says is used, else the property is written anew.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::Value;

use super::lines::{Entry, split};

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
