//! An answer in words.

use super::{Answer, Cause, Changed, DecisionView, Grounds};
use crate::views::table::plain;
use crate::views::{Moment, Telling};

/// The whole answer in one line.
pub fn why_line(answer: &Answer) -> String {
    plain(&answer.line)
}

/// The chain, oldest first; with `full` also rules' texts, other causes and what followed.
pub fn why_text(answer: &Answer, told: &Telling, full: bool) -> String {
    let mut page = Page { told, full, out: String::new() };
    page.out.push_str(&why_line(answer));
    page.out.push('\n');
    if let Some(root) = &answer.root {
        page.out.push('\n');
        page.chain(root);
    }
    for hold in &answer.holds {
        page.detail("held", hold);
    }
    if full && !answer.led_to.is_empty() {
        page.heading("it led to");
        answer.led_to.iter().for_each(|c| page.event(c));
    }
    if !answer.since.is_empty() {
        page.heading("and since then");
        answer.since.iter().for_each(|c| page.whole(c));
    }
    for hint in &answer.hints {
        page.out.push_str(&format!("\nnote: {}\n", plain(hint)));
    }
    page.out
}

struct Page<'a> {
    told: &'a Telling,
    full: bool,
    out: String,
}

impl Page<'_> {
    fn heading(&mut self, words: &str) {
        self.out.push_str(&format!("\n{words}\n"));
    }

    /// Most direct causes along one line, oldest first; others beside them.
    fn chain(&mut self, cause: &Cause) {
        if let Some((direct, others)) = cause.because.split_first() {
            self.chain(direct);
            for other in others {
                if self.full {
                    self.chain(other);
                } else {
                    self.event(other);
                }
            }
        }
        self.whole(cause);
    }

    fn whole(&mut self, cause: &Cause) {
        self.event(cause);
        if let Some(decision) = &cause.decision {
            self.decision(cause, decision);
        }
        if let Some(grounds) = &cause.grounds {
            self.grounds(grounds);
        }
    }

    fn event(&mut self, cause: &Cause) {
        let late = cause.seen.0.since(cause.at.0);
        let late = if self.full && late.as_secs() > 0 {
            format!(", learned {} later", crate::views::length(late))
        } else {
            String::new()
        };
        let origin = if self.full { format!("  [{}{late}]", plain(&cause.origin)) } else { String::new() };
        let clock = self.told.fine_clock(cause.at.0);
        self.out.push_str(&format!("{clock}  {:<8}  {}{origin}\n", cause.event, cause.text));
    }

    fn detail(&mut self, word: &str, words: &str) {
        self.out.push_str(&format!("              {word:<8}  {}\n", plain(words)));
    }

    fn decision(&mut self, cause: &Cause, decision: &DecisionView) {
        if let Some(grounds) = &decision.grounds {
            self.grounds(grounds);
        }
        let until = match decision.until.as_str() {
            "momentary" => "once".to_owned(),
            "released" => "until it is released".to_owned(),
            at => match at.parse::<Moment>() {
                Ok(m) => format!("until {}", self.told.clock(m.0)),
                Err(_) => at.to_owned(),
            },
        };
        let reason =
            if decision.reason.is_empty() { String::new() } else { format!(": {}", decision.reason) };
        let d = decision;
        self.detail(
            "claim",
            &format!("{} by {}, {} ({}), {until}{reason}", d.wish, d.source, d.level, d.level_number),
        );
        if d.rivals.is_empty() {
            self.detail("others", "nobody else claimed it");
        }
        for r in &d.rivals {
            let order = match r.level_number.cmp(&d.level_number) {
                std::cmp::Ordering::Less => "goes before",
                std::cmp::Ordering::Equal => "of the same level",
                std::cmp::Ordering::Greater => "comes after",
            };
            self.detail(
                "others",
                &format!("{} by {}, {} ({}), {order}", r.text, r.source, r.level, r.level_number),
            );
        }
        self.detail(
            "command",
            &match d.sent {
                Some(_) => format!("{} ({})", d.outcome_text, cause.event),
                None => d.outcome_text.clone(),
            },
        );
        if d.sent.is_some() && d.receipts.is_empty() {
            self.detail("receipt", "none yet");
        }
        for r in &d.receipts {
            self.detail("receipt", &format!("{} at {} ({})", r.text, self.told.fine_clock(r.at.0), r.event));
        }
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let changed = match grounds.changed {
            Changed::Unchanged => "unchanged since",
            Changed::Changed => "it has changed since",
            Changed::Removed => "it is gone since",
            Changed::Unknown => "its text then is not kept",
        };
        self.detail("rule", &format!("{} at {}:{} ({changed})", grounds.rule, grounds.file, grounds.line));
        let shows_text = self.full || matches!(grounds.changed, Changed::Changed | Changed::Removed);
        if let Some(text) = grounds.text.as_ref().filter(|_| shows_text) {
            text.lines().for_each(|line| self.detail("", &format!("| {line}")));
        }
        self.detail("when", &grounds.trigger);
        for c in &grounds.conditions {
            let met = if c.met { "met" } else { "NOT MET" };
            self.detail("if", &format!("{} - {met}: found {}", c.text, c.found));
        }
    }
}
