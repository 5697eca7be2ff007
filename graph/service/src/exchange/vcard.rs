//! vCard 4 (RFC 6350): people and contacts. Cards of versions 2.1 and 3.0 are read too, and go back as they came.

use std::collections::BTreeMap;

use lares_model::{NodeId, NodeKind, Placed, Value, prop};

use super::lines::{Entry, Line, escape, parts, push, split, unescape, unfold};
use super::rest::{self, Dialect};
use super::{Content, Given, Refused, Written, own};

struct Card(NodeKind);

/// Lines that are plain texts.
const TEXTS: &[(&str, &str)] = &[
    ("FN", "name"),
    ("EMAIL", "email"),
    ("TEL", "phone"),
    ("NICKNAME", "nickname"),
    ("TITLE", "role"),
    ("NOTE", "description"),
    ("LANG", "language"),
];
const KINDS: &[(&str, &str)] = &[("individual", "person"), ("org", "organisation")];

impl Dialect for Card {
    fn read(&self, entry: &Entry) -> Option<(String, Value)> {
        let value = decoded(entry)?;
        let text = |prop: &str, text: String| {
            let known = prop == "name" || self::prop(self.0, prop).is_some();
            (known && !text.trim().is_empty()).then(|| (prop.to_owned(), Value::text(text)))
        };
        if let Some((_, prop)) = TEXTS.iter().find(|(name, _)| *name == entry.name) {
            // Telephone numbers are addresses in version 4.
            let value = if entry.name == "TEL" { value.trim_start_matches("tel:").to_owned() } else { value };
            return text(prop, unescape(&value));
        }
        match entry.name.as_str() {
            "UID" => text("uid", value),
            "URL" => text("url", value),
            "BDAY" => text("birthday", day(&value)?),
            "ORG" => {
                let all: Vec<String> =
                    parts(&value, ';').into_iter().map(unescape).filter(|p| !p.is_empty()).collect();
                text("organisation", all.join(", "))
            }
            "ADR" => {
                let all: Vec<String> =
                    parts(&value, ';').into_iter().map(unescape).filter(|p| !p.trim().is_empty()).collect();
                text("address", all.join(", "))
            }
            "KIND" => text("contact_type", KINDS.iter().find(|(word, _)| *word == value)?.1.to_owned()),
            "CATEGORIES" => {
                let mut words: Vec<String> =
                    parts(&value, ',').into_iter().map(|p| unescape(p).trim().to_owned()).collect();
                words.sort();
                words.dedup();
                let fits = words.iter().all(|w| !w.is_empty() && !w.contains(','));
                if fits { text("labels", words.join(",")) } else { None }
            }
            _ => own::read(entry),
        }
    }

    fn write(&self, prop: &str, value: &Value) -> Option<String> {
        let own = || own::write(prop, value);
        let Value::Text(text) = value else { return own() };
        if let Some((name, _)) = TEXTS.iter().find(|(_, p)| *p == prop) {
            return Some(format!("{name}:{}", escape(text)));
        }
        match prop {
            "uid" if !text.contains('\n') => Some(format!("UID:{text}")),
            "url" if !text.contains('\n') => Some(format!("URL:{text}")),
            "birthday" if text.len() == 10 => Some(format!("BDAY:{}", text.replace('-', ""))),
            "organisation" => Some(format!("ORG:{}", escape(text))),
            "address" => Some(format!("ADR:;;{};;;;", escape(text))),
            "contact_type" => {
                KINDS.iter().find(|(_, k)| *k == &**text).map(|(word, _)| format!("KIND:{word}")).or_else(own)
            }
            "labels" => {
                let words: Vec<String> = text.split(',').map(escape).collect();
                Some(format!("CATEGORIES:{}", words.join(",")))
            }
            "vcard" => None,
            _ => own(),
        }
    }
}

/// The value as text; none of bytes.
fn decoded(entry: &Entry) -> Option<String> {
    let encoded = |word: &str| {
        entry.params.iter().any(|p| {
            let p = p.to_ascii_uppercase();
            p == word || p == format!("ENCODING={word}")
        })
    };
    if encoded("BASE64") || encoded("B") {
        return None;
    }
    if !encoded("QUOTED-PRINTABLE") {
        return Some(entry.value.clone());
    }
    let (mut bytes, mut rest) = (Vec::new(), entry.value.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (first, hex) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// `19800101` or `1980-01-01`.
fn day(text: &str) -> Option<String> {
    let format = if text.contains('-') { "%Y-%m-%d" } else { "%Y%m%d" };
    jiff::civil::Date::strptime(format, text).ok().map(|d| d.to_string())
}

pub(super) fn write(content: &Content) -> Written {
    let (mut out, mut left_out) = (String::new(), BTreeMap::<&str, usize>::new());
    for node in &content.nodes {
        if !matches!(node.kind, NodeKind::Person | NodeKind::Contact) {
            *left_out.entry(node.kind.name()).or_default() += 1;
            continue;
        }
        let card = Card(node.kind);
        let mut props = node.props.clone();
        let rest = props.remove("vcard");
        let rest = rest.as_ref().and_then(Value::as_text).unwrap_or_default();
        props.insert("name".into(), Value::text(node.name.as_str()));
        // Its key is its UID: so that who reads it twice has it once.
        props.entry("uid".into()).or_insert_with(|| Value::text(&*node.key));
        let lines = rest::put(&card, &props, rest);
        let version = lines.iter().find(|l| split(l).is_some_and(|e| e.name == "VERSION"));
        push(&mut out, "BEGIN:VCARD");
        push(&mut out, version.map_or("VERSION:4.0", String::as_str));
        if props.get("uid").and_then(Value::as_text) != Some(&*node.key) {
            push(&mut out, &format!("X-LARES-KEY:{}", escape(&node.key)));
        }
        if node.kind == NodeKind::Person {
            push(&mut out, "X-LARES-KIND:person");
        }
        lines.iter().filter(|l| Some(*l) != version).for_each(|line| push(&mut out, line));
        push(&mut out, "END:VCARD");
    }
    Written::without(out, &left_out, "left out, as cards are of people and contacts")
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let mut all = Vec::new();
    let mut keys = rest::Keys::new();
    let mut card: Option<(usize, Vec<String>)> = None;
    for Line { at, text } in unfold(file)? {
        let refused = |reason: &str| file.refused(at, reason);
        let entry = split(&text).ok_or_else(|| refused("this is no line of a card"))?;
        let is_card = entry.value.trim().eq_ignore_ascii_case("VCARD");
        match (entry.name.as_str(), &mut card) {
            ("BEGIN", None) if is_card => card = Some((at, Vec::new())),
            ("BEGIN", Some(_)) if is_card => return Err(refused("a card begins within another")),
            ("END", Some((begin, lines))) if is_card => {
                all.push(card_node(file, *begin, lines, &mut keys));
                card = None;
            }
            (_, Some((_, lines))) => lines.push(text),
            (_, None) => return Err(refused("it stands outside of any card")),
        }
    }
    if let Some((begin, _)) = card {
        return Err(file.refused(begin, "a card begins here and does not end"));
    }
    if all.is_empty() {
        return Err(file.refused(1, "there is no card in it"));
    }
    Ok(all)
}

fn card_node(file: &Given, begin: usize, lines: &[String], keys: &mut rest::Keys) -> Placed {
    let value = |name: &str| lines.iter().filter_map(|l| split(l)).find(|e| e.name == name).map(|e| e.value);
    let kind =
        if value("X-LARES-KIND").as_deref() == Some("person") { NodeKind::Person } else { NodeKind::Contact };
    let lines: Vec<String> = lines
        .iter()
        .filter(|l| {
            !matches!(split(l).map(|e| e.name).as_deref(), Some("X-LARES-KIND" | "X-LARES-KEY"))
                && *l != "VERSION:4.0"
        })
        .cloned()
        .collect();
    let taken = rest::take(&Card(kind), &lines);
    let uid = || taken.props.get("uid").and_then(Value::as_text).map(str::to_owned);
    let key = value("X-LARES-KEY").map(|key| unescape(&key)).or_else(uid).unwrap_or_default();
    let instead = format!("vcard-{}", NodeId::derive("vcard", &lines.join("\n")));
    Placed { at: file.at(begin), what: taken.node(kind, "vcard", (key, instead), keys) }
}
