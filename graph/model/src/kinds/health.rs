//! Health: every property is of the most sensitive sort.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, Sensitivity, choice, number, text, when};

const fn health(prop: Prop) -> Prop {
    prop.of(Sensitivity::Health)
}

pub(super) const KINDS: &[KindDescriptor] = &[KindDescriptor {
    kind: NodeKind::HealthRecord,
    version: 1,
    says: "a finding, a medicine, an allergy, a vaccination",
    sentence: "{name}[ of {at}]",
    schema_org: Some("MedicalEntity"),
    props: &[
        health(choice(
            "record",
            &["finding", "medicine", "allergy", "vaccination", "condition", "measurement"],
            "of what sort",
        )),
        health(when("at", "when it happened")),
        health(number("amount", "", "of what it is about")),
        health(text("unit", "of the amount: kg, l, pieces")),
        health(text("dose", "how much of it, and when")),
        health(text("rrule", "how it comes again, as RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO")),
    ],
}];
