//! A Wyoming server that speaks: a connection for each sentence.

use std::time::Duration;

use serde_json::json;
use tokio::io::BufReader;
use tokio::net::TcpStream;

use crate::voice::sound::Sound;
use crate::voice::wyoming::{Event, read, write};

/// A large voice on a small machine takes its time.
const PATIENCE: Duration = Duration::from_secs(20);
/// Samples: five minutes of the usual rates. Nobody says more at once.
const LONGEST: usize = 15_000_000;

pub async fn say(
    text: &str,
    language: &str,
    named: Option<&str>,
    (host, port): (&str, u16),
) -> Result<Sound, String> {
    let trouble = |why: String| format!("the voice at {host}:{port}: {why}");
    match tokio::time::timeout(PATIENCE, synthesized(text, language, named, (host, port))).await {
        Ok(said) => said.map_err(trouble),
        Err(_) => Err(trouble(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}

async fn synthesized(
    text: &str,
    language: &str,
    named: Option<&str>,
    at: (&str, u16),
) -> Result<Sound, String> {
    let stream = TcpStream::connect(at).await.map_err(|e| e.to_string())?;
    let (from, mut to) = stream.into_split();
    let mut from = BufReader::new(from);
    let mut wished = json!({ "text": text });
    wished["voice"] = match named {
        Some(name) => json!({ "name": name, "language": language }),
        None => json!({ "language": language }),
    };
    write(&mut to, &Event::with("synthesize", wished)).await.map_err(|e| e.to_string())?;
    let mut sound = Sound { rate: 0, samples: Vec::new() };
    loop {
        let event = read(&mut from).await.map_err(|e| e.to_string())?;
        let event = event.ok_or("it ended before it had spoken")?;
        match event.kind.as_str() {
            "audio-chunk" => {
                let (rate, samples) = event.samples()?;
                sound.rate = rate;
                sound.samples.extend(samples);
                if sound.samples.len() > LONGEST {
                    return Err("it does not stop speaking".to_owned());
                }
            }
            "audio-stop" if !sound.samples.is_empty() => return Ok(sound),
            "audio-stop" => return Err("it said nothing".to_owned()),
            "error" => return Err(event.text("text").unwrap_or("it does not say why").to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers each sentence with these events.
    async fn server(answers: Vec<Event>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (from, mut to) = stream.into_split();
            let asked = read(&mut BufReader::new(from)).await.unwrap().unwrap();
            assert_eq!(
                (asked.text("text"), asked.data["voice"]["name"].as_str()),
                (Some("hello"), Some("a"))
            );
            for answer in answers {
                write(&mut to, &answer).await.unwrap();
            }
        });
        port
    }

    #[tokio::test]
    async fn what_a_server_says_is_taken_whole_and_what_it_cannot_say_is_told() {
        let all = |more: Vec<Event>| [vec![Event::sound("audio-start", 22_050)], more].concat();
        let said = vec![
            Event::chunk(&[1, 2], 22_050),
            Event::chunk(&[3], 22_050),
            Event::sound("audio-stop", 22_050),
        ];
        let port = server(all(said)).await;
        let sound = say("hello", "en", Some("a"), ("127.0.0.1", port)).await.unwrap();
        assert_eq!(sound, Sound { rate: 22_050, samples: vec![1, 2, 3] });
        for (answers, why) in [
            (vec![Event::chunk(&[1], 22_050)], "ended before"),
            (vec![Event::sound("audio-stop", 22_050)], "said nothing"),
            (vec![Event::with("error", json!({ "text": "no such voice" }))], "no such voice"),
        ] {
            let port = server(all(answers)).await;
            let told = say("hello", "en", Some("a"), ("127.0.0.1", port)).await.unwrap_err();
            assert!(told.contains(why) && told.contains("127.0.0.1"), "{told}");
        }
    }
}
