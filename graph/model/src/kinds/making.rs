//! What the household makes: bread, honey, vegetables, printed parts.

use super::NodeKind;
use super::describe::{KindDescriptor, choice, number, text, when};

const STATES: &[&str] = &["open", "started", "waiting", "done", "cancelled"];

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::ProductionSystem,
        version: 1,
        says: "a set-up that makes something: an oven line, a hive, a bed, a printer",
        sentence: "{name}",
        schema_org: None,
        props: &[text("system", "of what sort: bakery, micro-farm, printer")],
    },
    KindDescriptor {
        kind: NodeKind::Batch,
        version: 1,
        says: "one go of a production system",
        sentence: "{name}[: {step}][ until {next_step}]",
        schema_org: None,
        props: &[
            choice("status", STATES, "how far it is"),
            text("step", "what is being done to it"),
            when("start", "when it begins"),
            when("next_step", "when the step ends"),
            when("end", "when it ends; the end itself is not in it"),
            number("amount", "", "of what it is about"),
            text("unit", "of the amount: kg, l, pieces"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Recipe,
        version: 1,
        says: "how something is made",
        sentence: "{name}",
        schema_org: Some("Recipe"),
        props: &[
            text("ingredients", "a line for each"),
            text("steps", "a line for each"),
            number("minutes", "min", "how long it takes"),
            number("amount", "", "of what it is about"),
            text("unit", "of the amount: kg, l, pieces"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Harvest,
        version: 1,
        says: "what was taken in",
        sentence: "{name}[: {amount} {unit}][ on {at}]",
        schema_org: None,
        props: &[
            when("at", "when it happened"),
            number("amount", "", "of what it is about"),
            text("unit", "of the amount: kg, l, pieces"),
            when("best_before", "it is good until then"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::PrintJob,
        version: 1,
        says: "one print of a printer",
        sentence: "{name}[ ({status})]",
        schema_org: None,
        props: &[
            choice("status", STATES, "how far it is"),
            text("file", "where it lies: a path or name"),
            text("material", "of what"),
            when("start", "when it begins"),
            when("end", "when it ends; the end itself is not in it"),
            number("grams", "g", "how much material it takes"),
            number("minutes", "min", "how long it takes"),
        ],
    },
];
