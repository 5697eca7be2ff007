//! What is held, what runs and what comes next.

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, cells, columns};
use crate::terminal::state::{Slot, State};
use crate::terminal::text::{safe, width};
use crate::tongue::say;

pub(super) fn page(state: &State, total: usize) -> Page {
    let said = state.said();
    let keys = vec![("enter", said.key_why)];
    let Some(plan) = &state.plan else {
        let rows = super::missing(state, &Slot::Plan);
        return Page { title: said.plan.to_owned(), rows, keys, ..Page::default() };
    };
    let told = state.telling();
    let widths = columns(total, &[20, 0]);
    let line = |key: String, when: String, text: String, note: String, why: Option<String>| {
        let pieces = cells(vec![Piece::plain(when), Piece::plain(text.clone())], &widths);
        let mut row = Row::new(key, pieces);
        let long = width(&text) > widths.get(1).copied().unwrap_or(0);
        let all = [if long { text } else { String::new() }, note];
        row.note = all.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ");
        row.open = why.clone().map(Open::Why);
        row.why = why;
        row
    };
    let mut held = Vec::new();
    for hold in &plan.holds {
        let until =
            hold.until.map_or(said.until_released.to_owned(), |m| say!(said.until, clock = told.clock(m.0)));
        let key = format!("hold {} {} {}", hold.entity, hold.property, hold.source);
        held.push(line(key, until, safe(&hold.text), safe(&hold.reason), Some(hold.entity.clone())));
    }
    let mut runs = Vec::new();
    for run in &plan.runs {
        let rule = run.key.split('/').next().unwrap_or(&run.key);
        let note = safe(&run.state.to_string());
        runs.push(line(
            format!("run {}", run.key),
            said.running.to_owned(),
            safe(&run.text),
            note,
            Some(format!("rule:{rule}")),
        ));
    }
    let mut timers = Vec::new();
    for timer in &plan.timers {
        let when = told.clock(timer.due.0);
        let text = format!("{}: {}", told.ago(timer.due.0), safe(&timer.whose));
        let note = say!(said.set_by, cause = safe(&timer.cause));
        let key = format!("timer {} {}", timer.owner, timer.name);
        timers.push(line(key, when, text, note, Some(timer.cause.clone())));
    }
    let title = say!(said.plan_title, held = held.len(), runs = runs.len(), timers = timers.len());
    let mut rows = Vec::new();
    let sections = [
        (said.held, held, said.nothing_held),
        (said.runs, runs, said.nothing_runs),
        (said.timers, timers, said.no_timer),
    ];
    for (name, section, none) in sections {
        if !rows.is_empty() {
            rows.push(Row::words("", Tone::Plain));
        }
        if section.is_empty() {
            rows.push(Row::words(none, Tone::Faint));
        } else {
            rows.push(Row::words(name, Tone::Head));
            rows.extend(section);
        }
    }
    Page { title, head: None, rows, keys }
}
