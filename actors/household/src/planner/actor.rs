//! The planner's actor: keeps the plan's timers as the plan says.

use std::sync::Arc;

use lares_config::Trigger;
use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Causes, Event, Filter, Timer, Timestamp};

use super::plan::{Calendar, OWNER, Plan};
use crate::House;
use crate::timers::{cancel_timer, set_timer};

/// The vocabulary of the planner.
pub enum PlanMessage {
    /// A step fired, from the bus: what comes after it?
    Heard(Arc<Event>),
    /// The configuration changed.
    Configured,
}

impl Message for PlanMessage {}

impl Calendar for House {
    fn next(&self, filter: &Filter, after: Timestamp) -> Option<Timestamp> {
        match self.due(filter, after) {
            Ok(due) => due,
            Err(why) => {
                tracing::warn!(filter = filter.text(), why, "what is due could not be read");
                None
            }
        }
    }
}

/// The actor of the plan.
pub struct PlanActor {
    house: House,
    plan: Plan,
}

impl PlanActor {
    pub fn new(house: House) -> Self {
        Self { house, plan: Plan::default() }
    }

    /// The timers that stand for the plan now.
    fn standing(&self) -> Vec<Timer> {
        let timer = |(name, step): (&String, &super::Step)| Timer {
            owner: OWNER.into(),
            name: name.as_str().into(),
            due: step.due,
            length: std::time::Duration::ZERO,
            missed: step.missed,
            cause: lares_model::EventId::default(),
        };
        self.plan.steps.iter().map(timer).collect()
    }

    fn asks_the_calendar(&self) -> bool {
        let home = self.house.home();
        let mut all = home.rules.values().flat_map(|rule| &rule.when);
        all.any(|trigger| matches!(trigger, Trigger::Calendar { .. }))
    }

    fn replan(&mut self, standing: &[Timer], causes: &Causes) {
        let world = self.house.world();
        let now = world.clock().now();
        let plan = Plan::make(&self.house.home(), now, &self.house);
        let difference = plan.differs_from(standing, now);
        for (name, step) in difference.set {
            let length = step.due.since(now);
            set_timer(world, OWNER, &name, step.due, length, step.missed, causes.clone());
        }
        for name in difference.cancel {
            cancel_timer(world, OWNER, &name, "it is not in the plan any more", causes.clone());
        }
        self.plan = plan;
    }
}

impl Behavior for PlanActor {
    type Message = PlanMessage;

    async fn started(&mut self, context: &mut Context<PlanMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let kinds = [BodyKind::TimerFired, BodyKind::TimerCancelled, BodyKind::GraphChanged];
        let interests = kinds.map(Interest::Kind).to_vec();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(PlanMessage::Heard(e.clone())));
        self.house.graph().sync().await.map_err(Fault::new)?;
        let standing = self.house.graph().reader().timers().map_err(|e| Fault::new(e.to_string()))?;
        let ours: Vec<Timer> = standing.into_iter().filter(|t| &*t.owner == OWNER).collect();
        self.replan(&ours, &Causes::new());
        Ok(())
    }

    async fn handle(&mut self, message: PlanMessage, _: &mut Context<PlanMessage>) -> Result<(), Fault> {
        match message {
            PlanMessage::Configured => {
                let standing = self.standing();
                self.replan(&standing, &Causes::new());
            }
            PlanMessage::Heard(event) => match &event.body {
                // It fired, or was missed and only reported: the same trigger's next moment takes its place.
                Body::TimerFired { owner, name, .. } | Body::TimerCancelled { owner, name, .. }
                    if &**owner == OWNER && self.plan.steps.contains_key(&**name) =>
                {
                    let mut standing = self.standing();
                    standing.retain(|t| t.name != *name);
                    self.replan(&standing, &Causes::from_slice(&[event.id]));
                }
                // What is due, and when, may be another now: once what was said can be read.
                Body::GraphChanged(_) if self.asks_the_calendar() => {
                    self.house.see_what_was_said().await;
                    let standing = self.standing();
                    self.replan(&standing, &Causes::from_slice(&[event.id]));
                }
                _ => {}
            },
        }
        Ok(())
    }
}
