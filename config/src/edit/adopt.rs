//! `[device.*]`: placing what appeared, and putting something new in the place of something old.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::{CannotEdit, Files, parse};

/// Where sections of devices go if there are none yet.
const FILE: &str = "devices.toml";

/// A device as it is to be in the home.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adoption {
    /// The table key: what rules will say.
    pub key: String,
    pub name: Option<String>,
    /// Key of a room.
    pub room: Option<String>,
    /// Key of its link, where the home has several.
    pub link: Option<String>,
    pub identifiers: Vec<String>,
    /// What it is, for whoever reads the file: maker and model.
    pub remark: String,
}

/// Writes a device into the home: into its section if it has one, else into a new one after the other devices. Gives the
/// files with the changed one, and its path.
///
/// # Errors
/// A file that is no TOML.
pub fn adopt(files: &Files, device: &Adoption) -> Result<(Files, String), CannotEdit> {
    let mut documents = Vec::new();
    for (path, text) in files {
        documents.push((path.clone(), parse(path, text)?));
    }
    let has = |document: &DocumentMut| section(document, &device.key).is_some();
    if let Some((path, document)) = documents.iter_mut().find(|(_, d)| has(d)) {
        let path = path.clone();
        if let Some(table) = section_mut(document, &device.key) {
            set(table, "name", device.name.as_deref());
            set(table, "room", device.room.as_deref());
        }
        let text = document.to_string();
        return Ok((with(files, &path, text), path));
    }
    // The file that has most of them is where a person would look.
    let count = |d: &DocumentMut| d.get("device").and_then(Item::as_table_like).map_or(0, |t| t.len());
    let most = documents.iter().map(|(path, d)| (count(d), path)).max_by_key(|(n, _)| *n);
    let path = most.filter(|(n, _)| *n > 0).map_or_else(|| FILE.to_owned(), |(_, path)| path.clone());
    let mut text = files.iter().find(|(p, _)| *p == path).map(|(_, t)| t.clone()).unwrap_or_default();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&new_section(device));
    Ok((with(files, &path, text), path))
}

/// Binds a section to another device: the key, and with it every rule that names it, stays.
///
/// # Errors
/// There is no such section, or it is not bound by identifiers.
pub fn replace(
    files: &Files,
    key: &str,
    link: Option<&str>,
    identifiers: &[String],
) -> Result<(Files, String), CannotEdit> {
    for (path, text) in files {
        let mut document = parse(path, text)?;
        let Some(table) = section_mut(&mut document, key) else { continue };
        if !table.contains_key("identifiers") {
            let why = "it is not bound by identifiers; only what announces itself can be replaced";
            return Err(CannotEdit(format!("[device.{key}] in {path}: {why}")));
        }
        let list: Array = identifiers.iter().map(String::as_str).collect();
        keeping_place(table, "identifiers", value(list));
        if let Some(link) = link {
            keeping_place(table, "link", value(link));
        }
        return Ok((with(files, path, document.to_string()), path.clone()));
    }
    Err(CannotEdit(format!("the home has no [device.{key}]")))
}

fn new_section(device: &Adoption) -> String {
    let mut table = Table::new();
    set(&mut table, "name", device.name.as_deref());
    set(&mut table, "room", device.room.as_deref());
    set(&mut table, "link", device.link.as_deref());
    table.insert("identifiers", value(device.identifiers.iter().map(String::as_str).collect::<Array>()));
    let mut all = Table::new();
    all.set_implicit(true);
    all.insert(&device.key, Item::Table(table));
    let mut document = DocumentMut::new();
    document.insert("device", Item::Table(all));
    let remark: String = device.remark.chars().filter(|c| !c.is_control()).collect();
    match remark.trim() {
        "" => document.to_string(),
        remark => format!("# {remark}\n{document}"),
    }
}

fn set(table: &mut Table, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        keeping_place(table, key, value(text));
    }
}

/// A changed value keeps what stands around it: blanks before, a remark behind.
fn keeping_place(table: &mut Table, key: &str, mut new: Item) {
    if let (Some(old), Some(new)) = (table.get(key).and_then(Item::as_value), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, new);
}

fn section<'a>(document: &'a DocumentMut, key: &str) -> Option<&'a Table> {
    document.get("device")?.as_table()?.get(key)?.as_table()
}

fn section_mut<'a>(document: &'a mut DocumentMut, key: &str) -> Option<&'a mut Table> {
    document.get_mut("device")?.as_table_mut()?.get_mut(key)?.as_table_mut()
}

pub(super) fn with(files: &Files, path: &str, text: String) -> Files {
    let mut all: Files = files.iter().filter(|(p, _)| p != path).cloned().collect();
    all.push((path.to_owned(), text));
    all.sort();
    all
}
