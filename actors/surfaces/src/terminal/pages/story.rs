//! Why something is as it is: one line, then what it follows from, in the words of `lares why`.

use lares_model::EventId;

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row};
use crate::terminal::state::State;
use crate::terminal::text::{safe, wrap};
use crate::tongue::{Tongue, say};
use crate::views::why_text;

/// Where the words of a line begin, below which its further lines stand.
const INDENT: usize = 24;

pub(super) fn page(state: &State, width: usize) -> Page {
    let said = state.said();
    let keys = vec![
        ("/", said.key_ask),
        ("f", said.key_all_of_it),
        ("enter", said.key_why_that),
        ("esc", said.key_back),
    ];
    let Some(story) = state.stories.last() else {
        let rows = wrap(said.why_hint, width, 0).into_iter().map(|l| Row::words(l, Tone::Plain)).collect();
        return Page { title: said.why.to_owned(), head: None, rows, keys };
    };
    let called = match &story.answer {
        Some(Ok((_, answer))) => answer.called.as_deref(),
        _ => None,
    };
    let title = match called {
        Some(called) if called != story.what => {
            format!("{} ({})", say!(said.why_of, what = safe(called)), safe(&story.what))
        }
        _ => say!(said.why_of, what = safe(&story.what)),
    };
    let rows = match &story.answer {
        None if !state.is_up() => {
            vec![Row::words(said.asked_later, Tone::Faint)]
        }
        None => vec![Row::words(said.asking, Tone::Faint)],
        Some(Err(why)) => wrap(&safe(&state.tongue().reason(why)), width, 0)
            .into_iter()
            .map(|l| Row::words(l, Tone::Bad))
            .collect(),
        Some(Ok((told, answer))) => told_rows(&why_text(answer, &told.telling(), state.full), width),
    };
    Page { title, head: None, rows, keys }
}

fn told_rows(text: &str, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let event = event(line);
        let (tone, indent) = match (n, &event) {
            (0, _) => (Tone::Head, 0),
            (1, None) if line.starts_with('(') => (Tone::Faint, 0),
            (_, Some(_)) => (Tone::Plain, INDENT),
            _ if Tongue::ALL.iter().any(|t| line.contains(t.phrases().not_met)) => (Tone::Bad, INDENT),
            _ if line.starts_with(' ') => (Tone::Faint, INDENT),
            _ => (Tone::Head, 0),
        };
        // Of a line that is broken only the first part is chosen: it stands for all.
        for (part, piece) in wrap(&safe(line), width, indent).into_iter().enumerate() {
            let key = if part == 0 && !line.is_empty() { format!("{n}") } else { String::new() };
            let mut row = Row::new(key, vec![Piece::new(piece, tone)]);
            if part == 0 {
                row.open = event.clone().map(Open::Why);
                row.why.clone_from(&event);
            }
            rows.push(row);
        }
    }
    rows
}

/// The event that a line tells of: it stands behind the time, or behind date and time.
fn event(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().take(3).skip(1);
    words.find(|w| w.parse::<EventId>().is_ok()).map(str::to_owned)
}
