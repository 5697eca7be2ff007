//! What the household decides by, and what it decided.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, choice, text, when};

const fn plain(kind: NodeKind, says: &'static str, props: &'static [Prop]) -> KindDescriptor {
    KindDescriptor { kind, version: 1, says, sentence: "{name}", schema_org: None, props }
}

pub(super) const KINDS: &[KindDescriptor] = &[
    plain(NodeKind::Rule, "when / if / then, as the home folder says it", &[]),
    plain(
        NodeKind::Run,
        "a rule at work",
        &[
            choice("status", &["open", "started", "waiting", "done", "cancelled"], "how far it is"),
            when("start", "when it begins"),
            when("end", "when it ends; the end itself is not in it"),
        ],
    ),
    plain(
        NodeKind::Plan,
        "an immutable set of intended steps",
        &[
            when("start", "when it begins"),
            when("end", "when it ends; the end itself is not in it"),
            text("steps", "a line for each"),
        ],
    ),
    plain(
        NodeKind::Decision,
        "what was decided, and on what grounds",
        &[when("at", "when it happened"), text("grounds", "why")],
    ),
];
