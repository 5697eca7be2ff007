//! The asking end.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::{Greeting, PROTOCOL, Request, Response, lock_holder, socket};

/// A household that does not greet within this does not answer.
const GREETING: Duration = Duration::from_secs(2);

/// A line to the running household.
pub struct Client {
    pub greeting: Greeting,
    lines: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

/// The running household cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens.
    #[error("no household runs on {0}")]
    NotRunning(String),
    #[error("{data} is held by {}, which does not answer", pid.map_or("a process".to_owned(), |p| format!("process {p}")))]
    Silent { data: String, pid: Option<u32> },
    #[error("the control socket in {0} belongs to somebody else: ask as the user that the household runs as")]
    NotAllowed(String),
    #[error("the household runs version {0}, which speaks otherwise: use its own `lares`, or restart it")]
    Foreign(String),
    #[error("the line to the household broke: {0}")]
    Broken(String),
}

impl Client {
    pub async fn connect(data: &Path) -> Result<Self, ClientError> {
        let name = data.display().to_string();
        let stream = match tokio::time::timeout(GREETING, socket::connect(data)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(e)) => {
                return Err(match e.kind() {
                    io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                        ClientError::NotRunning(name)
                    }
                    io::ErrorKind::PermissionDenied => ClientError::NotAllowed(name),
                    _ => ClientError::Broken(e.to_string()),
                });
            }
            Err(_) => return Err(ClientError::Silent { data: name, pid: lock_holder(data) }),
        };
        let (read, write) = stream.into_split();
        let mut lines = BufReader::new(read);
        let mut line = String::new();
        match tokio::time::timeout(GREETING, lines.read_line(&mut line)).await {
            Ok(Ok(0)) => Err(ClientError::NotAllowed(name)),
            Ok(Ok(_)) => {
                let greeting: Greeting =
                    serde_json::from_str(&line).map_err(|_| ClientError::Foreign("unknown".to_owned()))?;
                if greeting.protocol != PROTOCOL {
                    return Err(ClientError::Foreign(greeting.lares));
                }
                Ok(Self { greeting, lines, write })
            }
            Ok(Err(e)) => Err(ClientError::Broken(e.to_string())),
            Err(_) => Err(ClientError::Silent { data: name, pid: lock_holder(data) }),
        }
    }

    /// Asks, and waits for the first answer, at most for `deadline`.
    pub async fn ask(&mut self, request: &Request, deadline: Duration) -> Result<Response, ClientError> {
        let broken = |e: &dyn std::fmt::Display| ClientError::Broken(e.to_string());
        let mut line = serde_json::to_vec(request).map_err(|e| broken(&e))?;
        line.push(b'\n');
        self.write.write_all(&line).await.map_err(|e| broken(&e))?;
        match tokio::time::timeout(deadline, self.next()).await {
            Ok(Ok(Some(response))) => Ok(response),
            Ok(Ok(None)) => Err(ClientError::Broken("it hung up".to_owned())),
            Ok(Err(e)) => Err(e),
            Err(_) => Err(ClientError::Broken(format!("no answer within {deadline:?}"))),
        }
    }

    /// The next line of what is followed; none when the household is gone.
    pub async fn next(&mut self) -> Result<Option<Response>, ClientError> {
        let mut line = String::new();
        match self.lines.read_line(&mut line).await {
            Ok(0) => Ok(None),
            Ok(_) => serde_json::from_str(&line)
                .map(Some)
                .map_err(|e| ClientError::Broken(format!("an answer cannot be understood: {e}"))),
            Err(e) => Err(ClientError::Broken(e.to_string())),
        }
    }
}
