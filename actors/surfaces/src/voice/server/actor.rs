//! The actor that listens. Connections are tasks of their own, and all of them end with it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use lares_config::VoiceServerConfig;
use lares_kernel::{Behavior, Context, Fault, Message};
use lares_model::{Detail, Status};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::session::session;
use crate::control::{Asked, ControlSetup};
use crate::told::Told;

/// A port that was taken may be free later.
const AGAIN: Duration = Duration::from_secs(15);
/// More connections at once are refused: a household has one Home Assistant.
const MOST: usize = 16;

/// The vocabulary of the voice server.
#[derive(Debug)]
pub enum VoiceServerMessage {
    /// Time to look whether it can listen.
    Look,
    /// The accepting task ended.
    Ended(String),
}

impl Message for VoiceServerMessage {}

/// What the server needs.
#[derive(Clone)]
pub struct VoiceServerSetup {
    pub config: VoiceServerConfig,
    pub control: Arc<ControlSetup>,
    /// Where it listens, once it does.
    pub at: Arc<watch::Sender<Option<SocketAddr>>>,
}

/// The voice server.
pub struct VoiceServer {
    setup: VoiceServerSetup,
    accepting: Option<Task>,
    told: Told,
}

struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl VoiceServer {
    pub fn new(setup: VoiceServerSetup) -> Self {
        Self { setup, accepting: None, told: Told::new("surfaces/wyoming") }
    }

    async fn listen(&mut self, context: &Context<VoiceServerMessage>) {
        let wanted = self.setup.config.listen;
        let bound = match TcpListener::bind(wanted).await {
            Ok(listener) => listener.local_addr().map(|at| (listener, at)),
            Err(e) => Err(e),
        };
        let (listener, at) = match bound {
            Ok(bound) => bound,
            Err(e) => {
                let why = format!("failed to listen on {wanted}: {e}");
                self.told.status(&context.world, Status::Offline(Detail::Communication(why)));
                context.after(AGAIN, VoiceServerMessage::Look);
                return;
            }
        };
        self.setup.at.send_replace(Some(at));
        let asked = Asked {
            setup: self.setup.control.clone(),
            world: context.world.clone(),
            surface: "by voice".into(),
            tongue: None,
        };
        let (from, me) = (self.setup.config.from.clone(), context.me.clone());
        self.accepting = Some(Task(tokio::spawn(async move {
            let why = accept(listener, &from, asked).await;
            me.tell(VoiceServerMessage::Ended(why));
        })));
        self.told.status(&context.world, Status::Online);
    }
}

/// Whether an address may connect.
fn may(peer: IpAddr, from: &[IpAddr]) -> bool {
    let peer = peer.to_canonical();
    peer.is_loopback() || from.iter().any(|allowed| allowed.to_canonical() == peer)
}

async fn accept(listener: TcpListener, from: &[IpAddr], asked: Asked) -> String {
    let mut sessions = JoinSet::new();
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(e) => return e.to_string(),
        };
        while sessions.try_join_next().is_some() {}
        if !may(peer.ip(), from) {
            tracing::warn!(%peer, "refused at the voice server: its address is not in [voice.server] from");
            continue;
        }
        if sessions.len() >= MOST {
            tracing::warn!(%peer, most = MOST, "refused at the voice server: too many connections");
            continue;
        }
        let asked = asked.clone();
        sessions.spawn(async move {
            if let Err(why) = session(stream, asked).await {
                tracing::info!(%peer, why, "a connection to the voice server ended");
            }
        });
    }
}

impl Behavior for VoiceServer {
    type Message = VoiceServerMessage;

    async fn started(&mut self, context: &mut Context<VoiceServerMessage>) -> Result<(), Fault> {
        self.listen(context).await;
        Ok(())
    }

    async fn handle(
        &mut self,
        message: VoiceServerMessage,
        context: &mut Context<VoiceServerMessage>,
    ) -> Result<(), Fault> {
        match message {
            VoiceServerMessage::Look => self.listen(context).await,
            VoiceServerMessage::Ended(why) => return Err(Fault::new(why)),
        }
        Ok(())
    }

    async fn stopping(&mut self, _: &mut Context<VoiceServerMessage>) {
        self.accepting = None;
        self.setup.at.send_replace(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_those_that_are_named_may_connect() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let from = [ip("192.168.1.5")];
        for (peer, allowed) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("192.168.1.5", true),
            ("::ffff:192.168.1.5", true),
            ("192.168.1.6", false),
        ] {
            assert_eq!(may(ip(peer), &from), allowed, "{peer}");
        }
    }
}
