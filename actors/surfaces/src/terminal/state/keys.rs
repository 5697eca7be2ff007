//! Keys.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::terminal::rows::{Open, Row, Wish};

use super::{Ask, State, Story, Tab};

/// Stories that Esc goes back through.
const STORIES: usize = 32;

impl State {
    pub(super) fn key(&mut self, key: KeyEvent) -> Vec<Ask> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && matches!(key.code, KeyCode::Char('c')) {
            self.quit = true;
            return Vec::new();
        }
        if self.prompt.is_some() {
            return self.type_key(key);
        }
        if self.help {
            // Any key leaves it.
            self.help = false;
            return Vec::new();
        }
        match key.code {
            KeyCode::Char('q') => self.quit = true,
            KeyCode::Char('?') | KeyCode::F(1) => self.help = true,
            KeyCode::Char('r') => self.again(),
            KeyCode::Char('/') => self.open_prompt(),
            KeyCode::Char(digit) if Tab::numbered(digit).is_some() => {
                let tab = Tab::numbered(digit).unwrap_or(self.tab);
                if tab == Tab::Devices && self.tab == tab && self.device.is_some() {
                    self.back();
                }
                self.go(tab);
            }
            KeyCode::Tab | KeyCode::Right => self.go(self.tab.on(1)),
            KeyCode::BackTab | KeyCode::Left => self.go(self.tab.on(-1)),
            KeyCode::Esc | KeyCode::Backspace => self.back(),
            KeyCode::Char('s') if self.tab == Tab::Devices => self.sort = self.sort.next(),
            KeyCode::Char('S') if self.tab == Tab::Devices => self.backwards = !self.backwards,
            KeyCode::Char('f') if self.tab == Tab::Why => self.full = !self.full,
            KeyCode::Char('f' | 'p' | ' ') if self.tab == Tab::Journal => {
                self.journal.follow = !self.journal.follow;
                self.journal.unseen = 0;
            }
            code => return self.row_key(code, control),
        }
        Vec::new()
    }

    /// Keys that move in the list, or do something with the chosen row.
    fn row_key(&mut self, code: KeyCode, control: bool) -> Vec<Ask> {
        let page = self.page();
        let height = super::super::draw::areas(self.size, &page).rows().max(2) as isize;
        match code {
            KeyCode::Up | KeyCode::Char('k') => self.step(&page.rows, -1),
            KeyCode::Down | KeyCode::Char('j') => self.step(&page.rows, 1),
            KeyCode::PageUp => self.step(&page.rows, 1 - height),
            KeyCode::PageDown => self.step(&page.rows, height - 1),
            KeyCode::Char('u') if control => self.step(&page.rows, -height / 2),
            KeyCode::Char('d') if control => self.step(&page.rows, height / 2),
            KeyCode::Home | KeyCode::Char('g') => {
                self.lists.entry(self.tab).or_default().first(&page.rows);
                self.leave_end();
            }
            KeyCode::End | KeyCode::Char('G') => self.step(&page.rows, isize::MAX / 2),
            _ => {
                if let Some(row) = self.list().row(&page.rows) {
                    return self.with(row.clone(), code);
                }
            }
        }
        Vec::new()
    }

    fn with(&mut self, row: Row, code: KeyCode) -> Vec<Ask> {
        let wish = |wish: Option<Wish>, me: &mut Self| wish.map(|w| me.wish(w)).unwrap_or_default();
        match code {
            KeyCode::Enter if row.open.is_some() => self.open(row.open),
            KeyCode::Enter | KeyCode::Char(' ') => return wish(row.act, self),
            KeyCode::Char('-') => return wish(row.less, self),
            KeyCode::Char('+' | '=') => return wish(row.more, self),
            KeyCode::Char('y') => return wish(row.yes, self),
            KeyCode::Char('n') => return wish(row.no, self),
            KeyCode::Char('w') => {
                if let Some(what) = row.why {
                    self.ask_why(&what);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn step(&mut self, rows: &[Row], by: isize) {
        let list = self.lists.entry(self.tab).or_default();
        list.step(rows, by);
        let at_end = !rows.iter().skip(list.chosen + 1).any(Row::can_be_chosen);
        if self.tab == Tab::Journal {
            self.journal.follow = at_end && by > 0;
            if self.journal.follow {
                self.journal.unseen = 0;
            }
        }
    }

    pub(super) fn leave_end(&mut self) {
        if self.tab == Tab::Journal {
            self.journal.follow = false;
        }
    }

    pub(super) fn go(&mut self, tab: Tab) {
        if self.tab != tab {
            self.tab = tab;
            self.polls.hurry();
        }
    }

    fn again(&mut self) {
        if self.tab == Tab::Why
            && let Some(story) = self.stories.last_mut()
        {
            story.answer = None;
        }
        self.polls.hurry();
    }

    pub(super) fn open(&mut self, open: Option<Open>) {
        match open {
            Some(Open::Why(what)) => self.ask_why(&what),
            Some(Open::Device(id)) => {
                self.go(Tab::Devices);
                self.device = Some(id);
                self.lists.remove(&Tab::Devices);
                self.polls.hurry();
            }
            Some(Open::Devices(filter)) => {
                self.go(Tab::Devices);
                self.device = None;
                self.filter_devices(&filter);
            }
            Some(Open::Fold(path)) => {
                let was_turned = self.turned.remove(&path);
                if !was_turned {
                    self.turned.insert(path);
                }
            }
            Some(Open::Needs) => self.all_needs = !self.all_needs,
            None => {}
        }
    }

    pub(super) fn ask_why(&mut self, what: &str) {
        self.stories.retain(|s| s.what != what);
        self.stories.push(Story { what: what.to_owned(), answer: None });
        if self.stories.len() > STORIES {
            self.stories.remove(0);
        }
        self.lists.remove(&Tab::Why);
        self.tab = Tab::Why;
        self.polls.hurry();
    }

    /// Out of what was opened last: a device, a story, a filter.
    fn back(&mut self) {
        match self.tab {
            Tab::Devices if self.device.is_some() => {
                let id = self.device.take().unwrap_or_default();
                self.lists.remove(&Tab::Devices);
                let rows = self.page().rows;
                if let Some(at) = rows.iter().position(|r| r.key == id) {
                    self.lists.entry(Tab::Devices).or_default().choose(&rows, at);
                }
            }
            Tab::Devices => self.filter_devices(""),
            Tab::Why => {
                self.lists.remove(&Tab::Why);
                self.stories.pop();
            }
            _ => {}
        }
    }
}
