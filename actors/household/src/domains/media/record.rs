//! What media puts on record: questions, and why it looked and stayed.

use std::sync::Arc;

use lares_config::Home;
use lares_model::{Basis, Body, Draft, Fact, NodeId, Origin, Question, RuleRef, Timestamp};

use super::OWNER;
use super::settings::Settings;
use crate::domains::questions::permission;
pub(super) use crate::domains::questions::{asked, ended};

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
    permission(asker(stream), to, text, now, until)
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
