//! The first words with a device: who it is, and what it can do by voice.

use lares_kernel::World;
use tokio::io::{AsyncRead, AsyncWrite};

use super::messages::{Features, Form, FromDevice, ToDevice};
use super::wire::{Incoming, Outgoing, WireError};

/// A device that was greeted.
#[derive(Debug, PartialEq)]
pub struct Device {
    pub name: String,
    pub model: String,
    pub version: String,
    pub features: Features,
    /// How it wants what is said.
    pub form: Option<Form>,
}

/// # Errors
/// In words: it is no voice device, wants another password, or is not understood.
pub async fn greet<R, W>(
    incoming: &mut Incoming<R>,
    outgoing: &mut Outgoing<W>,
    password: String,
    world: &World,
) -> Result<Device, String>
where
    R: AsyncRead + Unpin + Send,
    W: AsyncWrite + Unpin + Send,
{
    let words = |e: WireError| e.to_string();
    // New devices do not answer to the second, old ones wait for it.
    for message in [ToDevice::Hello, ToDevice::Authenticate(password), ToDevice::AskInfo] {
        outgoing.send(&message).await.map_err(words)?;
    }
    let (mut tells_capabilities, mut known) = (false, None);
    loop {
        match incoming.next().await.map_err(words)? {
            FromDevice::Hello { major, tells_capabilities: tells } => {
                if major > 1 {
                    return Err(format!(
                        "it speaks version {major} of ESPHome's API, which is not known here"
                    ));
                }
                tells_capabilities = tells;
            }
            FromDevice::Authenticated { refused: true } => {
                return Err("it has another password: name it by password_file".to_owned());
            }
            FromDevice::Info { name, model, version, features } => {
                let device = Device { name, model, version, features, form: None };
                let asks = features.is_voice() || !tells_capabilities;
                let next = if asks { ToDevice::List } else { ToDevice::AskCapabilities };
                let device = if asks { checked(device)? } else { device };
                outgoing.send(&next).await.map_err(words)?;
                known = Some(device);
            }
            FromDevice::Capabilities(features) => {
                if let Some(device) = known.take() {
                    known = Some(checked(Device { features, ..device })?);
                    outgoing.send(&ToDevice::List).await.map_err(words)?;
                }
            }
            FromDevice::Player(form) => {
                if let Some(device) = &mut known {
                    device.form = device.form.or(form);
                }
            }
            FromDevice::Listed => return known.ok_or_else(|| "it does not say what it is".to_owned()),
            FromDevice::Ping => outgoing.send(&ToDevice::Pong).await.map_err(words)?,
            FromDevice::AsksTime => {
                let now = world.clock().now();
                outgoing.send(&time(now)).await.map_err(words)?;
            }
            FromDevice::Disconnects => {
                outgoing.send(&ToDevice::Disconnected).await.map_err(words)?;
                return Err("it ended the connection; a device takes a few clients only".to_owned());
            }
            _ => {}
        }
    }
}

/// Also devices without a clock of their own get the time.
pub fn time(now: lares_model::Timestamp) -> ToDevice {
    ToDevice::Time((now.0 / 1_000_000).clamp(0, u32::MAX.into()) as u32)
}

fn checked(device: Device) -> Result<Device, String> {
    let Device { name, features, .. } = &device;
    if !features.is_voice() {
        return Err(format!("{name:?} has no `voice_assistant` in its own file"));
    }
    if !features.hears() {
        return Err(format!("{name:?} sends its sound as ESPHome did before 2024.4: bring it up to date"));
    }
    Ok(device)
}
