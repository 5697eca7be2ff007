//! The same as lines, over a WebSocket: each text is one of them.

use std::io;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, Error, Limits, Message, WebSocketStream};

/// Longest text that is read, in bytes. What a server says of a hundred players has about four hundred thousand.
const LONGEST: usize = 16 << 20;

/// A connection that speaks in texts.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn connect(host: &str, port: u16, path: &str) -> io::Result<Self> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let at = format!("ws://{host}:{port}{path}");
        let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
        let client = ClientBuilder::new().uri(&at).map_err(|e| wrong(format!("{at}: {e}")))?;
        let client = client.limits(Limits::default().max_payload_len(Some(LONGEST)));
        let (stream, _) = client.connect_on(stream).await.map_err(failed)?;
        Ok(Self(stream))
    }

    /// The next text. Nothing is lost if it is not waited for; pings are answered meanwhile.
    pub async fn next(&mut self) -> io::Result<String> {
        loop {
            let message = self.0.next().await.ok_or(io::ErrorKind::UnexpectedEof)?.map_err(failed)?;
            if message.is_close() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(text) = message.as_text() {
                return Ok(text.to_owned());
            }
        }
    }

    /// Each line as a text.
    pub async fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        for line in String::from_utf8_lossy(lines).lines() {
            self.0.feed(Message::text(line.to_owned())).await.map_err(failed)?;
        }
        self.0.flush().await.map_err(failed)
    }
}

fn failed(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::Upgrade(_) => {
            io::Error::new(io::ErrorKind::InvalidData, "what answers there speaks no WebSocket")
        }
        Error::AlreadyClosed => io::ErrorKind::UnexpectedEof.into(),
        other => io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
    }
}
