//! Words by which a sentence leans on another, in the languages that are understood: small letters, no accents.

use lares_model::by_language;

use super::understand::fold;

/// The words of one language.
pub(super) struct Leaning {
    pub language: &'static str,
    /// Between two wishes; "then" as well.
    pub and: &'static [&'static str],
    /// What was named last.
    it: &'static [&'static str],
    /// "It" at the end of a verb: `apagala`.
    it_ends: &'static [&'static str],
    /// Say nothing: "again", "too", "please", "the", "in".
    empty: &'static [&'static str],
    /// At the beginning: what was said before was not meant.
    no: &'static [&'static str],
    /// A sentence about `{}` that any thing fits.
    pub carrier: &'static str,
    /// `{it}` is to be what `{}` says.
    pub set: &'static str,
    /// How a timer is called, as "it" is said for it.
    pub timer: &'static str,
    /// A timer of `{}` is set.
    pub timer_of: &'static str,
    /// Stand for a thing: "the left one".
    one: &'static [&'static str],
    /// Of what somebody's music is: "of", "from", and music itself.
    music: &'static [&'static str],
    /// The first, the second, the third, the last, each in its forms.
    row: [&'static [&'static str]; 4],
}

const EN: Leaning = Leaning {
    language: "en",
    and: &["and", "then"],
    it: &["it", "them", "that", "those", "these"],
    it_ends: &[],
    empty: &[
        "again", "too", "also", "please", "instead", "as", "well", "the", "in", "what", "about", "but",
        "same", "for",
    ],
    no: &["no", "not", "wrong", "sorry", "i", "mean", "meant"],
    carrier: "turn on {}",
    set: "set {it} {}",
    timer: "the timer",
    timer_of: "set a timer for {}",
    one: &["one", "that", "this"],
    music: &["of", "from", "is", "music", "song", "radio", "playing"],
    row: [&["first"], &["second"], &["third"], &["last"]],
};
const DE: Leaning = Leaning {
    language: "de",
    and: &["und", "dann"],
    it: &["es", "sie", "ihn", "das", "die", "den"],
    it_ends: &[],
    empty: &[
        "wieder",
        "auch",
        "noch",
        "bitte",
        "stattdessen",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "im",
        "in",
        "am",
        "aber",
        "fur",
    ],
    no: &["nein", "nicht", "falsch", "doch", "ich", "meine", "meinte"],
    carrier: "schalte {} ein",
    set: "stelle {it} {}",
    timer: "den Timer",
    timer_of: "stelle einen Timer auf {}",
    one: &["eine", "einen"],
    music: &["von", "vom", "aus", "bei", "musik", "lied", "radio"],
    row: [
        &["erste", "ersten", "erstes"],
        &["zweite", "zweiten", "zweites"],
        &["dritte", "dritten", "drittes"],
        &["letzte", "letzten", "letztes"],
    ],
};
const ES: Leaning = Leaning {
    language: "es",
    and: &["y", "e", "luego"],
    it: &["lo", "la", "los", "las", "eso", "esto"],
    it_ends: &["la", "lo", "las", "los"],
    empty: &[
        "otra", "vez", "nuevo", "tambien", "por", "favor", "mejor", "el", "la", "los", "las", "en", "de",
        "del", "pero", "para",
    ],
    no: &["no", "perdon", "quiero", "queria", "decir", "digo"],
    carrier: "enciende {}",
    set: "pon {it} {}",
    timer: "el temporizador",
    timer_of: "pon un temporizador de {}",
    one: &["una", "uno"],
    music: &["musica", "cancion", "radio"],
    row: [&["primera", "primero"], &["segunda", "segundo"], &["tercera", "tercero"], &["ultima", "ultimo"]],
};
const FR: Leaning = Leaning {
    language: "fr",
    and: &["et", "puis"],
    it: &["le", "la", "les", "ca", "cela"],
    it_ends: &[],
    empty: &[
        "encore",
        "nouveau",
        "a",
        "aussi",
        "egalement",
        "plutot",
        "le",
        "la",
        "les",
        "l",
        "dans",
        "de",
        "du",
        "mais",
        "pour",
        "s'il",
        "te",
        "plait",
    ],
    no: &["non", "pas", "pardon", "je", "veux", "voulais", "dire"],
    carrier: "allume {}",
    set: "mets {it} {}",
    timer: "le minuteur",
    timer_of: "mets un minuteur de {}",
    one: &["celle", "celui", "une", "un"],
    music: &["musique", "chanson", "radio"],
    row: [
        &["premiere", "premier"],
        &["deuxieme", "seconde", "second"],
        &["troisieme"],
        &["derniere", "dernier"],
    ],
};
const NL: Leaning = Leaning {
    language: "nl",
    and: &["en", "dan"],
    it: &["het", "hem", "ze", "die", "dat"],
    it_ends: &[],
    empty: &[
        "weer",
        "opnieuw",
        "ook",
        "nog",
        "alsjeblieft",
        "graag",
        "liever",
        "de",
        "het",
        "in",
        "maar",
        "voor",
    ],
    no: &["nee", "niet", "sorry", "ik", "bedoel", "bedoelde"],
    carrier: "zet {} aan",
    set: "zet {it} {}",
    timer: "de timer",
    timer_of: "zet een timer van {}",
    one: &["een"],
    music: &["van", "uit", "bij", "die", "muziek", "nummer", "radio"],
    row: [&["eerste"], &["tweede"], &["derde"], &["laatste"]],
};

/// Words of `empty` that a sentence with "it" is understood without.
const AGAIN: &[&str] = &[
    "again", "wieder", "otra", "vez", "nuevo", "encore", "nouveau", "weer", "opnieuw", "also", "auch",
    "aussi", "ook", "too",
];

impl Leaning {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }

    /// All of them, for those who must know what can be said.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        let [first, second, third, last] = self.row;
        let all = [self.and, self.it, self.empty, self.no, self.one, self.music, first, second, third, last];
        all.into_iter().flatten().copied().chain(AGAIN.iter().copied())
    }

    /// A sentence about a thing that is named means the same without it.
    pub fn says_nothing(&self, word: &str) -> bool {
        self.empty.contains(&word)
    }

    pub fn says_one(&self, word: &str) -> bool {
        self.one.contains(&word)
    }

    pub fn says_music(&self, word: &str) -> bool {
        self.music.contains(&word)
    }

    /// Which of `count` things is "the second", or "the last"; from 0.
    pub fn place_in_row(&self, word: &str, count: usize) -> Option<usize> {
        let at = self.row.iter().position(|forms| forms.contains(&word))?;
        if at + 1 == self.row.len() { count.checked_sub(1) } else { Some(at) }
    }

    /// The sentence with a name in the place of "it"; `None`: nothing in it means that.
    pub fn with_it(&self, words: &[&str], name: &str) -> Option<String> {
        let mut found = false;
        let mut all: Vec<String> = Vec::new();
        // `eteins-la` is two words.
        let words: Vec<&str> = words.iter().flat_map(|word| word.split('-')).collect();
        for (n, word) in words.iter().enumerate() {
            let folded = fold(word).text;
            let again = |word: &str| AGAIN.contains(&word);
            // `de nuevo`, `a nouveau`.
            let leads = matches!(folded.as_str(), "de" | "a")
                && words.get(n + 1).is_some_and(|w| again(&fold(w).text));
            if again(&folded) || leads {
                continue;
            }
            if !found && self.it.contains(&folded.as_str()) {
                found = true;
                all.push(name.to_owned());
                continue;
            }
            let stem =
                self.it_ends.iter().find_map(|end| folded.strip_suffix(end)).filter(|stem| stem.len() > 3);
            match stem {
                Some(stem) if !found => {
                    found = true;
                    all.extend([stem.to_owned(), name.to_owned()]);
                }
                _ => all.push((*word).to_owned()),
            }
        }
        found.then(|| all.join(" "))
    }

    /// What is left without the words that say nothing, and whether it corrects.
    pub fn fragment(&self, words: &[&str]) -> (String, bool) {
        let mut words: Vec<&str> = words.to_vec();
        let is = |word: &str, of: &[&str]| of.contains(&fold(word).text.as_str());
        let corrects = words.first().is_some_and(|word| is(word, self.no));
        while words
            .first()
            .is_some_and(|word| is(word, self.no) || is(word, self.empty) || is(word, self.and))
        {
            words.remove(0);
        }
        while words.last().is_some_and(|word| is(word, self.empty)) {
            words.pop();
        }
        (words.join(" "), corrects)
    }
}
