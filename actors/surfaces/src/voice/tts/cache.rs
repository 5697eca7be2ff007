//! Sounds that were made lately: "Done: kitchen light." is said many times a day. Bounded by what they take, in memory only.

use std::collections::BTreeMap;

use crate::voice::sound::Sound;

/// Samples of all of them together: about three minutes, 8 MB.
const MOST: usize = 4_000_000;

/// By what was said and how.
#[derive(Default)]
pub struct Cache {
    sounds: BTreeMap<String, (u64, Sound)>,
    samples: usize,
    /// Counts up with each use: the least is the oldest.
    uses: u64,
}

impl Cache {
    pub fn get(&mut self, key: &str) -> Option<Sound> {
        self.uses += 1;
        let (used, sound) = self.sounds.get_mut(key)?;
        *used = self.uses;
        Some(sound.clone())
    }

    /// Keeps it, in the place of those that were not used for longest. What is larger than all the room there is, is not kept.
    pub fn put(&mut self, key: String, sound: Sound) {
        if sound.samples.len() > MOST {
            return;
        }
        self.remove(&key);
        while self.samples + sound.samples.len() > MOST {
            let oldest = self.sounds.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            self.remove(&oldest);
        }
        self.uses += 1;
        self.samples += sound.samples.len();
        self.sounds.insert(key, (self.uses, sound));
    }

    fn remove(&mut self, key: &str) {
        if let Some((_, gone)) = self.sounds.remove(key) {
            self.samples -= gone.samples.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_when_it_is_full() {
        let sound = |length: usize| Sound { rate: 16_000, samples: vec![7; length] };
        let mut cache = Cache::default();
        for key in ["a", "b", "c"] {
            cache.put(key.to_owned(), sound(MOST / 3));
        }
        assert!(cache.get("a").is_some());
        cache.put("d".to_owned(), sound(MOST / 3));
        assert_eq!(["a", "b", "c", "d"].map(|key| cache.get(key).is_some()), [true, false, true, true]);
        cache.put("a".to_owned(), sound(5));
        assert_eq!(cache.get("a").unwrap().samples.len(), 5);
        cache.put("all".to_owned(), sound(MOST + 1));
        assert!(cache.get("all").is_none() && cache.get("d").is_some());
        cache.put("all".to_owned(), sound(MOST));
        assert_eq!(cache.samples, MOST);
        assert_eq!(cache.sounds.len(), 1);
    }
}
