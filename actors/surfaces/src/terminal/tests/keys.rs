//! Keys and the mouse.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::house::{Desk, line, told};
use crate::control::{Request, View};
use crate::terminal::{Ask, Input, Slot, Tab};
use crate::views::{FindView, HitView, LogFilter};

#[test]
fn pages_are_reached_by_digits_arrows_and_clicks() {
    let mut desk = Desk::up(80, 24);
    for (n, tab) in Tab::ALL.into_iter().enumerate() {
        desk.key(KeyCode::Char(char::from_digit(n as u32 + 1, 10).unwrap()));
        assert_eq!(desk.state.tab, tab);
    }
    desk.key(KeyCode::Tab);
    assert_eq!(desk.state.tab, Tab::Now, "round and round");
    desk.key(KeyCode::Left);
    assert_eq!(desk.state.tab, Tab::House);
    let at = desk.screen().lines().next().unwrap().find("Tree").unwrap();
    desk.click(at as u16, 0);
    assert_eq!(desk.state.tab, Tab::Tree);
    desk.click(79, 0);
    assert_eq!(desk.state.tab, Tab::Tree, "the clock is no page");
}

#[test]
fn q_and_ctrl_c_quit_also_while_something_is_typed() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2/q");
    assert!(!desk.state.is_done(), "there q is a letter");
    desk.give(Input::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
    assert!(desk.state.is_done());
    let mut desk = Desk::up(80, 24);
    desk.keys("?");
    assert!(desk.screen().contains("filter, or ask why by name"));
    desk.keys("q");
    assert!(!desk.state.is_done(), "any key closes the help");
    desk.keys("q");
    assert!(desk.state.is_done());
}

#[test]
fn a_part_of_a_name_narrows_as_it_is_typed_and_esc_takes_it_back() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    desk.keys("/moti");
    assert!(desk.screen().contains("Hall motion") && !desk.screen().contains("Hall lamp"));
    desk.key(KeyCode::Esc);
    assert!(desk.screen().contains("Hall lamp"));
    desk.keys("/nothing like it");
    desk.key(KeyCode::Enter);
    assert!(desk.screen().contains("No device fits"));
}

#[test]
fn a_filter_string_is_for_the_household_to_answer() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    desk.keys("/value:on");
    assert!(desk.asked.is_empty(), "it is asked when it is done");
    desk.key(KeyCode::Enter);
    desk.answer();
    let slot = Slot::Find("value:on".to_owned());
    let Some(Ask::View(asked, Request::Status)) = desk.asked.pop() else { panic!("{:?}", desk.asked) };
    assert_eq!(asked, slot);
    let hit = HitView {
        id: String::new(),
        kind: "entity".to_owned(),
        reference: "hall-motion.occupancy".to_owned(),
        name: String::new(),
        room: None,
        status: None,
        value: serde_json::Value::Null,
        unit: None,
        line: None,
        score: 0,
    };
    let found = View::Found(FindView { nodes: vec![hit], total: 1 });
    desk.give(Input::Answered(slot.clone(), Ok((told(), found))));
    let screen = desk.screen();
    assert!(screen.contains("Hall motion") && !screen.contains("Hall lamp"), "{screen}");
    desk.give(Input::Answered(slot, Err("`valu` is nothing to ask for".to_owned())));
    assert!(desk.screen().contains("`valu` is nothing to ask for"));
}

#[test]
fn the_choice_stays_with_its_row_when_others_come_before_it() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    desk.key(KeyCode::Down);
    assert_eq!(chosen(&desk).as_deref(), Some("hall-motion"));
    let mut more = super::house::devices(false);
    more.push(super::house::device("a", "A new one", None, "online", Vec::new()));
    desk.give(Input::Answered(Slot::Devices, Ok((told(), View::Devices(more)))));
    assert_eq!(chosen(&desk).as_deref(), Some("hall-motion"));
    desk.give(Input::Answered(Slot::Devices, Ok((told(), View::Devices(Vec::new())))));
    assert_eq!(chosen(&desk), None);
    desk.keys(" +-w");
    assert!(desk.asked.iter().all(|a| !matches!(a, Ask::Wish(..))), "nothing is chosen, nothing is done");
}

fn chosen(desk: &Desk) -> Option<String> {
    let page = desk.state.page();
    desk.state.list().row(&page.rows).map(|r| r.key.clone())
}

#[test]
fn a_click_chooses_and_the_next_one_opens() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    let at = desk.screen().lines().position(|l| l.contains("Hall motion")).unwrap();
    desk.click(3, at as u16);
    assert_eq!(chosen(&desk).as_deref(), Some("hall-motion"));
    desk.click(3, at as u16);
    desk.answer();
    assert!(desk.line("illuminance").contains("12.2 lx"), "{}", desk.screen());
    desk.key(KeyCode::Esc);
    assert_eq!(chosen(&desk).as_deref(), Some("hall-motion"), "back where it came from");
}

#[test]
fn the_journal_follows_until_somebody_looks_up() {
    let mut desk = Desk::up(80, 24);
    desk.keys("3");
    assert!(desk.screen().contains("Journal, following"));
    desk.key(KeyCode::Up);
    desk.give(Input::Line(told(), Box::new(line(9, "something new"))));
    desk.give(Input::Line(told(), Box::new(line(9, "something new"))));
    assert!(desk.screen().contains("Journal, paused, 1 new below"), "once: {}", desk.screen());
    assert_eq!(chosen(&desk).as_deref(), Some("e1-2"));
    desk.keys("G");
    assert!(desk.screen().contains("Journal, following"));
    assert_eq!(chosen(&desk).as_deref(), Some("e1-9"));
    desk.asked.clear();
    desk.keys("/kind:notice lamp");
    desk.key(KeyCode::Enter);
    let wanted = LogFilter { kinds: vec!["notice".to_owned()], limit: 300, ..LogFilter::default() };
    assert_eq!(desk.asked, [Ask::Follow(wanted)]);
    assert!(!desk.screen().contains("something new"), "it has no lamp");
    desk.asked.clear();
    desk.give(Input::NoJournal("there is no such kind".to_owned()));
    assert!(matches!(desk.asked.as_slice(), [Ask::Follow(f)] if f.kinds.is_empty()));
    desk.give(Input::NoJournal("nothing can be kept".to_owned()));
    assert_eq!(desk.asked.len(), 1, "it is not asked again and again");
}

#[test]
fn enter_on_a_room_leads_to_its_devices_and_w_to_its_why() {
    let mut desk = Desk::up(80, 24);
    let at = desk.screen().lines().position(|l| l.starts_with("Hall")).unwrap();
    desk.click(1, at as u16);
    desk.key(KeyCode::Enter);
    assert_eq!((desk.state.tab, desk.state.filter.as_str()), (Tab::Devices, "room:hall"));
    desk.keys("1w");
    assert_eq!(desk.state.tab, Tab::Why);
    assert_eq!(desk.state.stories.last().map(|s| s.what.as_str()), Some("room:hall"));
    desk.give(Input::Answered(Slot::Devices, Err(String::new())));
    let why = |a: &Ask| matches!(a, Ask::View(Slot::Why(what), _) if what == "room:hall");
    assert!(desk.asked.iter().any(why), "{:?}", desk.asked);
}
