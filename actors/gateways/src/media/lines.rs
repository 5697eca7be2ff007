//! Lines over TCP, each of them bounded.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Longest line that is read, in bytes. The status of a house of a hundred loudspeakers has about sixty thousand.
const LONGEST: usize = 4 << 20;

/// A connection that speaks in lines.
pub struct Lines {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    begun: Vec<u8>,
}

impl Lines {
    pub async fn connect(host: &str, port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        Ok(Self { reader: BufReader::new(reader), writer, begun: Vec::new() })
    }

    /// The next line, without its end. Nothing is lost if it is not waited for.
    pub async fn next(&mut self) -> io::Result<String> {
        loop {
            let seen = self.reader.fill_buf().await?;
            if seen.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let end = seen.iter().position(|b| *b == b'\n');
            let taken = end.map_or(seen.len(), |at| at + 1);
            self.begun.extend_from_slice(seen.get(..taken).unwrap_or_default());
            self.reader.consume(taken);
            if self.begun.len() > LONGEST {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without an end"));
            }
            if end.is_some() {
                let line = std::mem::take(&mut self.begun);
                return Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned());
            }
        }
    }

    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes).await
    }
}
