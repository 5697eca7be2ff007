//! Asking: the running household if one runs, else what it left in its data folder.

use std::path::Path;
use std::time::Duration;

use lares_graph::{OpenError, Reader};
use lares_kernel::{Clock, SystemClock};
use lares_surfaces::control::{Client, ClientError, Request, Response, Told, View, read_view};
use lares_surfaces::tongue::Tongue;
use lares_surfaces::views::Telling;

use super::exit::Failure;

/// The household's own deadlines are shorter.
pub(super) const READ: Duration = Duration::from_secs(20);
/// The household's own is 60 s.
pub(super) const SAY: Duration = Duration::from_secs(70);
pub(super) const WISH: Duration = Duration::from_secs(45);
pub(super) const RELOAD: Duration = Duration::from_secs(75);

/// An answer and how to tell it.
pub(super) struct Answered {
    pub told: Telling,
    pub view: View,
}

/// Somebody to ask.
pub(super) enum Household {
    Running(Box<Client>),
    /// None runs: its data folder, locked against a start meanwhile.
    Resting(Reader),
    /// One holds the data folder and does not answer: what it has committed.
    Silent(Reader),
}

impl Household {
    pub async fn find(data: &Path) -> Result<Self, Failure> {
        match Client::connect(data).await {
            Ok(client) => Ok(Self::Running(Box::new(client))),
            Err(ClientError::NotRunning(_)) => resting(data),
            Err(silent @ ClientError::Silent { .. }) => beside(data, &silent.to_string()),
            Err(e) => Err(e.into()),
        }
    }

    pub async fn ask(&mut self, request: &Request) -> Result<Answered, Failure> {
        match self {
            Self::Running(client) => view(client.ask(request, READ).await?),
            Self::Resting(reader) | Self::Silent(reader) => {
                let told = now(reader)?;
                let view = read_view(reader, &told, request, None)?;
                Ok(Answered { told, view })
            }
        }
    }

    /// When and where it is there, before anything is asked.
    pub async fn telling(&mut self) -> Result<Telling, Failure> {
        match self {
            // Any answer tells the time; the timers are few.
            Self::Running(_) => Ok(self.ask(&Request::Timers).await?.told),
            Self::Resting(reader) | Self::Silent(reader) => now(reader),
        }
    }
}

fn now(reader: &Reader) -> Result<Telling, Failure> {
    let told = Telling::of(reader, SystemClock::default().now(), false).map_err(Failure::failed)?;
    // Nobody answers for the household: in the language of this terminal.
    let tongue = Tongue::of_terminal(|name| std::env::var(name).ok());
    Ok(told.spoken_in(tongue.unwrap_or_default()))
}

fn resting(data: &Path) -> Result<Household, Failure> {
    match Reader::open_read_only(data) {
        Ok(reader) => {
            if reader.unseen() > 0 {
                tracing::warn!(
                    "the last {} entries are not shown: the next start takes them in",
                    reader.unseen()
                );
            }
            Ok(Household::Resting(reader))
        }
        Err(OpenError::InUse { pid, .. }) => {
            beside(data, &format!("{} is held by process {pid}, which does not answer", data.display()))
        }
        Err(OpenError::Missing { .. }) => Err(missing(data)),
        Err(other) => Err(Failure::failed(other)),
    }
}

/// Reads need no answer; that there is none is said all the same.
fn beside(data: &Path, trouble: &str) -> Result<Household, Failure> {
    let reader = Reader::open_beside(data).map_err(|e| match e {
        OpenError::Missing { .. } => {
            Failure::failed(trouble).hint("it may be starting: try again in a moment")
        }
        other => Failure::failed(other),
    })?;
    tracing::warn!("{trouble}: this is what it has committed");
    Ok(Household::Silent(reader))
}

fn missing(data: &Path) -> Failure {
    Failure::failed(format!("no household has run on {} yet", data.display()))
        .hint("start it with `lares run`, or name its data folder with --data")
}

/// The running household, for what only it can do.
pub(super) async fn running(data: &Path) -> Result<Client, Failure> {
    Ok(Client::connect(data).await?)
}

pub(super) async fn order(
    client: &mut Client,
    request: &Request,
    deadline: Duration,
) -> Result<Answered, Failure> {
    view(client.ask(request, deadline).await?)
}

fn view(response: Response) -> Result<Answered, Failure> {
    match response {
        Response::View { told, view } => Ok(Answered { told: Told::telling(&told), view: *view }),
        Response::Trouble(trouble) => Err(trouble.into()),
        Response::Line { .. } => Err(unexpected()),
    }
}

/// Versions that greet each other answer what was asked; this is for those that lie.
pub(super) fn unexpected() -> Failure {
    Failure::failed("the household answered something else than was asked")
}
