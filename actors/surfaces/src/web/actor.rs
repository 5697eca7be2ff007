//! The actor that listens. Connections are tasks on threads of their own, and all of them end with it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use lares_config::{TlsConfig, WebConfig};
use lares_kernel::{Behavior, Context, Fault, Interest, Message, World};
use lares_model::{BodyKind, Detail, Status};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::call::{Counts, Shared};
use super::live::Live;
use super::once::Once;
use super::server::accept;
use super::tls::{SPACE, Tls};
use super::{Listening, Taken, WebSetup};
use crate::away::away;
use crate::control::Asked;
use crate::told::Told;

/// A port that was taken may be free later; an owner may have come.
const AGAIN: Duration = Duration::from_secs(15);
/// How often a given certificate is looked at.
const RENEWED: Duration = Duration::from_secs(10);

/// The vocabulary of the web surface.
#[derive(Debug)]
pub enum WebMessage {
    /// The accepting task cannot go on.
    Ended(String),
    /// Another configuration took effect.
    Configured,
    /// Time to look whether it can listen where it should.
    Look,
}

impl Message for WebMessage {}

/// The web surface.
pub struct Web {
    setup: WebSetup,
    /// What it listens by, if it does.
    listening: Option<(WebConfig, Vec<Task>)>,
    told: Told,
}

/// A task that ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Web {
    pub fn new(setup: WebSetup) -> Self {
        Self { setup, listening: None, told: Told::new("surfaces/web") }
    }

    /// Listens as the configuration says, as far as it can.
    async fn listen(&mut self, context: &Context<WebMessage>) -> Result<(), Fault> {
        let home = (self.setup.control.in_force)();
        let mut wanted = home.web.clone();
        let owned = self.setup.control.access.is_owned(&home);
        let held_back = !owned && !wanted.listen.is_loopback();
        if held_back {
            wanted.listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        }
        if self.listening.as_ref().is_some_and(|(by, _)| same(by, &wanted)) {
            return Ok(());
        }
        self.end();
        if !wanted.enabled {
            self.tell(
                Status::Offline(Detail::Configuration("it is switched off in [web]".to_owned())),
                context,
            );
            return Ok(());
        }
        let tls = match self.tls(&wanted, context).await {
            Ok(tls) => tls,
            Err(why) => {
                self.tell(Status::Offline(Detail::Configuration(format!("no HTTPS: {why}"))), context);
                context.after(AGAIN, WebMessage::Look);
                return Ok(());
            }
        };
        let at = SocketAddr::new(wanted.listen, wanted.port);
        let (listener, moved) = match bind(at, self.setup.taken) {
            Ok(bound) => bound,
            Err(e) => {
                let why = format!("failed to listen on {at}: {e}");
                self.tell(Status::Offline(Detail::Communication(why)), context);
                context.after(AGAIN, WebMessage::Look);
                return Ok(());
            }
        };
        let address = listener.local_addr().map_err(|e| Fault::new(e.to_string()))?;
        if moved {
            tracing::warn!(wanted = %at, taken = %address, "the dashboard's port was taken: it listens on another one");
        }
        if held_back {
            tracing::warn!(at = %address, "the dashboard listens on this machine only until the owner has an account");
            context.after(AGAIN, WebMessage::Look);
        }
        let shown = tls.as_ref().map(|tls| tls.shown(&wanted.hosts));
        let tasks = self.serve(listener, tls, context);
        self.listening = Some((wanted, tasks));
        self.setup.listening.send_replace(Some(Listening { address, tls: shown }));
        self.tell(Status::Online, context);
        Ok(())
    }

    /// Reads what HTTPS needs, beside the actors' thread.
    async fn tls(&self, wanted: &WebConfig, context: &Context<WebMessage>) -> Result<Option<Tls>, String> {
        // Nothing to read: whoever waits for the start need not wait for this.
        if wanted.tls == TlsConfig::Off {
            return Ok(None);
        }
        let (data, now) = (self.setup.control.data.clone(), context.world.clock().now());
        let (wanted, map) = (wanted.clone(), self.setup.control.graph.map(SPACE));
        away(&context.world, move || Tls::open(&wanted, &data, &*map, now)).await.and_then(|opened| opened)
    }

    fn serve(
        &self,
        listener: std::net::TcpListener,
        tls: Option<Tls>,
        context: &Context<WebMessage>,
    ) -> Vec<Task> {
        let control = Arc::new(self.setup.control.clone());
        let (world, me) = (context.world.clone(), context.me.clone());
        let once = Once::new(control.graph.map("web"), world.clock().clone());
        let asked = Asked { setup: control, world, surface: "on the dashboard".into(), tongue: None };
        let live = Live::new();
        let pump = live.pump(asked.clone(), &format!("{}/live", context.key()).into());
        let tls = tls.map(Arc::new);
        let renewing = renew(tls.clone(), self.setup.clone(), asked.world.clone());
        let shared = Arc::new(Shared { asked, live, once, counts: Counts::default(), tls });
        let runtime = &self.setup.runtime;
        let accepting = runtime.spawn(async move {
            let reason = match TcpListener::from_std(listener) {
                Ok(listener) => accept(listener, shared).await,
                Err(e) => e.to_string(),
            };
            me.tell(WebMessage::Ended(reason));
        });
        vec![Task(accepting), Task(runtime.spawn(pump)), Task(runtime.spawn(renewing))]
    }

    fn end(&mut self) {
        self.listening = None;
        self.setup.listening.send_replace(None);
    }

    fn tell(&mut self, status: Status, context: &Context<WebMessage>) {
        self.told.status(&context.world, status);
    }
}

/// Host names are looked up with each request: for them nothing needs to begin anew.
fn same(by: &WebConfig, wanted: &WebConfig) -> bool {
    (by.enabled, by.listen, by.port, &by.tls) == (wanted.enabled, wanted.listen, wanted.port, &wanted.tls)
}

/// Looks from time to time whether the certificate was renewed.
async fn renew(tls: Option<Arc<Tls>>, setup: WebSetup, world: World) {
    let Some(tls) = tls else { return };
    loop {
        tokio::time::sleep(RENEWED).await;
        let looked = tls.clone();
        world.blocking().run(Box::new(move || looked.refresh())).await;
        let shown = Some(tls.shown(&(setup.control.in_force)().web.hosts));
        setup.listening.send_modify(|l| l.iter_mut().for_each(|l| l.tls.clone_from(&shown)));
    }
}

/// A listener, and whether it is on another port than was wanted.
fn bind(at: SocketAddr, taken: Taken) -> io::Result<(std::net::TcpListener, bool)> {
    let bound = std::net::TcpListener::bind(at);
    let (listener, moved) = match bound {
        Err(e) if e.kind() == io::ErrorKind::AddrInUse && taken == Taken::Another => {
            (std::net::TcpListener::bind(SocketAddr::new(at.ip(), 0))?, true)
        }
        other => (other?, false),
    };
    listener.set_nonblocking(true)?;
    Ok((listener, moved))
}

impl Behavior for Web {
    type Message = WebMessage;

    async fn started(&mut self, context: &mut Context<WebMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let loaded = vec![Interest::Kind(BodyKind::HomeLoaded)];
        context.world.bus().subscribe(context.key(), loaded, move |_| me.tell(WebMessage::Configured));
        self.listen(context).await
    }

    async fn handle(&mut self, message: WebMessage, context: &mut Context<WebMessage>) -> Result<(), Fault> {
        match message {
            WebMessage::Ended(reason) => Err(Fault::new(reason)),
            WebMessage::Configured => {
                self.setup.control.access.home_changed();
                self.listen(context).await
            }
            WebMessage::Look => self.listen(context).await,
        }
    }

    async fn stopping(&mut self, context: &mut Context<WebMessage>) {
        context.world.bus().unsubscribe(&format!("{}/live", context.key()));
        self.end();
    }
}
