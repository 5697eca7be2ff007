//! What two ends tell each other of their sound (SDP, RFC 4566; Opus: RFC 7587), as much as a telephone needs. Pure.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use lares_config::Codec;
use lares_kernel::wire::{CALL_RATE, Law};

use super::media::FRAME;

/// Lines of an offer that are looked at.
const LINES: usize = 500;
/// Opus counts its time in these, whatever it carries (RFC 7587, 4.1).
const OPUS_CLOCK: u32 = 48_000;

/// How sound is written, and by what number its packets are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coding {
    G711(Law),
    Opus { payload: u8 },
}

impl Coding {
    pub fn payload(self) -> u8 {
        match self {
            Self::G711(law) => law.payload(),
            Self::Opus { payload } => payload,
        }
    }

    /// Units of a packet's time a second.
    fn clock(self) -> u32 {
        match self {
            Self::G711(_) => CALL_RATE,
            Self::Opus { .. } => OPUS_CLOCK,
        }
    }

    /// Units of time that a frame of ours takes.
    pub fn ticks(self) -> u32 {
        FRAME as u32 * (self.clock() / CALL_RATE)
    }
}

/// Packets of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyType {
    pub payload: u8,
    clock: u32,
}

/// What was agreed upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// Where the other end wants its sound.
    pub to: SocketAddr,
    pub coding: Coding,
    pub keys: Option<KeyType>,
}

/// Finds what we like best of an offer, by plain RTP. Of one codec the caller's order counts: they know their two G.711 better.
///
/// # Errors
/// There is nothing in common: in words.
pub fn agree(offer: &[u8], codecs: &[Codec]) -> Result<Agreed, String> {
    let text = std::str::from_utf8(offer).map_err(|_| "the offer is no text".to_owned())?;
    let (mut at, mut audio): (Option<IpAddr>, Option<(u16, Vec<u8>)>) = (None, None);
    let (mut maps, mut of_audio) = (BTreeMap::new(), false);
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
                let map = value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '));
                if let Some((payload, name)) = map
                    && let Some(payload) = payload.parse::<u8>().ok().filter(|p| *p < 128)
                {
                    maps.insert(payload, name.trim().to_ascii_lowercase());
                }
            }
            _ => {}
        }
    }
    let (port, payloads) = audio.ok_or("the offer has no sound")?;
    let named = |payload: &u8| maps.get(payload).map(String::as_str).unwrap_or_default();
    let coding = codecs.iter().find_map(|codec| {
        payloads.iter().find_map(|payload| match codec {
            Codec::G711 => Law::of_payload(*payload).map(Coding::G711),
            Codec::Opus => (named(payload) == "opus/48000/2").then_some(Coding::Opus { payload: *payload }),
        })
    });
    let coding = coding.ok_or_else(|| format!("the offer has no {}", words(codecs)))?;
    let ip = at.ok_or("the offer does not say where its sound goes")?;
    // Keys on the clock of the sound are the rule; some telephones have only those of G.711.
    let keys = [coding.clock(), CALL_RATE].into_iter().find_map(|clock| {
        let name = format!("telephone-event/{clock}");
        let of = |payload: &&u8| named(payload).strip_suffix("/1").unwrap_or(named(payload)) == name;
        payloads.iter().find(of).map(|payload| KeyType { payload: *payload, clock })
    });
    Ok(Agreed { to: SocketAddr::new(ip, port), coding, keys })
}

fn words(codecs: &[Codec]) -> String {
    let name = |codec: &Codec| match codec {
        Codec::G711 => "G.711",
        Codec::Opus => "Opus",
    };
    codecs.iter().map(name).collect::<Vec<_>>().join(" and no ")
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
    Ok((port, words.filter_map(|p| p.parse().ok()).filter(|p| *p < 128).collect()))
}

/// `IN IP4 192.168.1.5`, perhaps with `/127` behind.
fn address(line: &str) -> Option<IpAddr> {
    line.split_ascii_whitespace().nth(2)?.split('/').next()?.parse().ok()
}

/// Our answer: where we want to hear it, in the one coding that was agreed upon.
pub fn answer(agreed: &Agreed, ours: SocketAddr, session: u64) -> Vec<u8> {
    let family = if ours.is_ipv4() { "IP4" } else { "IP6" };
    let (ip, port, payload) = (ours.ip(), ours.port(), agreed.coding.payload());
    let keys = agreed.keys.map(|k| format!(" {}", k.payload)).unwrap_or_default();
    let coding = match agreed.coding {
        Coding::G711(law) => format!("a=rtpmap:{payload} {}/{CALL_RATE}\r\n", law.name()),
        // Two channels are said whatever is sent. More than a telephone's sound is not listened to, and what is lost may be told twice.
        Coding::Opus { .. } => format!(
            "a=rtpmap:{payload} opus/{OPUS_CLOCK}/2\r\na=fmtp:{payload} maxplaybackrate={CALL_RATE};\
             sprop-maxcapturerate={CALL_RATE};stereo=0;useinbandfec=1\r\n"
        ),
    };
    let mut text = format!(
        "v=0\r\no=lares {session} 1 IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP {payload}{keys}\r\n{coding}"
    );
    if let Some(KeyType { payload, clock }) = agreed.keys {
        text.push_str(&format!("a=rtpmap:{payload} telephone-event/{clock}\r\na=fmtp:{payload} 0-15\r\n"));
    }
    text.push_str("a=ptime:20\r\na=sendrecv\r\n");
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &[Codec] = &[Codec::G711, Codec::Opus];
    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
        m=audio 4000 RTP/AVP 9 96 8 0 101 100\r\na=rtpmap:9 G722/8000\r\na=rtpmap:96 OPUS/48000/2\r\n\
        a=rtpmap:101 telephone-event/8000\r\na=rtpmap:100 telephone-event/48000\r\n\
        m=video 4002 RTP/AVP 97\r\na=rtpmap:0 opus/48000/2\r\nc=IN IP4 10.0.0.9\r\n";

    fn answered(codecs: &[Codec]) -> (Agreed, String) {
        let agreed = agree(OFFER.as_bytes(), codecs).unwrap();
        let text = String::from_utf8(answer(&agreed, "192.168.1.2:5004".parse().unwrap(), 7)).unwrap();
        (agreed, text)
    }

    #[test]
    fn the_first_law_in_common_is_taken_with_keys() {
        let (agreed, answer) = answered(BOTH);
        let keys = Some(KeyType { payload: 101, clock: 8_000 });
        let to = "10.0.0.1:4000".parse().unwrap();
        assert_eq!(agreed, Agreed { to, coding: Coding::G711(Law::A), keys });
        assert_eq!(agreed.coding.ticks(), 160);
        assert!(answer.contains("m=audio 5004 RTP/AVP 8 101\r\n"), "{answer}");
        assert_eq!(agree(answer.as_bytes(), BOTH).unwrap().to.port(), 5_004);
    }

    #[test]
    fn opus_is_taken_where_it_is_liked_better_or_alone() {
        for codecs in [&[Codec::Opus, Codec::G711][..], &[Codec::Opus]] {
            let (agreed, answer) = answered(codecs);
            assert_eq!((agreed.coding, agreed.coding.ticks()), (Coding::Opus { payload: 96 }, 960));
            assert_eq!(agreed.keys.map(|k| k.payload), Some(100), "on its own clock");
            assert!(
                answer.contains("m=audio 5004 RTP/AVP 96 100\r\na=rtpmap:96 opus/48000/2\r\n"),
                "{answer}"
            );
            assert_eq!(agree(answer.as_bytes(), BOTH).unwrap().coding, agreed.coding);
        }
        let alone = OFFER.replace("9 96 8 0 101 100", "96 101");
        let agreed = agree(alone.as_bytes(), BOTH).unwrap();
        assert_eq!(agreed.coding, Coding::Opus { payload: 96 });
        assert_eq!(agreed.keys.map(|k| (k.payload, k.clock)), Some((101, 8_000)));
    }

    #[test]
    fn what_we_cannot_is_said() {
        let why = |from: &str, to: &str| agree(OFFER.replace(from, to).as_bytes(), BOTH).unwrap_err();
        assert_eq!(why("9 96 8 0 101", "9"), "the offer has no G.711 and no Opus");
        assert!(agree(alone("96").as_bytes(), &[Codec::G711]).unwrap_err().contains("no G.711"));
        // A payload that nobody says to be Opus is not Opus.
        assert!(agree(alone("97").as_bytes(), BOTH).is_err());
        assert!(why("4000 RTP/AVP", "4000 RTP/SAVP").contains("RTP/SAVP"));
        assert!(why("audio 4000", "audio 0").contains("no port"));
        assert!(why("m=audio", "m=text").contains("no sound"));
        assert!(agree(&[0xff, 0xfe], BOTH).is_err());
    }

    fn alone(payload: &str) -> String {
        OFFER.replace("9 96 8 0 101 100", payload)
    }
}
