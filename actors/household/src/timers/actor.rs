//! The timer service's actor.

use std::sync::Arc;
use std::time::Duration;

use lares_config::duration_words;
use lares_kernel::{Alarm, Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Draft, Event, NodeId, Origin, Timer, Timestamp, Write};

use super::pace::Found;
use super::{Due, Pace, TimerQueue, owner_node};
use crate::House;
use crate::devices::DeviceMessage;
use crate::rooms::RoomMessage;
use crate::safety::SafetyMessage;

/// The vocabulary of the timer service.
pub enum TimerMessage {
    /// `TimerSet` and `TimerCancelled`, from the bus.
    Heard(Arc<Event>),
    /// The time of the next timer may have come.
    Look,
}

impl Message for TimerMessage {}

/// How often to look at the clock while it is not set, or may be set to another time.
const CLOCK_LOOK: Duration = Duration::from_secs(5);

/// The actor of all durable timers.
pub struct TimerService {
    house: House,
    /// Durations: `for`, `delay`, ends of holds. They run by elapsed time, whatever happens to the clock.
    running: TimerQueue,
    /// Times of day: they wait while the clock is not set.
    civil: TimerQueue,
    alarm: Alarm,
    /// Durations due before this came due while nothing ran.
    began: Timestamp,
    /// Times of day before this were missed: nothing ran, or the clock went over them.
    began_civil: Timestamp,
    pace: Pace,
    /// The clock is not known to be right.
    unset: bool,
}

impl TimerService {
    pub fn new(house: House) -> Self {
        let (running, civil) = (TimerQueue::default(), TimerQueue::default());
        let began = Timestamp::MIN;
        let pace = Pace::of(&**house.world().clock());
        Self { house, running, civil, alarm: Alarm::default(), began, began_civil: began, pace, unset: false }
    }

    /// The time that durations go by.
    fn steady(&self) -> Timestamp {
        self.pace.steady(self.house.world().clock().elapsed())
    }

    fn set(&mut self, mut timer: Timer) {
        if &*timer.owner == crate::planner::OWNER {
            return self.civil.set(timer);
        }
        let ahead = self.steady().0.saturating_sub(self.house.world().clock().now().0);
        timer.due = Timestamp(timer.due.0.saturating_add(ahead));
        self.running.set(timer);
    }

    fn clear(&mut self, owner: &Arc<str>, name: &Arc<str>) {
        let queue = if &**owner == crate::planner::OWNER { &mut self.civil } else { &mut self.running };
        queue.clear(owner, name);
    }

    fn plan(&mut self, context: &Context<TimerMessage>) {
        let clock = context.world.clock();
        let (now, steady) = (clock.now(), self.steady());
        let in_steady = |due: Timestamp| Timestamp(steady.0.saturating_add(due.0.saturating_sub(now.0)));
        let civil = self.civil.next_due().filter(|_| !self.unset).map(in_steady);
        // Nobody tells that the clock is another one.
        let look = (clock.jumps() || self.unset).then(|| steady + clock.look_every(CLOCK_LOOK));
        let Some(next) = self.running.next_due().into_iter().chain(civil).chain(look).min() else { return };
        self.alarm.set(next, next.since(steady), TimerMessage::Look, context);
    }

    /// What lasts goes on by elapsed time. Times of day that the clock went over, or that the machine slept through, were missed;
    /// while the clock is behind they wait.
    fn look_at_clock(&mut self, context: &Context<TimerMessage>) {
        let clock = context.world.clock();
        let now = clock.now();
        let found = self.pace.found(&**clock);
        if found.jumped != 0 {
            for timer in self.running.shift(found.jumped) {
                let owner = owner_node(&timer.owner);
                let draft = Draft::new(owner, Origin::System, Body::TimerSet { timer: timer.clone() });
                context.world.publish_with(draft, vec![Write::SetTimer(timer)]);
            }
            self.began_civil = now;
        }
        if found != Found::default() {
            self.wake();
        }
        if !found.slept.is_zero() {
            self.tell(context, format!("this machine slept for {}", duration_words(found.slept)));
            (self.began, self.began_civil) = (now, now);
        }
        let behind = clock.behind();
        match (behind, self.unset) {
            (Some(behind), false) => {
                let reason = if behind < Duration::from_secs(86_400) {
                    let minutes = behind.as_secs() / 60;
                    format!("the clock of this machine was put back by {minutes} min; times of day wait")
                } else {
                    let hours = behind.as_secs() / 3600;
                    format!(
                        "the clock of this machine is not set: it is {hours} h behind the last event; times of day wait"
                    )
                };
                tracing::warn!(reason, "clock");
                self.tell(context, reason);
            }
            (None, true) => {
                self.began_civil = now;
                let later = found.jumped.max(0) / 1_000_000;
                self.tell(context, format!("the clock of this machine is set now, {later} s later"));
                tracing::info!(later_s = later, "the clock is set");
            }
            (None, false) if found.jumped > 0 => {
                let reason =
                    format!("the clock of this machine was put forward by {} s", found.jumped / 1_000_000);
                tracing::warn!(reason, "clock");
                self.tell(context, reason);
            }
            _ => {}
        }
        self.unset = behind.is_some();
    }

    /// Whoever waits for a moment waits by a clock that stood still in a sleep: they look now.
    fn wake(&self) {
        for device in self.house.directory().devices() {
            device.address.tell(DeviceMessage::Tick);
        }
        self.house.safety().actor().tell(SafetyMessage::Tick);
        for key in self.house.home().rooms.keys() {
            self.house.room(key).tell(RoomMessage::Look);
        }
    }

    fn tell(&self, context: &Context<TimerMessage>, reason: String) {
        let body = Body::Problem { place: "clock".to_owned(), reason };
        context.world.publish(Draft::new(NodeId::household(), Origin::System, body));
    }

    fn fire(&mut self, context: &Context<TimerMessage>) {
        let now = context.world.clock().now();
        let mut due = self.running.take_due(self.steady(), self.began);
        if !self.unset {
            due.extend(self.civil.take_due(now, self.began_civil));
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
        let clock = context.world.clock();
        self.pace = Pace::of(&**clock);
        timers.into_iter().for_each(|t| self.set(t));
        (self.began, self.began_civil) = (clock.now(), clock.now());
        // Not at once: rules and devices are still being restored and must hear of what came due.
        self.alarm.set(Timestamp::MIN, Duration::from_secs(1), TimerMessage::Look, context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: TimerMessage,
        context: &mut Context<TimerMessage>,
    ) -> Result<(), Fault> {
        match message {
            TimerMessage::Heard(event) => match &event.body {
                Body::TimerSet { timer } => self.set(timer.clone()),
                Body::TimerCancelled { owner, name, .. } => self.clear(owner, name),
                _ => {}
            },
            TimerMessage::Look => {
                self.alarm.clear();
                self.look_at_clock(context);
                self.fire(context);
            }
        }
        self.plan(context);
        Ok(())
    }
}
