//! Who calls, what is asked and what rings is seen first, and answered by a key.

use std::time::Duration;

use lares_kernel::Answer;
use lares_model::Receipt;
use serde_json::{from_value, json};

use super::house::{Desk, NOW, home, told};
use crate::control::{Request, View};
use crate::terminal::{Ask, Input, Slot};
use crate::tongue::Tongue;
use crate::views::{CallView, Came, HomeNow, Moment, Need, QuestionView, RingView};

fn call(id: &str, name: &str) -> CallView {
    from_value(json!({ "id": id, "name": name, "at": null, "now": true, "number": null, "reason": null, "message": null,
        "outcome": null, "remark": null, "minutes": null, "seconds_kept": 0.0, "task": null, "camera": null }))
    .unwrap()
}

fn question(id: &str, rule: &str, text: &str) -> QuestionView {
    QuestionView {
        id: id.to_owned(),
        text: text.to_owned(),
        rule: rule.to_owned(),
        kind: "permission".to_owned(),
        to: vec!["anna".to_owned()],
        asked: Moment(NOW),
        until: Moment(NOW + Duration::from_secs(30)),
        camera: None,
    }
}

fn desk(home: HomeNow, calls: Vec<CallView>) -> Desk {
    let mut desk = Desk::up(80, 24);
    desk.give(Input::Answered(Slot::Home, Ok((told(), View::Home(Box::new(home))))));
    desk.give(Input::Answered(Slot::Calls, Ok((told(), View::Calls(calls)))));
    desk.asked.clear();
    desk
}

fn wish(desk: &mut Desk) -> Option<(u64, Request)> {
    let at = desk.asked.iter().position(|a| matches!(a, Ask::Wish(..)))?;
    let Ask::Wish(id, request) = desk.asked.remove(at) else { return None };
    Some((id, request))
}

#[test]
fn a_caller_is_taken_by_a_key() {
    let mut now = home(false);
    let text = "urgent call from Sarah. Take the call?";
    now.questions = vec![question("0a1b2c", "phone:77", text)];
    let need = Need { urgency: "question".into(), text: text.into(), about: None, at: None };
    now.needs.insert(0, need);
    let mut desk = desk(now, vec![call("77", "Sarah"), call("78", "Ben \u{1b}[31m")]);
    let screen = desk.screen();
    assert!(desk.line("is on the telephone").starts_with("call     Ben"), "{screen}");
    assert!(!screen.contains("Sarah is on") && !screen.contains('\u{1b}'), "{screen}");
    assert_eq!(screen.matches("Take the call?").count(), 1, "{screen}");
    assert!(desk.screen().lines().last().unwrap().starts_with("y yes  n no"), "{screen}");
    desk.keys("gj");
    assert!(desk.screen().contains("y: yes, n: no; no by itself at 18:00:30"), "{}", desk.screen());
    desk.keys("y");
    let (id, request) = wish(&mut desk).expect("an answer");
    assert_eq!(request, Request::Answer { question: "0a1b2c".into(), yes: true, person: None });
    assert!(desk.line("Take the call?").contains("said yes"), "{}", desk.screen());
    desk.keys("n");
    assert!(wish(&mut desk).is_none(), "it is on its way");
    let answer = Answer {
        entity: "question 0a1b2c".into(),
        property: String::new(),
        event: None,
        receipt: Receipt::Confirmed,
    };
    desk.give(Input::Came(id, Ok((told(), View::Answers(vec![Came::unnamed(answer, Tongue::English)])))));
    assert!(desk.screen().contains("yes to 0a1b2c; question 0a1b2c"), "{}", desk.screen());
}

#[test]
fn what_rings_is_stopped_by_space() {
    let mut now = home(false);
    now.rings = vec![RingView {
        id: "e1-9".into(),
        text: "The pizza timer is over.".into(),
        room: Some("hall".into()),
        room_name: Some("Hall".into()),
        at: Moment(NOW),
        until: Moment(NOW),
    }];
    let mut desk = desk(now, Vec::new());
    assert!(desk.line("pizza").starts_with("rings    The pizza timer is over. (Hall)"), "{}", desk.screen());
    desk.keys("gy");
    assert!(wish(&mut desk).is_none(), "it is no question");
    desk.keys(" ");
    let (_, request) = wish(&mut desk).expect("a stop");
    assert_eq!(request, Request::StopRing { ring: "e1-9".into(), person: None });
}
