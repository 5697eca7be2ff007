//! One call, from its invitation to its end.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use lares_config::Codec;
use lares_kernel::wire::{Call, CallHeard, CallOrder, Callee};
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TerminatedReason};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::prelude::HeadersExt;
use rsipstack::sip::{Header, Method, Request, StatusCode, Uri};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;

use super::caller::{Caller, plain};
use super::media::{Media, StartOpus};
use super::sdp::{Agreed, agree, answer};

/// Frames that wait to be heard: five seconds, within which a recogniser begins.
const HEARD: usize = 256;
/// Frames that wait to be sent: a second.
const SOUND: usize = 50;
const ORDERS: usize = 8;

/// What a call needs of its gateway.
pub struct Ends {
    pub id: Arc<str>,
    /// Where its sound comes in, and what callers are told of that.
    pub listen: IpAddr,
    pub told: IpAddr,
    /// Host and port of the exchange that extensions are at.
    pub exchange: Option<String>,
    pub callee: Arc<dyn Callee>,
    pub codecs: Arc<[Codec]>,
    pub opus: StartOpus,
    pub random: u64,
}

/// Rings, and stays with the call until it is over. Returns why it could not ring at all, if it could not.
pub async fn serve(ends: Ends, dialog: InviteDialog, mut states: DialogStateReceiver) {
    let request = dialog.initial_request();
    let offered = agree(&request.body, &ends.codecs);
    let socket = UdpSocket::bind((ends.listen, 0)).await;
    let (agreed, socket) = match (offered, socket) {
        (Ok(agreed), Ok(socket)) => (agreed, socket),
        (Err(why), _) => {
            tracing::info!(call = %ends.id, why, "a call was turned away");
            let _ = dialog.reject(Some(StatusCode::NotAcceptableHere), None);
            return;
        }
        (_, Err(error)) => {
            tracing::warn!(call = %ends.id, %error, "a call was turned away: no port for its sound");
            let _ = dialog.reject(Some(StatusCode::ServiceUnavailable), None);
            return;
        }
    };
    let Ok(port) = socket.local_addr().map(|at| at.port()) else { return };
    let (heard, taken) = channel(HEARD);
    let (order, orders) = channel(ORDERS);
    let (sound, frames) = channel(SOUND);
    let caller = Caller::read(request.from_header().map(|f| f.value()).unwrap_or_default());
    let called = plain(request.uri.user().unwrap_or_default());
    let _ = dialog.ringing(None, None);
    let Caller { number, name } = caller;
    ends.callee.call(Call { id: ends.id.clone(), number, name, called, heard: taken, orders: order, sound });
    let (plan, changes) = watch::channel(agreed);
    let ours = SocketAddr::new(ends.told, port);
    let mut line = Line {
        dialog,
        plan,
        ours,
        exchange: ends.exchange,
        codecs: ends.codecs,
        heard: heard.clone(),
        session: ends.random >> 1,
    };
    let media = Media {
        socket,
        agreed: changes,
        heard: heard.clone(),
        sound: frames,
        opus: ends.opus,
        random: ends.random,
    };
    let why = line.run(orders, &mut states, media).await;
    let _ = heard.send(CallHeard::Ended(why)).await;
}

/// A line while it stands.
struct Line {
    dialog: InviteDialog,
    plan: watch::Sender<Agreed>,
    ours: SocketAddr,
    exchange: Option<String>,
    codecs: Arc<[Codec]>,
    heard: Sender<CallHeard>,
    session: u64,
}

impl Line {
    /// Runs to the call's end; says why it ended.
    async fn run(
        &mut self,
        mut orders: Receiver<CallOrder>,
        states: &mut DialogStateReceiver,
        media: Media,
    ) -> String {
        let mut media = Some(media);
        // Ends with the line.
        let mut running: Option<Running> = None;
        loop {
            tokio::select! {
                biased;
                state = states.recv() => match state {
                    Some(DialogState::Terminated(_, why)) => return ended(&why).to_owned(),
                    Some(state) => self.state(state).await,
                    None => return "the line is gone".to_owned(),
                },
                why = cannot_go_on(&mut running) => {
                    let _ = self.dialog.bye().await;
                    return why;
                }
                order = orders.recv() => match order {
                    Some(CallOrder::Answer) => {
                        let Some(media) = media.take() else { continue };
                        let body = answer(&self.plan.borrow(), self.ours, self.session);
                        if let Err(error) = self.dialog.accept(Some(vec![sdp_type()]), Some(body)) {
                            return format!("it could not be answered: {error}");
                        }
                        running = Some(Running(tokio::spawn(media.run())));
                    }
                    Some(CallOrder::Hand(to)) => self.hand(&to),
                    // Whoever has the other end of its orders is gone: nobody would ever end it.
                    Some(CallOrder::Decline | CallOrder::HangUp) | None => {
                        if running.is_none() {
                            let _ = self.dialog.reject(Some(StatusCode::Decline), None);
                            return "declined".to_owned();
                        }
                        if let Err(error) = self.dialog.bye().await {
                            tracing::debug!(%error, "the other end did not hear that the call is over");
                        }
                        return "hung up".to_owned();
                    }
                },
            }
        }
    }

    async fn state(&self, state: DialogState) {
        match state {
            // In the middle of a call the other end wants its sound elsewhere.
            DialogState::Updated(_, request, handle) => match agree(&request.body, &self.codecs) {
                Ok(agreed) => {
                    self.plan.send_replace(agreed);
                    let body = answer(&agreed, self.ours, self.session);
                    let _ = handle.respond(StatusCode::OK, Some(vec![sdp_type()]), Some(body)).await;
                }
                // One without an offer only asks whether we are there.
                Err(_) if request.body.is_empty() && request.method != Method::Invite => {
                    let _ = handle.reply(StatusCode::OK).await;
                }
                Err(_) => drop(handle.reply(StatusCode::NotAcceptableHere).await),
            },
            DialogState::Info(_, request, handle) => {
                if let Some(key) = key(&request) {
                    let _ = self.heard.try_send(CallHeard::Key(key));
                }
                let _ = handle.reply(StatusCode::OK).await;
            }
            DialogState::Notify(_, request, handle) => {
                let _ = handle.reply(StatusCode::OK).await;
                let Some(code) = notified(&request.body) else { return };
                let came = match code {
                    100..=199 => return,
                    200..=299 => Ok(()),
                    code => Err(format!("the extension answered {code}")),
                };
                let _ = self.heard.try_send(CallHeard::Handed(came));
            }
            DialogState::Options(_, _, handle) => drop(handle.reply(StatusCode::OK).await),
            // A caller moves nobody elsewhere.
            DialogState::Refer(_, _, handle) => drop(handle.reply(StatusCode::Decline).await),
            DialogState::Message(_, _, handle) | DialogState::Publish(_, _, handle) => {
                let _ = handle.reply(StatusCode::MethodNotAllowed).await;
            }
            _ => {}
        }
    }

    /// Asks the other end to call an extension instead. What came of it is heard later.
    fn hand(&self, to: &str) {
        let (dialog, heard) = (self.dialog.clone(), self.heard.clone());
        let host = self.exchange.clone().unwrap_or_else(|| host_of(&dialog.initial_request()));
        let uri = Uri::try_from(format!("sip:{to}@{host}").as_str());
        tokio::spawn(async move {
            let why = match uri {
                Err(error) => format!("{error}"),
                Ok(uri) => match dialog.refer(uri, None, None).await {
                    Ok(Some(response)) if (200..300).contains(&u16::from(response.status_code.clone())) => {
                        return;
                    }
                    Ok(Some(response)) => {
                        format!("the exchange answered {}", u16::from(response.status_code))
                    }
                    Ok(None) => "the call is over".to_owned(),
                    Err(error) => error.to_string(),
                },
            };
            let _ = heard.try_send(CallHeard::Handed(Err(why)));
        });
    }
}

/// What came of handing a call on: the status line that a notice of it carries (RFC 3515, 2.4.5).
fn notified(body: &[u8]) -> Option<u16> {
    let line =
        std::str::from_utf8(body).ok()?.lines().find_map(|line| line.trim().strip_prefix("SIP/2.0 "))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The sound's task.
struct Running(tokio::task::JoinHandle<String>);

/// Why the sound of a call cannot go on, once it cannot.
async fn cannot_go_on(running: &mut Option<Running>) -> String {
    match running {
        Some(running) => (&mut running.0).await.unwrap_or_else(|_| "its sound failed".to_owned()),
        None => std::future::pending().await,
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn sdp_type() -> Header {
    Header::ContentType("application/sdp".into())
}

/// Where the caller comes from: extensions are looked for there if there is no exchange.
fn host_of(request: &Request) -> String {
    let from = request.contact_header().ok().map(|c| c.value().to_owned()).unwrap_or_default();
    let uri = rsipstack::sip::headers::typed::Contact::parse(&from).map(|c| c.uri);
    uri.map(|uri| uri.host_with_port.to_string()).unwrap_or_else(|_| request.uri.host_with_port.to_string())
}

/// A key by SIP INFO: `Signal=9`, or the key alone.
fn key(request: &Request) -> Option<char> {
    let text = std::str::from_utf8(&request.body).ok()?;
    let signal = text.lines().find_map(|line| line.trim().strip_prefix("Signal=")).unwrap_or(text);
    signal.trim().chars().next().filter(|c| c.is_ascii_digit() || "*#".contains(*c))
}

fn ended(why: &TerminatedReason) -> &'static str {
    match why {
        TerminatedReason::Timeout => "the other end does not answer any more",
        TerminatedReason::UacCancel => "the caller gave up",
        TerminatedReason::UacBye => "the caller hung up",
        TerminatedReason::UasBye => "hung up",
        TerminatedReason::UasDecline => "declined",
        _ => "the line broke",
    }
}
