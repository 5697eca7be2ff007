//! A journal that hledger reads: transactions, accounts, and prices of nothing. Amounts keep their digits, since money is no fraction.

use std::collections::BTreeMap;
use std::fmt::Write;

use lares_model::{NodeId, NodeKind, Placed, Value};

use super::names::put;
use super::{Content, Given, Refused, Written};

const TYPES: &[(&str, &str)] =
    &[("A", "asset"), ("L", "liability"), ("E", "equity"), ("R", "revenue"), ("X", "expense")];

pub(super) fn write(content: &Content) -> Written {
    let (mut out, mut left_out) = (String::new(), BTreeMap::<&str, usize>::new());
    let of = |node: &lares_model::Node, key: &str| node.props.get(key).map(ToString::to_string);
    for node in content.nodes.iter().filter(|n| n.kind == NodeKind::Account) {
        let account = of(node, "account").unwrap_or_else(|| node.key.to_string());
        let _ = writeln!(out, "account {account}");
        let known = of(node, "account_type");
        if let Some((letter, _)) = known.as_ref().and_then(|t| TYPES.iter().find(|(_, word)| word == t)) {
            let _ = writeln!(out, "    ; type: {letter}");
        }
        tags(&mut out, node, &["account", "account_type"]);
    }
    let mut all: Vec<(&lares_model::Node, String)> = Vec::new();
    for node in content.nodes.iter().filter(|n| n.kind == NodeKind::Transaction) {
        match of(node, "at").and_then(|at| at.get(..10).map(str::to_owned)) {
            Some(day) => all.push((node, day)),
            None => *left_out.entry("transaction").or_default() += 1,
        }
    }
    all.sort_by(|(a, x), (b, y)| (x, &a.key).cmp(&(y, &b.key)));
    for (node, day) in all {
        let mark = match of(node, "mark").as_deref() {
            Some("cleared") => "* ",
            Some("pending") => "! ",
            _ => "",
        };
        let code = of(node, "code").map(|c| format!("({c}) ")).unwrap_or_default();
        let words = match of(node, "payee") {
            Some(payee) => format!("{payee} | {}", node.name),
            None => node.name.clone(),
        };
        let _ = writeln!(out, "\n{day} {mark}{code}{}", one_line(&words));
        tags(&mut out, node, &["at", "mark", "code", "payee", "postings"]);
        for line in of(node, "postings").unwrap_or_default().lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    for node in content.nodes.iter().filter(|n| !matches!(n.kind, NodeKind::Account | NodeKind::Transaction))
    {
        *left_out.entry(node.kind.name()).or_default() += 1;
    }
    Written::without(out, &left_out, "left out, as a journal has transactions and accounts")
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', ';'], " ").trim().to_owned()
}

/// What the journal has no place for, as comments that hledger takes for tags.
fn tags(out: &mut String, node: &lares_model::Node, told: &[&str]) {
    let json = |v: &Value| super::jsonl::json(v).to_string();
    let _ = writeln!(out, "    ; lares: {}", json(&Value::text(&*node.key)));
    if node.kind == NodeKind::Account && node.name != *node.key {
        let _ = writeln!(out, "    ; lares-name: {}", json(&Value::text(node.name.as_str())));
    }
    for (key, value) in node.props.iter().filter(|(k, _)| !told.contains(&k.as_str())) {
        let _ = writeln!(out, "    ; lares-{key}: {}", json(value));
    }
    // A day does not say the hour.
    if let Some(at) = node.props.get("at").filter(|at| at.to_string().len() > 10) {
        let _ = writeln!(out, "    ; lares-at: {}", json(at));
    }
}

#[derive(Default)]
struct Draft {
    begin: usize,
    kind: Option<NodeKind>,
    name: String,
    key: Option<String>,
    props: BTreeMap<String, Value>,
    postings: Vec<String>,
    text: String,
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let (mut all, mut keys): (Vec<Placed>, BTreeMap<String, usize>) = Default::default();
    let mut draft = Draft::default();
    let mut in_comment = false;
    for (n, line) in file.text()?.lines().enumerate() {
        let refused = |reason: String| file.refused(n + 1, reason);
        let (indented, text) = (line.starts_with([' ', '\t']), line.trim());
        match (in_comment, text) {
            (true, "end comment") => in_comment = false,
            (true, _) => {}
            (false, "comment") if !indented => in_comment = true,
            (_, "") => done(file, &mut draft, &mut keys, &mut all)?,
            (_, text) if text.starts_with([';', '#', '*']) && !indented => {}
            (_, text) if indented && draft.kind.is_some() => {
                line_within(&mut draft, text).map_err(refused)?;
            }
            (_, _) if indented => {
                return Err(refused("a posting stands outside of any transaction".to_owned()));
            }
            (_, text) => {
                done(file, &mut draft, &mut keys, &mut all)?;
                draft = head(n + 1, text).map_err(refused)?;
            }
        }
        draft.text.push_str(line);
    }
    if in_comment {
        return Err(Refused {
            file: file.name.clone(),
            line: None,
            reason: "a comment does not end".to_owned(),
        });
    }
    done(file, &mut draft, &mut keys, &mut all)?;
    Ok(all)
}

/// Directives that say how amounts look, and nothing of what was paid.
const SILENT: &[&str] = &["commodity", "decimal-mark", "D", "payee", "tag", "P", "Y", "year", "apply", "end"];

fn head(begin: usize, text: &str) -> Result<Draft, String> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first == "account" {
        let account = text.trim_start_matches("account").split("  ").next().unwrap_or_default();
        let account = account.split(';').next().unwrap_or_default().trim();
        let props = BTreeMap::from([("account".to_owned(), Value::text(account))]);
        let (kind, name) = (Some(NodeKind::Account), account.to_owned());
        return Ok(Draft { begin, kind, name, props, ..Draft::default() });
    }
    if SILENT.contains(&first) {
        return Ok(Draft::default());
    }
    let day = first.split('=').next().unwrap_or_default().replace(['/', '.'], "-");
    let date = jiff::civil::Date::strptime("%Y-%m-%d", &day)
        .map_err(|_| format!("`{first}` is neither a day nor a directive that can be read"))?;
    let mut rest = text.get(first.len()..).unwrap_or_default().trim();
    let mut props = BTreeMap::from([("at".to_owned(), Value::text(date.to_string()))]);
    for (mark, word) in [('*', "cleared"), ('!', "pending")] {
        if let Some(after) = rest.strip_prefix(mark) {
            props.insert("mark".into(), Value::text(word));
            rest = after.trim();
        }
    }
    if let Some((code, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
        if !code.is_empty() {
            props.insert("code".into(), Value::text(code));
        }
        rest = after.trim();
    }
    let (words, comment) = rest.split_once(';').unwrap_or((rest, ""));
    if !comment.trim().is_empty() {
        props.insert("description".into(), Value::text(comment.trim()));
    }
    let name = match words.split_once(" | ") {
        Some((payee, note)) => {
            props.insert("payee".into(), Value::text(payee.trim()));
            note.trim()
        }
        None => words.trim(),
    };
    let (kind, name) = (Some(NodeKind::Transaction), name.to_owned());
    Ok(Draft { begin, kind, name, props, ..Draft::default() })
}

fn line_within(draft: &mut Draft, text: &str) -> Result<(), String> {
    let Some(comment) = text.strip_prefix(';') else {
        if draft.kind == Some(NodeKind::Transaction) {
            draft.postings.push(text.to_owned());
            return Ok(());
        }
        return Err("an account has no postings".to_owned());
    };
    let comment = comment.trim();
    let tag = comment.strip_prefix("lares").and_then(|rest| rest.split_once(": "));
    if let Some((name, json)) = tag.filter(|(name, _)| name.is_empty() || name.starts_with('-')) {
        let value = serde_json::from_str(json).ok().and_then(|json| super::jsonl::value(&json));
        let value = value.ok_or_else(|| format!("`{json}` is no value"))?;
        match name.strip_prefix('-') {
            None => draft.key = Some(value.to_string()),
            Some("name") => draft.name = value.to_string(),
            Some(prop) => drop(draft.props.insert(prop.to_owned(), value)),
        }
        return Ok(());
    }
    if let (Some(NodeKind::Account), Some(letter)) = (draft.kind, comment.strip_prefix("type:")) {
        let found = TYPES.iter().find(|(l, _)| *l == letter.trim());
        if let Some((_, word)) = found {
            draft.props.insert("account_type".into(), Value::text(*word));
            return Ok(());
        }
    }
    match draft.kind {
        // It stands where it stood, also between postings.
        Some(NodeKind::Transaction) => draft.postings.push(format!("; {comment}")),
        _ => {
            let before = draft.props.get("description").map(|v| format!("{v}\n")).unwrap_or_default();
            draft.props.insert("description".into(), Value::text(format!("{before}{comment}")));
        }
    }
    Ok(())
}

fn done(
    file: &Given,
    draft: &mut Draft,
    keys: &mut BTreeMap<String, usize>,
    all: &mut Vec<Placed>,
) -> Result<(), Refused> {
    let Draft { begin, kind, name, key, mut props, postings, text } = std::mem::take(draft);
    let Some(kind) = kind else { return Ok(()) };
    if kind == NodeKind::Transaction {
        if !postings.iter().any(|p| !p.starts_with(';')) {
            return Err(file.refused(begin, "a transaction has no postings"));
        }
        props.insert("postings".into(), Value::text(postings.join("\n")));
    }
    let account = props.get("account").map(ToString::to_string);
    let key = key.unwrap_or_else(|| match (kind, &account) {
        (NodeKind::Account, Some(account)) => account.clone(),
        _ => format!("hledger-{}", NodeId::derive("hledger", &text)),
    });
    if kind == NodeKind::Account && account.as_deref() == Some(&key) {
        props.remove("account");
    }
    let again = keys.entry(format!("{}:{key}", kind.name())).or_insert(0);
    *again += 1;
    let key = if *again > 1 { format!("{key}#{again}") } else { key };
    let name = if name.is_empty() { key.clone() } else { name };
    all.push(Placed { at: file.at(begin), what: put(kind, &key, &name, props) });
    Ok(())
}
