//! What the house answers, in the languages that it understands.

use lares_model::by_language;

use super::understand::fold;

/// The answers of one language. `{}` is what they are about.
pub(super) struct Words {
    pub done: &'static str,
    /// It was told, and it does not tell what it does.
    pub sent: &'static str,
    pub not_understood: &'static str,
    pub no_such_thing: &'static str,
    pub unable: &'static str,
    /// Asked before what opens or floods is done.
    pub sure: &'static str,
    /// It opens or floods, and is not done while nobody looks.
    pub not_later: &'static str,
    /// What was written on a list is not wished any more.
    pub taken_back: &'static str,
    pub nothing_back: &'static str,
    pub which: &'static str,
    /// Music and the rooms where it is heard.
    pub heard_in: &'static str,
    /// Somebody's, of several that are alike.
    of: &'static str,
    /// Before a vowel.
    of_vowel: &'static str,
    pub failed: &'static str,
    pub nothing: &'static str,
    pub unknown: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    pub and: &'static str,
    or: &'static str,
    pub is: &'static str,
    /// What is said to a question, in small letters without accents; the first word counts.
    pub yes: &'static [&'static str],
    pub no: &'static [&'static str],
    /// The first word of what ends what is being said, or rings; of three words at most.
    pub stop: &'static [&'static str],
    /// How what is said most often begins: a recogniser that is told so hears a swallowed "on".
    pub often: &'static [&'static str],
    /// Said when a question was answered with no.
    pub left: &'static str,
}

const EN: Words = Words {
    done: "Done: {}.",
    sent: "I have told {}, which does not say what it does.",
    not_understood: "I did not understand \"{}\".",
    no_such_thing: "There is nothing of that kind there.",
    unable: "I understood, but I cannot do that yet ({}).",
    sure: "Shall I really open {}?",
    not_later: "{} I only open when you say so at that moment.",
    taken_back: "Taken back: {}.",
    nothing_back: "There is nothing that I could take back.",
    which: "Which do you mean: {}?",
    heard_in: "{} in the {}",
    of: "{}'s",
    of_vowel: "{}'s",
    failed: "That did not come about: {}.",
    nothing: "All right.",
    unknown: "unknown",
    on: "on",
    off: "off",
    and: " and ",
    or: " or ",
    is: "{} is {}",
    yes: &["yes", "sure", "do"],
    no: &["no", "cancel", "stop"],
    stop: &["stop", "enough", "quiet", "silence"],
    often: &["turn on the", "turn off the"],
    left: "All right, I leave it.",
};

const DE: Words = Words {
    done: "Erledigt: {}.",
    sent: "Gesagt habe ich es: {} meldet nicht, was geschieht.",
    not_understood: "\"{}\" habe ich nicht verstanden.",
    no_such_thing: "So etwas gibt es dort nicht.",
    unable: "Verstanden, aber das kann ich noch nicht ({}).",
    sure: "Soll ich {} wirklich öffnen?",
    not_later: "{} öffne ich nur, wenn es in dem Moment gesagt wird.",
    taken_back: "Zurückgenommen: {}.",
    nothing_back: "Es gibt nichts, das ich zurücknehmen könnte.",
    which: "Was ist gemeint: {}?",
    heard_in: "{} ({})",
    of: "die von {}",
    of_vowel: "die von {}",
    failed: "Das hat nicht geklappt: {}.",
    nothing: "In Ordnung.",
    unknown: "unbekannt",
    on: "an",
    off: "aus",
    and: " und ",
    or: " oder ",
    is: "{} ist {}",
    yes: &["ja", "gerne", "mach"],
    no: &["nein", "nicht", "abbrechen"],
    stop: &["stopp", "stop", "genug", "ruhe", "halt"],
    often: &[],
    left: "Gut, ich lasse es.",
};

const ES: Words = Words {
    done: "Hecho: {}.",
    sent: "Enviado a {}, que no dice lo que hace.",
    not_understood: "No he entendido «{}».",
    no_such_thing: "Ahí no hay nada así.",
    unable: "Lo entiendo, pero todavía no puedo hacerlo ({}).",
    sure: "¿De verdad abro {}?",
    not_later: "{}: solo lo abro si se dice en ese momento.",
    taken_back: "Deshecho: {}.",
    nothing_back: "No hay nada que pueda deshacer.",
    which: "¿Cuál quieres decir: {}?",
    heard_in: "{} ({})",
    of: "la de {}",
    of_vowel: "la de {}",
    failed: "No ha salido bien: {}.",
    nothing: "De acuerdo.",
    unknown: "desconocido",
    on: "encendido",
    off: "apagado",
    and: " y ",
    or: " o ",
    is: "{} está {}",
    yes: &["si", "claro", "hazlo"],
    no: &["no", "cancela"],
    stop: &["para", "basta", "silencio", "alto"],
    often: &[],
    left: "Vale, lo dejo.",
};

const FR: Words = Words {
    done: "C'est fait : {}.",
    sent: "Envoyé à {}, qui ne dit pas ce qu'il fait.",
    not_understood: "Je n'ai pas compris « {} ».",
    no_such_thing: "Il n'y a rien de tel ici.",
    unable: "J'ai compris, mais je ne sais pas encore le faire ({}).",
    sure: "Dois-je vraiment ouvrir {} ?",
    not_later: "{} : je ne l'ouvre que si on le dit à ce moment-là.",
    taken_back: "Annulé : {}.",
    nothing_back: "Il n'y a rien que je puisse annuler.",
    which: "Lequel : {} ?",
    heard_in: "{} ({})",
    of: "celle de {}",
    of_vowel: "celle d'{}",
    failed: "Cela n'a pas marché : {}.",
    nothing: "D'accord.",
    unknown: "inconnu",
    on: "allumé",
    off: "éteint",
    and: " et ",
    or: " ou ",
    is: "{} : {}",
    yes: &["oui", "vas", "bien"],
    no: &["non", "annule"],
    stop: &["stop", "arrete", "assez", "silence"],
    often: &[],
    left: "D'accord, je laisse.",
};

const NL: Words = Words {
    done: "Klaar: {}.",
    sent: "Doorgegeven aan {}, dat niet zegt wat het doet.",
    not_understood: "Ik heb \"{}\" niet begrepen.",
    no_such_thing: "Zoiets is daar niet.",
    unable: "Begrepen, maar dat kan ik nog niet ({}).",
    sure: "Zal ik {} echt openen?",
    not_later: "{} doe ik alleen open als het op dat moment wordt gezegd.",
    taken_back: "Ongedaan gemaakt: {}.",
    nothing_back: "Er is niets dat ik ongedaan kan maken.",
    which: "Welke bedoel je: {}?",
    heard_in: "{} ({})",
    of: "die van {}",
    of_vowel: "die van {}",
    failed: "Dat is niet gelukt: {}.",
    nothing: "Goed.",
    unknown: "onbekend",
    on: "aan",
    off: "uit",
    and: " en ",
    or: " of ",
    is: "{} is {}",
    yes: &["ja", "graag", "doe"],
    no: &["nee", "niet", "annuleer"],
    stop: &["stop", "genoeg", "stil", "stilte"],
    often: &[],
    left: "Goed, ik laat het.",
};

impl Words {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }

    /// Whether an answer means yes or no; `None`: it is another sentence.
    pub fn answered(&self, text: &str) -> Option<bool> {
        let folded = fold(text).text;
        let first = folded.split(' ').next().unwrap_or_default();
        if self.yes.contains(&first) {
            return Some(true);
        }
        self.no.contains(&first).then_some(false)
    }

    /// Whether it says that it is enough, and no more than that.
    pub fn is_stop(&self, text: &str) -> bool {
        let folded = fold(text).text;
        let mut words = folded.split(' ');
        words.next().is_some_and(|first| self.stop.contains(&first)) && words.count() < 3
    }

    /// `a, b and c`.
    pub fn list(&self, all: &[String]) -> String {
        listed(all, self.and)
    }

    /// `a, b or c`.
    pub fn one_of(&self, all: &[String]) -> String {
        listed(all, self.or)
    }

    /// What of several alike things is somebody's.
    pub fn of_person(&self, person: &str) -> String {
        let first = fold(person).text.chars().next();
        let of = if first.is_some_and(|c| "aeiouh".contains(c)) { self.of_vowel } else { self.of };
        fill(of, person)
    }
}

fn listed(all: &[String], between: &str) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] => format!("{}{between}{last}", some.join(", ")),
    }
}

/// A phrase about something.
pub(super) fn fill(phrase: &str, about: &str) -> String {
    phrase.replacen("{}", about, 1)
}
