//! An answer in words.

use super::{Answer, Cause, Changed, DecisionView, Grounds};
use crate::tongue::{Phrases, say};
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
    if answer.called.as_ref().is_some_and(|called| *called != answer.of) {
        page.out.push_str(&format!("({})\n", plain(&answer.of)));
    }
    if let Some(root) = &answer.root {
        page.out.push('\n');
        page.chain(root);
    }
    for hold in &answer.holds {
        page.detail(told.tongue.phrases().held, hold);
    }
    if full && !answer.led_to.is_empty() {
        page.heading(told.tongue.phrases().led_to);
        answer.led_to.iter().for_each(|c| page.event(c));
    }
    if !answer.since.is_empty() {
        page.heading(told.tongue.phrases().since_then);
        answer.since.iter().for_each(|c| page.whole(c));
    }
    for hint in &answer.hints {
        let note = say!(page.t().note, text = plain(hint));
        page.out.push_str(&format!("\n{note}\n"));
    }
    page.out
}

struct Page<'a> {
    told: &'a Telling,
    full: bool,
    out: String,
}

impl Page<'_> {
    fn t(&self) -> &'static Phrases {
        self.told.tongue.phrases()
    }

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
            say!(self.t().learned_later, length = self.told.tongue.length(late))
        } else {
            String::new()
        };
        // What a command calls it.
        let subject = match cause.subject.is_empty() || cause.text.contains(&cause.subject) {
            true => String::new(),
            false => format!("; {}", plain(&cause.subject)),
        };
        let origin = plain(&cause.origin);
        let origin = if self.full { format!("  [{origin}{late}{subject}]") } else { String::new() };
        let clock = self.told.fine_clock(cause.at.0);
        self.out.push_str(&format!("{clock}  {:<8}  {}{origin}\n", cause.event, cause.text));
    }

    fn detail(&mut self, word: &str, words: &str) {
        self.out.push_str(&format!("              {word:<8}  {}\n", plain(words)));
    }

    fn decision(&mut self, cause: &Cause, decision: &DecisionView) {
        let (tongue, t) = (self.told.tongue, self.t());
        if let Some(grounds) = &decision.grounds {
            self.grounds(grounds);
        }
        let until = match decision.until.as_str() {
            "momentary" => t.once.to_owned(),
            "released" => t.until_released.to_owned(),
            at => match at.parse::<Moment>() {
                Ok(m) => say!(t.until, clock = self.told.clock(m.0)),
                Err(_) => at.to_owned(),
            },
        };
        let reason =
            if decision.reason.is_empty() { String::new() } else { format!(": {}", decision.reason) };
        let d = decision;
        let level = tongue.level(&d.level);
        let claim = say!(
            t.claim_is,
            wish = d.wish,
            source = d.who,
            level = level,
            number = d.level_number,
            until = until,
            reason = reason
        );
        self.detail(t.claim, &claim);
        if d.rivals.is_empty() {
            self.detail(t.others, t.nobody_else);
        }
        for r in &d.rivals {
            let order = match r.level_number.cmp(&d.level_number) {
                std::cmp::Ordering::Less => t.goes_before,
                std::cmp::Ordering::Equal => t.same_level,
                std::cmp::Ordering::Greater => t.comes_after,
            };
            let level = tongue.level(&r.level);
            let rival = say!(
                t.rival_is,
                text = r.text,
                source = r.who,
                level = level,
                number = r.level_number,
                order = order
            );
            self.detail(t.others, &rival);
        }
        self.detail(
            t.command,
            &match d.sent {
                Some(_) => format!("{} ({})", d.outcome_text, cause.event),
                None => d.outcome_text.clone(),
            },
        );
        if d.sent.is_some() && d.receipts.is_empty() {
            self.detail(t.outcome, t.outcome_none);
        }
        for r in &d.receipts {
            let clock = self.told.fine_clock(r.at.0);
            self.detail(t.outcome, &say!(t.outcome_at, text = r.text, clock = clock, event = r.event));
        }
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let t = self.t();
        let changed = match grounds.changed {
            Changed::Unchanged => t.unchanged,
            Changed::Changed => t.changed,
            Changed::Removed => t.gone,
            Changed::Unknown => t.text_not_kept,
        };
        let (file, line) = (&grounds.file, grounds.line);
        let rule = match grounds.name == grounds.rule {
            true => grounds.rule.clone(),
            false => format!("{} ({})", grounds.name, grounds.rule),
        };
        let rule = say!(t.rule_at, rule = rule, file = file, line = line, changed = changed);
        self.detail(t.rule_word, &rule);
        let shows_text = self.full || matches!(grounds.changed, Changed::Changed | Changed::Removed);
        if let Some(text) = grounds.text.as_ref().filter(|_| shows_text) {
            text.lines().for_each(|line| self.detail("", &format!("| {line}")));
        }
        self.detail(t.when, &grounds.trigger);
        for c in &grounds.conditions {
            let met = if c.met { t.met } else { t.not_met };
            self.detail(t.if_word, &say!(t.condition, text = c.text, met = met, found = c.found));
        }
    }
}
