//! What happens at a time.

use super::NodeKind;
use super::describe::{KindDescriptor, choice, number, text, when};

pub(super) const KINDS: &[KindDescriptor] = &[KindDescriptor {
    kind: NodeKind::Event,
    version: 1,
    says: "what happens at a time: an appointment, a visit, a day off",
    sentence: "{name}[ on {start}][ at {place}]",
    schema_org: Some("Event"),
    props: &[
        when("start", "when it begins"),
        when("end", "when it ends; the end itself is not in it"),
        text("place", "where, in words"),
        text("rrule", "how it comes again, as RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO"),
        choice("status", &["tentative", "confirmed", "cancelled"], "whether it will be"),
        number("priority", "", "1 is the highest, 9 the lowest, as in calendars"),
        text("calendar", "which calendar it came from"),
    ],
}];
