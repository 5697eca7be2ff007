//! Bytes to events and back. A line of JSON; then `data_length` bytes of JSON, which go before what the line says; then
//! `payload_length` bytes of sound.

use std::io;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::event::Event;

/// Longest line, data and payload that are read, in bytes: whoever sends more is no satellite.
const LONGEST_LINE: u64 = 64 << 10;
const LONGEST_DATA: usize = 1 << 20;
const LONGEST_PAYLOAD: usize = 1 << 20;

/// Of the protocol as it is spoken here.
const VERSION: &str = "1.10.2";

/// Why nothing more is read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the other side ended in the middle of an event")]
    Cut,
    #[error("an event's line is longer than {LONGEST_LINE} bytes")]
    LongLine,
    #[error("an event with {0} bytes of {1}")]
    Long(usize, &'static str),
    #[error("an event's {0} is no JSON object: {1}")]
    NoJson(&'static str, serde_json::Error),
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Option<Map<String, Value>>,
    #[serde(default)]
    data_length: Option<usize>,
    #[serde(default)]
    payload_length: Option<usize>,
}

/// Reads the next event; `None`: the other side ended in order.
///
/// # Errors
/// The wire failed, or what comes is no Wyoming: the connection is of no use any more.
pub async fn read(from: &mut (impl AsyncBufRead + Unpin + Send)) -> Result<Option<Event>, ReadError> {
    let mut line = Vec::new();
    let mut limited = AsyncReadExt::take(&mut *from, LONGEST_LINE);
    limited.read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        return Err(if line.len() as u64 >= LONGEST_LINE { ReadError::LongLine } else { ReadError::Cut });
    }
    let line: Line = serde_json::from_slice(&line).map_err(|e| ReadError::NoJson("line", e))?;
    let mut data = line.data.unwrap_or_default();
    if let Some(length) = line.data_length.filter(|length| *length > 0) {
        let bytes = exactly(from, length, LONGEST_DATA, "data").await?;
        let more: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|e| ReadError::NoJson("data", e))?;
        data.extend(more);
    }
    let payload = match line.payload_length.filter(|length| *length > 0) {
        Some(length) => exactly(from, length, LONGEST_PAYLOAD, "payload").await?.into(),
        None => Bytes::new(),
    };
    Ok(Some(Event { kind: line.kind, data, payload }))
}

async fn exactly(
    from: &mut (impl AsyncBufRead + Unpin + Send),
    length: usize,
    most: usize,
    what: &'static str,
) -> Result<Vec<u8>, ReadError> {
    if length > most {
        return Err(ReadError::Long(length, what));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await.map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => ReadError::Cut,
        _ => ReadError::Io(e),
    })?;
    Ok(bytes)
}

/// Writes an event whole.
///
/// # Errors
/// The wire failed.
pub async fn write(to: &mut (impl AsyncWrite + Unpin + Send), event: &Event) -> io::Result<()> {
    to.write_all(&bytes(event)).await?;
    to.flush().await
}

fn bytes(event: &Event) -> Vec<u8> {
    let mut line = json!({ "type": event.kind, "version": VERSION });
    let data =
        if event.data.is_empty() { Vec::new() } else { serde_json::to_vec(&event.data).unwrap_or_default() };
    if let Some(line) = line.as_object_mut() {
        if !data.is_empty() {
            line.insert("data_length".to_owned(), data.len().into());
        }
        if !event.payload.is_empty() {
            line.insert("payload_length".to_owned(), event.payload.len().into());
        }
    }
    let mut out = line.to_string().into_bytes();
    out.push(b'\n');
    out.extend_from_slice(&data);
    out.extend_from_slice(&event.payload);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(mut bytes: &[u8]) -> Vec<Result<Event, String>> {
        let mut found = Vec::new();
        loop {
            match read(&mut bytes).await {
                Ok(Some(event)) => found.push(Ok(event)),
                Ok(None) => return found,
                Err(e) => {
                    found.push(Err(e.to_string()));
                    return found;
                }
            }
        }
    }

    #[tokio::test]
    async fn what_is_written_is_read_one_after_the_other() {
        let events = [
            Event::new("describe"),
            Event::chunk(&[1, -2, 3], 16_000),
            Event::with("transcript", json!({ "text": "schalte das Licht ein, ä" })),
        ];
        let mut wire = Vec::new();
        for event in &events {
            write(&mut wire, event).await.unwrap();
        }
        let read: Vec<Event> = all(&wire).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(read, events);
    }

    #[tokio::test]
    async fn data_stands_in_the_line_or_behind_it() {
        let wire = b"{\"type\":\"a\",\"data\":{\"x\":1,\"y\":1}}\n{\"type\":\"a\",\"data\":{\"x\":1},\"data_length\":7}\n{\"y\":2}";
        let read = all(wire).await;
        let y = |n: usize| read[n].as_ref().unwrap().data["y"].clone();
        assert_eq!((y(0), y(1)), (json!(1), json!(2)));
        assert_eq!(read[1].as_ref().unwrap().data["x"], json!(1));
    }

    #[tokio::test]
    async fn what_is_no_event_ends_the_connection_with_a_word() {
        for (wire, word) in [
            (&b"GET / HTTP/1.1\r\n"[..], "no JSON object"),
            (b"{\"type\":\"a\"", "in the middle"),
            (b"{\"type\":\"a\",\"payload_length\":5}\nab", "in the middle"),
            (b"{\"type\":\"a\",\"payload_length\":99999999}\n", "99999999 bytes of payload"),
            (b"{\"type\":\"a\",\"data_length\":2}\n[]", "data is no JSON object"),
            (b"[]\n", "line is no JSON object"),
        ] {
            let told = all(wire).await.pop().unwrap().unwrap_err();
            assert!(told.contains(word), "{told}");
        }
        let long = vec![b'x'; LONGEST_LINE as usize + 5];
        assert!(all(&long).await.pop().unwrap().unwrap_err().contains("longer than"));
    }
}
