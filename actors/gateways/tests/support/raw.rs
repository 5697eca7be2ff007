//! A client by hand: it sees every byte and does only what it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Raw(pub TcpStream);

impl Raw {
    /// MQTT 3.1.1; gives the socket and whether a session was there.
    pub fn connect(address: SocketAddr, id: &str, clean: bool) -> (Self, bool) {
        let (mut raw, code, present) = Self::try_connect(address, id, clean, None);
        assert_eq!(code, 0, "connect refused");
        raw.0.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let _ = &mut raw;
        (raw, present)
    }

    pub fn try_connect(
        address: SocketAddr,
        id: &str,
        clean: bool,
        login: Option<(&str, &str)>,
    ) -> (Self, u8, bool) {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut raw = Self(socket);
        let flags = if clean { 2 } else { 0 } | if login.is_some() { 0xc0 } else { 0 };
        let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4, flags, 0, 60];
        text(&mut body, id);
        if let Some((user, password)) = login {
            text(&mut body, user);
            text(&mut body, password);
        }
        raw.send(0x10, &body);
        let (first, answer) = raw.read().expect("an answer to connect");
        assert_eq!(first, 0x20);
        (raw, answer[1], answer[0] == 1)
    }

    pub fn send(&mut self, first: u8, body: &[u8]) {
        let mut packet = vec![first];
        let mut length = body.len();
        loop {
            let low = (length & 0x7f) as u8;
            length >>= 7;
            packet.push(if length > 0 { low | 0x80 } else { low });
            if length == 0 {
                break;
            }
        }
        packet.extend(body);
        let _ = self.0.write_all(&packet); // the broker may be dead: that is what some tests are about
    }

    /// The granted quality, or 0x80.
    pub fn subscribe(&mut self, filter: &str, qos: u8) -> u8 {
        let mut body = vec![0, 9];
        text(&mut body, filter);
        body.push(qos);
        self.send(0x82, &body);
        loop {
            let (first, body) = self.read().expect("an answer to subscribe");
            if first == 0x90 {
                return body[2];
            }
        }
    }

    pub fn publish(&mut self, topic: &str, payload: &str, qos: u8, retain: bool, id: u16) {
        let mut body = Vec::new();
        text(&mut body, topic);
        if qos > 0 {
            body.extend(id.to_be_bytes());
        }
        body.extend(payload.bytes());
        self.send(0x30 | qos << 1 | u8::from(retain), &body);
    }

    /// The next packet: its first byte and its body. `None` at the end, or when nothing comes.
    pub fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut byte = [0];
        self.0.read_exact(&mut byte).ok()?;
        let first = byte[0];
        let (mut length, mut shift) = (0, 0);
        loop {
            self.0.read_exact(&mut byte).ok()?;
            length |= usize::from(byte[0] & 0x7f) << shift;
            shift += 7;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        Some((first, body))
    }

    /// The next message: topic, payload, first byte, packet id.
    pub fn message(&mut self) -> Option<(String, String, u8, u16)> {
        loop {
            let (first, body) = self.read()?;
            if first >> 4 != 3 {
                continue;
            }
            let length = usize::from(u16::from_be_bytes([body[0], body[1]]));
            let topic = String::from_utf8(body[2..2 + length].to_vec()).unwrap();
            let rest = &body[2 + length..];
            let (id, payload) =
                if first & 6 > 0 { (u16::from_be_bytes([rest[0], rest[1]]), &rest[2..]) } else { (0, rest) };
            return Some((topic, String::from_utf8_lossy(payload).into_owned(), first, id));
        }
    }

    /// Nothing comes for a moment.
    pub fn is_quiet(&mut self) -> bool {
        self.0.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let nothing = self.read().is_none();
        self.0.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        nothing
    }
}

fn text(body: &mut Vec<u8>, text: &str) {
    body.extend((text.len() as u16).to_be_bytes());
    body.extend(text.bytes());
}
