//! The mouse: a click chooses, a click on what is chosen opens it, the wheel moves.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::terminal::text::width;

use super::tab::tabs;
use super::{Ask, State, Tab};

/// Rows that one turn of the wheel moves.
const WHEEL: isize = 3;

impl State {
    pub(super) fn mouse(&mut self, mouse: MouseEvent) -> Vec<Ask> {
        let by = match mouse.kind {
            MouseEventKind::ScrollUp => -WHEEL,
            MouseEventKind::ScrollDown => WHEEL,
            MouseEventKind::Down(MouseButton::Left) => {
                self.click(mouse.column.into(), mouse.row.into());
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        if !self.help && self.prompt.is_none() {
            let rows = self.page().rows;
            self.step(&rows, by);
        }
        Vec::new()
    }

    fn click(&mut self, column: usize, line: usize) {
        self.help = false;
        if self.prompt.is_some() {
            return;
        }
        if line == 0 {
            let hit = tabs(self.said(), self.tab, self.size.0.into());
            let hit = hit.into_iter().find(|(_, at, text)| (*at..at + width(text)).contains(&column));
            if let Some((tab, ..)) = hit {
                self.go(tab);
            }
            return;
        }
        let page = self.page();
        let areas = super::super::draw::areas(self.size, &page);
        let Some(at) = line.checked_sub(areas.body).filter(|at| *at < areas.rows()) else { return };
        let list = self.lists.entry(self.tab).or_default();
        let at = at + list.offset;
        let Some(row) = page.rows.get(at).filter(|r| r.can_be_chosen()) else { return };
        if list.chosen == at {
            let open = row.open.clone();
            self.open(open);
        } else {
            list.choose(&page.rows, at);
            if self.tab == Tab::Journal {
                self.journal.follow = false;
            }
        }
    }
}
