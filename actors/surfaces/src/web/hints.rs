//! Frames that say that there is something to look at again, and not what: that is asked for, with one's own rights.

use std::sync::Arc;

use lares_config::{Home, Role, Shown};
use lares_kernel::CountdownId;
use lares_model::{Body, Change, Event, NodeId, Timestamp};

use super::live::LiveFrame;
use super::visitor::Visitor;
use crate::displays::display_of;
use crate::views::Moment;

#[derive(Clone)]
pub(super) struct Hint {
    what: What,
    text: Arc<str>,
}

#[derive(Clone)]
enum What {
    /// The board of a room; without a room, those of all.
    Board(Option<Arc<str>>),
    Lists,
}

impl Hint {
    /// The board of a room is another one; of no room: those of all.
    pub fn board(room: &str, now: Timestamp) -> Option<Self> {
        let room = Some(room).filter(|room| !room.is_empty());
        Self::new(What::Board(room.map(Into::into)), "board", room, now)
    }

    /// Something else may stand on a list.
    pub fn lists(now: Timestamp) -> Option<Self> {
        Self::new(What::Lists, "lists", None, now)
    }

    fn new(what: What, kind: &'static str, room: Option<&str>, now: Timestamp) -> Option<Self> {
        let frame = LiveFrame {
            id: String::new(),
            at: Moment(now),
            kind,
            subject: room.map(|room| format!("room:{room}")).unwrap_or_default(),
            room: room.map(str::to_owned),
            property: None,
            value: serde_json::Value::Null,
            text: None,
        };
        Some(Self { what, text: serde_json::to_string(&frame).ok()?.into() })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is something for them to look at.
    pub fn is_for(&self, visitor: &Visitor, home: &Home) -> bool {
        match &self.what {
            What::Board(room) => room.is_none() || visitor.sees(room.as_deref()),
            What::Lists => {
                let reads = visitor.role <= Role::Child && visitor.sees(None);
                let hangs =
                    || display_of(home, &visitor.person).is_some_and(|d| d.shows.contains(&Shown::Lists));
                reads || hangs()
            }
        }
    }
}

/// What boards show and is of no room: who calls, and timers of the whole house.
pub(super) fn is_for_boards(event: &Event) -> bool {
    let own = |owner: &str| event.subject == NodeId::household() && CountdownId::of(owner, "").is_some();
    match &event.body {
        Body::Asked(question) => question.rule.starts_with("phone:"),
        Body::Replied { question, .. } => question.rule.starts_with("phone:"),
        Body::TimerSet { timer } => own(&timer.owner),
        Body::TimerFired { owner, .. } | Body::TimerCancelled { owner, .. } => own(owner),
        _ => false,
    }
}

/// Lists are tasks and projects of the life graph; what was measured is none of it.
pub(super) fn is_for_lists(event: &Event) -> bool {
    match &event.body {
        Body::GraphChanged(said) => said.changes.iter().any(|c| !matches!(c, Change::Measured { .. })),
        _ => false,
    }
}
