//! One connection: a greeting, then questions and answers until the asker leaves.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Intent, World};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::oneshot;

use super::{ControlSetup, Greeting, Live, PROTOCOL, Request, Response, Told, Trouble, View};
use super::{follow, intents, read_view};
use crate::views::{ProcessFacts, ReadError, Source, Telling};

/// Longest request: an import goes in one, since all of it holds or none. Only the owner of the data folder can send one.
const LONGEST_REQUEST: u64 = 64 * 1024 * 1024;
/// Who says nothing for so long has forgotten the line.
const IDLE: Duration = Duration::from_secs(120);
/// A view of the largest household takes well under a second; a wish waits for its device's report.
const READ_DEADLINE: Duration = Duration::from_secs(15);
const WISH_DEADLINE: Duration = Duration::from_secs(30);
/// Fifty thousand statements were seen to take seconds; a busy disk adds its own.
const SAY_DEADLINE: Duration = Duration::from_secs(60);
const RELOAD_DEADLINE: Duration = Duration::from_secs(60);

pub(super) type Lines = BufReader<tokio::net::unix::OwnedReadHalf>;

/// Serves until the asker leaves, or says what cannot be understood.
pub(super) async fn serve(stream: UnixStream, setup: Arc<ControlSetup>, world: World) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let asked = Asked { setup, world };
    let greeting =
        Greeting { lares: asked.setup.version.clone(), pid: std::process::id(), protocol: PROTOCOL };
    if say(&mut write, &greeting).await.is_err() {
        return;
    }
    while let Some(line) = next_line(&mut lines).await {
        let response = match serde_json::from_slice::<Request>(&line) {
            Ok(Request::Log { filter, follow: true }) => {
                match follow::follow(&asked, filter, &mut lines, &mut write).await {
                    Ok(()) => return,
                    Err(trouble) => Response::Trouble(trouble),
                }
            }
            Ok(request) => asked.answer(request).await,
            Err(e) => Response::Trouble(Trouble::input(format!("the request cannot be understood: {e}"))),
        };
        if say(&mut write, &response).await.is_err() {
            return;
        }
    }
}

async fn next_line(lines: &mut Lines) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let mut limited = lines.take(LONGEST_REQUEST);
    let read = tokio::time::timeout(IDLE, limited.read_until(b'\n', &mut line)).await;
    match read {
        Ok(Ok(n)) if n > 0 && line.ends_with(b"\n") => Some(line),
        _ => None,
    }
}

/// Writes one line. An asker that does not read is left: nothing here waits for it for ever.
pub(super) async fn say(to: &mut OwnedWriteHalf, what: &impl serde::Serialize) -> Result<(), ()> {
    let mut line = serde_json::to_vec(what).map_err(|_| ())?;
    line.push(b'\n');
    match tokio::time::timeout(IDLE, to.write_all(&line)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}

/// What is needed to answer.
pub(super) struct Asked {
    pub setup: Arc<ControlSetup>,
    pub world: World,
}

impl Asked {
    async fn answer(&self, request: Request) -> Response {
        let (deadline, what) = match &request {
            Request::Set { .. } | Request::Release { .. } => (WISH_DEADLINE, "the wish"),
            Request::Say { .. } => (SAY_DEADLINE, "keeping it"),
            Request::Reload => (RELOAD_DEADLINE, "the reload"),
            _ => (READ_DEADLINE, "the answer"),
        };
        match tokio::time::timeout(deadline, self.view(request)).await {
            Ok(Ok((told, view))) => Response::View { told, view: Box::new(view) },
            Ok(Err(trouble)) => Response::Trouble(trouble),
            Err(_) => Response::Trouble(Trouble::failed(format!("{what} took longer than {deadline:?}"))),
        }
    }

    async fn view(&self, request: Request) -> Result<(Told, View), Trouble> {
        match request {
            Request::Set { .. } | Request::Release { .. } | Request::Say { .. } => {
                let intent = self.read(move |source, told| intents::intent(source, told, request)).await?;
                self.wish(intent).await
            }
            Request::Reload => {
                let reloaded = self.setup.hooks.reload().await.map_err(Trouble::failed)?;
                self.done(View::Reloaded(reloaded)).await
            }
            Request::Record { path } => {
                let path = path.map(std::path::PathBuf::from);
                let recording = self.setup.hooks.record(path).map_err(Trouble::failed)?;
                self.done(View::Recording(recording)).await
            }
            Request::Stop => {
                let done = self.done(View::Stopping).await;
                self.setup.hooks.stop("asked on the command line");
                done
            }
            question => {
                let live = self.live();
                self.read(move |source, told| {
                    Ok((Told::of(told), read_view(source, told, &question, Some(&live))?))
                })
                .await
            }
        }
    }

    async fn wish(&self, intent: Intent) -> Result<(Told, View), Trouble> {
        let asked = self.setup.door.ask(|reply| Intent { reply: Some(reply), ..intent }, SAY_DEADLINE).await;
        let answers = asked.map_err(Trouble::failed)?;
        self.done(View::Answers(answers)).await
    }

    /// What was done is told only once it is kept.
    async fn done(&self, view: View) -> Result<(Told, View), Trouble> {
        let told = self.read(|_, told| Ok(Told::of(told))).await?;
        Ok((told, view))
    }

    fn live(&self) -> Live {
        let report = self.world.registry().report();
        let quarantined = report
            .iter()
            .filter(|c| c.state == lares_kernel::ChildState::Quarantined)
            .map(|c| match &c.last_error {
                Some(error) => format!("{}: {error}", c.path),
                None => c.path.clone(),
            })
            .collect();
        let setup = &self.setup;
        let health = setup.graph.health();
        let facts = ProcessFacts {
            version: setup.version.clone(),
            pid: std::process::id(),
            home: setup.home.display().to_string(),
            data: setup.data.display().to_string(),
            trouble: (!health.ok)
                .then(|| health.last_error.unwrap_or_else(|| "nothing can be kept".to_owned())),
            commits: Some(health.commits),
            quarantined,
            more: setup.hooks.facts(),
        };
        Live { report, order: setup.order.clone(), facts }
    }

    /// Reads what is kept, beside the actors' threads, after all that was said before is in it.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, &Telling) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.setup.graph.sync().await.map_err(Trouble::failed)?;
        self.read_as_it_is(work).await
    }

    /// As [`Asked::read`], without waiting for what is not committed yet.
    pub async fn read_as_it_is<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, &Telling) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let (sender, receiver) = oneshot::channel();
        let (source, now) = (self.setup.graph.reader(), self.world.clock().now());
        let job = Box::new(move || {
            let told = Telling::of(&source, now, true).map_err(|e: ReadError| Trouble::failed(e));
            let _ = sender.send(told.and_then(|told| work(&source, &told)));
        });
        self.world.blocking().run(job).await;
        receiver.await.unwrap_or_else(|_| Err(Trouble::failed("the view failed; the log says why")))
    }
}
