//! What is said when a timer ends, in the household's language.

use std::time::Duration;

use lares_kernel::Countdown;
use lares_model::{by_language, spoken_length};

/// Words of one language. `{}` is what they are about.
struct Words {
    /// Of a timer with a name.
    named: &'static str,
    /// Of a timer without: how long it was.
    unnamed: &'static str,
    reminder: &'static str,
    /// It ended while nothing ran, so long ago.
    late: &'static str,
    /// What was to be done at its end was.
    done: &'static str,
    /// It was not; then why.
    failed: &'static str,
    /// It was left out, since that was so long ago.
    left_out: &'static str,
}

const EN: Words = Words {
    named: "The {} timer is over.",
    unnamed: "The timer of {} is over.",
    reminder: "A reminder: {}.",
    late: " That was {} ago.",
    done: "As was said: {}.",
    failed: "It was time for \"{}\". That did not come about: {}.",
    left_out: "\"{}\" was to be done more than an hour ago, while nothing ran. It is left out.",
};
const DE: Words = Words {
    named: "Der Timer {} ist abgelaufen.",
    unnamed: "Der Timer über {} ist abgelaufen.",
    reminder: "Zur Erinnerung: {}.",
    late: " Das war vor {}.",
    done: "Wie gesagt: {}.",
    failed: "Es war Zeit für \"{}\". Das hat nicht geklappt: {}.",
    left_out: "\"{}\" sollte vor über einer Stunde geschehen, als nichts lief. Es unterbleibt.",
};
const ES: Words = Words {
    named: "El temporizador {} ha terminado.",
    unnamed: "El temporizador de {} ha terminado.",
    reminder: "Un recordatorio: {}.",
    late: " Fue hace {}.",
    done: "Como se dijo: {}.",
    failed: "Era la hora de «{}». No ha salido bien: {}.",
    left_out: "«{}» debía hacerse hace más de una hora, cuando nada funcionaba. Se deja.",
};
const FR: Words = Words {
    named: "Le minuteur {} est terminé.",
    unnamed: "Le minuteur de {} est terminé.",
    reminder: "Un rappel : {}.",
    late: " C'était il y a {}.",
    done: "Comme demandé : {}.",
    failed: "C'était l'heure de « {} ». Cela n'a pas marché : {}.",
    left_out: "« {} » devait se faire il y a plus d'une heure, quand rien ne tournait. C'est laissé de côté.",
};
const NL: Words = Words {
    named: "De timer {} is afgelopen.",
    unnamed: "De timer van {} is afgelopen.",
    reminder: "Een herinnering: {}.",
    late: " Dat was {} geleden.",
    done: "Zoals gezegd: {}.",
    failed: "Het was tijd voor \"{}\". Dat is niet gelukt: {}.",
    left_out: "\"{}\" moest meer dan een uur geleden gebeuren, toen er niets draaide. Het blijft achterwege.",
};

impl Words {
    fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }
}

/// Less than this is no delay: a start takes as long.
const AT_ONCE: Duration = Duration::from_secs(2);

/// That a timer is over; `late`: it was before.
pub(super) fn over(countdown: &Countdown, late: Duration, language: &str) -> String {
    let words = Words::of(language);
    let mut text = match (&countdown.says, &countdown.name) {
        (Some(of), _) => words.reminder.replacen("{}", of, 1),
        (None, Some(name)) => words.named.replacen("{}", name, 1),
        (None, None) => words.unnamed.replacen("{}", &spoken_length(countdown.length(), language), 1),
    };
    if late >= AT_ONCE {
        text.push_str(&words.late.replacen("{}", &spoken_length(late, language), 1));
    }
    text
}

/// `phrase` with these in the places of its `{}`, in their order: what they say may hold `{}` as well.
fn filled(phrase: &str, with: &[&str]) -> String {
    let mut parts = phrase.split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.enumerate().map(|(n, part)| format!("{}{part}", with.get(n).unwrap_or(&"")));
    rest.fold(first, |all, part| all + &part)
}

/// What came of what was to be done at its end: what did not come about, if something did not.
pub(super) fn done(what: &str, failed: &[String], language: &str) -> String {
    let words = Words::of(language);
    match failed {
        [] => filled(words.done, &[what]),
        failed => filled(words.failed, &[what, &failed.join("; ")]),
    }
}

/// That it was left out: it should have been done so long ago.
pub(super) fn left_out(what: &str, language: &str) -> String {
    filled(Words::of(language).left_out, &[what])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_by_its_name_or_how_long_it_was_and_how_late() {
        let of = |name: Option<&str>, says: Option<&str>| Countdown {
            name: name.map(str::to_owned),
            length_ms: 5_400_000,
            says: says.map(str::to_owned),
            ..Countdown::default()
        };
        let now = Duration::from_millis(300);
        assert_eq!(over(&of(Some("pizza"), None), now, "en"), "The pizza timer is over.");
        assert_eq!(over(&of(None, None), now, "de"), "Der Timer über 1 Stunde 30 Minuten ist abgelaufen.");
        assert_eq!(over(&of(None, Some("call mum")), now, "en"), "A reminder: call mum.");
        assert_eq!(
            over(&of(Some("pizza"), None), Duration::from_secs(181), "nl"),
            "De timer pizza is afgelopen. Dat was 3 minuten 1 seconde geleden."
        );
        assert_eq!(
            over(&of(None, None), Duration::from_secs(60), "fr"),
            "Le minuteur de 1 heure 30 minutes est terminé. C'était il y a 1 minute."
        );
        let failed = ["lamp: expired".to_owned()];
        assert_eq!(
            done("say {}", &failed, "en"),
            "It was time for \"say {}\". That did not come about: lamp: expired."
        );
        assert_eq!(done("licht aus", &[], "de"), "Wie gesagt: licht aus.");
        assert!(left_out("x", "es").contains("«x» debía hacerse"));
    }
}
