//! Keeps the connection to one satellite: connects, listens, and tries again after growing pauses.

use std::sync::Arc;
use std::time::Duration;

use lares_config::{SatelliteAt, SatelliteConfig, Secret};
use lares_kernel::Address;
use lares_model::EventId;
use tokio::net::TcpStream;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;

use super::SatelliteMessage;
use super::calls::Call;
use super::card::Card;
use super::dialog::Ends;
use super::duck::Ducks;
use super::session::session;
use super::{esphome, wyoming};
use crate::control::Asked;
use crate::voice::Talk;

/// A satellite in the same house answers at once.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pauses before it is tried again.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// What was there for so long may be there again at once.
const STEADY: Duration = Duration::from_secs(10);

/// All that one satellite's line needs.
pub struct Line {
    pub key: String,
    pub config: SatelliteConfig,
    /// Reads a secret.
    pub secret: fn(&Secret) -> Result<String, String>,
    pub asked: Asked,
    pub muted: watch::Receiver<bool>,
    /// What it is told without having been asked.
    pub calls: mpsc::Receiver<Call>,
    /// Callers who are to be spoken with there.
    pub talks: mpsc::Receiver<Talk>,
    /// What rang and was stopped, somewhere in the house.
    pub stopped: broadcast::Sender<EventId>,
    pub ducks: Arc<Ducks>,
    pub satellite: Address<SatelliteMessage>,
}

/// Never ends by itself.
pub async fn keep(mut line: Line) {
    let mut pause = FIRST;
    loop {
        let why = match connect(&line).await {
            Ok((ends, card)) => {
                let begun = Instant::now();
                let why = session(ends, &mut line).await.err();
                if begun.elapsed() > STEADY {
                    pause = FIRST;
                }
                match (why, card) {
                    (Some(why), _) => why,
                    (None, Some(card)) => card.why().await,
                    (None, None) => "it ended the connection".to_owned(),
                }
            }
            Err(why) => why,
        };
        line.satellite.tell(SatelliteMessage::Lost(why));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

async fn connect(line: &Line) -> Result<(Ends, Option<Card>), String> {
    match &line.config.at {
        SatelliteAt::Wyoming { host, port } => {
            let (from, to) = called(host, *port).await?.into_split();
            Ok((wyoming::ends(from, Box::new(to)), None))
        }
        SatelliteAt::Esphome(at) => {
            let stream = called(&at.host, at.port).await?;
            Ok((esphome::ends(stream, at, line).await?, None))
        }
        SatelliteAt::Card { microphone, loudspeaker } => {
            let (card, from, to) = Card::open(microphone.as_deref(), loudspeaker.as_deref())?;
            Ok((wyoming::ends(from, Box::new(to)), Some(card)))
        }
    }
}

async fn called(host: &str, port: u16) -> Result<TcpStream, String> {
    let at = format!("{host}:{port}");
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(stream)) => {
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(e)) => Err(format!("{at}: {e}")),
        Err(_) => Err(format!("{at}: no answer within {} s", PATIENCE.as_secs())),
    }
}
