//! Why something is as it is: one line, then what it follows from, in the words of `lares why`.

use lares_model::EventId;

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row};
use crate::terminal::state::State;
use crate::terminal::text::{safe, wrap};
use crate::views::why_text;

/// Where the words of a line begin, below which its further lines stand.
const INDENT: usize = 24;

pub(super) fn page(state: &State, width: usize) -> Page {
    let keys = vec![("/", "ask"), ("f", "all of it, less"), ("enter", "why that"), ("esc", "back")];
    let Some(story) = state.stories.last() else {
        let line = "Press / and type what you wonder about: a device, an entity, a room, a person, a rule, or an event \
                    such as e3-1042. On the other pages w asks about what is chosen.";
        let rows = wrap(line, width, 0).into_iter().map(|l| Row::words(l, Tone::Plain)).collect();
        return Page { title: "Why".to_owned(), head: None, rows, keys };
    };
    let title = format!("Why: {}", safe(&story.what));
    let rows = match &story.answer {
        None if !state.is_up() => {
            vec![Row::words("It is asked as soon as a household answers.", Tone::Faint)]
        }
        None => vec![Row::words("asking ...", Tone::Faint)],
        Some(Err(why)) => wrap(&safe(why), width, 0).into_iter().map(|l| Row::words(l, Tone::Bad)).collect(),
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
            (_, Some(_)) => (Tone::Plain, INDENT),
            _ if line.contains("NOT MET") => (Tone::Bad, INDENT),
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
