//! One connection: a greeting, then questions and answers until the asker leaves.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::World;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;

use super::{Asked, ControlSetup, Greeting, PROTOCOL, Request, Response, Trouble, follow};

/// Longest request: an import goes in one, since all of it holds or none. Only the owner of the data folder can send one.
const LONGEST_REQUEST: u64 = 64 * 1024 * 1024;
/// Who says nothing for so long has forgotten the line.
const IDLE: Duration = Duration::from_secs(120);

pub(super) type Lines = BufReader<tokio::net::unix::OwnedReadHalf>;

/// Serves until the asker leaves, or says what cannot be understood.
pub(super) async fn serve(stream: UnixStream, setup: Arc<ControlSetup>, world: World) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let asked = Asked { setup, world, surface: "on the command line".into(), tongue: None };
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
