//! State to a frame. Pure.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::look::Tone;
use super::rows::{Page, Piece};
use super::state::{Link, State, Tab, tabs};
use super::text::{cut, fit, width, wrap};
use crate::tongue::say;

/// Smaller than this nothing can be read.
const LEAST: (u16, u16) = (60, 14);
/// Lines below the list: what of the chosen row had no room, what came of a wish, keys.
const BELOW: usize = 4;

/// Which lines are whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Areas {
    /// Line of the column names, if there are any.
    head: Option<usize>,
    /// The first line of the list.
    pub body: usize,
    /// The line below the list.
    note: usize,
}

impl Areas {
    /// Lines of the list.
    pub fn rows(self) -> usize {
        self.note.saturating_sub(self.body)
    }
}

pub(super) fn areas(size: (u16, u16), page: &Page) -> Areas {
    let head = page.head.is_some().then_some(2);
    let body = if head.is_some() { 3 } else { 2 };
    Areas { head, body, note: usize::from(size.1).saturating_sub(BELOW).max(body) }
}

/// Draws what is shown.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut paper = Paper { state, columns: area.width.into(), buffer: frame.buffer_mut() };
    if area.width < LEAST.0 || area.height < LEAST.1 {
        paper.too_small(area);
        return;
    }
    let page = state.page();
    paper.tabs();
    paper.title(&page);
    let areas = areas((area.width, area.height), &page);
    if let (Some(head), Some(line)) = (&page.head, areas.head) {
        paper.text(0, line, head, state.look.style(Tone::Head));
    }
    paper.rows(&page, areas);
    paper.note(&page, areas);
    paper.message(usize::from(area.height) - 2);
    paper.keys(&page, usize::from(area.height) - 1);
    if state.help {
        paper.help();
    }
    if let Some(prompt) = &state.prompt {
        let at = (width(&prompt.asked(state)) + width(&prompt.shown())).min(paper.columns.saturating_sub(1));
        let row = area.height - 1;
        frame.set_cursor_position((u16::try_from(at).unwrap_or(0), row));
    }
}

struct Paper<'a, 'b> {
    state: &'a State,
    columns: usize,
    buffer: &'b mut Buffer,
}

impl Paper<'_, '_> {
    fn text(&mut self, column: usize, line: usize, text: &str, style: Style) -> usize {
        let (x, y) = (u16::try_from(column).unwrap_or(u16::MAX), u16::try_from(line).unwrap_or(u16::MAX));
        let area = self.buffer.area;
        if x >= area.width || y >= area.height {
            return column;
        }
        let (end, _) = self.buffer.set_stringn(x, y, text, self.columns - column, style);
        end.into()
    }

    fn over(&mut self, line: usize, style: Style) {
        let y = u16::try_from(line).unwrap_or(u16::MAX);
        let area = Rect { x: 0, y, width: self.buffer.area.width, height: 1 };
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    fn too_small(&mut self, area: Rect) {
        let words = say!(
            self.state.said().too_small,
            columns = area.width,
            lines = area.height,
            least = LEAST.0,
            fewest = LEAST.1
        );
        for (n, line) in wrap(&words, self.columns.max(1), 0).iter().enumerate() {
            self.text(0, n, line, Style::new());
        }
    }

    fn tabs(&mut self) {
        let look = self.state.look;
        let mut end = 0;
        for (tab, at, text) in tabs(self.state.said(), self.state.tab, self.columns) {
            let style = if tab == self.state.tab { look.chosen() } else { look.style(Tone::Plain) };
            end = self.text(at, 0, &text, style);
        }
        if self.state.told.is_some() && self.state.is_up() {
            let told = self.state.telling();
            let clock = told.clock(told.now);
            let at = self.columns.saturating_sub(width(&clock) + 1);
            if at > end {
                self.text(at, 0, &clock, look.style(Tone::Faint));
            }
        }
    }

    /// What the page is about, or that nobody answers.
    fn title(&mut self, page: &Page) {
        let look = self.state.look;
        let Link::Down(why) = &self.state.link else {
            self.text(0, 1, &cut(&page.title, self.columns), look.style(Tone::Head));
            return;
        };
        let said = self.state.said();
        let words = match &self.state.told {
            Some((told, _)) => {
                let told = told.telling();
                say!(said.last_seen, why = why, clock = told.clock(told.now))
            }
            None => say!(said.looked_for, why = why),
        };
        self.text(0, 1, &fit(&format!(" {words}"), self.columns), look.style(Tone::Bad));
        self.over(1, look.chosen());
    }

    fn rows(&mut self, page: &Page, areas: Areas) {
        let (look, list) = (self.state.look, self.state.list());
        for (n, row) in page.rows.iter().enumerate().skip(list.offset).take(areas.rows()) {
            let line = areas.body + n - list.offset;
            self.pieces(line, &row.pieces);
            if n == list.chosen && row.can_be_chosen() {
                self.over(line, look.chosen());
            }
        }
        let below = page.rows.len().saturating_sub(list.offset + areas.rows());
        if below > 0 {
            let words = format!(" {} ", say!(self.state.said().more_below, n = below));
            let at = self.columns.saturating_sub(width(&words) + 1);
            self.text(at, areas.note, &words, look.style(Tone::Faint));
        }
    }

    fn pieces(&mut self, line: usize, pieces: &[Piece]) {
        let mut at = 0;
        for piece in pieces {
            let style = self.state.look.style(piece.tone);
            let left = self.columns.saturating_sub(at);
            at = self.text(at, line, &cut(&piece.text, left), style);
        }
    }

    /// All of the chosen row, as far as two lines go.
    fn note(&mut self, page: &Page, areas: Areas) {
        let list = self.state.list();
        let Some(row) = list.row(&page.rows).filter(|r| !r.note.is_empty()) else { return };
        let style = self.state.look.style(Tone::Faint);
        let more = page.rows.len() > list.offset + areas.rows();
        let room = if more { self.columns.saturating_sub(18) } else { self.columns };
        let lines = wrap(&row.note, room, 0);
        for (n, line) in lines.iter().take(2).enumerate() {
            let cut_off = n == 1 && lines.len() > 2;
            let text =
                if cut_off { format!("{} ...", cut(line, room.saturating_sub(4))) } else { line.clone() };
            self.text(0, areas.note + n, &text, style);
        }
    }

    fn message(&mut self, line: usize) {
        if let Some(message) = &self.state.message {
            self.text(0, line, &cut(&message.text, self.columns), self.state.look.style(message.tone));
        }
    }

    fn keys(&mut self, page: &Page, line: usize) {
        let look = self.state.look;
        if let Some(prompt) = &self.state.prompt {
            let at = self.text(0, line, &prompt.asked(self.state), look.style(Tone::Head));
            let text = prompt.shown();
            let left = self.columns.saturating_sub(at + 1);
            let skip = text.chars().count().saturating_sub(left);
            self.text(at, line, &text.chars().skip(skip).collect::<String>(), Style::new());
            return;
        }
        let mut at = 0;
        let said = self.state.said();
        let always = [("?", said.key_help), ("q", said.key_quit)];
        for (key, does) in page.keys.iter().chain(always.iter()) {
            let key = said.cap(key);
            if at + width(key) + width(does) + 3 > self.columns {
                break;
            }
            at = self.text(at, line, key, look.style(Tone::Key));
            at = self.text(at + 1, line, does, look.style(Tone::Faint)) + 2;
        }
    }

    fn help(&mut self) {
        let area = self.buffer.area;
        let help = self.state.said().help;
        let lines = help.lines().count() + 2;
        let wide = 74.min(self.columns);
        let x = self.columns.saturating_sub(wide) / 2;
        let y = usize::from(area.height).saturating_sub(lines) / 2;
        let border = format!("+{}+", "-".repeat(wide - 2));
        self.text(x, y, &border, Style::new());
        for (n, line) in help.lines().enumerate() {
            let text = format!("| {} |", fit(line, wide - 4));
            self.text(x, y + n + 1, &text, Style::new());
        }
        self.text(x, y + lines - 1, &border, Style::new());
    }
}

/// The pages have digits for names.
const _: () = assert!(Tab::ALL.len() <= 9);
