//! The device actor: moves messages into the state and effects out of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lares_devices::Picture;
use lares_devices::homeassistant::DeviceSpec;
use lares_kernel::wire::Outbound;
use lares_kernel::{Address, Alarm, Behavior, Context, Fault, World};
use lares_model::{Draft, EventId, NodeId, Origin, Timestamp, Write};

use super::entity::Entity;
use super::restore::restore;
use super::{AnyDriver, DeviceMessage, DeviceState, Outlet, WireMessage};
use crate::links::LinkMessage;
use crate::problems::Problems;
use crate::safety::Guard;
use crate::timers::Pace;
use crate::{DeviceEntry, House};

/// How long interlocks may be looked after by nobody when a device comes up.
const FIRST_LEASE: Duration = Duration::from_secs(30);

/// How a device's driver is made.
pub enum Make {
    Announced(Box<DeviceSpec>),
    Recorded(Vec<lares_config::RecordedBinding>),
}

/// The actor of one device.
pub struct DeviceActor {
    house: House,
    link: Address<LinkMessage>,
    id: NodeId,
    make: Arc<Make>,
    state: Option<DeviceState>,
    problems: Problems,
    /// When the next look at deadlines is planned.
    alarm: Alarm,
    pace: Pace,
}

impl DeviceActor {
    pub fn new(house: House, link: Address<LinkMessage>, id: NodeId, make: Arc<Make>) -> Self {
        let pace = Pace::of(&**house.world().clock());
        Self {
            house,
            link,
            id,
            make,
            state: None,
            problems: Problems::default(),
            alarm: Alarm::default(),
            pace,
        }
    }

    fn build(&self, make: &Make) -> Result<(DeviceState, DeviceEntry), Fault> {
        let directory = self.house.directory();
        let entry = directory
            .device_by_node(self.id)
            .cloned()
            .ok_or_else(|| Fault::new("it is not in the directory"))?;
        let driver = match make {
            Make::Announced(spec) => {
                let (driver, problems) = AnyDriver::announced(spec);
                for problem in problems {
                    tracing::warn!(device = %entry.reference, place = problem.place, reason = problem.reason, "announcement");
                }
                driver
            }
            Make::Recorded(bindings) => AnyDriver::Recorded(Box::new(super::Recorded::new(bindings))),
        };
        let entities = directory
            .entities_of(&entry)
            .map(|e| Entity::new(e.reference.clone(), e.info.clone(), e.fresh_for))
            .collect();
        let home = self.house.home();
        let mut state = DeviceState::new(&entry, driver, &home, entities);
        let board = self.house.safety();
        if let Some(guard) = Guard::new(board, &home, &entry.reference) {
            let now = self.house.world().clock().now();
            board.with(|safety| safety.attend(&entry.reference, &directory, now));
            state.guard = Some(guard);
        }
        drop(directory);
        Ok((state, entry))
    }

    /// A new announcement or configuration: what is known of entities that stay is kept.
    fn rebuild(&mut self, make: Option<Arc<Make>>) -> Result<(), Fault> {
        if let Some(make) = make {
            self.make = make;
        }
        let (mut fresh, _) = self.build(&self.make)?;
        if let Some(old) = &mut self.state {
            fresh.available = old.available;
            fresh.taken = std::mem::take(&mut old.taken);
            fresh.wire_away = old.wire_away.take();
            fresh.status = old.status.clone();
            if let (Some(guard), Some(before)) = (&mut fresh.guard, &old.guard) {
                (guard.lease, guard.lapsed) = (before.lease, before.lapsed);
            }
            for (id, entity) in &mut fresh.entities {
                if let Some(was) = old.entities.remove(id) {
                    entity.properties = was.properties;
                    entity.available = was.available;
                    entity.silent = was.silent;
                    entity.heard = was.heard;
                    entity.off_at = was.off_at;
                    entity.asked = was.asked;
                    entity.wrong = was.wrong;
                }
            }
        }
        fresh.tell_all(self.house.world().clock().now());
        self.state = Some(fresh);
        Ok(())
    }

    fn plan_tick(&mut self, context: &Context<DeviceMessage>) {
        let Some(next) = self.state.as_ref().and_then(DeviceState::next_deadline) else { return };
        self.alarm.set(next, next.since(context.world.clock().now()), DeviceMessage::Tick, context);
    }
}

impl Behavior for DeviceActor {
    type Message = DeviceMessage;

    async fn started(&mut self, context: &mut Context<DeviceMessage>) -> Result<(), Fault> {
        let (mut state, _) = self.build(&self.make.clone())?;
        if context.generation > 1 {
            // What the last life published may not be committed yet.
            self.house.graph().sync().await.map_err(Fault::new)?;
        }
        let now = context.world.clock().now();
        restore(&mut state, &self.house.graph().reader(), now).map_err(Fault::new)?;
        state.tell_all(now);
        // Whoever looks after its interlocks has that long to say so.
        state.lease(now + context.world.clock().look_every(FIRST_LEASE));
        let mut out = Wires {
            world: &context.world,
            link: &self.link,
            me: &context.me,
            device: self.id,
            problems: &mut self.problems,
        };
        state.carry_on(now, &mut out);
        self.state = Some(state);
        self.plan_tick(context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: DeviceMessage,
        context: &mut Context<DeviceMessage>,
    ) -> Result<(), Fault> {
        let now = context.world.clock().now();
        let mut out = Wires {
            world: &context.world,
            link: &self.link,
            me: &context.me,
            device: self.id,
            problems: &mut self.problems,
        };
        let Some(state) = &mut self.state else { return Err(Fault::new("it was not started")) };
        match message {
            DeviceMessage::Wire(message) => state.heard(&message, now, &mut out),
            DeviceMessage::Observed { observation, at, retained } => {
                let from = WireMessage { topic: "".into(), bytes: Bytes::new(), at, retained, ack: None };
                state.observed(std::iter::once(observation), &from, now, &mut out);
            }
            DeviceMessage::Demand(demand) => state.demand(demand, now, &mut out),
            DeviceMessage::Release { entity, properties, source, reason, causes, token } => {
                state.release(entity, &properties, &source, &reason, &causes, now, &mut out);
                drop(token);
            }
            DeviceMessage::Announced(spec) => self.rebuild(Some(Arc::new(Make::Announced(spec))))?,
            DeviceMessage::Configured => self.rebuild(None)?,
            DeviceMessage::WireAway(why) => state.wire_away(why, &mut out),
            DeviceMessage::Delivered(delivery) => state.delivered(&delivery, now, &mut out),
            DeviceMessage::Lease { until } => state.lease(until),
            DeviceMessage::Review { entity, property, causes } => {
                state.review(entity, property, causes, now, &mut out);
            }
            DeviceMessage::Tick => {
                self.alarm.clear();
                match self.pace.jumped(&**context.world.clock()) {
                    0 => {}
                    by => state.shift(by),
                }
                state.tick(now, &mut out);
            }
        }
        if let Some(state) = &mut self.state {
            state.tell_reach(now);
        }
        self.plan_tick(context);
        Ok(())
    }
}

struct Wires<'a> {
    world: &'a World,
    link: &'a Address<LinkMessage>,
    me: &'a Address<DeviceMessage>,
    device: NodeId,
    problems: &'a mut Problems,
}

impl Outlet for Wires<'_> {
    fn publish(&mut self, draft: Draft, writes: Vec<Write>) -> EventId {
        self.world.publish_with(draft, writes).id
    }

    fn send(&mut self, message: Outbound) {
        self.link.tell(LinkMessage::Send { message, from: self.me.clone() });
    }

    fn picture(&mut self, entity: NodeId, picture: Option<Picture>, at: Timestamp) {
        match picture {
            Some(Picture { media, bytes }) => {
                self.world.pictures().put(entity, lares_kernel::Picture { media, bytes: bytes.into(), at });
            }
            None => self.world.pictures().remove(entity),
        }
    }

    fn problem(&mut self, place: &str, reason: &str) {
        self.problems.tell(self.world, self.device, Origin::System, place, reason);
    }
}
