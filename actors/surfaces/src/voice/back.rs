//! What a sentence did to timers and lists, taken back by the next one: "undo", "cancel that", "no, five minutes". Things are taken back
//! by their own decisions. Pure.

use lares_kernel::Answer;
use lares_model::Receipt;

use super::errands::SpokenTask;
use super::meaning::Said;
use super::talk::SpokenView;
use super::timer_words::TimerWords;
use super::timers::{SpokenTimer, change};
use super::understand::Understood;
use super::words::{Words, fill};

/// What takes it back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Back {
    /// Timers by their ids, what is wished of each, and by how many seconds it is changed.
    timers: Vec<(String, String, f64)>,
    tasks: Vec<SpokenTask>,
}

impl Back {
    /// `answers`: what came of the wishes of a sentence, those of its timers first.
    pub(crate) fn of(spoken: &SpokenView, answers: &[Answer]) -> Self {
        let inverse = |act: &str| {
            Some(match act {
                "set" | "later" => "cancel",
                "add" => "take",
                "take" => "add",
                "pause" => "resume",
                "resume" => "pause",
                _ => return None,
            })
        };
        let timer = |(timer, answer): (&SpokenTimer, &Answer)| {
            let seconds = if matches!(timer.act.as_str(), "add" | "take") { timer.seconds } else { 0.0 };
            let done = answer.receipt == Receipt::Confirmed;
            Some((answer.entity.clone(), inverse(&timer.act).filter(|_| done)?.to_owned(), seconds))
        };
        let kept = answers.iter().skip(spoken.timers.len()).take(1);
        let is_kept = kept.into_iter().all(|answer| answer.receipt == Receipt::Confirmed);
        // What was itself a taking back ("no, soup") does not come back with the next one.
        let adds = spoken.intent.as_deref().is_some_and(|intent| intent.ends_with("AddItem"));
        let meant = |task: &SpokenTask| task.status == "open" || (task.status == "done" && !adds);
        let task = |task: &SpokenTask| {
            // What is new is no more wished for; it stays known that it was.
            let status = task.was.clone().unwrap_or_else(|| "cancelled".to_owned());
            let back = SpokenTask { was: Some(task.status.clone()), status, known: true, ..task.clone() };
            (is_kept && back.status != task.status && meant(task)).then_some(back)
        };
        Self {
            timers: spoken.timers.iter().zip(answers).filter_map(timer).collect(),
            tasks: spoken.tasks.iter().filter_map(task).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.timers.is_empty() && self.tasks.is_empty()
    }

    /// The timer that was talked about, if it was one and is there yet.
    pub(super) fn timer(&self) -> Option<&str> {
        match self.timers.as_slice() {
            [(id, ..)] => Some(id),
            _ => None,
        }
    }

    /// What is to be wished, and what is said then; timers that have ended meanwhile are left.
    pub(super) fn take(&self, said: &Said<'_>) -> SpokenView {
        let words = TimerWords::of(said.language);
        let timer = |(id, act, seconds): &(String, String, f64)| {
            let timer = said.timers.iter().find(|timer| timer.id == *id)?;
            Some(change(act, timer, *seconds, words))
        };
        let timers: Vec<SpokenTimer> = self.timers.iter().filter_map(timer).collect();
        let names: Vec<String> = self.tasks.iter().map(|task| task.name.clone()).collect();
        let mut answers: Vec<String> = timers.iter().map(|timer| timer.answer.clone()).collect();
        if !names.is_empty() {
            let words = Words::of(said.language);
            answers.push(fill(words.taken_back, &words.list(&names)));
        }
        let (answer, tasks) = (answers.join(" "), self.tasks.clone());
        SpokenView { answer, ok: true, timers, tasks, ..SpokenView::default() }
    }
}

/// Whether a sentence takes back what the one before did. "Cancel that" does where that set a timer or wrote on a list.
pub(super) fn undoes(understood: &Understood, back: &Back) -> bool {
    match understood.intent.as_str() {
        "LaresUndo" => true,
        "HassNevermind" => !back.is_empty(),
        _ => false,
    }
}
