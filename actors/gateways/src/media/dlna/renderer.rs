//! The connection to one renderer: find it, ask it how it is, tell it what to do, again.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::wire::{Delivery, Outbound};
use lares_kernel::{Chance, Clock};
use tokio::sync::mpsc::Receiver;

use super::super::board::{Board, Rendered, told};
use super::super::talk::while_down;
use super::describe::{Described, Service, describe};
use super::http::At;
use super::soap::{Trouble, call, escaped};
use crate::mqtt::{Backoff, Outbox};

/// How often it is asked how it is. Renderers tell by events too, but to whoever runs a server for them.
const LOOKS: Duration = Duration::from_secs(2);
/// Commands that may wait for it.
const WAITING: usize = 256;
const INSTANCE: (&str, &str) = ("InstanceID", "0");
const CHANNEL: (&str, &str) = ("Channel", "Master");

/// A loudspeaker and where its description is.
pub struct RendererOptions {
    pub player: String,
    pub description: String,
}

/// Runs until the senders of commands are gone.
pub async fn run(
    options: RendererOptions,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    mut commands: Receiver<Outbound>,
) {
    let mut backoff = Backoff::default();
    let mut outbox = Outbox::new(WAITING);
    let deliver = |delivery| board.delivered(delivery);
    let mut said = String::new();
    loop {
        let found = async { describe(&At::parse(&options.description)?).await };
        let found = while_down(&*clock, &deliver, &mut outbox, &mut commands, found).await;
        let Some(found) = found else { return };
        let why = match found {
            Err(why) => why,
            Ok(described) => {
                let since = clock.elapsed();
                board.again(&format!("player/{}/", options.player));
                let player = options.player.clone();
                let mut renderer = Renderer { player, described, board: &board, state: "idle", plays: None };
                let Some(why) = renderer.serve(&*clock, &mut outbox, &mut commands).await else { return };
                backoff.ended_after(clock.elapsed().saturating_sub(since));
                why
            }
        };
        if said != why {
            tracing::warn!(player = options.player, why, "the renderer cannot be reached");
            said = why;
        }
        board.tell(&format!("player/{}/available", options.player), "offline", false);
        let wait = tokio::time::sleep(backoff.next(chance.as_ref()));
        if while_down(&*clock, &deliver, &mut outbox, &mut commands, wait).await.is_none() {
            return;
        }
    }
}

struct Renderer<'a> {
    player: String,
    described: Described,
    board: &'a Board,
    state: &'static str,
    /// Whether its stream played when it was last looked at.
    plays: Option<bool>,
}

impl Renderer<'_> {
    /// As long as it answers; why it does not any more. `None`: nobody asks for anything any more.
    async fn serve(
        &mut self,
        clock: &dyn Clock,
        outbox: &mut Outbox,
        commands: &mut Receiver<Outbound>,
    ) -> Option<String> {
        loop {
            if let Err(Trouble::Gone(why) | Trouble::Refused(why)) = self.look().await {
                return Some(why);
            }
            let mut expired = Vec::new();
            let waiting = outbox.next(clock.now(), &mut expired);
            expired.into_iter().for_each(|delivery| self.board.delivered(delivery));
            let message = match waiting {
                Some(message) => message,
                None => tokio::select! {
                    message = commands.recv() => message?,
                    () = tokio::time::sleep(LOOKS) => continue,
                },
            };
            let key = message.key;
            let came = self.carry_out(&message).await;
            if let Some(key) = key {
                self.board.delivered(match &came {
                    Ok(()) => Delivery::Sent(key),
                    Err(Trouble::Gone(why) | Trouble::Refused(why)) => Delivery::Failed(key, why.clone()),
                });
            }
            match came {
                // What was asked for is told again, though it may have been so before.
                Ok(()) => {
                    let address = message.address.strip_suffix("/set").unwrap_or(&message.address);
                    self.board.forget(address);
                }
                Err(Trouble::Refused(_)) => {}
                Err(Trouble::Gone(why)) => return Some(why),
            }
        }
    }

    /// Asks how it is. A renderer without a volume or mute of its own is loud.
    async fn look(&mut self) -> Result<(), Trouble> {
        let Described { transport, rendering, loudest } = &self.described;
        let (state, media) = (
            call(transport, "GetTransportInfo", &[INSTANCE]).await?,
            call(transport, "GetMediaInfo", &[INSTANCE]).await?,
        );
        let volume = number(rendering, "GetVolume", "CurrentVolume").await?;
        let muted = number(rendering, "GetMute", "CurrentMute").await?;
        self.state = match state.get("CurrentTransportState").map(String::as_str) {
            Some("PLAYING") => "playing",
            Some("PAUSED_PLAYBACK") => "paused",
            // On its way: as it was before.
            Some("TRANSITIONING") => self.state,
            _ => "idle",
        };
        self.board.renderer(
            &self.player,
            &Rendered {
                addresses: media.get("CurrentURI").cloned().filter(|at| !at.is_empty()).into_iter().collect(),
                title: String::new(),
                artist: String::new(),
                state: self.state,
                volume: volume.unwrap_or(*loudest) / loudest * 100.0,
                muted: muted.is_some_and(|muted| muted > 0.0),
            },
        );
        self.go_on().await
    }

    /// A stream that was paused plays again: a renderer gives up on silence and has to be told.
    async fn go_on(&mut self) -> Result<(), Trouble> {
        let stream = self.board.on(&self.player);
        let plays = stream.and_then(|stream| self.board.is_playing(&stream));
        let before = std::mem::replace(&mut self.plays, plays);
        if before == Some(false) && plays == Some(true) && self.state != "playing" {
            call(&self.described.transport, "Play", &[INSTANCE, ("Speed", "1")]).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, message: &Outbound) -> Result<(), Trouble> {
        let (_, what, value) = told(message).map_err(Trouble::Refused)?;
        let Described { transport, rendering, loudest } = &self.described;
        let refused = || Trouble::Refused(format!("a renderer cannot have its {what} set to {value:?}"));
        let play = [INSTANCE, ("Speed", "1")];
        let (service, action, arguments): (_, _, &[(&str, &str)]) = match (what.as_str(), value.as_str()) {
            ("source", stream) => {
                let url = self.board.url(stream).map_err(Trouble::Refused)?;
                let about = about(stream, &url);
                let arguments = [INSTANCE, ("CurrentURI", &url), ("CurrentURIMetaData", &about)];
                call(transport, "SetAVTransportURI", &arguments).await?;
                (transport, "Play", &play)
            }
            ("volume", percent) => {
                let percent: f64 = percent.parse().map_err(|_| refused())?;
                let level = (percent.clamp(0.0, 100.0) / 100.0 * loudest).round().to_string();
                let arguments = [INSTANCE, CHANNEL, ("DesiredVolume", &level)];
                return call(rendering, "SetVolume", &arguments).await.map(drop);
            }
            ("muted", word @ ("ON" | "OFF")) => {
                let muted = if word == "ON" { "1" } else { "0" };
                let arguments = [INSTANCE, CHANNEL, ("DesiredMute", muted)];
                return call(rendering, "SetMute", &arguments).await.map(drop);
            }
            ("state", "playing") => (transport, "Play", &play),
            ("state", "paused") => (transport, "Pause", &play[..1]),
            ("state", "idle") => (transport, "Stop", &play[..1]),
            ("next", _) => (transport, "Next", &play[..1]),
            ("previous", _) => (transport, "Previous", &play[..1]),
            _ => return Err(refused()),
        };
        call(service, action, arguments).await.map(drop)
    }
}

/// What it says of its sound; `None`: it says that it has no such thing.
async fn number(rendering: &Service, action: &str, field: &str) -> Result<Option<f64>, Trouble> {
    match call(rendering, action, &[INSTANCE, CHANNEL]).await {
        Ok(found) => Ok(found.get(field).and_then(|text| text.parse().ok())),
        Err(Trouble::Refused(_)) => Ok(None),
        Err(gone) => Err(gone),
    }
}

/// What is said of a stream beside its address (DIDL-Lite): some renderers play nothing of which they do not know what it is.
fn about(stream: &str, url: &str) -> String {
    let path = url.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let kind = match path.rsplit('.').next() {
        Some("ogg" | "opus") => "audio/ogg",
        Some("flac") => "audio/flac",
        Some("wav") => "audio/wav",
        Some("aac") => "audio/aac",
        _ => "audio/mpeg",
    };
    format!(
        "<DIDL-Lite xmlns=\"urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:upnp=\"urn:schemas-upnp-org:metadata-1-0/upnp/\">\
         <item id=\"0\" parentID=\"-1\" restricted=\"1\"><dc:title>{}</dc:title>\
         <upnp:class>object.item.audioItem.audioBroadcast</upnp:class>\
         <res protocolInfo=\"http-get:*:{kind}:*\">{}</res></item></DIDL-Lite>",
        escaped(stream),
        escaped(url)
    )
}
