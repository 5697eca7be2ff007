//! Keeps the connection to one satellite: connects, listens, and tries again after growing pauses.

use std::sync::Arc;
use std::time::Duration;

use lares_config::{SatelliteAt, SatelliteConfig};
use lares_kernel::Address;
use lares_model::EventId;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;

use super::SatelliteMessage;
use super::calls::Call;
use super::card::Card;
use super::duck::Ducks;
use super::session::session;
use crate::control::Asked;

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
    pub asked: Asked,
    pub muted: watch::Receiver<bool>,
    /// What it is told without having been asked.
    pub calls: mpsc::Receiver<Call>,
    /// What rang and was stopped, somewhere in the house.
    pub stopped: broadcast::Sender<EventId>,
    pub ducks: Arc<Ducks>,
    pub satellite: Address<SatelliteMessage>,
}

/// Both ways of a connection.
pub struct Wires {
    pub from: Box<dyn AsyncRead + Send + Unpin>,
    pub to: Box<dyn AsyncWrite + Send + Unpin>,
    card: Option<Card>,
}

/// Never ends by itself.
pub async fn keep(mut line: Line) {
    let mut pause = FIRST;
    loop {
        let why = match connect(&line.config.at).await {
            Ok(Wires { from, to, card }) => {
                let begun = Instant::now();
                let why = session(from, to, &mut line).await.err();
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

async fn connect(at: &SatelliteAt) -> Result<Wires, String> {
    match at {
        SatelliteAt::Wyoming { host, port } => {
            let (from, to) = called(host, *port).await?.into_split();
            Ok(Wires { from: Box::new(from), to: Box::new(to), card: None })
        }
        SatelliteAt::Card { microphone, loudspeaker } => {
            let (card, from, to) = Card::open(microphone.as_deref(), loudspeaker.as_deref())?;
            Ok(Wires { from: Box::new(from), to: Box::new(to), card: Some(card) })
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
