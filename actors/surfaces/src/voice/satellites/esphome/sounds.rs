//! What is to be said, as files that a device fetches: the first of it is there before the last was made. A few, and only for a while.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;

use super::messages::Form;
use crate::voice::sound::{Sound, wav};

/// Sounds that are kept: a device asks for one at once, or twice.
const KEPT: usize = 4;
/// Bytes of one: a minute and a half in the finest form, six in the voice's own.
const LONGEST: usize = 16 << 20;
/// A header's lengths where nobody knows them yet.
const UNKNOWN: [u8; 4] = u32::MAX.to_le_bytes();

/// What is there of a sound.
struct Made {
    form: Form,
    bytes: Vec<u8>,
    whole: bool,
}

type One = Arc<watch::Sender<Made>>;

/// The sounds of one device. Cheap to clone.
#[derive(Clone, Default)]
pub struct Sounds(Arc<Mutex<VecDeque<(String, One)>>>);

impl Sounds {
    /// A new one: its name, which nobody can guess.
    ///
    /// # Errors
    /// In words: there is no chance in this machine.
    pub fn begin(&self, form: Form) -> Result<String, String> {
        let mut chance = [0; 16];
        getrandom::fill(&mut chance).map_err(|e| format!("the system gives no random bytes: {e}"))?;
        let name = chance.iter().map(|b| format!("{b:02x}")).collect::<String>() + ".wav";
        let one = Arc::new(watch::Sender::new(Made { form, bytes: Vec::new(), whole: false }));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What was cut short has no more to come.
        for (_, before) in all.iter() {
            before.send_modify(|made| made.whole = true);
        }
        all.push_back((name.clone(), one));
        while all.len() > KEPT {
            all.pop_front();
        }
        Ok(name)
    }

    /// More of the last one.
    pub fn push(&self, samples: &[i16]) {
        self.last(|made| {
            if made.bytes.len() < LONGEST {
                for sample in samples.iter().map(|s| s.to_le_bytes()) {
                    (0..made.form.channels).for_each(|_| made.bytes.extend(sample));
                }
            }
        });
    }

    /// All of the last one is there.
    pub fn end(&self) {
        self.last(|made| made.whole = true);
    }

    fn last(&self, change: impl FnOnce(&mut Made)) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, one)) = all.back() {
            one.send_modify(change);
        }
    }

    /// The file of this name: its length, if that is known yet, and its bytes as they come.
    pub fn file(
        &self,
        name: &str,
    ) -> Option<(Option<usize>, impl Stream<Item = Result<Bytes, std::io::Error>> + Send + use<>)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all.iter().find(|(of, _)| of == name)?.1.subscribe();
        drop(all);
        let (header, length) = {
            let made = one.borrow();
            let (Form { rate, channels }, data) = (made.form, made.bytes.len());
            let mut header = wav(&Sound { rate, samples: Vec::new() });
            header[22..24].copy_from_slice(&channels.to_le_bytes());
            header[28..32].copy_from_slice(&(rate * 2 * u32::from(channels)).to_le_bytes());
            header[32..34].copy_from_slice(&(2 * channels).to_le_bytes());
            let lengths = match made.whole {
                true => [(data as u32 + 36).to_le_bytes(), (data as u32).to_le_bytes()],
                false => [UNKNOWN, UNKNOWN],
            };
            header[4..8].copy_from_slice(&lengths[0]);
            header[40..44].copy_from_slice(&lengths[1]);
            (header, made.whole.then_some(44 + data))
        };
        let bytes = unfold((one, Some(header), 0), |(mut one, header, at)| async move {
            if let Some(header) = header {
                return Some((Ok(Bytes::from(header)), (one, None, at)));
            }
            // Who makes it may be gone: then no more comes.
            let made = one.wait_for(|made| made.whole || made.bytes.len() > at).await.ok()?;
            let more = Bytes::copy_from_slice(made.bytes.get(at..)?);
            drop(made);
            let next = at + more.len();
            (!more.is_empty()).then(|| (Ok(more), (one, None, next)))
        });
        Some((length, bytes))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;
    use crate::voice::sound::read_wav;

    #[tokio::test]
    async fn a_sound_is_fetched_while_it_is_made_and_afterwards() {
        let sounds = Sounds::default();
        let name = sounds.begin(Form { rate: 22_050, channels: 1 }).unwrap();
        assert!(name.len() == 36 && sounds.file("other.wav").is_none());
        sounds.push(&[1, 2]);
        let (length, early) = sounds.file(&name).unwrap();
        let mut early = Box::pin(early);
        assert_eq!(length, None);
        let mut got = early.next().await.unwrap().unwrap().to_vec();
        got.extend_from_slice(&early.next().await.unwrap().unwrap());
        sounds.push(&[3]);
        sounds.end();
        while let Some(more) = early.next().await {
            got.extend_from_slice(&more.unwrap());
        }
        assert_eq!(read_wav(&got).unwrap().samples, [1, 2, 3]);
        let (length, late) = sounds.file(&name).unwrap();
        let late: Vec<u8> = late.map(Result::unwrap).collect::<Vec<_>>().await.concat();
        assert_eq!((length, late.len()), (Some(50), 50));
        assert_eq!(u32::from_le_bytes(late[40..44].try_into().unwrap()), 6);
        for _ in 0..KEPT {
            let name = sounds.begin(Form { rate: 48_000, channels: 2 }).unwrap();
            sounds.push(&[7, -7]);
            sounds.end();
            let (_, two) = sounds.file(&name).unwrap();
            let two = two.map(Result::unwrap).collect::<Vec<_>>().await.concat();
            let sound = read_wav(&two).unwrap();
            assert_eq!((sound.rate, &sound.samples[..], two.len()), (48_000, &[7, -7][..], 52));
        }
        assert!(sounds.file(&name).is_none(), "it was long ago");
    }
}
