//! What changes, as it changes: one pump turns events into frames, once for all who listen.
//!
//! An event is on its way to a client before it is on disk: what is shown was reacted to, and survives a kill. Who lags
//! behind is told to look at everything again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::IntoResponse;
use axum::response::sse::{Event as Sse, Sse as Stream};
use lares_config::Role;
use lares_kernel::Interest;
use lares_model::{Body, BodyKind, Event};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::{broadcast, mpsc};

use super::call::{Answered, Call, Shared};
use super::hints::{self, Hint};
use super::problem::Problem;
use super::visitor::{Visitor, visitor};
use crate::control::{Asked, Trouble};
use crate::views::{self, LogFilter, LogLine, Moment, Names, value_json};

/// Events that wait for the pump, and frames that wait for a client.
const WAITING: usize = 4096;
const FRAMES: usize = 1024;
/// Words for the household that are remembered.
const NOTICES: usize = 10;
/// Names are read again for an unknown one at most so often.
const NAMES_EVERY: Duration = Duration::from_secs(2);
const RENAMED_EVERY: Duration = Duration::from_millis(250);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// An event that says nothing else, so that both ends notice a dead connection (a page is told of no comment); and a look at
/// whether the client still may.
const BEAT: Duration = Duration::from_secs(15);
/// Open streams at once.
const STREAMS: usize = 1024;

/// What a client is sent of an event.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct LiveFrame {
    pub id: String,
    pub at: Moment,
    /// As in the journal: `reading`, `status`, `receipt`, ...; `board`: look at `/rooms/{key}/board` again, of its room or of all;
    /// `lists`: look at `/lists` again, and at boards that show them.
    pub kind: &'static str,
    pub subject: String,
    /// Key of its room.
    pub room: Option<String>,
    pub property: Option<&'static str>,
    /// The reading, or the word of the status.
    pub value: serde_json::Value,
    /// In one sentence, for those who may read the journal.
    pub text: Option<String>,
}

/// A frame, told once for all.
#[derive(Clone)]
struct Told {
    id: Arc<str>,
    room: Option<Arc<str>>,
    kind: BodyKind,
    full: Arc<str>,
    /// Without its sentence.
    bare: Arc<str>,
}

#[derive(Clone)]
enum Frame {
    Event(Told),
    /// Something is to be looked at again.
    Hint(Hint),
    /// Something was left out: look at everything again.
    Resync,
}

/// The live changes of one web surface.
#[derive(Clone)]
pub(super) struct Live {
    frames: broadcast::Sender<Frame>,
    notices: Arc<Mutex<VecDeque<LogLine>>>,
}

impl Live {
    pub fn new() -> Self {
        Self { frames: broadcast::Sender::new(FRAMES), notices: Arc::default() }
    }

    /// What rules said to the household within a day.
    pub fn notices(&self) -> Vec<LogLine> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Begins to listen to the bus under this name. The future is the pump; it ends when the name is subscribed anew.
    pub fn pump(&self, asked: Asked, owner: &Arc<str>) -> impl Future<Output = ()> + Send + 'static {
        let (sender, mut events) = mpsc::channel::<Arc<Event>>(WAITING);
        let (frames, dropped) = (self.frames.clone(), Arc::new(AtomicBool::new(false)));
        let lost = dropped.clone();
        asked.world.bus().subscribe(owner, vec![Interest::Everything], move |event| {
            // On the core's thread: nothing but a look and a place in a queue.
            let concerns =
                frames.receiver_count() > 0 || renames(event) || matches!(event.body, Body::Notice { .. });
            if concerns && sender.try_send(event.clone()).is_err() {
                lost.store(true, Ordering::Relaxed);
            }
        });
        let me = self.clone();
        async move {
            let mut names = me.begin(&asked).await;
            let (mut read_at, mut stale) = (asked.world.clock().elapsed(), true);
            let mut boards = asked.setup.boards.changes();
            loop {
                let event = tokio::select! {
                    biased;
                    event = events.recv() => event,
                    // Who lags behind is told of the last one only, which is as good.
                    board = boards.recv() => {
                        if let Ok(room) = board {
                            me.hint(Hint::board(&room, asked.world.clock().now()));
                        }
                        continue;
                    }
                };
                let Some(event) = event else { break };
                if hints::is_for_boards(&event) {
                    me.hint(Hint::board("", event.at));
                }
                if hints::is_for_lists(&event) {
                    me.hint(Hint::lists(event.at));
                }
                if dropped.swap(false, Ordering::Relaxed) {
                    let _ = me.frames.send(Frame::Resync);
                }
                stale |= renames(&event);
                let now = asked.world.clock().elapsed();
                let since = now.saturating_sub(read_at);
                // Nobody listens: they are read when somebody does. Not everything has a name: it is not looked for again
                // and again; and of many that announce themselves the names are not read for each.
                let due = match names.get(event.subject) {
                    None => stale || since > NAMES_EVERY,
                    Some(_) => stale && since > RENAMED_EVERY,
                };
                if due && me.frames.receiver_count() > 0 {
                    names = read_names(&asked).await.unwrap_or(names);
                    (read_at, stale) = (now, false);
                }
                me.tell(&names, &event);
            }
        }
    }

    async fn begin(&self, asked: &Asked) -> Names {
        let since = Some(Moment(asked.world.clock().now() - DAY));
        let kinds = vec!["notice".to_owned()];
        let filter = LogFilter { kinds, since, limit: 200, ..LogFilter::default() };
        // One pump tells all who listen: in the household's language.
        let read = asked.read(move |source, told| {
            let page = views::log(source, &filter, told.tongue).map_err(Trouble::failed)?;
            Ok((page.events, Names::read(source).map_err(Trouble::failed)?.told_in(told.tongue)))
        });
        match read.await {
            Ok((lines, names)) => {
                lines
                    .into_iter()
                    .filter(|l| l.origin == "timer" || l.origin.starts_with("rule "))
                    .for_each(|l| self.remember(l));
                names
            }
            Err(why) => {
                tracing::warn!(%why, "the last notices could not be read");
                Names::default()
            }
        }
    }

    fn remember(&self, line: LogLine) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push_back(line);
        while notices.len() > NOTICES {
            notices.pop_front();
        }
    }

    fn hint(&self, hint: Option<Hint>) {
        if let Some(hint) = hint {
            let _ = self.frames.send(Frame::Hint(hint));
        }
    }

    fn tell(&self, names: &Names, event: &Event) {
        if views::is_for_everybody(event) {
            self.remember(views::log_line(names, event));
        }
        if self.frames.receiver_count() == 0 {
            return;
        }
        let mut frame = frame(names, event);
        let (Ok(full), text) = (serde_json::to_string(&frame), frame.text.take()) else { return };
        // A rule's words are for everybody, and so are those of timers.
        if views::is_for_everybody(event) {
            frame.text = text;
        }
        let Ok(bare) = serde_json::to_string(&frame) else { return };
        let told = Told {
            id: frame.id.into(),
            room: frame.room.map(Into::into),
            kind: event.body.kind(),
            full: full.into(),
            bare: bare.into(),
        };
        let _ = self.frames.send(Frame::Event(told));
    }
}

/// Whether things may be called otherwise after this.
fn renames(event: &Event) -> bool {
    matches!(event.body, Body::HomeLoaded { .. } | Body::DeviceAnnounced { .. } | Body::DeviceRemoved { .. })
}

async fn read_names(asked: &Asked) -> Option<Names> {
    let read = asked.read(|source, told| {
        Names::read(source).map(|names| names.told_in(told.tongue)).map_err(Trouble::failed)
    });
    read.await.inspect_err(|why| tracing::warn!(%why, "names could not be read")).ok()
}

fn frame(names: &Names, event: &Event) -> LiveFrame {
    let (property, value) = match &event.body {
        Body::Reading { property, value } => (Some(property.name()), value_json(value.as_ref())),
        Body::StatusChanged { status } => (None, status.word().into()),
        Body::RoomOccupied { occupied } => (None, (*occupied).into()),
        Body::Receipt { property, receipt, .. } => (Some(property.name()), receipt.word().into()),
        _ => (None, serde_json::Value::Null),
    };
    LiveFrame {
        id: event.id.to_string(),
        at: Moment(event.at),
        kind: event.body.kind().name(),
        subject: names.of(event.subject),
        room: names.room(event.subject).map(str::to_owned),
        property,
        value,
        text: Some(views::sentence(names, event)),
    }
}

/// What a visitor is sent of a frame; none if it does not concern them.
fn for_visitor(told: &Told, visitor: &Visitor) -> Option<Arc<str>> {
    use BodyKind::*;
    if visitor.role <= Role::Adult && visitor.sees(None) {
        return Some(told.full.clone());
    }
    let open = matches!(
        told.kind,
        Reading
            | StatusChanged
            | RoomOccupied
            | Receipt
            | Decision
            | HoldEnded
            | DeviceAnnounced
            | DeviceRemoved
            | HomeLoaded
            | TimerSet
            | TimerFired
            | TimerCancelled
    );
    let kind = open || told.kind == Notice || (told.kind == PersonMoved && visitor.role <= Role::Child);
    let seen = visitor.sees(told.room.as_deref()) || told.kind == HomeLoaded;
    (kind && seen).then(|| told.bare.clone())
}

/// A stream of frames, for as long as the client may have them.
pub(super) async fn live(call: Call) -> Answered {
    let counts = &call.shared.counts.streams;
    if counts.fetch_add(1, Ordering::Relaxed) >= STREAMS {
        counts.fetch_sub(1, Ordering::Relaxed);
        return Err(Problem::failed(format!("{STREAMS} clients listen already")));
    }
    let listener = Listener {
        frames: call.shared.live.frames.subscribe(),
        changes: call.shared.access().changes(),
        token: super::visitor::token(&call.headers).unwrap_or_default().to_owned(),
        visitor: call.visitor()?.clone(),
        counted: Counted(call.shared.clone()),
        greeted: false,
    };
    let stream = futures_util::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<Sse, Infallible>(event), listener))
    });
    let mut response = Stream::new(stream).into_response();
    // Proxies that gather would make it late.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

struct Listener {
    frames: broadcast::Receiver<Frame>,
    changes: tokio::sync::watch::Receiver<u64>,
    token: String,
    visitor: Visitor,
    counted: Counted,
    greeted: bool,
}

/// One open stream.
struct Counted(Arc<Shared>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counts.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Listener {
    async fn next(&mut self) -> Option<Sse> {
        if !std::mem::replace(&mut self.greeted, true) {
            return Some(Sse::default().event("hello").data("{}"));
        }
        loop {
            tokio::select! {
                biased;
                _ = self.changes.changed() => {
                    if !self.still_may() {
                        return None;
                    }
                }
                frame = self.frames.recv() => match frame {
                    Ok(Frame::Event(told)) => {
                        if let Some(text) = for_visitor(&told, &self.visitor) {
                            return Some(Sse::default().event("change").id(&*told.id).data(text));
                        }
                    }
                    // It says that there is something to look at, and not what: that is asked for, with one's own rights.
                    Ok(Frame::Hint(hint)) => {
                        if hint.is_for(&self.visitor, &self.counted.0.home()) {
                            return Some(Sse::default().event("change").data(hint.text()));
                        }
                    }
                    Ok(Frame::Resync) | Err(broadcast::error::RecvError::Lagged(_)) => {
                        return Some(Sse::default().event("resync").data("{}"));
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(BEAT) => {
                    return self.still_may().then(|| Sse::default().event("beat").data("{}"));
                }
            }
        }
    }

    /// Looks again at who this is, since a session can end, a role change and a guest's time be over.
    fn still_may(&mut self) -> bool {
        let shared = &self.counted.0;
        let now = shared.asked.world.clock().now();
        match visitor(shared.access(), &shared.home(), now, Some(&self.token)) {
            Ok(visitor) => {
                self.visitor = visitor;
                true
            }
            Err(_) => false,
        }
    }
}
