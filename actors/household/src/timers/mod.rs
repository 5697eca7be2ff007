//! The timer service: every durable timer of the household. A timer is set by an event (`TimerSet`, with the timer's
//! write in the same commit) and fires as one (`TimerFired`).

mod actor;
mod pace;
mod queue;

pub use actor::{TimerMessage, TimerService};
pub(crate) use pace::Pace;
pub use queue::{Due, TimerQueue};

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{COUNTDOWNS, World};
use lares_model::{Body, Causes, Draft, EventId, Missed, NodeId, Origin, Timer, Timestamp, Write};

/// Node of a timer's owner: the subject of its events.
pub fn owner_node(owner: &str) -> NodeId {
    match owner.split_once(':') {
        Some(("rule", key)) => NodeId::rule(key),
        Some((COUNTDOWNS, room)) => NodeId::room(room),
        None if owner == COUNTDOWNS => NodeId::household(),
        _ => NodeId::derive("owner", owner),
    }
}

/// Sets a durable timer; one of the same owner and name is replaced.
pub fn set_timer(
    world: &World,
    owner: &str,
    name: &str,
    due: Timestamp,
    length: Duration,
    missed: Missed,
    causes: Causes,
) {
    let cause = causes.first().copied().unwrap_or(EventId::default());
    let timer = Timer { owner: owner.into(), name: name.into(), due, length, missed, cause };
    let mut draft = Draft::new(owner_node(owner), Origin::System, Body::TimerSet { timer: timer.clone() });
    draft.causes = causes;
    world.publish_with(draft, vec![Write::SetTimer(timer)]);
}

/// Ends a timer before it fires.
pub fn cancel_timer(world: &World, owner: &str, name: &str, reason: &str, causes: Causes) {
    let (owner_, name_): (Arc<str>, Arc<str>) = (owner.into(), name.into());
    let body = Body::TimerCancelled { owner: owner_.clone(), name: name_.clone(), reason: reason.to_owned() };
    let mut draft = Draft::new(owner_node(owner), Origin::System, body);
    draft.causes = causes;
    world.publish_with(draft, vec![Write::ClearTimer { owner: owner_, name: name_ }]);
}
