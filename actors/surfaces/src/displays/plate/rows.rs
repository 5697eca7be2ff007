//! What a plate shows above its tiles: a row for each thing that is not of the room itself, with what can be done about it. Pure.

use serde_json::{Value as Json, json};

use super::draw::{GAP, HEADER, Screen, object};
use super::{Object, Touch};
use crate::tongue::say;
use crate::views::{BoardView, Telling};

/// One row.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub text: String,
    /// What is written on them, and what they do. Two at most.
    pub buttons: Vec<(String, Touch)>,
    /// Nobody should have to look for it on another page.
    pub pressing: bool,
}

/// Pixels of a row: two lines of text.
const TALL: u32 = 46;
/// Of a button on it, at most.
const BUTTON: u32 = 96;

/// The rows of a board, what is most pressing first. `ends`: timers can be ended there; what rings is stopped by whoever hears it.
pub fn rows(board: &BoardView, told: &Telling, ends: bool) -> Vec<Row> {
    let t = told.tongue.phrases();
    let mut out = Vec::new();
    let mut row = |text: String, pressing: bool, buttons: Vec<(&str, Touch)>| {
        let buttons = buttons.into_iter().map(|(label, touch)| (label.to_owned(), touch)).collect();
        out.push(Row { text, buttons, pressing });
    };
    for call in &board.calls {
        let text = call.text.clone().unwrap_or_else(|| call.name.clone());
        let answer = |question: &String, yes| Touch::Answer { question: question.clone(), yes };
        let buttons = call.question.iter();
        let buttons =
            buttons.flat_map(|q| [(t.board_take, answer(q, true)), (t.board_leave, answer(q, false))]);
        row(text, true, buttons.collect());
    }
    for ring in &board.rings {
        row(ring.text.clone(), true, vec![(t.board_stop, Touch::Stop { ring: ring.id.clone() })]);
    }
    for alert in &board.alerts {
        row(alert.text.clone(), true, Vec::new());
    }
    if let Some(heard) = &board.heard {
        let words =
            heard.words.as_ref().map_or_else(|| t.board_heard.to_owned(), |words| format!("“{words}”"));
        row(format!("{words}\n{}", heard.answer.as_deref().unwrap_or("…")), false, Vec::new());
    }
    for timer in &board.timers {
        let until = timer.due.map(|due| say!(t.board_until, time = told.hour(due.0)));
        let text = format!("{}\n{}", timer.name, until.unwrap_or_else(|| t.board_paused.to_owned()));
        let end = ends.then(|| (t.board_end, Touch::End { timer: timer.id.clone() }));
        row(text, false, end.into_iter().collect());
    }
    for plays in &board.playing {
        let title = plays.title.as_ref().unwrap_or(&plays.name);
        let text = plays.artist.as_ref().map_or_else(|| title.clone(), |artist| format!("{title}\n{artist}"));
        let (label, state) = if plays.state == "playing" { ("||", "paused") } else { (">", "playing") };
        let touch = Touch::Play { entity: plays.player.clone(), state: state.to_owned() };
        row(text, false, plays.pauses.then_some((label, touch)).into_iter().collect());
    }
    if let Some(next) = &board.next {
        let when = if next.when.len() <= 10 { next.when.clone() } else { told.hour(next.at.0) };
        row(format!("{}\n{when}", next.name), false, Vec::new());
    }
    for batch in &board.making {
        let step = batch.step.as_ref().unwrap_or(&batch.status);
        row(format!("{}\n{step}", batch.name), false, Vec::new());
    }
    for of in &board.lists {
        let name = match (&of.name, of.list.as_str()) {
            (Some(name), _) => name.as_str(),
            (None, "todo") => t.board_todo,
            (None, _) => t.board_shopping,
        };
        let items: Vec<&str> = of.items.iter().map(|item| item.name.as_str()).collect();
        row(format!("{name} ({})\n{}", of.open, items.join(", ")), false, Vec::new());
    }
    out
}

/// Rows that fit above the tiles: half of what is below the head is the room's own.
pub(super) fn fitting(rows: &[Row], screen: Screen) -> usize {
    let room = screen.height.saturating_sub(HEADER) / 2;
    rows.len().min((room / (TALL + GAP)).max(1) as usize)
}

/// Pixels that they take.
pub(super) fn taken(rows: usize) -> u32 {
    rows as u32 * (TALL + GAP)
}

/// One row; three ids from `id` on are its own.
pub(super) fn row(page: u8, id: u8, n: usize, row: &Row, screen: Screen, out: &mut Vec<Object>) {
    let y = HEADER + taken(n);
    let whole = screen.width.saturating_sub(2 * GAP);
    let side = BUTTON.min(whole / 4);
    let buttons = row.buttons.len().min(2) as u32;
    let width = whole - buttons * (side + GAP);
    let place = |obj: &str, x: u32, w: u32, text: &str, align: &str| -> Json {
        json!({ "obj": obj, "x": x, "y": y, "w": w, "h": TALL, "text": text, "mode": "break", "align": align })
    };
    out.push(object(page, id, place("label", GAP, width, &row.text, "left"), None));
    for (n, (text, touch)) in row.buttons.iter().take(2).enumerate() {
        let x = GAP + width + GAP + n as u32 * (side + GAP);
        out.push(object(page, id + 1 + n as u8, place("btn", x, side, text, "center"), Some(touch.clone())));
    }
}

#[cfg(test)]
mod tests {
    use lares_model::Timestamp;

    use super::*;
    use crate::views::{BoardCall, BoardList, BoardTimer, HeardHere, ListItem, Moment};

    #[test]
    fn what_presses_comes_first_and_only_those_who_are_asked_have_buttons() {
        let at = |seconds: i64| Moment(Timestamp(seconds * 1_000_000));
        let call = |question: Option<&str>| BoardCall {
            id: "5d0f3c1b9a7e2468".into(),
            name: "Sarah".into(),
            text: Some("urgent call from Sarah. Take the call?".into()),
            question: question.map(str::to_owned),
            until: None,
            camera: None,
        };
        let heard =
            HeardHere { words: None, answer: Some("Done.".into()), ok: true, at: at(0), until: at(20) };
        let timer = BoardTimer { id: "hall/tea".into(), name: "tea".into(), due: Some(at(3_600)) };
        let mut board = BoardView {
            calls: vec![call(Some("a1b2c3"))],
            heard: Some(heard),
            timers: vec![timer],
            ..BoardView::default()
        };
        let told = Telling::in_zone("UTC", Timestamp(0), true);
        let shown = |board: &BoardView, ends| -> Vec<(String, Vec<String>, bool)> {
            let labels = |row: &Row| row.buttons.iter().map(|(label, _)| label.clone()).collect();
            rows(board, &told, ends).iter().map(|row| (row.text.clone(), labels(row), row.pressing)).collect()
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            shown(&board, true),
            [
                ("urgent call from Sarah. Take the call?".into(), words(&["Take it", "Decline"]), true),
                ("Something was heard\nDone.".into(), words(&[]), false),
                ("tea\nuntil 01:00".into(), words(&["End"]), false),
            ]
        );
        let item =
            |name: &str| ListItem { id: name.to_lowercase(), name: name.into(), done: false, due: None };
        let items = vec![item("Bread"), item("Milk")];
        board.lists = vec![BoardList { list: "shopping".into(), name: None, open: 9, items }];
        assert_eq!(shown(&board, true)[3], ("Shopping (9)\nBread, Milk".into(), words(&[]), false));
        board.calls = vec![call(None)];
        assert!(shown(&board, false).iter().all(|(_, buttons, _)| buttons.is_empty()));
    }
}
