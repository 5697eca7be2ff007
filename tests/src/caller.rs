//! A caller that offers Opus and says junk: as much SIP as that takes, and packets of sound of one's own.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use crate::wait_some;

/// The number of Opus packets in its offer.
pub const OPUS: u8 = 96;

pub struct JunkCaller {
    sip: UdpSocket,
    rtp: UdpSocket,
    /// Where the household wants its sound.
    to: SocketAddr,
    sequence: u16,
    /// The answer's headers, for what comes later in the call.
    answer: String,
}

impl JunkCaller {
    /// Calls, and is answered.
    pub fn call(port: u16, number: &str) -> Self {
        let sip = UdpSocket::bind("127.0.0.1:0").unwrap();
        let rtp = UdpSocket::bind("127.0.0.1:0").unwrap();
        for socket in [&sip, &rtp] {
            socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        }
        sip.connect(("127.0.0.1", port)).unwrap();
        let (at, sound) = (sip.local_addr().unwrap().port(), rtp.local_addr().unwrap().port());
        let body = format!(
            "v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {sound} RTP/AVP {OPUS}\r\na=rtpmap:{OPUS} opus/48000/2\r\n"
        );
        let invite = format!(
            "INVITE sip:house@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{at};branch=z9hG4bKjunk{at}\r\n\
             From: <sip:{number}@127.0.0.1>;tag=junk\r\nTo: <sip:house@127.0.0.1:{port}>\r\nCall-ID: junk-{at}\r\n\
             CSeq: 1 INVITE\r\nContact: <sip:{number}@127.0.0.1:{at}>\r\nMax-Forwards: 70\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = ask(&sip, &invite);
        let line = answer.lines().find_map(|l| l.strip_prefix("m=audio ")).expect("an answer with sound");
        assert!(answer.contains(&format!("a=rtpmap:{OPUS} opus/48000/2")), "{answer}");
        let sound: u16 = line.split(' ').next().unwrap().parse().unwrap();
        let mut caller =
            Self { sip, rtp, to: SocketAddr::from(([127, 0, 0, 1], sound)), sequence: 7, answer };
        caller.ack();
        caller
    }

    fn header(&self, name: &str) -> &str {
        self.answer.lines().find(|line| line.starts_with(name)).unwrap_or_default()
    }

    fn ack(&mut self) {
        let at = self.sip.local_addr().unwrap().port();
        let to = self.sip.peer_addr().unwrap();
        let (from, told, id) = (self.header("From:"), self.header("To:"), self.header("Call-ID:"));
        let ack = format!(
            "ACK sip:house@{to} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{at};branch=z9hG4bKack{at}\r\n{from}\r\n{told}\r\n{id}\r\n\
             CSeq: 1 ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        );
        self.sip.send(ack.as_bytes()).unwrap();
    }

    /// A packet of sound with this in it.
    pub fn say(&mut self, payload: &[u8]) {
        let mut packet = vec![0x80, OPUS];
        packet.extend(self.sequence.to_be_bytes());
        packet.extend((u32::from(self.sequence) * 960).to_be_bytes());
        packet.extend(*b"junk");
        packet.extend(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.rtp.send_to(&packet, self.to).unwrap();
    }

    /// The next packet that the household says, from now on: its time, and what is in it.
    pub fn hears(&self) -> (u32, Vec<u8>) {
        self.rtp.set_nonblocking(true).unwrap();
        while self.rtp.recv(&mut [0; 2_048]).is_ok() {}
        self.rtp.set_nonblocking(false).unwrap();
        let mut bytes = [0; 2_048];
        let length = self.rtp.recv(&mut bytes).expect("sound from the household");
        assert_eq!(bytes[1] & 0x7f, OPUS);
        (u32::from_be_bytes(bytes[4..8].try_into().unwrap()), bytes[12..length].to_vec())
    }

    /// Waits for the household's end of the call.
    pub fn is_left(self) {
        read(&self.sip, "BYE ");
    }
}

/// Says it until the household, which may be about to open its port, takes it; gives the answer that takes the call.
fn ask(sip: &UdpSocket, invite: &str) -> String {
    wait_some("a household that takes calls", || {
        sip.send(invite.as_bytes()).ok()?;
        // What is refused comes back at once, an answer of any kind does not.
        sip.peek(&mut [0; 16]).ok()
    });
    read(sip, "SIP/2.0 200")
}

/// The next message that begins so.
fn read(sip: &UdpSocket, begins: &str) -> String {
    loop {
        let mut bytes = [0; 4_096];
        let length = sip.recv(&mut bytes).expect("a message of the household");
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        if text.starts_with(begins) {
            return text;
        }
    }
}
