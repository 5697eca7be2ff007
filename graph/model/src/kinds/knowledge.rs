//! What was written down.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, PropType, Sensitivity, text, when};

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::Document,
        version: 1,
        says: "a paper or file: a contract, a manual, a bill",
        sentence: "{name}[ of {at}]",
        schema_org: Some("DigitalDocument"),
        props: &[
            text("file", "where it lies: a path or name"),
            text("media", "of what sort: application/pdf"),
            when("at", "when it happened"),
            Prop::new("body", PropType::Text, "what it says").of(Sensitivity::Personal),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Note,
        version: 1,
        says: "words to remember",
        sentence: "{name}",
        schema_org: Some("NoteDigitalDocument"),
        props: &[
            Prop::new("body", PropType::Text, "what it says").of(Sensitivity::Personal),
            when("at", "when it happened"),
        ],
    },
];
