//! One satellite's actor: keeps the connection, and whether it is muted.

use std::sync::Arc;

use lares_config::SatelliteConfig;
use lares_kernel::wire::DurableMap;
use lares_kernel::{Behavior, Context, Fault, Message};
use lares_model::{Detail, Status};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connection::{Line, keep};
use super::wire::SatelliteWire;
use crate::control::{Asked, ControlSetup};
use crate::told::Told;

/// The vocabulary of a satellite. All of it may come twice.
#[derive(Debug)]
pub enum SatelliteMessage {
    /// From its device: nothing more is heard, or something is again.
    Mute(bool),
    /// From its connection.
    Connected,
    /// From its connection: why.
    Lost(String),
    /// The task that keeps the connection ended, which it never should.
    Ended,
}

impl Message for SatelliteMessage {}

/// What a satellite needs.
#[derive(Clone)]
pub struct SatelliteSetup {
    pub key: String,
    pub config: SatelliteConfig,
    pub control: Arc<ControlSetup>,
    pub wire: Arc<SatelliteWire>,
    /// Where it is kept whether it is muted.
    pub kept: Arc<dyn DurableMap>,
}

/// A satellite.
pub struct Satellite {
    setup: SatelliteSetup,
    muted: watch::Sender<bool>,
    task: Option<Task>,
    told: Told,
}

/// Ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Satellite {
    pub fn new(setup: SatelliteSetup) -> Self {
        let told = Told::new(format!("surfaces/{}", SatelliteConfig::device(&setup.key)));
        Self { setup, muted: watch::Sender::new(true), task: None, told }
    }

    /// First nothing more is heard, then it is said that it is so.
    fn mute(&mut self, muted: bool) -> Result<(), Fault> {
        let value = if muted { Some(b"ON".to_vec()) } else { None };
        self.muted.send_replace(muted);
        self.setup.kept.write(vec![(self.setup.key.clone().into_bytes(), value)]).map_err(Fault::new)?;
        self.setup.wire.report(&self.setup.key, "muted", muted);
        Ok(())
    }

    fn connected(&mut self, why_not: Option<String>, context: &Context<SatelliteMessage>) {
        self.setup.wire.report(&self.setup.key, "connected", why_not.is_none());
        let status = match why_not {
            None => Status::Online,
            Some(why) => Status::Offline(Detail::Communication(why)),
        };
        self.told.status(&context.world, status);
    }
}

impl Behavior for Satellite {
    type Message = SatelliteMessage;

    async fn started(&mut self, context: &mut Context<SatelliteMessage>) -> Result<(), Fault> {
        let SatelliteSetup { key, config, control, wire, kept } = &self.setup;
        let muted = kept.get(key.as_bytes()).map_err(Fault::new)?.is_some();
        self.muted.send_replace(muted);
        wire.join(key, context.me.clone());
        wire.report(key, "muted", muted);
        wire.report(key, "connected", false);
        let asked = Asked { setup: control.clone(), world: context.world.clone(), surface: "by voice" };
        let line = Line {
            key: key.clone(),
            config: config.clone(),
            asked,
            muted: self.muted.subscribe(),
            satellite: context.me.clone(),
        };
        let me = context.me.clone();
        self.task = Some(Task(tokio::spawn(async move {
            keep(line).await;
            me.tell(SatelliteMessage::Ended);
        })));
        Ok(())
    }

    async fn handle(
        &mut self,
        message: SatelliteMessage,
        context: &mut Context<SatelliteMessage>,
    ) -> Result<(), Fault> {
        match message {
            SatelliteMessage::Mute(muted) => self.mute(muted)?,
            SatelliteMessage::Connected => self.connected(None, context),
            SatelliteMessage::Lost(why) => self.connected(Some(why), context),
            SatelliteMessage::Ended => return Err(Fault::new("its connection is kept no more")),
        }
        Ok(())
    }

    async fn stopping(&mut self, _: &mut Context<SatelliteMessage>) {
        self.task = None;
    }
}
