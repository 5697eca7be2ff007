//! What the book shows works: every `toml` block is loaded as a home, or as part of one.
//!
//! A block marked `toml` is a whole home. One marked `toml,snippet` is a part: around it stands the sample home `cottage`, less the
//! sections that the snippet brings itself.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

use lares_config::load_from;
use toml_edit::{DocumentMut, Item};

/// A fenced block: its page, the line of its first fence, what follows the fence, its text.
struct Block {
    page: String,
    line: usize,
    info: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages for people: the book, and the README files of the workspace and of the sample homes.
fn pages() -> Vec<PathBuf> {
    let mut folders = vec![root().join("docs"), root().join("config/examples")];
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (n, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, &mut open) {
            (Some(info), None) => {
                let (page, info) = (page.to_owned(), info.trim().to_owned());
                open = Some(Block { page, line: n + 1, info, text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The sample home without the sections that `snippet` brings.
fn around(snippet: &str) -> Vec<(String, String)> {
    let brings: DocumentMut = snippet.parse().unwrap_or_default();
    ["home.toml", "devices.toml", "rules.toml"]
        .map(|file| {
            let text = fs::read_to_string(root().join("config/examples/cottage").join(file)).unwrap();
            let mut sample: DocumentMut = text.parse().unwrap();
            for (section, item) in brings.iter() {
                remove(&mut sample, section, item);
            }
            (file.to_owned(), sample.to_string())
        })
        .into()
}

/// `[household]` is one section; of `[device.*]` each key is one.
fn remove(sample: &mut DocumentMut, section: &str, item: &Item) {
    let keyed = item.as_table().filter(|t| t.is_implicit());
    match (keyed, sample.get_mut(section).and_then(Item::as_table_mut)) {
        (Some(brought), Some(table)) => brought.iter().for_each(|(key, _)| drop(table.remove(key))),
        (None, Some(_)) => drop(sample.remove(section)),
        (_, None) => {}
    }
}

/// What is wrong with a block, in words.
fn problems(block: &Block) -> Option<String> {
    let files = match block.info.as_str() {
        "toml" => vec![("home.toml".to_owned(), block.text.clone())],
        "toml,snippet" => {
            let mut files = around(&block.text);
            files.push(("snippet.toml".to_owned(), block.text.clone()));
            files
        }
        other => {
            return other.starts_with("toml").then(|| format!("`{other}` is neither toml nor toml,snippet"));
        }
    };
    let loaded = load_from(&root(), files, &[], std::iter::empty());
    let found = loaded.err()?;
    let words: Vec<String> = found
        .iter()
        .map(|p| {
            format!("  {}:{}:{} {}", p.file.as_deref().unwrap_or("the home"), p.line, p.column, p.message)
        })
        .collect();
    Some(words.join("\n"))
}

#[test]
fn every_configuration_in_the_book_can_be_loaded() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let page = path.strip_prefix(root()).unwrap().display().to_string();
        for block in blocks(&page, &text) {
            tried += usize::from(block.info.starts_with("toml"));
            wrong.extend(problems(&block).map(|what| format!("{}:{}\n{what}", block.page, block.line)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(tried >= 10, "only {tried} blocks of configuration in the book");
}

/// A rule around one trigger, condition or action of a table in the book.
fn rule_of(head: &str, item: &str) -> Option<String> {
    let (mut when, mut condition, mut then) =
        ("{ time = \"07:00\", id = \"morning\" }", "", "{ notify = \"x\" }");
    match head {
        "trigger" => when = item,
        "condition" => condition = item,
        "action" => then = item,
        _ => return None,
    }
    Some(format!("[rule.x]\nwhen = [{when}]\nif = [{condition}]\nthen = [{then}]\n"))
}

/// The first column of each table: its head and what stands there in code.
fn table_items(text: &str) -> Vec<(usize, String, String)> {
    let (mut head, mut found) = (String::new(), Vec::new());
    for (n, line) in text.lines().enumerate() {
        let Some(cell) = line.strip_prefix('|').and_then(|rest| rest.split('|').next()) else {
            head.clear();
            continue;
        };
        if head.is_empty() {
            head = cell.trim().to_owned();
        } else if let Some(code) = cell.trim().strip_prefix('`').and_then(|c| c.strip_suffix('`')) {
            found.push((n + 1, head.clone(), code.to_owned()));
        }
    }
    found
}

#[test]
fn every_part_of_a_rule_in_the_tables_can_be_loaded() {
    let page = "docs/rules.md";
    let text = fs::read_to_string(root().join(page)).unwrap();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (line, head, item) in table_items(&text) {
        let Some(text) = rule_of(&head, &item).filter(|_| !item.contains("...")) else { continue };
        tried += 1;
        let block = Block { page: page.into(), line, info: "toml,snippet".into(), text };
        wrong.extend(problems(&block).map(|what| format!("{page}:{line} {item}\n{what}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(tried >= 15, "only {tried} parts of rules");
}

#[test]
fn a_wrong_block_is_found() {
    let of = |info: &str, text: &str| {
        problems(&Block { page: "p".into(), line: 1, info: info.into(), text: text.into() })
    };
    let lamp = "[rule.x]\nwhen = [{ time = \"07:00\" }]\nthen = [{ set = \"hall-lamp\", on = true }]\n";
    assert_eq!(of("toml,snippet", lamp), None);
    assert!(of("toml", lamp).is_some(), "alone it speaks of a lamp that is not there");
    assert!(of("toml,snippet", &lamp.replace("hall-lamp", "hal-lamp")).is_some());
    assert!(of("toml,snippet", &lamp.replace("when", "wen")).is_some());
    assert!(of("toml,ignore", lamp).is_some(), "nothing is left out");
    assert_eq!(of("sh", "make test"), None);
}

#[test]
fn a_snippet_may_replace_what_the_sample_home_says() {
    let mine = "[device.hall-lamp]\nroom = \"hall\"\ntwin = \"light\"\n\n[household]\ntime_zone = \"Asia/Tokyo\"\n\
                latitude = 35.7\nlongitude = 139.7\n";
    let block = Block { page: "p".into(), line: 1, info: "toml,snippet".into(), text: mine.into() };
    assert_eq!(problems(&block), None);
}
