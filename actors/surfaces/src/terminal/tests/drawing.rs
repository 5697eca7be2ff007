//! What the pages look like. A picture that has changed is shown in full; `LARES_WRITE=1` keeps it.

use std::path::{Path, PathBuf};

use crossterm::event::KeyCode;

use super::house::{Desk, told};
use crate::control::View;
use crate::terminal::{Input, Slot, Tab};

fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/terminal/tests/pictures").join(name)
}

fn looks_like(name: &str, screen: &str) {
    let path = picture(name);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept.trim_end() == screen.trim_end() {
        return;
    }
    if std::env::var_os("LARES_WRITE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{}\n", screen.trim_end())).unwrap();
        return;
    }
    panic!("{name} looks otherwise; LARES_WRITE=1 keeps it:\n{screen}\n--- it was\n{kept}");
}

#[test]
fn the_first_page_at_80_by_24_and_120_by_40() {
    looks_like("now-80x24.txt", &Desk::up(80, 24).screen());
    looks_like("now-120x40.txt", &Desk::up(120, 40).screen());
}

/// The book's picture is the first page as it is drawn.
#[test]
fn the_book_shows_the_first_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/terminal.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("<!-- picture: begin -->\n").unwrap();
    let (kept, after) = rest.split_once("<!-- picture: end -->").unwrap();
    let drawn = format!("\n```text\n{}\n```\n\n", Desk::up(80, 24).screen());
    if kept == drawn {
        return;
    }
    if std::env::var_os("LARES_WRITE").is_some() {
        let new = format!("{before}<!-- picture: begin -->\n{drawn}<!-- picture: end -->{after}");
        return std::fs::write(&page, new).unwrap();
    }
    panic!("docs/terminal.md shows something else; LARES_WRITE=1 writes it:\n{drawn}");
}

#[test]
fn devices_and_one_of_them() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    looks_like("devices-80x24.txt", &desk.screen());
    desk.key(KeyCode::Enter);
    desk.answer();
    looks_like("device-80x24.txt", &desk.screen());
}

#[test]
fn what_is_too_small_is_told_so_in_words() {
    looks_like("now-40x10.txt", &Desk::up(40, 10).screen());
}

#[test]
fn nothing_is_drawn_beside_the_screen_at_any_size() {
    for (columns, lines) in [(1, 1), (3, 2), (40, 10), (59, 14), (60, 14), (61, 15), (80, 24), (300, 90)] {
        let mut desk = Desk::up(columns, lines);
        for tab in Tab::ALL {
            desk.state.tab = tab;
            desk.give(Input::Resize(columns, lines));
            desk.answer();
            desk.key(KeyCode::End);
            desk.key(KeyCode::PageUp);
            assert_eq!(desk.screen().split('\n').count(), usize::from(lines), "{tab:?} at {columns}x{lines}");
        }
    }
}

#[test]
fn no_text_from_outside_gets_to_the_terminal_as_a_control_character() {
    let mut desk = Desk::up(120, 40);
    let evil = "\u{1b}[2J\u{7}\r\u{9b}5m\u{202e}";
    let mut devices = super::house::devices(true);
    for device in &mut devices {
        device.name.push_str(evil);
        device.id.push_str(evil);
        device.status_detail = Some(evil.to_owned());
        device.identifiers = vec![evil.to_owned()];
        device.entities.iter_mut().for_each(|e| e.state = evil.into());
    }
    let view = || View::Devices(devices.clone());
    desk.keys("2");
    desk.give(Input::Answered(Slot::Devices, Ok((told(), view()))));
    let table = desk.state.page();
    desk.key(KeyCode::Enter);
    let one = desk.state.page();
    desk.give(Input::Line(told(), Box::new(super::house::line(5, evil))));
    desk.keys("3");
    let journal = desk.state.page();
    let mut seen = 0;
    for page in [table, one, journal] {
        let pieces = page.rows.iter().flat_map(|r| r.pieces.iter().map(|p| &p.text).chain([&r.note]));
        for text in pieces.chain([&page.title]) {
            seen += usize::from(text.contains("\\u{1b}"));
            assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?}");
        }
    }
    assert!(seen > 5, "it is shown, harmless: {seen}");
}
