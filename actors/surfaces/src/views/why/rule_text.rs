//! A rule's text as it was: cut out of the file that the journal's configuration names.

use std::collections::BTreeMap;

use lares_model::{Body, EventId, NodeId, RuleRef};

use super::Changed;
use crate::views::{ReadError, Source};

type Files = Vec<(String, [u8; 32])>;

/// The configurations that the journal knows, read once for an answer.
pub(super) struct Past {
    by_snapshot: BTreeMap<[u8; 32], Files>,
    newest: Option<Files>,
}

impl Past {
    pub fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let mut past = Self { by_snapshot: BTreeMap::new(), newest: None };
        let mut before: Option<EventId> = None;
        loop {
            let page = source.history(NodeId::household(), before, 256)?;
            let Some(oldest) = page.last().map(|s| s.event.id) else { return Ok(past) };
            for stored in page {
                if let Body::HomeLoaded { snapshot, files, .. } = stored.event.body {
                    past.newest.get_or_insert_with(|| files.clone());
                    past.by_snapshot.entry(snapshot).or_insert(files);
                }
            }
            before = Some(oldest);
        }
    }

    /// The rule's text then, and whether it is the same now.
    pub fn rule(&self, source: &dyn Source, rule: &RuleRef) -> Result<(Option<String>, Changed), ReadError> {
        let then = match self.by_snapshot.get(&rule.snapshot) {
            Some(files) => match files.iter().find(|(path, _)| **path == *rule.file) {
                Some((_, hash)) => read(source, hash)?.and_then(|text| cut_at(&text, rule.line)),
                None => None,
            },
            None => None,
        };
        let (Some(then), Some(newest)) = (then.clone(), &self.newest) else {
            return Ok((then, Changed::Unknown));
        };
        for (_, hash) in newest {
            if let Some(now) = read(source, hash)?.and_then(|text| cut_rule(&text, &rule.key)) {
                let changed = if now == then { Changed::Unchanged } else { Changed::Changed };
                return Ok((Some(then), changed));
            }
        }
        Ok((Some(then), Changed::Removed))
    }
}

fn read(source: &dyn Source, hash: &[u8; 32]) -> Result<Option<String>, ReadError> {
    Ok(source.blob(hash)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// The table whose header stands in this line (counted from 1).
fn cut_at(text: &str, line: u32) -> Option<String> {
    let skip = usize::try_from(line).ok()?.checked_sub(1)?;
    let mut lines = text.lines().skip(skip);
    let header = lines.next()?;
    let own = header_path(header);
    let mut kept = vec![header.trim_end()];
    for line in lines {
        if let Some(path) = header_path(line) {
            let inside = own.as_ref().is_some_and(|own| path.len() > own.len() && path.starts_with(own));
            if !inside {
                break;
            }
        }
        kept.push(line.trim_end());
    }
    // Comments before the next table belong to that one.
    while kept.len() > 1 && kept.last().is_some_and(|l| l.is_empty() || l.trim_start().starts_with('#')) {
        kept.pop();
    }
    Some(kept.join("\n"))
}

/// The table `[rule.KEY]`.
fn cut_rule(text: &str, key: &str) -> Option<String> {
    let wanted = ["rule".to_owned(), key.to_owned()];
    let at = text.lines().position(|line| header_path(line).is_some_and(|path| path == wanted))?;
    cut_at(text, u32::try_from(at + 1).ok()?)
}

/// The parts of a table header: `[rule."a.b"]` has `rule` and `a.b`. None for other lines, also for the second line of
/// an array that begins with a bracket (it does not close in the same way).
fn header_path(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let line = line.split_once(" #").map_or(line, |(before, _)| before.trim_end());
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    let inner = inner.strip_prefix('[').and_then(|i| i.strip_suffix(']')).unwrap_or(inner);
    let (mut parts, mut part, mut quote) = (Vec::new(), String::new(), None);
    for c in inner.chars() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            ('.', None) => parts.push(std::mem::take(&mut part).trim().to_owned()),
            (c, None) if !(c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')) => return None,
            (c, _) => part.push(c),
        }
    }
    parts.push(part.trim().to_owned());
    parts.iter().all(|p| !p.is_empty()).then_some(parts)
}

/// What a rule's text sets: the targets of its `set = "..."` and, as `room:KEY`, of its `set_room = "..."`.
pub(super) fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("set") {
        let rest = text.get(at + 3..).unwrap_or_default();
        let (kind, rest) = rest.strip_prefix("_room").map_or(("", rest), |rest| ("room:", rest));
        let quoted =
            rest.trim_start().strip_prefix('=').map(str::trim_start).and_then(|r| r.strip_prefix('"'));
        if let Some((target, _)) = quoted.and_then(|q| q.split_once('"')) {
            found.push(format!("{kind}{target}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# the hall
[rule.hall-light]
when = [{ entity = "hall-motion.occupancy", to = true }]
if   = [
  { entity = "hall-motion.illuminance", below = 50 },
]
then = [{ set = "hall-lamp", on = true }]

# at night
[rule."odd.name"]  # a comment
then = [{set="a.b", on = false}, { set_room = "hall", off = true }]
[rule."odd.name".more]
x = 1
[room.hall]
"#;

    #[test]
    fn a_rule_is_cut_out_with_its_parts_and_without_its_neighbours() {
        let light = cut_at(FILE, 2).unwrap();
        assert!(light.starts_with("[rule.hall-light]\n") && light.ends_with("on = true }]"), "{light}");
        assert_eq!(cut_rule(FILE, "hall-light"), Some(light));
        let odd = cut_rule(FILE, "odd.name").unwrap();
        assert!(odd.ends_with("x = 1"), "{odd}");
        assert_eq!(cut_rule(FILE, "missing"), None);
        assert_eq!(cut_at(FILE, 0), None);
        assert_eq!(cut_at(FILE, 99), None);
    }

    #[test]
    fn targets_are_read_from_the_text() {
        assert_eq!(targets(FILE), ["hall-lamp", "a.b", "room:hall"]);
        assert!(targets("set = 1 set").is_empty());
    }
}
