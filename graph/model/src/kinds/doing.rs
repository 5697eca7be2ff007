//! What there is to do, what for, and what is needed for it.

use super::NodeKind;
use super::describe::{KindDescriptor, choice, number, text, when};

const STATES: &[&str] = &["open", "started", "waiting", "done", "cancelled"];

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::Goal,
        version: 1,
        says: "what a person or the household wants to reach",
        sentence: "{name}[ by {due}]",
        schema_org: None,
        props: &[
            choice("status", STATES, "how far it is"),
            when("due", "when it must be done"),
            number("value", "", "how much it is worth against others, 0-100"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Project,
        version: 1,
        says: "tasks that belong together",
        sentence: "{name}[ by {due}]",
        schema_org: Some("Project"),
        props: &[
            choice("status", STATES, "how far it is"),
            when("due", "when it must be done"),
            when("start", "when it begins"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Task,
        version: 1,
        says: "something to do once",
        sentence: "{name}[ by {due}][ ({status})]",
        schema_org: Some("Action"),
        props: &[
            choice("status", STATES, "how far it is"),
            when("due", "when it must be done"),
            when("start", "when it begins"),
            when("completed", "when it was done"),
            number("priority", "", "1 is the highest, 9 the lowest, as in calendars"),
            number("minutes", "min", "how long it takes"),
            number("percent", "%", "how much of it is done"),
            text("rrule", "how it comes again, as RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO"),
            number("amount", "", "of what it is about"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Habit,
        version: 1,
        says: "something to do again and again",
        sentence: "{name}[ ({rrule})]",
        schema_org: Some("Action"),
        props: &[
            choice("status", STATES, "how far it is"),
            when("start", "when it begins"),
            when("due", "when it must be done"),
            text("rrule", "how it comes again, as RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO"),
            number("minutes", "min", "how long it takes"),
            text("cue", "what it follows on"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Skill,
        version: 1,
        says: "what a person can do",
        sentence: "{name}",
        schema_org: Some("DefinedTerm"),
        props: &[],
    },
    KindDescriptor {
        kind: NodeKind::Resource,
        version: 1,
        says: "a stock, tool, room or energy that tasks share",
        sentence: "{name}[: {amount} {unit}]",
        schema_org: None,
        props: &[
            number("amount", "", "of what it is about"),
            text("unit", "of the amount: kg, l, pieces"),
            number("reorder_at", "", "so little is too little; in the unit of the amount"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::InventoryItem,
        version: 1,
        says: "a thing that the household has",
        sentence: "{name}[: {amount} {unit}]",
        schema_org: Some("Product"),
        props: &[
            number("amount", "", "of what it is about"),
            text("unit", "of the amount: kg, l, pieces"),
            number("reorder_at", "", "so little is too little; in the unit of the amount"),
            when("best_before", "it is good until then"),
            when("bought", "the day it was bought"),
            when("warranty_until", "the day its warranty ends"),
            text("barcode", "what stands on it"),
            text("serial", "its maker's number"),
        ],
    },
];
