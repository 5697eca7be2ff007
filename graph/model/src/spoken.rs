//! What the house says in each of its languages, where more than one of its parts says it.

use std::time::Duration;

/// Of these words in English, German, Spanish, French and Dutch those of a language (`de`, `de-AT`); unknown ones are English.
pub fn by_language<T>(language: &str, [en, de, es, fr, nl]: [&'static T; 5]) -> &'static T {
    match language.get(..2) {
        Some("de") => de,
        Some("es") => es,
        Some("fr") => fr,
        Some("nl") => nl,
        _ => en,
    }
}

/// Hours, minutes and seconds: one, and several.
type Units = [[&'static str; 2]; 3];

const EN: Units = [["hour", "hours"], ["minute", "minutes"], ["second", "seconds"]];
const DE: Units = [["Stunde", "Stunden"], ["Minute", "Minuten"], ["Sekunde", "Sekunden"]];
const ES: Units = [["hora", "horas"], ["minuto", "minutos"], ["segundo", "segundos"]];
const FR: Units = [["heure", "heures"], ["minute", "minutes"], ["seconde", "secondes"]];
const NL: Units = [["uur", "uur"], ["minuut", "minuten"], ["seconde", "seconden"]];

/// A length of time as it is said, in whole seconds: its two largest parts, `1 hour 20 minutes`.
pub fn spoken_length(length: Duration, language: &str) -> String {
    let units = by_language(language, [&EN, &DE, &ES, &FR, &NL]);
    let seconds = length.as_secs();
    let said = |(n, [one, many]): (u64, &[&str; 2])| format!("{n} {}", if n == 1 { one } else { many });
    let parts: Vec<String> = [seconds / 3600, seconds / 60 % 60, seconds % 60]
        .into_iter()
        .zip(units)
        .filter(|(n, _)| *n > 0)
        .take(2)
        .map(said)
        .collect();
    if parts.is_empty() { said((0, &units[2])) } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_by_its_two_largest_parts() {
        let said = |seconds, language| spoken_length(Duration::from_secs(seconds), language);
        assert_eq!(said(0, "en"), "0 seconds");
        assert_eq!(said(3601, "en"), "1 hour 1 second");
        assert_eq!(said(2 * 3600 + 60 + 5, "de-AT"), "2 Stunden 1 Minute");
        assert_eq!(said(61, "nl"), "1 minuut 1 seconde");
        assert_eq!(said(7200, "fi"), "2 hours");
    }
}
