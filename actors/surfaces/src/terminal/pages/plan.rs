//! What is held, what runs and what comes next.

use crate::terminal::look::Tone;
use crate::terminal::rows::{Open, Page, Piece, Row, cells, columns};
use crate::terminal::state::{Slot, State};
use crate::terminal::text::{safe, width};

pub(super) fn page(state: &State, total: usize) -> Page {
    let keys = vec![("enter", "why")];
    let Some(plan) = &state.plan else {
        let rows = super::missing(state, &Slot::Plan);
        return Page { title: "Plan".to_owned(), rows, keys, ..Page::default() };
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
        let until = hold.until.map_or("until released".to_owned(), |m| format!("until {}", told.clock(m.0)));
        let key = format!("hold {} {} {}", hold.entity, hold.property, hold.source);
        held.push(line(key, until, safe(&hold.text), safe(&hold.reason), Some(hold.entity.clone())));
    }
    let mut runs = Vec::new();
    for run in &plan.runs {
        let rule = run.key.split('/').next().unwrap_or(&run.key);
        let note = safe(&run.state.to_string());
        runs.push(line(
            format!("run {}", run.key),
            "running".to_owned(),
            safe(&run.key),
            note,
            Some(format!("rule:{rule}")),
        ));
    }
    let mut timers = Vec::new();
    for timer in &plan.timers {
        let when = told.clock(timer.due.0);
        let text = format!("{}: {}", told.ago(timer.due.0), safe(&whose(&timer.owner, &timer.name)));
        let note = format!("if missed, it {}; set by {}", safe(&timer.missed), safe(&timer.cause));
        let key = format!("timer {} {}", timer.owner, timer.name);
        timers.push(line(key, when, text, note, Some(timer.cause.clone())));
    }
    let title = format!("{} held, {} running, {} timers", held.len(), runs.len(), timers.len());
    let mut rows = Vec::new();
    let sections = [
        ("Held", held, "Nothing is held."),
        ("Running", runs, "No rule is on its way."),
        ("Timers", timers, "No timer is set."),
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

/// Whose a durable timer is, and what for. A rule's times of day are the planner's.
fn whose(owner: &str, name: &str) -> String {
    match owner.split_once(':') {
        None if owner == "plan" => format!("rule {}", name.split('#').next().unwrap_or(name)),
        Some(("rule", rule)) if name.starts_with("for:") => format!("rule {rule}, if it stays so until then"),
        Some(("rule", rule)) => format!("rule {rule}, {name}"),
        _ => format!("{owner} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::whose;

    #[test]
    fn a_timer_is_told_by_whose_it_is() {
        assert_eq!(whose("plan", "bedtime#1"), "rule bedtime");
        assert_eq!(whose("rule:hall-light-off", "for:0"), "rule hall-light-off, if it stays so until then");
        assert_eq!(whose("rule:away", "delay:3"), "rule away, delay:3");
        assert_eq!(whose("timer:kitchen", "bread"), "timer:kitchen bread");
    }
}
