//! What two ends tell each other of their sound (SDP, RFC 4566), as much as a telephone needs. Pure.

use std::net::{IpAddr, SocketAddr};

use lares_kernel::wire::Law;

/// Lines of an offer that are looked at.
const LINES: usize = 500;

/// What was agreed upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// Where the other end wants its sound.
    pub to: SocketAddr,
    pub law: Law,
    /// The payload type of keys.
    pub keys: Option<u8>,
}

/// Finds what we can of an offer: G.711, by plain RTP.
///
/// # Errors
/// There is nothing in common: in words.
pub fn agree(offer: &[u8]) -> Result<Agreed, String> {
    let text = std::str::from_utf8(offer).map_err(|_| "the offer is no text".to_owned())?;
    let (mut at, mut audio): (Option<IpAddr>, Option<(u16, Vec<u8>)>) = (None, None);
    let (mut keys, mut of_audio) = (None, false);
    for line in text.lines().take(LINES) {
        let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
        match kind {
            "m" => {
                of_audio = value.starts_with("audio ") && audio.is_none();
                if of_audio {
                    audio = Some(media(value)?);
                }
            }
            "c" if of_audio || audio.is_none() => at = address(value).or(at),
            "a" if of_audio => {
                let event = value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '));
                if let Some((payload, name)) = event
                    && name.to_ascii_lowercase().starts_with("telephone-event/8000")
                {
                    keys = payload.parse().ok().filter(|p| *p < 128);
                }
            }
            _ => {}
        }
    }
    let (port, payloads) = audio.ok_or("the offer has no sound")?;
    let law = payloads.iter().find_map(|p| Law::of_payload(*p)).ok_or("the offer has no G.711")?;
    let ip = at.ok_or("the offer does not say where its sound goes")?;
    let keys = keys.filter(|key| payloads.contains(key));
    Ok(Agreed { to: SocketAddr::new(ip, port), law, keys })
}

/// `audio 49170 RTP/AVP 0 8 101`.
fn media(line: &str) -> Result<(u16, Vec<u8>), String> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let port = words.next().and_then(|p| p.split('/').next()?.parse().ok());
    let port: u16 = port.filter(|p| *p > 0).ok_or("the offer has no port for its sound")?;
    match words.next() {
        Some("RTP/AVP") => {}
        other => {
            return Err(format!("the offer wants {}, and we speak plain RTP", other.unwrap_or("nothing")));
        }
    }
    Ok((port, words.filter_map(|p| p.parse().ok()).collect()))
}

/// `IN IP4 192.168.1.5`, perhaps with `/127` behind.
fn address(line: &str) -> Option<IpAddr> {
    line.split_ascii_whitespace().nth(2)?.split('/').next()?.parse().ok()
}

/// Our answer: where we want to hear it, in the one law that was agreed upon.
pub fn answer(agreed: &Agreed, ours: SocketAddr, session: u64) -> Vec<u8> {
    let family = if ours.is_ipv4() { "IP4" } else { "IP6" };
    let (ip, port, law) = (ours.ip(), ours.port(), agreed.law);
    let keys = agreed.keys.map(|k| format!(" {k}")).unwrap_or_default();
    let mut text = format!(
        "v=0\r\no=lares {session} 1 IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP {}{keys}\r\na=rtpmap:{} {}/8000\r\n",
        law.payload(),
        law.payload(),
        law.name(),
    );
    if let Some(keys) = agreed.keys {
        text.push_str(&format!("a=rtpmap:{keys} telephone-event/8000\r\na=fmtp:{keys} 0-15\r\n"));
    }
    text.push_str("a=ptime:20\r\na=sendrecv\r\n");
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
        m=audio 4000 RTP/AVP 9 8 0 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
        m=video 4002 RTP/AVP 96\r\nc=IN IP4 10.0.0.9\r\n";

    #[test]
    fn the_first_law_in_common_is_taken_with_keys() {
        let agreed = agree(OFFER.as_bytes()).unwrap();
        assert_eq!(agreed, Agreed { to: "10.0.0.1:4000".parse().unwrap(), law: Law::A, keys: Some(101) });
        let answer = String::from_utf8(answer(&agreed, "192.168.1.2:5004".parse().unwrap(), 7)).unwrap();
        assert!(answer.contains("m=audio 5004 RTP/AVP 8 101\r\n"), "{answer}");
        assert_eq!(agree(answer.as_bytes()).unwrap().to.port(), 5_004);
    }

    #[test]
    fn what_we_cannot_is_said() {
        let why = |from: &str, to: &str| agree(OFFER.replace(from, to).as_bytes()).unwrap_err();
        assert!(why("9 8 0 101", "9").contains("no G.711"));
        assert!(why("4000 RTP/AVP", "4000 RTP/SAVP").contains("RTP/SAVP"));
        assert!(why("audio 4000", "audio 0").contains("no port"));
        assert!(why("m=audio", "m=text").contains("no sound"));
        assert!(agree(&[0xff, 0xfe]).is_err());
    }
}
