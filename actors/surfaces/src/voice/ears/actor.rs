//! Opens the ears as the configuration says, and opens them anew when it says otherwise.

use std::path::PathBuf;
use std::sync::Arc;

use lares_config::{Home, VoiceConfig};
use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{BodyKind, Detail, Status};
use tokio::sync::watch;

use super::library::NoEars;
use super::pool::Ears;
use crate::away::away;
use crate::told::Told;

/// The ears of a household as everybody asks for them. Cheap to clone.
#[derive(Clone)]
pub struct Hearing(Arc<watch::Sender<Now>>);

type Now = Result<Arc<Ears>, NoEars>;

impl Default for Hearing {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Err(NoEars::NotWanted))))
    }
}

impl Hearing {
    /// # Errors
    /// Nothing can be heard now: why, and what mends it.
    pub fn now(&self) -> Result<Arc<Ears>, NoEars> {
        self.0.borrow().clone()
    }

    fn set(&self, now: Now) {
        drop(self.0.send_replace(now));
    }
}

/// The vocabulary of the ears' actor.
#[derive(Debug)]
pub enum EarsMessage {
    /// Another configuration took effect.
    Configured,
}

impl Message for EarsMessage {
    fn replaces(&self, _: &Self) -> bool {
        true
    }
}

/// What the actor needs.
#[derive(Clone)]
pub struct EarsSetup {
    pub home: Arc<dyn Fn() -> Arc<Home> + Send + Sync>,
    /// The data folder.
    pub data: PathBuf,
    pub hearing: Hearing,
}

/// The actor of the ears.
pub struct EarsActor {
    setup: EarsSetup,
    open: Option<VoiceConfig>,
    told: Told,
}

impl EarsActor {
    pub fn new(setup: EarsSetup) -> Self {
        Self { setup, open: None, told: Told::new("surfaces/ears") }
    }

    async fn look(&mut self, context: &Context<EarsMessage>) {
        let wanted = (self.setup.home)().voice.clone();
        let by = |v: &VoiceConfig| (v.library.clone(), v.model.clone(), v.threads);
        if wanted.is_some() && wanted.as_ref().map(by) == self.open.as_ref().map(by) {
            return;
        }
        let hearing = self.setup.hearing.clone();
        let Some((library, Some(model), threads)) = wanted.as_ref().map(by) else {
            hearing.set(Err(NoEars::NotWanted));
            self.open = None;
            return;
        };
        hearing.set(Err(NoEars::NotYet));
        let data = self.setup.data.clone();
        let opened =
            away(&context.world, move || Ears::open(library.as_deref(), &data, &model, usize::from(threads)));
        let opened = opened.await.unwrap_or_else(|why| {
            tracing::error!(why, "the ears could not be opened");
            Err(NoEars::Failed)
        });
        let status = match &opened {
            Ok(_) => Status::Online,
            Err(why) => Status::Offline(Detail::Configuration(why.to_string())),
        };
        hearing.set(opened.map(Arc::new));
        self.open = wanted;
        self.told.status(&context.world, status);
    }
}

impl Behavior for EarsActor {
    type Message = EarsMessage;

    async fn started(&mut self, context: &mut Context<EarsMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let loaded = vec![Interest::Kind(BodyKind::HomeLoaded)];
        context.world.bus().subscribe(context.key(), loaded, move |_| me.tell(EarsMessage::Configured));
        // A large model takes its time, and whoever waits for the start need not wait for it.
        context.me.tell(EarsMessage::Configured);
        Ok(())
    }

    async fn handle(&mut self, _: EarsMessage, context: &mut Context<EarsMessage>) -> Result<(), Fault> {
        self.look(context).await;
        Ok(())
    }

    async fn stopping(&mut self, context: &mut Context<EarsMessage>) {
        context.world.bus().unsubscribe(context.key());
        self.setup.hearing.set(Err(NoEars::NotWanted));
    }
}
