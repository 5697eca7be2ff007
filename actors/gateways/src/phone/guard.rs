//! The door of the telephone: a socket that lets in only who may call, so much at a time, and nothing that the SIP library
//! stumbles over.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lares_kernel::Clock;
use rsipstack::platform::net::UdpSocket as Socket;
use rsipstack::sip::{SipMessage, Transport};
use rsipstack::transport::SipConnection;
use tokio::net::UdpSocket;

/// Packets a second that are looked at. A call needs ten; what is answered to is remembered for half a minute.
const MOST: u64 = 200;
/// Longer ones are no messages of a telephone.
const LONGEST: usize = 8_192;
const SECOND: Duration = Duration::from_secs(1);

/// A socket with a door.
pub struct Guard {
    socket: UdpSocket,
    from: Vec<IpAddr>,
    clock: Arc<dyn Clock>,
    /// The second that is counted in, and how many came in it.
    second: AtomicU64,
    count: AtomicU64,
}

impl Guard {
    pub fn new(socket: UdpSocket, from: Vec<IpAddr>, clock: Arc<dyn Clock>) -> Self {
        Self { socket, from, clock, second: AtomicU64::new(0), count: AtomicU64::new(0) }
    }

    /// Whether a message comes in. Only one task receives.
    fn takes(&self, bytes: &[u8], from: SocketAddr) -> bool {
        if !may_call(&self.from, from.ip()) || bytes.len() > LONGEST {
            return false;
        }
        let second = self.clock.elapsed().as_secs();
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.count.store(0, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed) < MOST && is_readable(bytes, from)
    }
}

/// This machine, and whoever is named.
pub fn may_call(named: &[IpAddr], from: IpAddr) -> bool {
    from.is_loopback() || named.contains(&from)
}

/// A message that the library reads without stumbling: its own task would end with it.
fn is_readable(bytes: &[u8], from: SocketAddr) -> bool {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let message = SipMessage::try_from(bytes).ok()?;
        SipConnection::update_msg_received(message, from, Transport::Udp).ok()
    }));
    matches!(read, Ok(Some(_)))
}

#[async_trait::async_trait]
impl Socket for Guard {
    async fn recv_from(&self, buffer: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        loop {
            let Ok((length, from)) = self.socket.recv_from(buffer).await else {
                // What was sent to somebody who is gone comes back as an error.
                tokio::time::sleep(SECOND / 100).await;
                continue;
            };
            if self.takes(buffer.get(..length).unwrap_or_default(), from) {
                return Ok((length, from));
            }
        }
    }

    async fn send_to(&self, bytes: &[u8], to: SocketAddr) -> rsipstack::Result<usize> {
        Ok(self.socket.send_to(bytes, to).await?)
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_who_is_named_may_call() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(may_call(&[], ip("127.0.0.1")) && may_call(&[ip("10.0.0.1")], ip("10.0.0.1")));
        assert!(!may_call(&[], ip("10.0.0.1")) && !may_call(&[ip("10.0.0.1")], ip("10.0.0.2")));
    }

    #[test]
    fn a_message_is_read_and_garbage_is_not() {
        let from = "127.0.0.1:5071".parse().unwrap();
        let options =
            b"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK1\r\n\
            From: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\
            Content-Length: 0\r\n\r\n";
        assert!(is_readable(options, from));
        for end in 0..options.len() / 2 {
            let _ = is_readable(&options[..end], from);
        }
        assert!(!is_readable(b"\xff\xfe\x00", from) && !is_readable(b"", from));
    }
}
