//! The timer service's actor.

use std::sync::Arc;

use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Draft, Event, Origin, Timestamp, Write};

use super::{Due, TimerQueue, owner_node};
use crate::House;

/// The vocabulary of the timer service.
pub enum TimerMessage {
    /// `TimerSet` and `TimerCancelled`, from the bus.
    Heard(Arc<Event>),
    /// The time of the next timer may have come.
    Look,
}

impl Message for TimerMessage {}

/// The actor of all durable timers.
pub struct TimerService {
    house: House,
    queue: TimerQueue,
    planned: Option<Timestamp>,
    /// Timers due before this were missed while nothing ran.
    began: Timestamp,
}

impl TimerService {
    pub fn new(house: House) -> Self {
        Self { house, queue: TimerQueue::default(), planned: None, began: Timestamp::MIN }
    }

    fn plan(&mut self, context: &Context<TimerMessage>) {
        let Some(next) = self.queue.next_due() else { return };
        if self.planned.is_none_or(|p| next < p) {
            self.planned = Some(next);
            context.after(next.since(context.world.clock().now()), TimerMessage::Look);
        }
    }

    fn fire(&mut self, context: &Context<TimerMessage>) {
        let now = context.world.clock().now();
        for due in self.queue.take_due(now, self.began) {
            let (timer, body) = match due {
                Due::Fire { timer, late } => {
                    let late_ms = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
                    let (owner, name) = (timer.owner.clone(), timer.name.clone());
                    (timer, Body::TimerFired { owner, name, late_ms })
                }
                Due::Report { timer, late } => {
                    let (owner, name) = (timer.owner.clone(), timer.name.clone());
                    let reason = format!("missed by {} s while nothing ran", late.as_secs());
                    tracing::warn!(%owner, %name, reason, "timer");
                    (timer, Body::TimerCancelled { owner, name, reason })
                }
            };
            let clear = Write::ClearTimer { owner: timer.owner.clone(), name: timer.name.clone() };
            let draft = Draft::new(owner_node(&timer.owner), Origin::Timer, body).caused_by([timer.cause]);
            context.world.publish_with(draft, vec![clear]);
        }
    }
}

impl Behavior for TimerService {
    type Message = TimerMessage;

    async fn started(&mut self, context: &mut Context<TimerMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let interests = vec![Interest::Kind(BodyKind::TimerSet), Interest::Kind(BodyKind::TimerCancelled)];
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(TimerMessage::Heard(e.clone())));
        self.house.graph().sync().await.map_err(Fault::new)?;
        let timers = self.house.graph().reader().timers().map_err(|e| Fault::new(e.to_string()))?;
        timers.into_iter().for_each(|t| self.queue.set(t));
        self.began = context.world.clock().now();
        // Not at once: rules and devices are still being restored and must hear of what came due.
        context.after(std::time::Duration::from_secs(1), TimerMessage::Look);
        self.planned = Some(Timestamp::MIN);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: TimerMessage,
        context: &mut Context<TimerMessage>,
    ) -> Result<(), Fault> {
        match message {
            TimerMessage::Heard(event) => match &event.body {
                Body::TimerSet { timer } => self.queue.set(timer.clone()),
                Body::TimerCancelled { owner, name, .. } => self.queue.clear(owner, name),
                _ => {}
            },
            TimerMessage::Look => {
                self.planned = None;
                self.fire(context);
            }
        }
        self.plan(context);
        Ok(())
    }
}
