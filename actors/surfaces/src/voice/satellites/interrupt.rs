//! While the house speaks, the last seconds of what its own microphone hears are looked at again and again: who calls the house then is
//! heard, and what they said is not lost. Pure.

use std::collections::VecDeque;

/// Samples at 16 kHz that are looked at at once: long enough for a wake phrase, and what is heard of the house's own voice beside it.
const WINDOW: usize = 38_400;
/// Samples between two looks.
const BETWEEN: usize = 9_600;
/// Samples that are kept: a look takes its time, and what is said meanwhile belongs to it.
const KEPT: usize = 160_000;
/// Nobody speaks as softly as this.
const SOFT: i16 = 200;

/// What was heard while the house spoke.
#[derive(Default)]
pub struct Interrupt {
    recent: VecDeque<i16>,
    since: usize,
    /// Samples that came after the window that was last given.
    behind: usize,
}

impl Interrupt {
    /// Takes samples at 16 kHz; gives those that are to be looked at, if it is time.
    pub fn push(&mut self, samples: &[i16]) -> Option<Vec<i16>> {
        self.recent.extend(samples);
        self.recent.drain(..self.recent.len().saturating_sub(KEPT));
        self.since += samples.len();
        self.behind += samples.len();
        if self.since < BETWEEN {
            return None;
        }
        self.since = 0;
        let window: Vec<i16> =
            self.recent.iter().skip(self.recent.len().saturating_sub(WINDOW)).copied().collect();
        // Whoever cancels the echo hears nothing, and nothing is looked for in it.
        if window.iter().all(|s| s.unsigned_abs() < SOFT.unsigned_abs()) {
            return None;
        }
        Some(window)
    }

    /// A window that was given is looked at now.
    pub fn looks(&mut self) {
        self.behind = 0;
    }

    /// All since the beginning of the window that was looked at: what was found in it, and what came after.
    pub fn take(&mut self) -> Vec<i16> {
        let from = self.recent.len().saturating_sub(WINDOW + self.behind);
        let all = self.recent.drain(..).skip(from).collect();
        *self = Self::default();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seconds_are_looked_at_and_what_came_meanwhile_is_not_lost() {
        let mut interrupt = Interrupt::default();
        let second = |n: i16| vec![1_000 + n; 16_000];
        assert_eq!(interrupt.push(&second(0)).unwrap().len(), 16_000, "all that there is");
        for n in 1..9 {
            let window = interrupt.push(&second(n)).unwrap();
            let length = (16_000 * (n as usize + 1)).min(WINDOW);
            assert_eq!((window.len(), window[length - 1]), (length, 1_000 + n));
        }
        interrupt.looks();
        let window = interrupt.push(&[0; 9_000]);
        assert_eq!(window, None, "not yet");
        let all = interrupt.take();
        assert_eq!((all.len(), all[0], all[WINDOW - 1], all[WINDOW]), (WINDOW + 9_000, 1_006, 1_008, 0));
        assert!(interrupt.take().is_empty());
    }

    #[test]
    fn silence_is_not_looked_at() {
        let mut interrupt = Interrupt::default();
        assert_eq!(interrupt.push(&[3; 32_000]), None);
        assert!(interrupt.push(&[-900; 16_000]).is_some());
    }
}
