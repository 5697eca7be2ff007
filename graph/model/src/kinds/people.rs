//! People, and those outside that they speak with.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, Sensitivity, choice, number, text, when};

const fn personal(prop: Prop) -> Prop {
    prop.of(Sensitivity::Personal)
}

/// How a call ends: turned away, given up before anything was said, without a word for us, with a message, handed on, or cut off
/// by the household's own end.
pub const CALL_OUTCOMES: &[&str] = &["blocked", "given_up", "silent", "message", "transferred", "broken_off"];

/// What people and contacts share.
macro_rules! card {
    ($($more:expr),*) => {
        &[
            personal(text("email", "an address for mail")),
            personal(text("phone", "a number to call")),
            personal(text("address", "where they live")),
            personal(when("birthday", "the day of birth")),
            text("nickname", "what they are called"),
            text("language", "the language to speak with them: de, en"),
            $($more),*
        ]
    };
}

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::Person,
        version: 1,
        says: "a resident or guest",
        sentence: "{name}",
        schema_org: Some("Person"),
        props: card!(number("minutes_a_day", "min", "time for tasks on a usual day")),
    },
    KindDescriptor {
        kind: NodeKind::Contact,
        version: 1,
        says: "a person or firm outside the household",
        sentence: "{name}[ of {organisation}]",
        schema_org: Some("Person"),
        props: card!(
            text("organisation", "the firm or club"),
            text("role", "what they do there"),
            choice("contact_type", &["person", "organisation"], "which of both")
        ),
    },
    KindDescriptor {
        kind: NodeKind::Message,
        version: 1,
        says: "a mail, a text, a letter",
        sentence: "{name}[ by {channel}][ on {at}]",
        schema_org: Some("Message"),
        props: &[
            text("channel", "mail, sms, letter"),
            personal(text("body", "what it says")),
            when("at", "when it happened"),
            choice("direction", &["in", "out"], "received or sent"),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Call,
        version: 1,
        says: "a call by phone or door",
        sentence: "{name}[ on {at}][: {outcome}]",
        schema_org: Some("CommunicateAction"),
        props: &[
            when("at", "when it happened"),
            choice("direction", &["in", "out"], "received or sent"),
            number("minutes", "min", "how long it takes"),
            personal(text("phone", "a number to call")),
            personal(text("reason", "what the caller said of who they are and why they call")),
            personal(text("body", "what it says")),
            choice("outcome", CALL_OUTCOMES, "how it ended"),
            text("remark", "what could not be done, and why"),
            number("seconds_kept", "s", "how much of its sound is kept"),
        ],
    },
];
