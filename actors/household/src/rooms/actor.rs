//! The room's actor.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, Component, Draft, Event, EventId, NodeId, Origin, Timestamp, Value};

use super::state::{Occupancy, Sign};
use crate::{EntityEntry, House};

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
    sensors: BTreeMap<NodeId, Kind>,
    /// Doors as they last were: only one that moves says that somebody passed.
    doors: BTreeMap<NodeId, bool>,
    planned: Option<Timestamp>,
    last_cause: Option<EventId>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Presence,
    Door,
}

/// Device classes that say that somebody is there (Home Assistant's names).
const PRESENCE: &[&str] = &["motion", "occupancy", "presence", "moving"];
const DOORS: &[&str] = &["door", "garage_door", "opening"];

fn kind_of(entity: &EntityEntry) -> Option<Kind> {
    let class = entity.info.device_class.as_deref()?;
    if entity.component != Component::BinarySensor {
        return None;
    }
    if PRESENCE.contains(&class) {
        Some(Kind::Presence)
    } else if DOORS.contains(&class) {
        Some(Kind::Door)
    } else {
        None
    }
}

impl RoomActor {
    pub fn new(house: House, key: String) -> Self {
        let timeout =
            house.home().rooms.get(&key).map_or(std::time::Duration::from_secs(300), |r| r.occupancy_timeout);
        let state = Occupancy::new(timeout);
        Self {
            house,
            key,
            state,
            sensors: BTreeMap::new(),
            doors: BTreeMap::new(),
            planned: None,
            last_cause: None,
        }
    }

    /// Finds its sensors and listens to them; new ones are restored from their last value.
    fn attend(&mut self, context: &Context<RoomMessage>) -> Result<(), Fault> {
        let found = self.find_sensors();
        if found != self.sensors {
            let reader = self.house.graph().reader();
            for (id, kind) in found.iter().filter(|(id, _)| !self.sensors.contains_key(id)) {
                let last = reader.last(*id).map_err(|e| Fault::new(e.to_string()))?;
                for (_, state) in last {
                    let Some(Value::Bool(on)) = state.value else { continue };
                    match kind {
                        Kind::Presence => {
                            let sign = if on { Sign::Present } else { Sign::Absent };
                            self.state.restore(*id, sign, state.at);
                        }
                        Kind::Door => drop(self.doors.insert(*id, on)),
                    }
                }
            }
            self.sensors = found;
            let me = context.me.clone();
            let interests: Vec<Interest> = self.sensors.keys().map(|id| Interest::Subject(*id)).collect();
            context
                .world
                .bus()
                .subscribe(context.key(), interests, move |e| me.tell(RoomMessage::Heard(e.clone())));
        }
        Ok(())
    }

    fn find_sensors(&self) -> BTreeMap<NodeId, Kind> {
        let (home, directory) = (self.house.home(), self.house.directory());
        let named = home.rooms.get(&self.key).and_then(|r| r.sensors.as_ref());
        match named {
            Some(names) => {
                let ids = names
                    .iter()
                    .filter_map(|n| directory.resolve(n, None))
                    .map(|r| (r.entity, Kind::Presence));
                ids.collect()
            }
            None => directory
                .entities_in(&self.key)
                .into_iter()
                .filter_map(|e| Some((e.id, kind_of(e)?)))
                .collect(),
        }
    }

    fn tell(&mut self, occupied: Option<bool>, context: &Context<RoomMessage>) {
        if let Some(occupied) = occupied {
            let draft = Draft::new(NodeId::room(&self.key), Origin::System, Body::RoomOccupied { occupied });
            context.world.publish(draft.caused_by(self.last_cause));
        }
        if let Some(empty) = self.state.empty_at()
            && self.planned.is_none_or(|p| empty < p)
        {
            self.planned = Some(empty);
            context.after(empty.since(context.world.clock().now()), RoomMessage::Look);
        }
    }
}

impl Behavior for RoomActor {
    type Message = RoomMessage;

    async fn started(&mut self, context: &mut Context<RoomMessage>) -> Result<(), Fault> {
        // What the last life published may not be committed yet.
        self.house.graph().sync().await.map_err(Fault::new)?;
        let told = self.house.graph().reader().history(NodeId::room(&self.key), None, 1);
        for stored in told.map_err(|e| Fault::new(e.to_string()))? {
            if let Body::RoomOccupied { occupied } = stored.event.body {
                self.state.told(occupied);
            }
        }
        self.attend(context)?;
        if self.sensors.is_empty() {
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
        let change = match message {
            RoomMessage::Attend => {
                self.attend(context)?;
                self.state.review(now)
            }
            RoomMessage::Look => {
                self.planned = None;
                self.state.review(now)
            }
            RoomMessage::Heard(event) => {
                let kind = self.sensors.get(&event.subject).copied();
                let sign = match (&event.body, kind) {
                    (Body::Reading { value: Some(Value::Bool(open)), .. }, Some(Kind::Door)) => {
                        let was = self.doors.insert(event.subject, *open);
                        was.is_some_and(|was| was != *open).then_some(Sign::Passing)
                    }
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
