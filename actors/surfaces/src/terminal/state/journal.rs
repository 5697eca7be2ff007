//! The journal as it is followed: bounded, each entry once.

use std::collections::VecDeque;

use crate::views::{LogFilter, LogLine};

/// Lines that are asked for at first, and kept at most.
const FIRST: usize = 300;
const KEPT: usize = 2000;

#[derive(Clone, Debug)]
pub(in crate::terminal) struct Journal {
    pub lines: VecDeque<LogLine>,
    /// The newest line is chosen as it comes.
    pub follow: bool,
    /// What came since it is not followed.
    pub unseen: usize,
    /// As it was typed.
    pub filter: String,
}

impl Default for Journal {
    fn default() -> Self {
        Self { lines: VecDeque::new(), follow: true, unseen: 0, filter: String::new() }
    }
}

impl Journal {
    /// What the household is asked for: `kind:`, `about:` and `rule:` are its own words.
    pub fn asked(&self) -> LogFilter {
        let mut asked = LogFilter { limit: FIRST, ..LogFilter::default() };
        for word in self.filter.split_whitespace() {
            match word.split_once(':') {
                Some(("kind", kinds)) => asked.kinds.extend(kinds.split(',').map(str::to_owned)),
                Some(("about", name)) => asked.about = Some(name.to_owned()),
                Some(("rule", key)) => asked.rule = Some(key.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// All other words must be in the line.
    pub fn fits(&self, line: &LogLine) -> bool {
        let asked = ["kind:", "about:", "rule:"];
        let words = self.filter.split_whitespace().filter(|w| !asked.iter().any(|a| w.starts_with(a)));
        let mut text = None;
        words.into_iter().all(|word| {
            let text = text.get_or_insert_with(|| format!("{} {}", line.text, line.kind).to_lowercase());
            text.contains(&word.to_lowercase())
        })
    }

    /// Another beginning, after a filter or a household has changed; what is there already stays in its place.
    pub fn begin(&mut self, lines: Vec<LogLine>) {
        self.lines.clear();
        lines.into_iter().for_each(|line| self.add(line));
        self.unseen = 0;
    }

    pub fn add(&mut self, line: LogLine) {
        if self.lines.iter().rev().take(64).any(|l| l.id == line.id) {
            return;
        }
        if !self.follow && self.fits(&line) {
            self.unseen += 1;
        }
        self.lines.push_back(line);
        while self.lines.len() > KEPT {
            self.lines.pop_front();
        }
    }
}
