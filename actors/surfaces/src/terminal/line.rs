//! The socket: each question on a line of its own, so that a late answer is never taken for another's, and one on which the
//! journal is followed, which also tells whether a household answers.

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use crate::control::{Client, ClientError, Request, Response, Told, View};
use crate::views::LogFilter;

use super::state::Input;

/// A view. Who does not answer by then is not waited for.
pub(super) const VIEW: Duration = Duration::from_secs(8);
/// The household's own deadline for a wish is shorter.
pub(super) const WISH: Duration = Duration::from_secs(45);
/// Between two looks whether a household answers.
const AGAIN: Duration = Duration::from_secs(1);

/// Asks one question.
pub(super) async fn ask(data: &Path, request: &Request, deadline: Duration) -> Result<(Told, View), String> {
    let asked = async {
        let mut client = Client::connect(data).await.map_err(|e| words(&e))?;
        match client.ask(request, deadline).await {
            Ok(Response::View { told, view }) => Ok((told, *view)),
            Ok(Response::Trouble(trouble)) => Err(trouble.message),
            Ok(Response::Line { .. }) => Err("the household answered something else".to_owned()),
            // It was handed over: what became of it can only be read in the journal.
            Err(e) if matches!(request, Request::Set { .. }) => {
                Err(format!("whether it came about is not known: {}", words(&e)))
            }
            Err(e) => Err(words(&e)),
        }
    };
    // Also for a household that takes the question and stops reading.
    let all = deadline + Duration::from_secs(5);
    tokio::time::timeout(all, asked).await.unwrap_or_else(|_| Err(format!("no answer within {all:?}")))
}

/// Follows the journal for ever, over starts and ends of the household.
pub(super) async fn follow(data: &Path, filter: LogFilter, to: Sender<Input>) {
    loop {
        let ended = follow_once(data, &filter, &to).await;
        let Some(input) = ended else { return };
        if to.send(input).await.is_err() {
            return;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Until it ends: gives what to say of it; none if nobody listens any more.
async fn follow_once(data: &Path, filter: &LogFilter, to: &Sender<Input>) -> Option<Input> {
    let down = |e: &ClientError| Some(Input::Down(words(e)));
    let mut client = match Client::connect(data).await {
        Ok(client) => client,
        Err(e) => return down(&e),
    };
    to.send(Input::Up(client.greeting.clone())).await.ok()?;
    let request = Request::Log { filter: filter.clone(), follow: true };
    let mut said = match client.ask(&request, VIEW).await {
        Ok(said) => Some(said),
        Err(e) => return down(&e),
    };
    loop {
        let input = match said {
            Some(Response::View { told, view }) => match *view {
                View::Log(page) => Input::Past(told, page),
                _ => return Some(Input::Down("the household answered something else".to_owned())),
            },
            Some(Response::Line { told, line }) => Input::Line(told, line),
            Some(Response::Trouble(trouble)) => return Some(Input::NoJournal(trouble.message)),
            None => return Some(Input::Down("the household has gone".to_owned())),
        };
        to.send(input).await.ok()?;
        said = match client.next().await {
            Ok(said) => said,
            Err(e) => return down(&e),
        };
    }
}

/// Short: it stands in one line with what else is to be said.
fn words(e: &ClientError) -> String {
    match e {
        ClientError::NotRunning(_) => "no household runs".to_owned(),
        ClientError::Silent { pid: Some(pid), .. } => {
            format!("the household (process {pid}) does not answer")
        }
        ClientError::Silent { pid: None, .. } => "the household does not answer".to_owned(),
        other => other.to_string(),
    }
}
