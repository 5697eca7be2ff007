//! Another key for a device: its section and everything that names it, in all files.

use toml_edit::{DocumentMut, Item, Key, Table, TableLike, Value};

use super::{CannotEdit, Files, parse};

/// Keys whose texts name devices and entities.
const NAMING: &[&str] =
    &["entities", "entity", "exclusive", "members", "of", "release", "sensors", "set", "than", "trackers"];

/// Gives a device another key, wherever it is named. Gives all files, and the paths of those that changed.
///
/// # Errors
/// There is no such device, or one with the new key.
pub fn rename(files: &Files, from: &str, to: &str) -> Result<(Files, Vec<String>), CannotEdit> {
    let mut all = Files::new();
    let mut changed = Vec::new();
    let mut found = false;
    for (path, text) in files {
        let mut document = parse(path, text)?;
        let devices = |d: &DocumentMut, key: &str| {
            d.get("device").and_then(Item::as_table).is_some_and(|t| t.contains_key(key))
        };
        if devices(&document, to) {
            return Err(CannotEdit(format!("{path} has a [device.{to}] already")));
        }
        found |= devices(&document, from);
        if let Some(table) = document.get_mut("device").and_then(Item::as_table_mut) {
            move_key(table, from, to);
        }
        references(document.as_table_mut(), from, to);
        let new = document.to_string();
        if new != *text {
            changed.push(path.clone());
        }
        all.push((path.clone(), new));
    }
    if found { Ok((all, changed)) } else { Err(CannotEdit(format!("the home has no [device.{from}]"))) }
}

/// Other keys stay where they are: positions of tables go with them.
fn move_key(table: &mut Table, from: &str, to: &str) {
    let Some((key, item)) = table.remove_entry(from) else { return };
    table.insert_formatted(&Key::new(to).with_leaf_decor(key.leaf_decor().clone()), item);
}

fn references(table: &mut dyn TableLike, from: &str, to: &str) {
    for (key, item) in table.iter_mut() {
        let names = NAMING.contains(&key.get());
        match item {
            Item::Table(inner) => references(inner, from, to),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|t| references(t, from, to)),
            Item::Value(value) => in_value(value, names, from, to),
            Item::None => {}
        }
    }
}

fn in_value(value: &mut Value, names: bool, from: &str, to: &str) {
    match value {
        Value::InlineTable(inner) => references(inner, from, to),
        Value::Array(items) => items.iter_mut().for_each(|item| in_value(item, names, from, to)),
        Value::String(text) if names => {
            let rest = text.value().strip_prefix(from);
            let Some(rest) = rest.filter(|r| r.is_empty() || r.starts_with('.')) else { return };
            let mut new = Value::from(format!("{to}{rest}"));
            *new.decor_mut() = text.decor().clone();
            *value = new;
        }
        _ => {}
    }
}
