//! The timer service's actor.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Draft, Event, NodeId, Origin, Timestamp, Write};

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

/// How often to look whether a clock that was not set is set by now.
const CLOCK_LOOK: Duration = Duration::from_secs(5);
/// Civil time may be corrected by so much between two looks without being another time.
const CORRECTION: Duration = Duration::from_secs(60);

/// The actor of all durable timers.
pub struct TimerService {
    house: House,
    /// Durations: `for`, `delay`, ends of holds.
    running: TimerQueue,
    /// Times of day: they wait while the clock is not set.
    civil: TimerQueue,
    planned: Option<Timestamp>,
    /// Timers due before this were missed while nothing ran.
    began: Timestamp,
    /// Since when the clock is not known to be right: civil time and time elapsed, as of the last look.
    unset: Option<(Timestamp, Duration)>,
}

impl TimerService {
    pub fn new(house: House) -> Self {
        let (running, civil) = (TimerQueue::default(), TimerQueue::default());
        Self { house, running, civil, planned: None, began: Timestamp::MIN, unset: None }
    }

    fn queue(&mut self, owner: &str) -> &mut TimerQueue {
        if owner == crate::planner::OWNER { &mut self.civil } else { &mut self.running }
    }

    fn plan(&mut self, context: &Context<TimerMessage>) {
        let now = context.world.clock().now();
        let civil = if self.unset.is_some() { Some(now + CLOCK_LOOK) } else { self.civil.next_due() };
        let Some(next) = self.running.next_due().into_iter().chain(civil).min() else { return };
        if self.planned.is_none_or(|p| next < p) {
            self.planned = Some(next);
            context.after(next.since(now), TimerMessage::Look);
        }
    }

    /// While the clock is not set, times of day wait. Once it is, durations have as long to go as before, and the
    /// moments in between were missed.
    fn look_at_clock(&mut self, context: &Context<TimerMessage>) {
        let clock = context.world.clock();
        let (now, elapsed) = (clock.now(), clock.elapsed());
        match (clock.behind(), self.unset) {
            (Some(behind), before) => {
                if before.is_none() {
                    let hours = behind.as_secs() / 3600;
                    let reason = format!(
                        "the clock of this machine is not set: it is {hours} h behind the last event; times of day wait"
                    );
                    tracing::warn!(reason, "clock");
                    self.tell(context, reason);
                }
                self.unset = Some((now, elapsed));
            }
            (None, Some((then, before))) => {
                let jump = now.since(then).saturating_sub(elapsed.saturating_sub(before));
                if jump > CORRECTION {
                    for timer in self.running.postpone(jump) {
                        let owner = owner_node(&timer.owner);
                        let draft =
                            Draft::new(owner, Origin::System, Body::TimerSet { timer: timer.clone() });
                        context.world.publish_with(draft, vec![Write::SetTimer(timer)]);
                    }
                }
                self.unset = None;
                self.began = now;
                self.tell(
                    context,
                    format!("the clock of this machine is set now, {} s later", jump.as_secs()),
                );
                tracing::info!(jump_s = jump.as_secs(), "the clock is set");
            }
            (None, None) => {}
        }
    }

    fn tell(&self, context: &Context<TimerMessage>, reason: String) {
        let body = Body::Problem { place: "clock".to_owned(), reason };
        context.world.publish(Draft::new(NodeId::household(), Origin::System, body));
    }

    fn fire(&mut self, context: &Context<TimerMessage>) {
        let now = context.world.clock().now();
        let mut due = self.running.take_due(now, self.began);
        if self.unset.is_none() {
            due.extend(self.civil.take_due(now, self.began));
            due.sort_by_key(Due::at);
        }
        for due in due {
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
        timers.into_iter().for_each(|t| self.queue(&t.owner.clone()).set(t));
        self.began = context.world.clock().now();
        // Not at once: rules and devices are still being restored and must hear of what came due.
        context.after(Duration::from_secs(1), TimerMessage::Look);
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
                Body::TimerSet { timer } => self.queue(&timer.owner).set(timer.clone()),
                Body::TimerCancelled { owner, name, .. } => self.queue(owner).clear(owner, name),
                _ => {}
            },
            TimerMessage::Look => {
                self.planned = None;
                self.look_at_clock(context);
                self.fire(context);
            }
        }
        self.plan(context);
        Ok(())
    }
}
