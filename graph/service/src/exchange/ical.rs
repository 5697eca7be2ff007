//! iCalendar (RFC 5545): events, tasks, habits and notes.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lares_model::{NodeId, NodeKind, Placed, Value, prop};

use super::lines::{Entry, Line, escape, parts, push, split, unescape, unfold};
use super::names::put;
use super::rest::{self, Dialect};
use super::{Content, Given, Refused, Written, own};

/// Without one of its own a component needs some; the same each time, so that a file changes only when what it tells does.
const STAMP: &str = "DTSTAMP:19700101T000000Z";
/// Lines of a calendar that are ours to write.
const FRAME: &[&str] = &["VERSION", "PRODID", "CALSCALE"];

/// Kind, component, and which statuses mean what.
const TASK_STATUS: &[(&str, &str)] =
    &[("NEEDS-ACTION", "open"), ("IN-PROCESS", "started"), ("COMPLETED", "done"), ("CANCELLED", "cancelled")];
const EVENT_STATUS: &[(&str, &str)] =
    &[("TENTATIVE", "tentative"), ("CONFIRMED", "confirmed"), ("CANCELLED", "cancelled")];

struct Component(NodeKind);

impl Component {
    fn name(&self) -> &'static str {
        match self.0 {
            NodeKind::Event => "VEVENT",
            NodeKind::Note => "VJOURNAL",
            _ => "VTODO",
        }
    }

    fn of(name: &str) -> Option<Self> {
        let kinds = [("VEVENT", NodeKind::Event), ("VTODO", NodeKind::Task), ("VJOURNAL", NodeKind::Note)];
        kinds.into_iter().find(|(n, _)| name.eq_ignore_ascii_case(n)).map(|(_, kind)| Self(kind))
    }

    fn statuses(&self) -> &'static [(&'static str, &'static str)] {
        match self.0 {
            NodeKind::Event => EVENT_STATUS,
            NodeKind::Note => &[],
            _ => TASK_STATUS,
        }
    }

    /// Names of properties that are texts, and those that are times.
    fn fields(&self) -> &'static [(&'static str, &'static str, bool)] {
        match self.0 {
            NodeKind::Event => &[
                ("SUMMARY", "name", false),
                ("DESCRIPTION", "description", false),
                ("LOCATION", "place", false),
                ("DTSTART", "start", true),
                ("DTEND", "end", true),
            ],
            NodeKind::Note => {
                &[("SUMMARY", "name", false), ("DESCRIPTION", "body", false), ("DTSTART", "at", true)]
            }
            _ => &[
                ("SUMMARY", "name", false),
                ("DESCRIPTION", "description", false),
                ("DTSTART", "start", true),
                ("DUE", "due", true),
                ("COMPLETED", "completed", true),
            ],
        }
    }
}

impl Dialect for Component {
    fn read(&self, entry: &Entry) -> Option<(String, Value)> {
        let plain = entry.params.is_empty();
        if let Some((_, prop, when)) = self.fields().iter().find(|(name, _, _)| *name == entry.name) {
            let value = if *when { read_when(entry)? } else { unescape(&entry.value) };
            let known = *prop == "name" || self::prop(self.0, prop).is_some();
            return (known && !value.trim().is_empty()).then(|| ((*prop).to_owned(), Value::text(value)));
        }
        let text = |prop: &str| {
            (plain && !entry.value.is_empty()).then(|| (prop.to_owned(), Value::text(entry.value.as_str())))
        };
        match entry.name.as_str() {
            "UID" => text("uid"),
            "URL" => text("url"),
            "RRULE" if prop(self.0, "rrule").is_some() => text("rrule"),
            "PRIORITY" if prop(self.0, "priority").is_some() => {
                Some(("priority".into(), Value::Number(entry.value.parse().ok()?)))
            }
            "PERCENT-COMPLETE" if prop(self.0, "percent").is_some() => {
                Some(("percent".into(), Value::Number(entry.value.parse().ok()?)))
            }
            "STATUS" => {
                let status = self.statuses().iter().find(|(word, _)| *word == entry.value)?.1;
                Some(("status".into(), Value::text(status)))
            }
            "CATEGORIES" => {
                let mut words: Vec<String> =
                    parts(&entry.value, ',').into_iter().map(|p| unescape(p).trim().to_owned()).collect();
                words.sort();
                words.dedup();
                let fits = words.iter().all(|w| !w.is_empty() && !w.contains(','));
                fits.then(|| ("labels".into(), Value::text(words.join(","))))
            }
            _ => own::read(entry),
        }
    }

    fn write(&self, prop: &str, value: &Value) -> Option<String> {
        if let Some((name, _, when)) = self.fields().iter().find(|(_, p, _)| *p == prop) {
            let text = value.as_text()?;
            return if *when {
                write_when(name, text).or_else(|| own::write(prop, value))
            } else {
                Some(format!("{name}:{}", escape(text)))
            };
        }
        match (prop, value) {
            ("uid", Value::Text(text)) if !text.contains('\n') => Some(format!("UID:{text}")),
            ("url", Value::Text(text)) if !text.contains('\n') => Some(format!("URL:{text}")),
            ("rrule", Value::Text(text)) if !text.contains('\n') => Some(format!("RRULE:{text}")),
            ("priority", Value::Number(n)) if n.fract() == 0.0 => Some(format!("PRIORITY:{n}")),
            ("percent", Value::Number(n)) if n.fract() == 0.0 => Some(format!("PERCENT-COMPLETE:{n}")),
            ("status", Value::Text(text)) => match self.statuses().iter().find(|(_, s)| *s == &**text) {
                Some((word, _)) => Some(format!("STATUS:{word}")),
                None => own::write(prop, value),
            },
            ("labels", Value::Text(text)) => {
                let words: Vec<String> = text.split(',').map(escape).collect();
                Some(format!("CATEGORIES:{}", words.join(",")))
            }
            ("ical", _) => None,
            _ => own::write(prop, value),
        }
    }
}

/// `DTSTART;TZID=Europe/Berlin:20261125T180000` as text of ours.
fn read_when(entry: &Entry) -> Option<String> {
    let value = entry.value.as_str();
    let known = |p: &String| {
        let name = p.split('=').next().unwrap_or_default().to_ascii_uppercase();
        matches!(name.as_str(), "TZID" | "VALUE")
    };
    if !entry.params.iter().all(known) {
        return None;
    }
    if value.len() == 8 {
        return jiff::civil::Date::strptime("%Y%m%d", value).ok().map(|d| d.to_string());
    }
    let local = DateTime::strptime("%Y%m%dT%H%M%S", value.trim_end_matches('Z')).ok()?;
    match (value.ends_with('Z'), entry.param("TZID")) {
        (true, None) => Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp().to_string()),
        (false, None) => Some(local.to_string()),
        (false, Some(zone)) => Some(local.to_zoned(TimeZone::get(zone).ok()?).ok()?.to_string()),
        (true, Some(_)) => None,
    }
}

fn write_when(name: &str, text: &str) -> Option<String> {
    if let (10, Ok(day)) = (text.len(), text.parse::<jiff::civil::Date>()) {
        return Some(format!("{name};VALUE=DATE:{}", day.strftime("%Y%m%d")));
    }
    const LOCAL: &str = "%Y%m%dT%H%M%S";
    if text.ends_with(']') {
        let at: jiff::Zoned = text.parse().ok()?;
        let zone = at.time_zone().iana_name()?;
        return Some(format!("{name};TZID={zone}:{}", at.datetime().strftime(LOCAL)));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        let utc = at.to_zoned(TimeZone::UTC).datetime();
        return (at.subsec_nanosecond() == 0).then(|| format!("{name}:{}Z", utc.strftime(LOCAL)));
    }
    let at: DateTime = text.parse().ok()?;
    (at.subsec_nanosecond() == 0).then(|| format!("{name}:{}", at.strftime(LOCAL)))
}

pub(super) fn write(content: &Content) -> Written {
    let mut out = String::new();
    let mut left_out = BTreeMap::<&str, usize>::new();
    push(&mut out, "BEGIN:VCALENDAR");
    push(&mut out, "VERSION:2.0");
    push(&mut out, "PRODID:-//Lares//Lares//EN");
    let calendars = content.nodes.iter().filter(|n| is_calendar(n));
    // Lines of a calendar's own can only stand for it if it is the only one; time zones are used by all.
    let alone = calendars.clone().count() == 1;
    for node in calendars {
        let lines = node.props.get("ical").and_then(Value::as_text).unwrap_or_default();
        let mut depth = 0_usize;
        for line in lines.lines() {
            let entry = split(line);
            let name = entry.as_ref().map(|e| e.name.as_str());
            depth += usize::from(name == Some("BEGIN"));
            if alone || depth > 0 {
                push(&mut out, line);
            }
            depth -= usize::from(name == Some("END") && depth > 0);
        }
    }
    for node in &content.nodes {
        let component = match node.kind {
            NodeKind::Event | NodeKind::Task | NodeKind::Habit | NodeKind::Note => Component(node.kind),
            _ if is_calendar(node) => continue,
            other => {
                *left_out.entry(other.name()).or_default() += 1;
                continue;
            }
        };
        let mut props = node.props.clone();
        let rest = props.remove("ical");
        props.insert("name".into(), Value::text(node.name.as_str()));
        props.entry("uid".into()).or_insert_with(|| Value::text(&*node.key));
        let lines = rest::put(&component, &props, rest.as_ref().and_then(Value::as_text).unwrap_or_default());
        push(&mut out, &format!("BEGIN:{}", component.name()));
        if !lines.iter().any(|l| split(l).is_some_and(|e| e.name == "DTSTAMP")) {
            push(&mut out, STAMP);
        }
        // Its key, where the UID does not say it; and its kind, where the component does not.
        if props.get("uid").and_then(Value::as_text) != Some(&*node.key) {
            push(&mut out, &format!("X-LARES-KEY:{}", escape(&node.key)));
        }
        if node.kind == NodeKind::Habit {
            push(&mut out, "X-LARES-KIND:habit");
        }
        let (nested, plain): (Vec<&String>, Vec<&String>) = split_nested(&lines);
        plain.into_iter().chain(nested).for_each(|line| push(&mut out, line));
        push(&mut out, &format!("END:{}", component.name()));
    }
    push(&mut out, "END:VCALENDAR");
    Written::without(out, &left_out, "left out, as a calendar has no place for them")
}

/// Components within stand at the end.
fn split_nested(lines: &[String]) -> (Vec<&String>, Vec<&String>) {
    let mut depth = 0_usize;
    lines.iter().partition(|line| {
        let name = split(line).map(|e| e.name);
        depth += usize::from(name.as_deref() == Some("BEGIN"));
        let within = depth > 0;
        depth -= usize::from(name.as_deref() == Some("END") && depth > 0);
        within
    })
}

fn is_calendar(node: &lares_model::Node) -> bool {
    node.kind == NodeKind::Document
        && node.props.get("media").and_then(Value::as_text) == Some("text/calendar")
}

pub(super) fn read(file: &Given) -> Result<Vec<Placed>, Refused> {
    let lines = unfold(file)?;
    let (mut all, mut open): (Vec<Placed>, Vec<(String, usize)>) = Default::default();
    // Lines of the calendar itself, and of components that are nothing here.
    let mut others: Vec<String> = Vec::new();
    let mut current: Option<(Component, usize, Vec<String>)> = None;
    let mut keys = rest::Keys::new();
    for Line { at, text } in &lines {
        let entry = split(text)
            .ok_or_else(|| file.refused(*at, format!("`{}` is no line of a calendar", short(text))))?;
        match entry.name.as_str() {
            "BEGIN" => {
                let outermost = open.iter().all(|(name, _)| name.eq_ignore_ascii_case("VCALENDAR"));
                open.push((entry.value.clone(), *at));
                if let (true, None, Some(component)) = (outermost, &current, Component::of(&entry.value)) {
                    current = Some((component, *at, Vec::new()));
                    continue;
                }
            }
            "END" => match open.pop() {
                Some((name, _)) if name.eq_ignore_ascii_case(&entry.value) => {
                    let outermost = open.iter().all(|(name, _)| name.eq_ignore_ascii_case("VCALENDAR"));
                    if outermost && let Some((component, begin, lines)) = current.take() {
                        all.push(component_node(file, component, begin, &lines, &mut keys));
                        continue;
                    }
                }
                Some((name, begin)) => {
                    return Err(
                        file.refused(*at, format!("`{}` of line {begin} ends as `{}`", name, entry.value))
                    );
                }
                None => return Err(file.refused(*at, format!("`{}` ends and has not begun", entry.value))),
            },
            _ if open.is_empty() => {
                return Err(file.refused(*at, "it stands outside of any calendar"));
            }
            _ => {}
        }
        match &mut current {
            Some((_, _, lines)) => lines.push(text.clone()),
            None => others.push(text.clone()),
        }
    }
    if let Some((name, begin)) = open.pop() {
        return Err(file.refused(begin, format!("`{name}` begins here and does not end")));
    }
    if all.is_empty() && others.is_empty() {
        return Err(file.refused(1, "it is empty"));
    }
    let boundary =
        |line: &String| matches!(line.to_ascii_uppercase().as_str(), "BEGIN:VCALENDAR" | "END:VCALENDAR");
    let frame = |line: &String| split(line).is_some_and(|e| FRAME.contains(&e.name.as_str()));
    let mut depth = 0_usize;
    others.retain(|line| {
        if boundary(line) {
            return false;
        }
        let name = split(line).map(|e| e.name);
        depth += usize::from(name.as_deref() == Some("BEGIN"));
        let kept = depth > 0
            || !frame(line)
            || split(line).is_some_and(|e| e.name == "CALSCALE" && e.value != "GREGORIAN");
        depth -= usize::from(name.as_deref() == Some("END") && depth > 0);
        kept
    });
    if !others.is_empty() {
        let props = [("media", "text/calendar"), ("ical", &others.join("\n")), ("source", &file.name)];
        let props = props.map(|(k, v)| (k.to_owned(), Value::text(v)));
        let what = put(NodeKind::Document, &format!("calendar/{}", file.name), &file.name, props);
        all.push(Placed { at: file.at(1), what });
    }
    Ok(all)
}

fn component_node(
    file: &Given,
    Component(kind): Component,
    begin: usize,
    lines: &[String],
    keys: &mut rest::Keys,
) -> Placed {
    let value = |name: &str| lines.iter().filter_map(|l| split(l)).find(|e| e.name == name).map(|e| e.value);
    let kind = match value("X-LARES-KIND").as_deref() {
        Some("habit") if kind == NodeKind::Task => NodeKind::Habit,
        _ => kind,
    };
    let lines: Vec<String> = lines
        .iter()
        .filter(|l| {
            let name = split(l).map(|e| e.name).unwrap_or_default();
            !matches!(name.as_str(), "X-LARES-KIND" | "X-LARES-KEY") && *l != STAMP
        })
        .cloned()
        .collect();
    let taken = rest::take(&Component(kind), &lines);
    let uid = taken.props.get("uid").and_then(Value::as_text);
    let key = match (value("X-LARES-KEY"), uid, value("RECURRENCE-ID")) {
        (Some(key), ..) => unescape(&key),
        (None, Some(uid), None) => uid.to_owned(),
        // One of many times is another thing than all of them.
        (None, Some(uid), Some(id)) => format!("{uid}/{id}"),
        (None, None, _) => format!("ical-{}", NodeId::derive("ical", &lines.join("\n"))),
    };
    let instead = format!("ical-{}", NodeId::derive("ical", &key));
    Placed { at: file.at(begin), what: taken.node(kind, "ical", (key, instead), keys) }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect::<String>().escape_debug().to_string()
}
