//! The safety actor: looks at the time, tells the journal, moves devices, renews leases.

use std::time::Duration;

use lares_kernel::{Alarm, Behavior, Context, Fault};
use lares_model::{Causes, Origin, Until};

use super::{Effect, Moved, SafetyMessage};
use crate::House;
use crate::devices::{Demand, DeviceMessage};
use crate::timers::Pace;

/// How often leases are renewed; each lasts for three times as long.
const RENEW: Duration = Duration::from_secs(10);
const LASTS: u32 = 3;

/// The actor of all interlocks.
pub struct SafetyActor {
    house: House,
    /// When the next look at deadlines is planned.
    alarm: Alarm,
    /// A renewal is on its way.
    renews: bool,
    pace: Pace,
}

impl SafetyActor {
    pub fn new(house: House) -> Self {
        let pace = Pace::of(&**house.world().clock());
        Self { house, alarm: Alarm::default(), renews: false, pace }
    }

    /// Carries out what the state wants done, until it wants nothing more.
    fn carry_out(&self) {
        let world = self.house.world();
        loop {
            let effects = self.house.safety().take();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Tell { draft, writes, moves } => {
                        let event = world.publish_with(draft, writes).id;
                        tracing::info!(%event, "interlock");
                        moves.into_iter().for_each(|moved| self.go(moved, Causes::from_slice(&[event])));
                    }
                    Effect::Move { moved, causes } => self.go(moved, causes),
                }
            }
        }
    }

    fn go(&self, moved: Moved, causes: Causes) {
        let Moved { entity, property, to, source, key, level, reason } = moved;
        let directory = self.house.directory();
        let device = directory.entity(entity).and_then(|e| directory.device(&e.device));
        // One that is not there now is told when it comes.
        let Some(device) = device else { return };
        device.address.tell(match to {
            None => DeviceMessage::Review { entity, property, causes },
            Some(value) => DeviceMessage::Demand(Demand {
                entity,
                values: vec![(property, value)],
                source,
                origin: Origin::Interlock(key),
                level,
                until: Until::Momentary,
                reason: reason.into(),
                causes,
                basis: None,
                code: None,
                answers: None,
                token: None,
            }),
        });
    }

    fn renew(&mut self, context: &Context<SafetyMessage>) {
        let devices = self.house.safety().with(|safety| safety.devices());
        if devices.is_empty() {
            return;
        }
        let clock = context.world.clock();
        let every = clock.look_every(RENEW);
        let until = clock.now() + every * LASTS;
        let directory = self.house.directory();
        for device in devices.iter().filter_map(|d| directory.device(d)) {
            device.address.tell(DeviceMessage::Lease { until });
        }
        if !self.renews {
            self.renews = true;
            context.after(every, SafetyMessage::Renew);
        }
    }

    fn plan(&mut self, context: &Context<SafetyMessage>) {
        let now = context.world.clock().now();
        let Some(next) = self.house.safety().with(|safety| safety.next_deadline(now)) else { return };
        self.alarm.set(next, next.since(now), SafetyMessage::Tick, context);
    }
}

impl Behavior for SafetyActor {
    type Message = SafetyMessage;

    async fn started(&mut self, context: &mut Context<SafetyMessage>) -> Result<(), Fault> {
        // The state was restored before anything came up, and outlives this actor's failures.
        self.carry_out();
        self.renew(context);
        self.plan(context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: SafetyMessage,
        context: &mut Context<SafetyMessage>,
    ) -> Result<(), Fault> {
        let now = context.world.clock().now();
        let by = self.pace.jumped(&**context.world.clock());
        if by != 0 {
            self.house.safety().with(|safety| {
                safety.shift(by);
                safety.review_all(now);
            });
        }
        match message {
            SafetyMessage::Look => {}
            SafetyMessage::Tick => {
                self.alarm.clear();
                self.house.safety().with(|safety| safety.review_all(now));
            }
            SafetyMessage::Renew => {
                self.renews = false;
                self.renew(context);
            }
            SafetyMessage::Configured => {
                // The state took it in before devices heard of it.
                self.renew(context);
            }
        }
        self.carry_out();
        self.plan(context);
        Ok(())
    }
}
