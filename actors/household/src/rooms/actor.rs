//! The room's actor.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;
use lares_graph::Reader;
use lares_kernel::{Alarm, Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, Draft, Event, EventId, NodeId, Origin, Property, Timestamp, Value, Write};

use super::air::{LONGEST, Measure};
use super::guess::Guess;
use super::habit::Hour;
use super::sensors::{Kind, sensors};
use super::state::{Occupancy, Sign};
use crate::House;
use crate::lately::occupied;
use crate::timers::Pace;

/// Its habits, in the store.
const HABIT: &str = "habit";

/// The vocabulary of a room.
pub enum RoomMessage {
    /// A reading or status of one of its sensors.
    Heard(Arc<Event>),
    /// Something is, or was, located here: which are its sensors? From the link that made the device.
    Attend,
    /// It may have become empty.
    Look,
}

impl Message for RoomMessage {}

/// The actor of one room.
pub struct RoomActor {
    house: House,
    key: String,
    state: Occupancy,
    guess: Guess,
    sensors: BTreeMap<NodeId, Kind>,
    /// What a sensor of the air had said last when it came: up to there its events are known.
    read: BTreeMap<NodeId, EventId>,
    /// Doors as they last were: only one that moves says that somebody passed.
    doors: BTreeMap<NodeId, bool>,
    alarm: Alarm,
    pace: Pace,
    last_cause: Option<EventId>,
}

impl RoomActor {
    pub fn new(house: House, key: String) -> Self {
        let timeout =
            house.home().rooms.get(&key).map_or(std::time::Duration::from_secs(300), |r| r.occupancy_timeout);
        let state = Occupancy::new(timeout);
        let pace = Pace::of(&**house.world().clock());
        Self {
            house,
            key,
            state,
            guess: Guess::default(),
            sensors: BTreeMap::new(),
            read: BTreeMap::new(),
            doors: BTreeMap::new(),
            alarm: Alarm::default(),
            pace,
            last_cause: None,
        }
    }

    /// Finds its sensors and listens to them. What new ones said last is read after that: they may have spoken between
    /// their announcement and now.
    async fn attend(&mut self, context: &Context<RoomMessage>) -> Result<(), Fault> {
        let found = sensors(&self.house.home(), &self.house.directory(), &self.key);
        if found == self.sensors {
            return Ok(());
        }
        let fresh = found.iter().filter(|(id, _)| !self.sensors.contains_key(id));
        let new: Vec<(NodeId, Kind)> = fresh.map(|(id, kind)| (*id, *kind)).collect();
        self.sensors = found;
        let me = context.me.clone();
        let interests: Vec<Interest> = self.sensors.keys().map(|id| Interest::Subject(*id)).collect();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(RoomMessage::Heard(e.clone())));
        if !new.is_empty() {
            self.house.see_what_was_said().await;
        }
        let reader = self.house.graph().reader();
        let now = self.house.world().clock().now();
        for (id, kind) in &new {
            if let Kind::Air(measure) = kind {
                self.breathe(*id, *measure, &reader, now)?;
            }
            let last = reader.last(*id).map_err(|e| Fault::new(e.to_string()))?;
            for (_, state) in last {
                match (kind, state.value) {
                    (Kind::Air(_), _) => drop(self.read.insert(*id, state.event)),
                    (Kind::Presence, Some(Value::Bool(on))) => {
                        let sign = if on { Sign::Present } else { Sign::Absent };
                        self.state.restore(*id, sign, state.at);
                    }
                    (Kind::Door, Some(Value::Bool(on))) => drop(self.doors.insert(*id, on)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// What the air was of late is kept in its series: a restart is no reason to ask whether it rises or falls.
    fn breathe(
        &mut self,
        id: NodeId,
        measure: Measure,
        reader: &Reader,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let since = Timestamp(now.0.saturating_sub(i64::try_from(LONGEST.as_micros()).unwrap_or(0)));
        let samples =
            reader.samples(id, Property::State, since, now).map_err(|e| Fault::new(e.to_string()))?;
        for sample in samples {
            if let Some(value) = sample.value.as_ref().and_then(Value::as_number) {
                self.guess.hear(measure, id, value, sample.at);
            }
        }
        Ok(())
    }

    /// Looks at the clock. Where only the air tells, what was told stands until it does in this life.
    fn review(&mut self, now: Timestamp) -> Option<bool> {
        let air_only = !self.sensors.is_empty() && self.sensors.values().all(|k| matches!(k, Kind::Air(_)));
        if air_only && self.last_cause.is_none() { None } else { self.state.review(now) }
    }

    /// Under which its habits are kept.
    fn owner(&self) -> String {
        format!("rooms/{}", self.key)
    }

    /// Looks at the air. What the sensors say meanwhile teaches it.
    fn look_at_air(&mut self, now: Timestamp) {
        let home = self.house.home();
        let habits = home.rooms.get(&self.key).is_some_and(|r| r.habits);
        let said = self.guess.look(self.state.known(now), || habits.then(|| hour(&home, now)).flatten(), now);
        self.state.guess(said);
    }

    fn tell(&mut self, occupied: Option<bool>, context: &Context<RoomMessage>) {
        if let Some(occupied) = occupied {
            let draft = Draft::new(NodeId::room(&self.key), Origin::System, Body::RoomOccupied { occupied });
            let learned = self.guess.keep().map(|bytes| Write::PutState {
                owner: self.owner().into(),
                key: HABIT.into(),
                value: Some(bytes),
            });
            context.world.publish_with(draft.caused_by(self.last_cause), learned.into_iter().collect());
        }
        if let Some(empty) = self.state.empty_at() {
            let delay = empty.since(context.world.clock().now());
            self.alarm.set(empty, delay, RoomMessage::Look, context);
        }
    }
}

/// The time of day in the home's zone.
fn hour(home: &Home, now: Timestamp) -> Option<Hour> {
    let at = jiff::Timestamp::from_microsecond(now.0).ok()?.to_zoned(home.household.zone.clone());
    let hour = f64::from(at.hour()) + f64::from(at.minute()) / 60.0;
    let weekend = matches!(at.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
    Some(Hour { hour, weekend })
}

impl Behavior for RoomActor {
    type Message = RoomMessage;

    async fn started(&mut self, context: &mut Context<RoomMessage>) -> Result<(), Fault> {
        // What the last life published may not be committed yet.
        self.house.graph().sync().await.map_err(Fault::new)?;
        let told = occupied(&self.house.graph().reader(), &self.key);
        if let Some(occupied) = told.map_err(|e| Fault::new(e.to_string()))? {
            self.state.told(occupied);
        }
        let kept = self.house.graph().reader().state(&self.owner(), HABIT);
        if let Some(bytes) = kept.map_err(|e| Fault::new(e.to_string()))?
            && let Err(why) = self.guess.restore(&bytes)
        {
            tracing::warn!(room = self.key, why, "its habits cannot be read back; they are learned anew");
        }
        self.attend(context).await?;
        if self.sensors.values().all(|kind| matches!(kind, Kind::Air(_))) {
            // They may be on their way: without them nothing can be said yet.
            return Ok(());
        }
        let now = self.state.review(context.world.clock().now());
        self.tell(now, context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: RoomMessage,
        context: &mut Context<RoomMessage>,
    ) -> Result<(), Fault> {
        let now = context.world.clock().now();
        match self.pace.jumped(&**context.world.clock()) {
            0 => {}
            by => self.state.shift(by),
        }
        let change = match message {
            RoomMessage::Attend => {
                self.attend(context).await?;
                self.review(now)
            }
            RoomMessage::Look => {
                self.alarm.clear();
                self.review(now)
            }
            RoomMessage::Heard(event) => {
                if self.read.get(&event.subject) >= Some(&event.id) {
                    return Ok(());
                }
                let kind = self.sensors.get(&event.subject).copied();
                let sign = match (&event.body, kind) {
                    (Body::Reading { value: Some(Value::Bool(open)), .. }, Some(Kind::Door)) => {
                        let was = self.doors.insert(event.subject, *open);
                        was.is_some_and(|was| was != *open).then_some(Sign::Passing)
                    }
                    (Body::Reading { value: Some(Value::Number(value)), .. }, Some(Kind::Air(measure))) => {
                        self.guess.hear(measure, event.subject, *value, event.at);
                        self.look_at_air(now);
                        self.last_cause = Some(event.id);
                        let change = self.state.review(now);
                        self.tell(change, context);
                        return Ok(());
                    }
                    (_, Some(Kind::Air(_))) => None,
                    (Body::Reading { value: Some(Value::Bool(true)), .. }, Some(_)) => Some(Sign::Present),
                    (Body::Reading { value: Some(Value::Bool(false)), .. }, Some(_)) => Some(Sign::Absent),
                    (Body::Reading { value: None, .. }, Some(_)) => Some(Sign::Gone),
                    (Body::StatusChanged { status }, Some(_)) if !status.is_online() => Some(Sign::Gone),
                    _ => None,
                };
                if sign.is_some() {
                    self.last_cause = Some(event.id);
                }
                sign.and_then(|s| self.state.sign(event.subject, s, event.at, now))
            }
        };
        self.tell(change, context);
        Ok(())
    }
}
