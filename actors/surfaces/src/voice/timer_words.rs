//! What the house says of timers, in the languages that it understands.

use std::time::Duration;

use lares_model::{by_language, spoken_length};

use super::words::fill;
use crate::views::CountdownView;

/// The words of one language. The first `{}` is the timer, the second what is left.
pub(super) struct TimerWords {
    /// Its name.
    named: &'static str,
    /// How long it was set for.
    unnamed: &'static str,
    /// What somebody is reminded of.
    reminder: &'static str,
    /// What is done at its end.
    command: &'static str,
    /// It is done then.
    pub later: &'static str,
    pub runs: &'static str,
    pub left: &'static str,
    pub paused: &'static str,
    pub cancelled: &'static str,
    pub none: &'static str,
    pub no_such: &'static str,
    language: &'static str,
}

const EN: TimerWords = TimerWords {
    named: "the {} timer",
    unnamed: "the timer of {}",
    reminder: "the reminder \"{}\"",
    command: "the command \"{}\"",
    later: "{}: in {}.",
    runs: "{} runs: {} from now.",
    left: "{} has {} left.",
    paused: "{} is paused with {} left.",
    cancelled: "{} is cancelled.",
    none: "No timer is set.",
    no_such: "There is no such timer.",
    language: "en",
};
const DE: TimerWords = TimerWords {
    named: "der Timer {}",
    unnamed: "der Timer über {}",
    reminder: "die Erinnerung \"{}\"",
    command: "der Befehl \"{}\"",
    later: "{}: in {}.",
    runs: "{} läuft: noch {}.",
    left: "{}: noch {}.",
    paused: "{} ist angehalten, bei noch {}.",
    cancelled: "{} ist gelöscht.",
    none: "Es läuft kein Timer.",
    no_such: "So einen Timer gibt es nicht.",
    language: "de",
};
const ES: TimerWords = TimerWords {
    named: "el temporizador {}",
    unnamed: "el temporizador de {}",
    reminder: "el recordatorio «{}»",
    command: "la orden «{}»",
    later: "{}: dentro de {}.",
    runs: "{} está en marcha: {}.",
    left: "a {} le quedan {}.",
    paused: "{} está en pausa; quedan {}.",
    cancelled: "{} está cancelado.",
    none: "No hay ningún temporizador.",
    no_such: "No hay ningún temporizador así.",
    language: "es",
};
const FR: TimerWords = TimerWords {
    named: "le minuteur {}",
    unnamed: "le minuteur de {}",
    reminder: "le rappel « {} »",
    command: "la commande « {} »",
    later: "{} : dans {}.",
    runs: "{} est lancé : {}.",
    left: "{} : encore {}.",
    paused: "{} est en pause, il reste {}.",
    cancelled: "{} est annulé.",
    none: "Aucun minuteur n'est en cours.",
    no_such: "Il n'y a pas de tel minuteur.",
    language: "fr",
};
const NL: TimerWords = TimerWords {
    named: "de timer {}",
    unnamed: "de timer van {}",
    reminder: "de herinnering \"{}\"",
    command: "de opdracht \"{}\"",
    later: "{}: over {}.",
    runs: "{} loopt: nog {}.",
    left: "{}: nog {}.",
    paused: "{} staat stil, met nog {}.",
    cancelled: "{} is geannuleerd.",
    none: "Er loopt geen timer.",
    no_such: "Zo'n timer is er niet.",
    language: "nl",
};

impl TimerWords {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }

    /// `1 hour 20 minutes`: its two largest parts.
    pub fn length(&self, seconds: f64) -> String {
        spoken_length(Duration::from_secs_f64(seconds.max(0.0).round()), self.language)
    }

    /// How a timer is called.
    pub fn called(&self, timer: &CountdownView) -> String {
        if let Some(does) = &timer.does {
            return fill(self.command, does);
        }
        match (&timer.says, &timer.name) {
            (Some(of), _) => fill(self.reminder, of),
            (None, Some(name)) => fill(self.named, name),
            (None, None) => fill(self.unnamed, &self.length(timer.length_s)),
        }
    }

    /// A phrase about a timer, and what is left of it.
    pub fn tell(&self, phrase: &str, timer: &CountdownView, left_s: f64) -> String {
        // What it is called may hold anything, also `{}`.
        let (before, after) = phrase.split_once("{}").unwrap_or((phrase, ""));
        let told = format!("{before}{}{}", self.called(timer), fill(after, &self.length(left_s)));
        let mut letters = told.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}
