//! Keeps the connection to one satellite: connects, listens, and tries again after growing pauses.

use std::time::Duration;

use lares_config::SatelliteConfig;
use lares_kernel::Address;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

use super::SatelliteMessage;
use super::calls::Call;
use super::session::session;
use crate::control::Asked;

/// A satellite in the same house answers at once.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pauses before it is tried again.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// All that one satellite's line needs.
pub struct Line {
    pub key: String,
    pub config: SatelliteConfig,
    pub asked: Asked,
    pub muted: watch::Receiver<bool>,
    /// What it is told without having been asked.
    pub calls: mpsc::Receiver<Call>,
    pub satellite: Address<SatelliteMessage>,
}

/// Never ends by itself.
pub async fn keep(mut line: Line) {
    let mut pause = FIRST;
    loop {
        let why = match connect(&line.config).await {
            Ok(stream) => {
                let why = session(stream, &mut line).await.err();
                // It was there: the next try may succeed at once.
                pause = FIRST;
                why.unwrap_or_else(|| "it ended the connection".to_owned())
            }
            Err(why) => why,
        };
        line.satellite.tell(SatelliteMessage::Lost(why));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

async fn connect(config: &SatelliteConfig) -> Result<TcpStream, String> {
    let at = format!("{}:{}", config.host, config.port);
    let connecting = TcpStream::connect((config.host.as_str(), config.port));
    match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(Ok(stream)) => {
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(e)) => Err(format!("{at}: {e}")),
        Err(_) => Err(format!("{at}: no answer within {} s", PATIENCE.as_secs())),
    }
}
