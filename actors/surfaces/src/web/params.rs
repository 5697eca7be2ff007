//! What may be asked behind a `?`.

use super::route::{Kind, Param, text, whole};

pub(super) const LIMIT: Param = whole("limit", "At most so many", 1, 500);
pub(super) const AFTER: Param =
    text("after", "Only what comes after this id: the last one of the page before");
pub(super) const FILTER: Param =
    text("filter", "As in rules and on the command line: `kind:task status:open due<7d`").required();
pub(super) const PATH: Param = text("path", "Relative to the home folder: `lights.toml`").required();
pub(super) const OF: Param =
    text("of", "A device, an entity, a room, a person or a rule by its key, or an event by its id")
        .required();
pub(super) const LOG: &[Param] = &[
    text("about", "Only what is about this device (with its entities), entity, room, person or rule"),
    text("kind", "Only these kinds of event, separated by commas").kind(Kind::Words),
    text("rule", "Only what this rule did, did not do, or failed at"),
    text("since", "Not before").kind(Kind::Instant),
    text("until", "Before").kind(Kind::Instant),
    text("before", "Only what came before this event: the oldest one of the page before"),
    LIMIT,
];

pub(super) const AT: &[Param] = &[text("at", "Anything: another one is another picture to a browser")];

pub(super) const HISTORY: &[Param] = &[
    text("entity", "An entity, or a device that has one").required(),
    text("property", "Which of its properties; without it, its main one"),
    text("from", "Not before; without it, a day before `to`").kind(Kind::Instant),
    text("to", "Not after; without it, now").kind(Kind::Instant),
    whole("points", "At most so many points: the step is chosen by it", 2, 2000),
    text("every", "How wide a point is: `sample`, or a multiple of 5m: `5m`, `1h`, `1d`"),
];
