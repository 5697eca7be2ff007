//! Calls by telephone: who called, what they said, what became of it, and the sound of it.

use std::collections::BTreeSet;

use lares_kernel::wire::{CALL_RATE, Law, SOUND_KIND};
use lares_model::{Body, EdgeKind, Node, NodeId, NodeKind, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{plain, table};
use super::{Moment, ReadError, Source, Telling};

/// Whose the dialogues are that stand, among kept states.
const STANDING: &str = "phone";
/// Calls that are told; older ones are found in the life graph.
const MOST: usize = 200;
/// Entries about one call that are looked through for its sound: half an hour.
const SOUND_BACK: usize = 2_400;

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallView {
    /// Sixteen hexadecimal digits.
    pub id: String,
    /// Who called: what the household knows them as, or what their exchange says. It proves nothing.
    pub name: String,
    pub at: Option<Moment>,
    /// It stands now.
    pub now: bool,
    /// As their exchange says, or as they gave it.
    pub number: Option<String>,
    /// What they said of who they are and why they call.
    pub reason: Option<String>,
    /// What they left as a message.
    pub message: Option<String>,
    /// `blocked`, `given_up`, `silent`, `message`, `transferred` or `broken_off`; null: it stands.
    pub outcome: Option<String>,
    /// What could not be done, and why.
    pub remark: Option<String>,
    pub minutes: Option<f64>,
    /// Seconds of its sound that are kept.
    pub seconds_kept: f64,
    /// The task to call back, if there is one and it is not done.
    pub task: Option<String>,
    /// The image that shows who is at the door that called.
    pub camera: Option<String>,
}

/// The sound of a call, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallSound {
    /// Samples a second.
    pub rate: u32,
    /// Mu-law, one byte a sample.
    pub bytes: Vec<u8>,
}

impl CallSound {
    pub fn samples(&self) -> Vec<i16> {
        Law::Mu.decode(&self.bytes)
    }
}

/// The newest first.
pub fn calls(source: &dyn Source) -> Result<Vec<CallView>, ReadError> {
    let standing: BTreeSet<String> = source.states(STANDING)?.into_iter().map(|(call, _)| call).collect();
    let mut all = Vec::new();
    for node in source.nodes(NodeKind::Call)? {
        all.push(call(source, &node, standing.contains(&*node.key))?);
    }
    all.sort_by(|a, b| (b.now, b.at.map(|m| m.0), &b.id).cmp(&(a.now, a.at.map(|m| m.0), &a.id)));
    all.truncate(MOST);
    Ok(all)
}

/// Those that stand, the oldest first.
pub fn calls_now(source: &dyn Source) -> Result<Vec<CallView>, ReadError> {
    let mut all = Vec::new();
    for (key, _) in source.states(STANDING)? {
        if let Some(node) = source.node(call_node(&key))? {
            all.push(call(source, &node, true)?);
        }
    }
    all.sort_by(|a, b| (a.at.map(|m| m.0), &a.id).cmp(&(b.at.map(|m| m.0), &b.id)));
    Ok(all)
}

/// With its task and its camera.
fn call(source: &dyn Source, node: &Node, now: bool) -> Result<CallView, ReadError> {
    let mut open = None;
    for edge in source.edges_to(node.id)?.into_iter().filter(|e| e.kind == EdgeKind::About) {
        let task = source.node(edge.from)?.filter(|n| n.kind == NodeKind::Task);
        let status = |n: &Node| n.props.get("status").and_then(Value::as_text).map(str::to_owned);
        let is_open = |n: &Node| !matches!(status(n).as_deref(), Some("done" | "cancelled"));
        open = open.or(task.filter(is_open).map(|n| format!("task:{}", n.key)));
    }
    Ok(CallView { camera: camera(source, node.id)?, ..view(node, now, open) })
}

pub(super) fn call_node(call: &str) -> NodeId {
    NodeId::derive(NodeKind::Call.name(), call)
}

/// The image of the door that a call is about.
pub(super) fn camera(source: &dyn Source, call: NodeId) -> Result<Option<String>, ReadError> {
    for edge in source.edges_from(call)?.into_iter().filter(|e| e.kind == EdgeKind::About) {
        let about = source.node(edge.to)?.filter(|n| n.kind == NodeKind::Entity);
        let reference = |n: Node| n.props.get("ref").and_then(Value::as_text).map(str::to_owned);
        if let Some(found) = about.and_then(reference) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn view(node: &Node, now: bool, task: Option<String>) -> CallView {
    let text = |key: &str| node.props.get(key).and_then(Value::as_text).map(str::to_owned);
    let number = |key: &str| node.props.get(key).and_then(Value::as_number);
    CallView {
        id: node.key.to_string(),
        name: node.name.strip_prefix("Call from ").unwrap_or(&node.name).to_owned(),
        at: text("at").and_then(|at| at.parse().ok()),
        now,
        number: text("phone"),
        reason: text("reason"),
        message: text("body"),
        outcome: text("outcome"),
        remark: text("remark"),
        minutes: number("minutes"),
        seconds_kept: number("seconds_kept").unwrap_or(0.0),
        task,
        camera: None,
    }
}

/// What is kept of a call's sound; nothing: there is no such call, or none of its sound is left.
pub fn call_sound(source: &dyn Source, id: &str) -> Result<Option<CallSound>, ReadError> {
    let mut pieces = Vec::new();
    for stored in source.history(call_node(id), None, SOUND_BACK)? {
        if let Body::Other { kind: SOUND_KIND, bytes, .. } = stored.event.body {
            pieces.push(bytes);
        }
    }
    pieces.reverse();
    let bytes = pieces.concat();
    Ok((!bytes.is_empty()).then_some(CallSound { rate: CALL_RATE, bytes }))
}

pub fn calls_text(all: &[CallView], told: &Telling) -> String {
    if all.is_empty() {
        return "nobody has called\n".to_owned();
    }
    let row = |call: &CallView| {
        let said = [&call.reason, &call.message].into_iter().flatten().map(|text| format!("“{text}”"));
        let became = if call.now { "now" } else { call.outcome.as_deref().unwrap_or("") };
        let sound =
            if call.seconds_kept > 0.0 { format!("{:.0} s", call.seconds_kept) } else { String::new() };
        vec![
            call.at.map_or_else(String::new, |at| told.clock(at.0)),
            plain(&call.name),
            became.replace('_', " "),
            sound,
            plain(&said.collect::<Vec<_>>().join(" ")),
            plain(call.remark.as_deref().unwrap_or("")),
            call.id.clone(),
        ]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}
