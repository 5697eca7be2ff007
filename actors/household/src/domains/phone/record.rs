//! What the receptionist puts on record: the call's node, the task to call back, questions.

use std::collections::BTreeMap;

use lares_graph::ask::instant_text;
use lares_model::{
    Amendment, Draft, Edge, EdgeKind, NodeId, NodeKind, Question, Reply, Timestamp, Value, Write,
};

use super::OWNER;
use super::dialogue::Dialogue;
pub(super) use crate::domains::questions::asked;
use crate::domains::questions::{ended, permission};

/// A longer text is cut in a task's name.
const NAME: usize = 80;

/// Questions about a call are asked under this name.
pub(super) fn asker(call: &str) -> String {
    format!("{OWNER}:{call}")
}

pub(super) fn call_node(call: &str) -> NodeId {
    NodeId::derive(NodeKind::Call.name(), call)
}

pub(super) fn task_node(call: &str) -> NodeId {
    NodeId::derive(NodeKind::Task.name(), &task_key(call))
}

fn task_key(call: &str) -> String {
    format!("call-back-{call}")
}

/// The call as the graph shows it.
pub(super) fn call_write(call: &str, of: &Dialogue, ended: Option<(Timestamp, bool)>) -> Write {
    let text = |text: &str| Some(text).filter(|t| !t.is_empty()).map(Value::text);
    let mut set = Amendment::from([
        ("direction".to_owned(), Some(Value::text("in"))),
        ("at".to_owned(), instant_text(Timestamp(of.rang)).map(Value::text)),
        ("phone".to_owned(), text(&of.number)),
        ("reason".to_owned(), text(&of.reason)),
        ("body".to_owned(), text(&of.message)),
        ("remark".to_owned(), text(&of.remark)),
        ("seconds_kept".to_owned(), Some(of.kept).filter(|s| *s > 0.0).map(Value::Number)),
    ]);
    if let Some((at, broken_off)) = ended {
        let minutes = of.answered.map(|from| (at.0.saturating_sub(from)) as f64 / 60e6);
        set.insert("minutes".to_owned(), minutes.map(|m| Value::Number((m * 100.0).round() / 100.0)));
        set.insert("outcome".to_owned(), Some(Value::text(of.outcome(broken_off))));
    }
    let name = Some(format!("Call from {}", of.who()));
    Write::Amend { id: call_node(call), kind: NodeKind::Call, key: call.into(), name, set }
}

/// The task to call back, tied to its call.
pub(super) fn task_writes(call: &str, of: &Dialogue) -> Vec<Write> {
    let said = [of.reason.as_str(), of.message.as_str()];
    let said = said.iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(". ");
    let about: String = said.chars().take(NAME).collect();
    let who = of.who();
    let name =
        if about.is_empty() { format!("Call back {who}") } else { format!("Call back {who}: {about}") };
    let words = if said.is_empty() { "There is no text of what was said.".to_owned() } else { said };
    let set: BTreeMap<String, Option<Value>> = [
        ("status", Value::text("open")),
        ("labels", Value::text("todo")),
        ("description", Value::text(words)),
        ("priority", Value::Number(if of.urgent { 1.0 } else { 5.0 })),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), Some(value)))
    .collect();
    let id = task_node(call);
    let key = task_key(call).into();
    let edge = Edge { from: id, kind: EdgeKind::About, to: call_node(call) };
    vec![Write::Amend { id, kind: NodeKind::Task, key, name: Some(name), set }, Write::PutEdge(edge)]
}

/// What is kept of a call while it lasts.
pub(super) fn kept(call: &str, of: Option<&Dialogue>) -> Write {
    let value = of.and_then(|dialogue| serde_json::to_vec(dialogue).ok());
    Write::PutState { owner: OWNER.into(), key: call.into(), value }
}

pub(super) fn question(
    call: &str,
    to: &[String],
    text: String,
    now: Timestamp,
    until: Timestamp,
) -> Question {
    permission(asker(call), to, text, now, until)
}

pub(super) fn withdrawn(question: &Question) -> (Draft, Vec<Write>) {
    ended(question, Reply::Withdrawn)
}
