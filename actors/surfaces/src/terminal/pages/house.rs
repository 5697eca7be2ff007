//! The household itself: health, links, what is kept, backups; as `lares status` tells it.

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row};
use crate::terminal::said::Said;
use crate::terminal::state::{Slot, State};
use crate::terminal::text::{fit, safe, wrap};
use crate::tongue::{Tongue, fact};
use crate::views::{StatusView, status_rows};

/// Width of the names.
const NAMES: usize = 14;

pub(super) fn page(state: &State, width: usize) -> Page {
    let said = state.said();
    let keys = vec![("enter", said.key_why_link), ("r", said.key_again)];
    let Some(status) = &state.status else {
        let rows = super::missing(state, &Slot::Status);
        return Page { title: said.house.to_owned(), rows, keys, ..Page::default() };
    };
    let told = state.telling();
    let mut links = status.links.iter();
    let mut rows = Vec::new();
    for (n, (name, words)) in status_rows(status, &told).into_iter().enumerate() {
        let link = if name == "link" { links.next() } else { None };
        let tone = tone(&name, &words, link.map(|l| l.status.as_str()));
        let room = width.saturating_sub(NAMES + 1).max(10);
        for (part, line) in wrap(&safe(&words), room, 0).into_iter().enumerate() {
            let label = if part == 0 { fact(state.tongue(), &safe(&name)) } else { String::new() };
            let key = if part == 0 { format!("{n} {name}") } else { String::new() };
            let pieces =
                vec![Piece::new(format!("{} ", fit(&label, NAMES)), Tone::Head), Piece::new(line, tone)];
            let mut row = Row::new(key, pieces);
            if let Some(link) = link.filter(|_| part == 0) {
                row.why = Some(format!("link:{}", link.link));
                row.open = row.why.clone().map(Open::Why);
            }
            rows.push(row);
        }
    }
    Page { title: title(said, status), head: None, rows, keys }
}

fn title(said: &Said, status: &StatusView) -> String {
    let well = status.process.as_ref().is_some_and(|p| p.trouble.is_none() && p.quarantined.is_empty());
    let links = status.links.iter().all(|l| l.status == "online");
    match (well, links) {
        (true, true) => said.house_well.to_owned(),
        (true, false) => said.link_ill.to_owned(),
        (false, _) => said.house_ill.to_owned(),
    }
}

fn tone(name: &str, words: &str, link: Option<&str>) -> Tone {
    match (name, link) {
        (_, Some("online")) => Tone::Good,
        (_, Some("offline" | "quarantined")) => Tone::Bad,
        ("health", _) if Tongue::ALL.iter().any(|t| words == t.phrases().well) => Tone::Good,
        ("health" | "quarantined", _) => Tone::Bad,
        ("unplaced" | "clock", _) => Tone::Warn,
        _ => Tone::Plain,
    }
}
