//! The ractor actor around a behavior: it is woken, takes up to a turn's worth of messages from the address, and
//! wakes itself again if more wait.

use std::sync::atomic::Ordering;

use ractor::{Actor, ActorProcessingErr, ActorRef};

use super::{Address, Behavior, Context, Fault};
use crate::World;

/// Messages an actor handles before others get their turn.
const TURN: usize = 64;

/// What travels in ractor's own mailbox.
#[derive(Debug)]
pub(crate) enum Wake {
    Work,
    /// Handle what waits, then stop.
    Drain,
}

pub(crate) struct Shell<B>(std::marker::PhantomData<fn() -> B>);

impl<B> Default for Shell<B> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

pub(crate) struct Start<B: Behavior> {
    pub behavior: B,
    pub address: Address<B::Message>,
    pub world: World,
}

pub(crate) struct Live<B: Behavior> {
    behavior: B,
    context: Context<B::Message>,
}

impl<B: Behavior> Live<B> {
    async fn turn(&mut self, most: usize) -> Result<(), Fault> {
        let stats = self.context.me.stats();
        for _ in 0..most {
            let Some(message) = self.context.me.pop() else { break };
            let now = i64::try_from(self.context.world.clock().elapsed().as_micros()).unwrap_or(i64::MAX - 1);
            stats.busy_since.store(now + 1, Ordering::Relaxed);
            let outcome = self.behavior.handle(message, &mut self.context).await;
            stats.busy_since.store(0, Ordering::Relaxed);
            stats.handled.fetch_add(1, Ordering::Relaxed);
            outcome?;
        }
        Ok(())
    }
}

impl<B: Behavior> Actor for Shell<B> {
    type Msg = Wake;
    type State = Live<B>;
    type Arguments = Start<B>;

    async fn pre_start(&self, _: ActorRef<Wake>, start: Start<B>) -> Result<Live<B>, ActorProcessingErr> {
        let Start { behavior, address, world } = start;
        Ok(Live { behavior, context: Context { world, me: address, generation: 0 } })
    }

    /// Here and not in `pre_start`, since a failure here reaches the supervisor.
    async fn post_start(&self, myself: ActorRef<Wake>, live: &mut Live<B>) -> Result<(), ActorProcessingErr> {
        live.context.generation = live.context.me.generation() + 1;
        live.behavior.started(&mut live.context).await?;
        live.context.me.attach(myself);
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Wake>,
        wake: Wake,
        live: &mut Live<B>,
    ) -> Result<(), ActorProcessingErr> {
        match wake {
            Wake::Work => {
                live.turn(TURN).await?;
                live.context.me.turn_over();
            }
            Wake::Drain => {
                let waiting = live.context.me.waiting();
                live.turn(waiting).await?;
                live.context.me.detach();
                live.behavior.stopping(&mut live.context).await;
                myself.stop(None);
            }
        }
        Ok(())
    }
}
