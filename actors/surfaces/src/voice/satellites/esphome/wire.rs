//! Messages in frames: a mark, a length, the number of the message and its bytes; encrypted where a key is known.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::messages::{FromDevice, ToDevice, read};
use super::noise::{Cipher, Handshake, NoiseError, Shared, TAG};
use super::protobuf::put_varint;

/// What a frame begins with.
const PLAIN: u8 = 0;
const SEALED: u8 = 1;
/// Bytes of a message: devices have no longer ones either.
const LONGEST: u64 = 65_535;
/// A device's own words for a key that does not fit.
const WRONG_KEY: &str = "Handshake MAC failure";
/// Of what a device says for itself, in characters.
const WORDS: usize = 100;

/// Why a connection is of no use.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("it ended the connection")]
    Ended,
    #[error(
        "it is encrypted: name its key by encryption_key_file (the `key` of `encryption` in the device's own file)"
    )]
    WantsKey,
    #[error("it is not encrypted, and the home has a key for it: leave out the key, or give the device one")]
    WantsNoKey,
    #[error("the encryption key is another one: it is the `key` of `encryption` in the device's own file")]
    WrongKey,
    #[error("it refuses to encrypt: {0}")]
    Refused(String),
    #[error("what it sends is no ESPHome: {0}")]
    Garbage(String),
}

impl From<NoiseError> for WireError {
    fn from(error: NoiseError) -> Self {
        Self::Garbage(format!("an encrypted message; {error}"))
    }
}

/// What comes from a device.
pub struct Incoming<R> {
    from: BufReader<R>,
    opens: Option<Cipher>,
}

/// What goes to a device.
pub struct Outgoing<W> {
    to: W,
    seals: Option<Cipher>,
}

/// Both ways of a connection; encrypted by the key if there is one.
///
/// # Errors
/// The device does not answer as one with this key.
pub async fn open<R, W>(
    from: R,
    mut to: W,
    key: Option<&Shared>,
) -> Result<(Incoming<R>, Outgoing<W>), WireError>
where
    R: AsyncRead + Unpin + Send,
    W: AsyncWrite + Unpin + Send,
{
    let mut from = BufReader::new(from);
    let Some(key) = key else {
        return Ok((Incoming { from, opens: None }, Outgoing { to, seals: None }));
    };
    let (handshake, message) = Handshake::begin(key)?;
    // A hello of no bytes, and the first message of the handshake at once.
    let mut bytes = sealed_frame(&[]);
    bytes.extend_from_slice(&sealed_frame(&[&[0], &message[..]].concat()));
    to.write_all(&bytes).await?;
    to.flush().await?;
    let hello = read_sealed(&mut from).await?;
    if hello.first() != Some(&1) {
        return Err(WireError::Garbage("it chose another way to encrypt".to_owned()));
    }
    let answer = read_sealed(&mut from).await?;
    let (ciphers, told) = match answer.split_first() {
        Some((0, answer)) => (handshake.end(answer), String::new()),
        Some((_, told)) => (Err(NoiseError::Length), words(told)),
        None => return Err(WireError::Garbage("an answer of no bytes".to_owned())),
    };
    match ciphers {
        Ok((seals, opens)) => {
            Ok((Incoming { from, opens: Some(opens) }, Outgoing { to, seals: Some(seals) }))
        }
        Err(NoiseError::Sealed) => Err(WireError::WrongKey),
        Err(_) if told == WRONG_KEY => Err(WireError::WrongKey),
        Err(_) if !told.is_empty() => Err(WireError::Refused(told)),
        Err(e) => Err(e.into()),
    }
}

/// One line of what somebody else wrote.
fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).take(WORDS).collect()
}

fn sealed_frame(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u16).to_be_bytes();
    [&[SEALED], &length[..], bytes].concat()
}

async fn byte(from: &mut (impl AsyncRead + Unpin)) -> Result<u8, WireError> {
    from.read_u8().await.map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => WireError::Ended,
        _ => WireError::Io(e),
    })
}

async fn exactly(from: &mut (impl AsyncRead + Unpin), length: usize) -> Result<Vec<u8>, WireError> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => WireError::Ended,
        _ => WireError::Io(e),
    })?;
    Ok(bytes)
}

async fn read_sealed(from: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, WireError> {
    match byte(from).await? {
        SEALED => {}
        PLAIN => return Err(WireError::WantsNoKey),
        other => return Err(WireError::Garbage(format!("a frame that begins with {other:#04x}"))),
    }
    let length = u16::from_be_bytes([byte(from).await?, byte(from).await?]);
    exactly(from, length.into()).await
}

async fn varint(from: &mut (impl AsyncRead + Unpin)) -> Result<u64, WireError> {
    let mut value = 0;
    for n in 0..4 {
        let byte = byte(from).await?;
        value |= u64::from(byte & 0x7f) << (7 * n);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(WireError::Garbage("a length of more than 28 bits".to_owned()))
}

impl<R: AsyncRead + Unpin + Send> Incoming<R> {
    /// Not to be dropped while it waits: half a frame would be lost.
    pub async fn next(&mut self) -> Result<FromDevice, WireError> {
        let (kind, bytes) = match &mut self.opens {
            Some(cipher) => {
                let mut message = read_sealed(&mut self.from).await?;
                cipher.open(&mut message)?;
                let Some((head, bytes)) = message.split_at_checked(4) else {
                    return Err(WireError::Garbage("an encrypted message without its number".to_owned()));
                };
                (u32::from(u16::from_be_bytes([head[0], head[1]])), bytes.to_vec())
            }
            None => {
                match byte(&mut self.from).await? {
                    PLAIN => {}
                    SEALED => return Err(WireError::WantsKey),
                    other => {
                        return Err(WireError::Garbage(format!("a frame that begins with {other:#04x}")));
                    }
                }
                let (length, kind) = (varint(&mut self.from).await?, varint(&mut self.from).await?);
                if length > LONGEST {
                    return Err(WireError::Garbage(format!("a message of {length} bytes")));
                }
                (kind as u32, exactly(&mut self.from, length as usize).await?)
            }
        };
        read(kind, &bytes).map_err(|e| WireError::Garbage(format!("message {kind}: {e}")))
    }
}

impl<W: AsyncWrite + Unpin + Send> Outgoing<W> {
    pub async fn send(&mut self, message: &ToDevice) -> Result<(), WireError> {
        let (kind, bytes) = message.write();
        let frame = match &mut self.seals {
            Some(cipher) => {
                if bytes.len() as u64 > LONGEST - 4 - TAG as u64 {
                    return Err(WireError::Garbage(format!("{} bytes are too long for it", bytes.len())));
                }
                let (kind, length) = ((kind as u16).to_be_bytes(), (bytes.len() as u16).to_be_bytes());
                let mut sealed = [&kind[..], &length[..], &bytes].concat();
                cipher.seal(&mut sealed)?;
                sealed_frame(&sealed)
            }
            None => {
                let mut frame = vec![PLAIN];
                put_varint(&mut frame, bytes.len() as u64);
                put_varint(&mut frame, kind.into());
                frame.extend_from_slice(&bytes);
                frame
            }
        };
        self.to.write_all(&frame).await?;
        Ok(self.to.flush().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn plain(bytes: &[u8]) -> Result<FromDevice, String> {
        let (mut incoming, _) = open(bytes, tokio::io::sink(), None).await.unwrap();
        incoming.next().await.map_err(|e| e.to_string())
    }

    #[tokio::test]
    async fn plain_frames_are_read_and_what_is_none_is_told() {
        assert_eq!(plain(&[0, 0, 7]).await, Ok(FromDevice::Ping));
        assert_eq!(plain(&[0, 2, 4, 0x08, 1]).await, Ok(FromDevice::Authenticated { refused: true }));
        let mut written = Vec::new();
        let (_, mut outgoing) = open(&b""[..], &mut written, None).await.unwrap();
        outgoing.send(&ToDevice::Subscribe(true)).await.unwrap();
        assert_eq!(written, [0, 4, 89, 0x08, 1, 0x10, 5]);
        for (bytes, word) in [
            (&b"HTTP/1.1 400"[..], "begins with 0x48"),
            (&[1, 0, 1], "it is encrypted"),
            (&[0, 0xff, 0xff, 0xff, 0xff, 1], "28 bits"),
            (&[0, 0xff, 0xff, 0x7f, 7], "a message of 2097151 bytes"),
            (&[0, 2, 90, 0x0a, 9], "message 90"),
            (&[0, 9, 7, 1], "it ended"),
            (&[], "it ended"),
        ] {
            let told = plain(bytes).await.unwrap_err();
            assert!(told.contains(word), "{told}");
        }
    }

    #[tokio::test]
    async fn who_does_not_encrypt_as_we_do_is_told_apart() {
        let key = Shared::parse("QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc=").unwrap();
        let hello = sealed_frame(b"\x01kitchen\0");
        let refuses = |words: &[u8]| [&hello[..], &sealed_frame(&[&[1], words].concat())].concat();
        for (bytes, word) in [
            (vec![0, 1, 2, 3], "it is not encrypted"),
            (b"SSH-2.0".to_vec(), "begins with 0x53"),
            (sealed_frame(b"\x02"), "another way"),
            (refuses(b"Handshake MAC failure"), "the encryption key is another one"),
            (refuses(b"No\x1b[1m way"), "No[1m way"),
            ([&hello[..], &sealed_frame(&[0; 49])].concat(), "the encryption key is another one"),
            ([&hello[..], &sealed_frame(&[])].concat(), "no bytes"),
            ([&hello[..], &sealed_frame(&[0; 9])].concat(), "of this length"),
            (hello.clone(), "it ended"),
        ] {
            let told = open(&bytes[..], tokio::io::sink(), Some(&key)).await.err().unwrap().to_string();
            assert!(told.contains(word), "{told}");
        }
    }
}
