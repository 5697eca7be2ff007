//! The graph's place in the core: it watches over the store and tells when something is wrong with it.

use std::time::Duration;

use lares_kernel::{Behavior, Context, Fault, Message};
use lares_model::{Detail, NodeId, Origin, Status};

use crate::{House, note_status};

/// How often the store's health is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The vocabulary of the keeper.
pub enum KeeperMessage {
    Look,
}

impl Message for KeeperMessage {}

/// Watches the store. Control goes on from memory while it cannot write.
pub struct GraphKeeper {
    house: House,
    told: Option<String>,
}

impl GraphKeeper {
    pub fn new(house: House) -> Self {
        Self { house, told: None }
    }
}

impl Behavior for GraphKeeper {
    type Message = KeeperMessage;

    async fn started(&mut self, context: &mut Context<KeeperMessage>) -> Result<(), Fault> {
        context.after(context.world.clock().look_every(LOOK_EVERY), KeeperMessage::Look);
        Ok(())
    }

    async fn handle(&mut self, _: KeeperMessage, context: &mut Context<KeeperMessage>) -> Result<(), Fault> {
        let wrong = self.house.graph().health().last_error;
        if wrong != self.told {
            let status = match &wrong {
                Some(why) => {
                    tracing::error!(why, "the store cannot write; control goes on from memory");
                    Status::Offline(Detail::Failed(why.clone()))
                }
                None => Status::Online,
            };
            note_status(&context.world, NodeId::derive("actor", "core/graph"), Origin::System, status);
            self.told = wrong;
        }
        context.after(context.world.clock().look_every(LOOK_EVERY), KeeperMessage::Look);
        Ok(())
    }
}
