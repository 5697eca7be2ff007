//! A list that is scrolled, with one row chosen. The choice stays with its row, whatever comes and goes around it.

use crate::terminal::rows::Row;

#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::terminal) struct List {
    pub chosen: usize,
    key: String,
    /// The row that is shown first.
    pub offset: usize,
}

impl List {
    pub fn row<'a>(&self, rows: &'a [Row]) -> Option<&'a Row> {
        rows.get(self.chosen).filter(|r| r.can_be_chosen())
    }

    /// Moves over so many rows that can be chosen; at an end, what stands beyond comes into sight.
    pub fn step(&mut self, rows: &[Row], by: isize) {
        let can: Vec<usize> =
            (0..rows.len()).filter(|n| rows.get(*n).is_some_and(Row::can_be_chosen)).collect();
        let at = can.iter().position(|n| *n >= self.chosen).unwrap_or(can.len().saturating_sub(1));
        let to = at.saturating_add_signed(by).min(can.len().saturating_sub(1));
        match can.get(to) {
            Some(to) => self.choose(rows, *to),
            // Nothing can be chosen: the lines themselves move.
            None => self.offset = self.offset.saturating_add_signed(by),
        }
    }

    pub fn first(&mut self, rows: &[Row]) {
        self.chosen = 0;
        self.offset = 0;
        self.step(rows, 0);
    }

    pub fn last(&mut self, rows: &[Row]) {
        self.step(rows, isize::MAX / 2);
    }

    pub fn choose(&mut self, rows: &[Row], at: usize) {
        if let Some(row) = rows.get(at).filter(|r| r.can_be_chosen()) {
            self.chosen = at;
            self.key.clone_from(&row.key);
        }
    }

    pub fn settle(&mut self, rows: &[Row], height: usize) {
        let before = self.chosen;
        match rows.iter().position(|r| r.can_be_chosen() && r.key == self.key) {
            Some(at) => self.chosen = at,
            None => {
                self.chosen = self.chosen.min(rows.len().saturating_sub(1));
                self.step(rows, 0);
            }
        }
        // What was dropped above does not move what is looked at.
        if self.offset > 0 {
            self.offset = self.offset.saturating_sub(before.saturating_sub(self.chosen));
        }
        let can = rows.iter().any(Row::can_be_chosen);
        if can {
            // The heading above the first row that can be chosen is shown with it.
            let first = !rows.iter().take(self.chosen).any(Row::can_be_chosen);
            let top = if first { 0 } else { self.chosen };
            self.offset = self.offset.min(top).max((self.chosen + 1).saturating_sub(height));
        }
        self.offset = self.offset.min(rows.len().saturating_sub(height));
    }
}
