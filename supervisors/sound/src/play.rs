//! A loudspeaker: samples wait until the device takes them. It is open only while something is said.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use cpal::Stream;
use cpal::traits::{DeviceTrait, StreamTrait};
use lares_surfaces::voice::sound::Resampler;

use super::devices::{Way, find};
use super::form::fill;

/// Samples that may wait: two minutes. The household sends them as they are heard.
const MOST: usize = 6_000_000;

/// A loudspeaker that is open.
pub struct Loudspeaker {
    waiting: Arc<Mutex<VecDeque<i16>>>,
    rate: u32,
    change: Option<(u32, Resampler)>,
    _stream: Stream,
}

/// # Errors
/// In words: there is no such device, or it cannot be opened.
pub fn open(name: &str, failed: &SyncSender<String>) -> Result<Loudspeaker, String> {
    let device = find(&cpal::default_host(), name, Way::Out)?;
    let trouble = |e: cpal::Error| format!("the loudspeaker {name:?} cannot be opened: {e}");
    let config = device.default_output_config().map_err(trouble)?;
    let (format, rate, channels) =
        (config.sample_format(), config.sample_rate(), usize::from(config.channels()));
    let waiting: Arc<Mutex<VecDeque<i16>>> = Arc::default();
    let taken = waiting.clone();
    let (unwritten, name_of, failed) = (failed.clone(), name.to_owned(), failed.clone());
    let stream = device
        .build_output_stream_raw(
            config.into(),
            format,
            move |data, _| {
                let mut waiting = taken.lock().unwrap_or_else(PoisonError::into_inner);
                if !fill(data, channels, || waiting.pop_front().unwrap_or_default()) {
                    let _ = unwritten.try_send(format!("samples of the form {format} are not written"));
                }
            },
            move |e| {
                if e.kind() != cpal::ErrorKind::Xrun {
                    let _ = failed.try_send(format!("the loudspeaker {name_of:?}: {e}"));
                }
            },
            None,
        )
        .map_err(trouble)?;
    stream.play().map_err(trouble)?;
    Ok(Loudspeaker { waiting, rate, change: None, _stream: stream })
}

impl Loudspeaker {
    /// Adds samples of one channel.
    ///
    /// # Errors
    /// The device does not take them.
    pub fn say(&mut self, rate: u32, samples: Vec<i16>) -> Result<(), String> {
        let samples = if rate == self.rate {
            samples
        } else {
            if self.change.as_ref().is_none_or(|(was, _)| *was != rate) {
                self.change = Some((rate, Resampler::new(rate, self.rate)));
            }
            self.change.as_mut().map(|(_, change)| change.push(&samples)).unwrap_or_default()
        };
        self.add(samples)
    }

    /// That was all: the rest of it.
    ///
    /// # Errors
    /// The device does not take it.
    pub fn finish(&mut self) -> Result<(), String> {
        let rest = self.change.as_mut().map(|(_, change)| change.finish()).unwrap_or_default();
        self.add(rest)
    }

    fn add(&self, samples: Vec<i16>) -> Result<(), String> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() + samples.len() > MOST {
            return Err("the loudspeaker does not take what is sent to it".to_owned());
        }
        waiting.extend(samples);
        Ok(())
    }

    /// Whether the device has taken all of it.
    pub fn is_done(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}
