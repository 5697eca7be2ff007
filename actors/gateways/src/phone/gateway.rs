//! The telephone's end of the wire: who rings, how many at once.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::Codec;
use lares_kernel::wire::{Callee, Sink, WireState};
use lares_kernel::{Chance, Clock};
use rsipstack::EndpointBuilder;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::platform::CancellationToken;
use rsipstack::sip::prelude::{HeadersExt, ToTypedHeader};
use rsipstack::sip::{Method, StatusCode};
use rsipstack::transaction::TransactionReceiver;
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::TransportLayer;
use rsipstack::transport::udp::UdpConnection;
use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::call::{Ends, serve};
use super::guard::Guard;
use super::media::StartOpus;
use super::opus::Opus;
use super::registration;

/// A port that is taken is tried again so often, after so long.
const TRIES: usize = 20;
const AGAIN: Duration = Duration::from_millis(50);

/// The exchange that calls come from.
#[derive(Clone)]
pub struct Trunk {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<String>,
}

pub struct PhoneOptions {
    pub listen: SocketAddr,
    /// Where callers send sound to.
    pub address: Option<IpAddr>,
    /// Who may call beside this machine.
    pub from: Vec<IpAddr>,
    pub trunk: Option<Trunk>,
    /// Calls at once.
    pub at_once: usize,
    /// The one that is liked best first.
    pub codecs: Vec<Codec>,
    /// A program, and how it is called, that is an [`super::opus_worker`].
    pub opus: (PathBuf, Vec<String>),
}

/// A telephone that is plugged in. Dropping it ends all its calls.
pub struct PhoneGateway {
    at: SocketAddr,
    cancel: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    /// It does not answer any more, though nobody ended it.
    broken: watch::Receiver<bool>,
}

/// Listens from now on.
///
/// # Errors
/// Why it cannot: in words.
pub async fn start(
    options: PhoneOptions,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    callee: Arc<dyn Callee>,
    tell: Arc<dyn Sink>,
) -> Result<PhoneGateway, String> {
    let listen = options.listen;
    let socket = bind(listen).await.map_err(|e| format!("cannot listen on {listen}: {e}"))?;
    let at = socket.local_addr().map_err(|e| format!("cannot listen on {listen}: {e}"))?;
    let told = options.address.unwrap_or_else(|| at.ip());
    let mut from = options.from;
    if let Some(trunk) = &options.trunk {
        let found = tokio::net::lookup_host((trunk.host.as_str(), trunk.port)).await;
        let found = found.map_err(|e| format!("there is no exchange {}: {e}", trunk.host))?;
        from.extend(found.map(|at| at.ip()));
    }
    let cancel = CancellationToken::new();
    let layer = TransportLayer::new(cancel.child_token());
    let guard = Arc::new(Guard::new(socket, from, clock));
    let external = SocketAddr::new(told, at.port());
    let connection = UdpConnection::from_socket(guard, Some(external), Some(cancel.child_token()));
    layer.add_transport(connection.await.map_err(|e| e.to_string())?.into());
    let endpoint = EndpointBuilder::new()
        .with_user_agent("Lares")
        .with_transport_layer(layer)
        .with_cancel_token(cancel.child_token())
        .build();
    let incoming = endpoint.incoming_transactions().map_err(|e| e.to_string())?;
    let dialogs = DialogLayer::new(endpoint.inner.clone());
    let exchange = options.trunk.as_ref().map(|trunk| format!("{}:{}", trunk.host, trunk.port));
    let (program, arguments) = options.opus;
    let switch = Switch {
        codecs: options.codecs.into(),
        opus: Arc::new(move || Opus::start(program.clone(), arguments.clone())),
        listen: at.ip(),
        told,
        exchange,
        at_once: options.at_once,
        calls: Arc::default(),
        callee,
        chance,
        dialogs: Arc::new(dialogs),
    };
    let (ended, broken) = watch::channel(false);
    let ended = Arc::new(ended);
    let (inner, told_end) = (endpoint.inner.clone(), Ended(ended.clone()));
    let serves = tokio::spawn(async move {
        let _told_end = told_end;
        if let Err(error) = inner.serve().await {
            tracing::error!(%error, "the telephone does not answer any more");
        }
    });
    let told_end = Ended(ended);
    let rings = tokio::spawn(async move {
        let _told_end = told_end;
        switch.run(incoming).await;
    });
    let mut tasks = vec![serves, rings];
    match options.trunk {
        Some(trunk) => {
            tell.state(WireState::Connecting);
            tasks.push(tokio::spawn(registration::keep(endpoint.inner.clone(), trunk, tell)));
        }
        None => tell.state(WireState::Up),
    }
    Ok(PhoneGateway { at, cancel, tasks: Mutex::new(tasks), broken })
}

/// After a reload the telephone before may still be on its way out.
async fn bind(listen: SocketAddr) -> std::io::Result<UdpSocket> {
    for _ in 0..TRIES {
        match UdpSocket::bind(listen).await {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => tokio::time::sleep(AGAIN).await,
            other => return other,
        }
    }
    UdpSocket::bind(listen).await
}

/// Says so when it is dropped, however its task came to its end.
struct Ended(Arc<watch::Sender<bool>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

impl PhoneGateway {
    /// Where it listens.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Becomes true when it does not answer any more.
    pub fn broken(&self) -> watch::Receiver<bool> {
        self.broken.clone()
    }

    pub fn stop(&self) {
        self.cancel.cancel();
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..).for_each(|task| task.abort());
    }
}

impl Drop for PhoneGateway {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Puts what comes in to where it belongs.
struct Switch {
    listen: IpAddr,
    told: IpAddr,
    exchange: Option<String>,
    at_once: usize,
    codecs: Arc<[Codec]>,
    opus: StartOpus,
    calls: Arc<AtomicUsize>,
    callee: Arc<dyn Callee>,
    chance: Arc<dyn Chance>,
    dialogs: Arc<DialogLayer>,
}

/// One of the calls at once, given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Switch {
    async fn run(&self, mut incoming: TransactionReceiver) {
        while let Some(transaction) = incoming.recv().await {
            self.take(transaction).await;
        }
    }

    async fn take(&self, mut transaction: Transaction) {
        let known =
            transaction.original.to_header().ok().and_then(|to| to.typed().ok()?.tag().cloned()).is_some();
        if known {
            let dialog = self.dialogs.match_dialog(&transaction);
            tokio::spawn(async move {
                let done = match dialog {
                    Some(rsipstack::dialog::dialog::Dialog::Invite(mut dialog)) => {
                        dialog.handle(&mut transaction).await
                    }
                    _ if transaction.original.method == Method::Ack => Ok(()),
                    _ => transaction.reply(StatusCode::CallTransactionDoesNotExist).await,
                };
                if let Err(error) = done {
                    tracing::debug!(%error, "a message of a call came to nothing");
                }
            });
            return;
        }
        let answer = match transaction.original.method {
            Method::Invite => return self.invited(transaction).await,
            Method::Options => StatusCode::OK,
            Method::Ack | Method::Cancel => return,
            _ => StatusCode::MethodNotAllowed,
        };
        tokio::spawn(async move { drop(transaction.reply(answer).await) });
    }

    async fn invited(&self, mut transaction: Transaction) {
        let place = self
            .calls
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < self.at_once).then_some(n + 1));
        if place.is_err() {
            tokio::spawn(async move {
                if transaction.reply(StatusCode::BusyHere).await.is_ok() {
                    while transaction.receive().await.is_some() {}
                }
            });
            return;
        }
        let place = Place(self.calls.clone());
        let (sender, states) = self.dialogs.new_dialog_state_channel();
        let Ok(mut dialog) = self.dialogs.get_or_create_server_invite(&transaction, sender, None, None)
        else {
            let _ = transaction.reply(StatusCode::BadRequest).await;
            return;
        };
        let random = self.chance.next_u64();
        let ends = Ends {
            id: format!("{random:016x}").into(),
            listen: self.listen,
            told: self.told,
            exchange: self.exchange.clone(),
            callee: self.callee.clone(),
            codecs: self.codecs.clone(),
            opus: self.opus.clone(),
            random: self.chance.next_u64(),
        };
        let (dialogs, id, of) = (self.dialogs.clone(), dialog.id(), dialog.clone());
        // The invitation is answered by its own task, the call by another: it outlives the invitation.
        tokio::spawn(async move {
            if let Err(error) = dialog.handle(&mut transaction).await {
                tracing::debug!(%error, "an invitation came to nothing");
            }
        });
        tokio::spawn(async move {
            let _place = place;
            serve(ends, of, states).await;
            dialogs.remove_dialog(&id);
        });
    }
}
