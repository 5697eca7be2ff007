//! Questions that a domain asks: whether it may go on, that it did ask, and how it ended.

use lares_model::{Asking, Body, Draft, NodeId, Origin, Question, Reply, Timestamp, Write};

use crate::rules::question_write;

/// Whether something may be done. `rule`: under which name it is asked.
pub(super) fn permission(
    rule: String,
    to: &[String],
    text: String,
    now: Timestamp,
    until: Timestamp,
) -> Question {
    Question {
        id: Question::id_of(&rule, 0, now),
        text,
        rule: rule.into(),
        to: to.iter().map(|person| person.as_str().into()).collect(),
        kind: Asking::Permission,
        asked: now,
        until,
    }
}

pub(super) fn asked(question: &Question) -> (Draft, Vec<Write>) {
    let body = Body::Asked(Box::new(question.clone()));
    (Draft::new(NodeId::rule(&question.rule), Origin::System, body), vec![question_write(question, true)])
}

pub(super) fn ended(question: &Question, reply: Reply) -> (Draft, Vec<Write>) {
    let origin = if reply == Reply::Silence { Origin::Timer } else { Origin::System };
    let body = Body::Replied { question: Box::new(question.clone()), reply };
    (Draft::new(NodeId::rule(&question.rule), origin, body), vec![question_write(question, false)])
}
