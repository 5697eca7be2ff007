//! The journal as it goes on.

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row};
use crate::terminal::state::State;
use crate::terminal::text::{safe, width};
use crate::tongue::say;
use crate::views::LogLine;

pub(super) fn page(state: &State, columns: usize) -> Page {
    let (journal, said) = (&state.journal, state.said());
    let told = state.telling();
    let lines = journal.lines.iter().filter(|line| journal.fits(line));
    let mut rows: Vec<Row> = lines.map(|line| row(line, &told.fine_clock(line.at.0), columns)).collect();
    if rows.is_empty() {
        rows = match (state.told.is_some(), journal.filter.is_empty()) {
            (false, _) => super::missing(state, &crate::terminal::state::Slot::Status),
            (true, true) => vec![Row::words(said.nothing_yet, Tone::Faint)],
            (true, false) => vec![Row::words(said.no_entry, Tone::Faint)],
        };
    }
    let title = match (journal.follow, journal.unseen) {
        (true, _) => said.following.to_owned(),
        (false, 0) => said.paused_at.to_owned(),
        (false, n) => say!(said.paused_new, n = n),
    };
    let title = match journal.filter.as_str() {
        "" => title,
        filter => say!(said.that_fit, title = title, filter = safe(filter)),
    };
    Page {
        title,
        head: None,
        rows,
        keys: vec![("f", said.key_follow), ("/", said.key_filter), ("enter", said.key_why)],
    }
}

fn tone(kind: &str) -> Tone {
    match kind {
        "decision" | "notice" => Tone::Head,
        "rule_failed" | "home_refused" | "gap" => Tone::Bad,
        "status" | "boot" | "stop" | "home_loaded" => Tone::Warn,
        "receipt" => Tone::Good,
        _ => Tone::Plain,
    }
}

fn row(line: &LogLine, clock: &str, columns: usize) -> Row {
    let text = safe(&line.text);
    let id = safe(&line.id);
    let too_long = width(clock) + width(&id).max(8) + 2 + width(&text) > columns;
    let pieces = vec![
        Piece::new(format!("{clock} "), Tone::Faint),
        Piece::new(format!("{id:<8} "), Tone::Key),
        Piece::new(text.clone(), tone(&line.kind)),
    ];
    let mut row = Row::new(line.id.clone(), pieces);
    if too_long {
        row.note = text;
    }
    row.why = Some(line.id.clone());
    row.open = Some(Open::Why(line.id.clone()));
    row
}
