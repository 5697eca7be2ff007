//! A microphone: its samples come over a bounded channel. Whoever does not take them lets the device overrun, and nothing is kept.

use std::sync::mpsc::SyncSender;

use cpal::Stream;
use cpal::traits::{DeviceTrait, StreamTrait};
use tokio::sync::mpsc;

use super::devices::{Way, find};
use super::form::heard;

/// Pieces that may wait: a few seconds.
const WAITING: usize = 128;

/// A microphone that is open. When this is dropped the device is closed: nothing hears any more.
pub struct Microphone {
    /// Ends before the stream: its thread may wait for somebody to take what it heard.
    pub heard: mpsc::Receiver<Vec<i16>>,
    /// Samples a second.
    pub rate: u32,
    _stream: Stream,
}

/// # Errors
/// In words: there is no such device, or it cannot be opened.
pub fn open(name: &str, failed: &SyncSender<String>) -> Result<Microphone, String> {
    let device = find(&cpal::default_host(), name, Way::In)?;
    let trouble = |e: cpal::Error| format!("the microphone {name:?} cannot be opened: {e}");
    let config = device.default_input_config().map_err(trouble)?;
    let (format, rate, channels) =
        (config.sample_format(), config.sample_rate(), usize::from(config.channels()));
    let (sender, taken) = mpsc::channel(WAITING);
    let (unread, name_of, failed) = (failed.clone(), name.to_owned(), failed.clone());
    let stream = device
        .build_input_stream_raw(
            config.into(),
            format,
            move |data, _| match heard(data, channels) {
                // It waits: a device without a clock of its own would flood otherwise.
                Some(samples) => drop(sender.blocking_send(samples)),
                None => drop(unread.try_send(format!("samples of the form {format} are not read"))),
            },
            move |e| {
                // What overran was lost, and goes on.
                if e.kind() != cpal::ErrorKind::Xrun {
                    let _ = failed.try_send(format!("the microphone {name_of:?}: {e}"));
                }
            },
            None,
        )
        .map_err(trouble)?;
    stream.play().map_err(trouble)?;
    Ok(Microphone { heard: taken, rate, _stream: stream })
}
