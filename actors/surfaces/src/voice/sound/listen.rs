//! Where in a stream somebody speaks: beginning, with what came just before, and end.

use std::collections::VecDeque;

/// Samples at 16 kHz that are looked at at once: 16 ms.
pub const FRAME: usize = 256;

/// A frame at least so surely speech counts as such.
const SPEECH: f32 = 0.5;
/// So many of the last frames must be speech for an utterance to begin: a door that slams is none.
const BEGINS: (usize, usize) = (4, 6);
/// Frames before the beginning that belong to it: half a second, since the first sound of a word is soft.
const BEFORE: usize = 31;
/// Frames without speech after which it is over: 0.7 s, longer than the pause within a sentence.
const AFTER: usize = 44;
/// Frames that one utterance has at most: 15 s.
const LONGEST: usize = 937;

/// What a frame means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Nothing,
    /// Somebody began to speak; all that belongs to it so far.
    Begins(Vec<i16>),
    /// It goes on with this frame.
    Goes,
    /// It is over, and this frame is its last.
    Ends,
}

/// Listens to one stream.
#[derive(Default)]
pub struct Listener {
    before: VecDeque<(bool, Vec<i16>)>,
    /// Frames of the utterance, and those since speech was last heard in it.
    speaking: Option<(usize, usize)>,
}

impl Listener {
    pub fn is_speaking(&self) -> bool {
        self.speaking.is_some()
    }

    /// Takes a frame, and how surely it is speech (0 to 1).
    pub fn push(&mut self, frame: &[i16], score: f32) -> Step {
        let is_speech = score >= SPEECH;
        let Some((length, silent)) = &mut self.speaking else {
            self.before.push_back((is_speech, frame.to_vec()));
            if self.before.len() > BEFORE {
                self.before.pop_front();
            }
            let recent = self.before.iter().rev().take(BEGINS.1).filter(|(speech, _)| *speech).count();
            if recent < BEGINS.0 {
                return Step::Nothing;
            }
            let all = self.before.drain(..).flat_map(|(_, frame)| frame).collect();
            self.speaking = Some((0, 0));
            return Step::Begins(all);
        };
        *length += 1;
        *silent = if is_speech { 0 } else { *silent + 1 };
        if *silent >= AFTER || *length >= LONGEST {
            self.speaking = None;
            return Step::Ends;
        }
        Step::Goes
    }

    /// Forgets what it heard.
    pub fn clear(&mut self) {
        self.before.clear();
        self.speaking = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scores: impl IntoIterator<Item = f32>) -> Vec<(usize, Step)> {
        let mut listener = Listener::default();
        let steps =
            scores.into_iter().enumerate().map(|(n, score)| (n, listener.push(&[n as i16; FRAME], score)));
        steps.filter(|(_, step)| !matches!(step, Step::Nothing | Step::Goes)).collect()
    }

    fn frames(parts: &[(usize, f32)]) -> Vec<f32> {
        parts.iter().flat_map(|(count, score)| std::iter::repeat_n(*score, *count)).collect()
    }

    #[test]
    fn an_utterance_begins_with_what_came_before_and_ends_after_silence() {
        let steps = run(frames(&[(100, 0.1), (50, 0.9), (60, 0.1)]));
        let [(begins, Step::Begins(all)), (ends, Step::Ends)] = &steps[..] else { panic!("{steps:?}") };
        assert_eq!((*begins, *ends), (103, 193));
        assert_eq!(all.len(), BEFORE * FRAME);
        assert_eq!((all[0], all[all.len() - 1]), (73, 103));
    }

    #[test]
    fn a_pause_within_a_sentence_does_not_end_it_and_a_click_begins_none() {
        let steps = run(frames(&[(20, 0.9), (30, 0.0), (20, 0.9), (50, 0.0)]));
        assert_eq!(steps.len(), 2, "{steps:?}");
        assert_eq!(run(frames(&[(10, 0.0), (3, 0.9), (10, 0.0), (3, 0.9), (20, 0.0)])), []);
    }

    #[test]
    fn somebody_who_does_not_stop_is_cut_off_and_heard_anew() {
        let steps = run(frames(&[(2 * LONGEST + 20, 0.9)]));
        let ends: Vec<usize> = steps.iter().filter(|(_, s)| *s == Step::Ends).map(|(n, _)| *n).collect();
        assert_eq!(ends.len(), 2, "{ends:?}");
    }

    #[test]
    fn what_is_forgotten_begins_nothing() {
        let mut listener = Listener::default();
        for _ in 0..3 {
            listener.push(&[0; FRAME], 0.9);
        }
        listener.clear();
        assert_eq!(listener.push(&[0; FRAME], 0.9), Step::Nothing);
        assert!(!listener.is_speaking());
    }
}
