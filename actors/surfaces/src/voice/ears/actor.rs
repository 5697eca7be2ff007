//! Opens the ears as the configuration says, and opens them anew when it says otherwise.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::{Home, VoiceConfig};
use lares_kernel::{Behavior, Blocking, Context, Fault, Interest, Message};
use lares_model::{BodyKind, Detail, Status};
use tokio::sync::watch;

use super::library::NoEars;
use super::pool::Ears;
use crate::told::Told;

/// What was missing may be there later.
const AGAIN: Duration = Duration::from_secs(60);

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
pub enum EarsMessage {
    /// Another configuration took effect. Twice is once.
    Configured,
    /// From the thread that opened them: how that ended, and which try it was.
    Opened(Result<Box<Ears>, NoEars>, u64),
}

impl Message for EarsMessage {
    fn replaces(&self, older: &Self) -> bool {
        matches!((self, older), (Self::Configured, Self::Configured))
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
    /// What they are open by, or are being opened by.
    by: Option<VoiceConfig>,
    tries: u64,
    told: Told,
}

impl EarsActor {
    pub fn new(setup: EarsSetup) -> Self {
        Self { setup, by: None, tries: 0, told: Told::new("surfaces/ears") }
    }

    /// A large model takes longer than a handler may: it is opened beside, and comes as a message.
    fn look(&mut self, context: &Context<EarsMessage>) {
        let wanted = (self.setup.home)().voice.clone();
        let by = |VoiceConfig { library, model, threads, .. }: &VoiceConfig| {
            (library.clone(), model.clone(), *threads)
        };
        let failed = self.setup.hearing.now().is_err_and(|why| why != NoEars::NotYet);
        if !failed && wanted.is_some() && wanted.as_ref().map(by) == self.by.as_ref().map(by) {
            return;
        }
        self.tries += 1;
        self.by.clone_from(&wanted);
        let Some((library, Some(model), threads)) = wanted.as_ref().map(by) else {
            self.not_wanted(context);
            return;
        };
        self.setup.hearing.set(Err(NoEars::NotYet));
        let (data, me, tries) = (self.setup.data.clone(), context.me.clone(), self.tries);
        let blocking = context.world.blocking().clone();
        tokio::spawn(async move {
            let open = move || Ears::open(library.as_deref(), &data, &model, usize::from(threads));
            me.tell(EarsMessage::Opened(beside(&*blocking, open).await.map(Box::new), tries));
        });
    }

    /// Nothing is wanted any more: an error of before is none.
    fn not_wanted(&mut self, context: &Context<EarsMessage>) {
        self.setup.hearing.set(Err(NoEars::NotWanted));
        self.told.status(&context.world, Status::Removed);
    }

    fn opened(&mut self, opened: Result<Box<Ears>, NoEars>, context: &Context<EarsMessage>) {
        if opened.is_err() {
            context.after(AGAIN, EarsMessage::Configured);
        }
        let status = match &opened {
            Ok(_) => Status::Online,
            Err(why) => Status::Offline(Detail::Configuration(why.to_string())),
        };
        self.setup.hearing.set(opened.map(|ears| Arc::new(*ears)));
        self.told.status(&context.world, status);
    }
}

impl Behavior for EarsActor {
    type Message = EarsMessage;

    async fn started(&mut self, context: &mut Context<EarsMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let loaded = vec![Interest::Kind(BodyKind::HomeLoaded)];
        context.world.bus().subscribe(context.key(), loaded, move |_| me.tell(EarsMessage::Configured));
        self.look(context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: EarsMessage,
        context: &mut Context<EarsMessage>,
    ) -> Result<(), Fault> {
        match message {
            EarsMessage::Configured => self.look(context),
            EarsMessage::Opened(opened, tries) if tries == self.tries => self.opened(opened, context),
            // Meanwhile others were wanted.
            EarsMessage::Opened(..) => {}
        }
        Ok(())
    }

    async fn stopping(&mut self, context: &mut Context<EarsMessage>) {
        context.world.bus().unsubscribe(context.key());
        if (self.setup.home)().voice.is_none() {
            self.not_wanted(context);
        }
        self.setup.hearing.set(Err(NoEars::NotWanted));
    }
}

/// Works on a thread that may wait; a panic there is an answer as well, or nobody would try again.
async fn beside<T: Send + 'static>(
    blocking: &dyn Blocking,
    work: impl FnOnce() -> Result<T, NoEars> + Send + 'static,
) -> Result<T, NoEars> {
    let made = Arc::new(Mutex::new(None));
    let into = made.clone();
    let done = blocking.run(Box::new(move || {
        let result = work();
        *into.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }));
    if !done.await {
        return Err(NoEars::Failed);
    }
    made.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(Err(NoEars::Failed))
}

#[cfg(test)]
mod tests {
    use lares_kernel::{InlineBlocking, ThreadBlocking};

    use super::*;

    /// Meant to fail it (not tried): what `run` tells is not looked at, and what panics leaves no answer.
    #[tokio::test]
    async fn what_panics_while_it_opens_has_failed() {
        for blocking in [&ThreadBlocking as &dyn Blocking, &InlineBlocking] {
            let opened: Result<u8, NoEars> = beside(blocking, || panic!("no such model")).await;
            assert_eq!(opened, Err(NoEars::Failed));
            assert_eq!(beside(blocking, || Ok(7)).await, Ok(7));
            assert_eq!(beside(blocking, || Err::<u8, _>(NoEars::NotWanted)).await, Err(NoEars::NotWanted));
        }
    }
}
