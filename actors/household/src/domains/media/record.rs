//! What media puts on record: questions, and why it looked and stayed.

use std::sync::Arc;

use lares_config::Home;
use lares_model::{
    Asking, Basis, Body, Draft, Fact, NodeId, Origin, Question, Reply, RuleRef, Timestamp, Write,
};

use super::OWNER;
use super::settings::Settings;
use crate::rules::question_write;

/// Questions of music are asked under this name and the stream's.
fn asker(stream: &str) -> String {
    format!("{OWNER}:{stream}")
}

/// The question whether music may come to where somebody else is.
pub(super) fn question(
    stream: &str,
    to: &[String],
    text: String,
    now: Timestamp,
    until: Timestamp,
) -> Question {
    let rule = asker(stream);
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
    let draft = Draft::new(NodeId::rule(&question.rule), Origin::System, body);
    (draft, vec![question_write(question, true)])
}

pub(super) fn ended(question: &Question, reply: Reply) -> (Draft, Vec<Write>) {
    let origin = if reply == Reply::Silence { Origin::Timer } else { Origin::System };
    let body = Body::Replied { question: Box::new(question.clone()), reply };
    (Draft::new(NodeId::rule(&question.rule), origin, body), vec![question_write(question, false)])
}

/// It looked and stayed where it was: with the line of the configuration that makes the stream follow.
pub(super) fn stays(
    home: &Home,
    settings: &Settings,
    stream: &str,
    (trigger, condition, found): (String, String, String),
) -> Draft {
    let of = settings.streams.get(stream);
    let basis = Basis {
        rule: RuleRef {
            key: asker(stream).into(),
            snapshot: home.snapshot,
            file: Arc::from(of.map_or("", |s| s.file.as_str())),
            line: of.map_or(0, |s| s.line),
        },
        trigger,
        conditions: vec![Fact { text: condition, found, met: false }],
    };
    let subject = of.and_then(|s| s.player).unwrap_or_else(NodeId::household);
    Draft::new(subject, Origin::System, Body::RuleSkipped { basis: Box::new(basis) })
}
