//! Numbers in digits and in words, 0 to 100 and the hundreds up to 1000.

/// The words of a language's numbers, folded.
pub fn words(language: &str) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = Vec::new();
    let mut put = |n: usize, text: String| all.push((text, n as f64));
    match language {
        "de" => germanic(&mut put, &DE, "und", "ein", &["eins", "eine", "einen", "einem", "einer"]),
        "nl" => germanic(&mut put, &NL, "en", "een", &[]),
        "es" => spanish(&mut put),
        "fr" => french(&mut put),
        _ => english(&mut put),
    }
    all
}

/// The word before a decimal, as in "twenty point five".
pub fn point(language: &str) -> &'static str {
    match language {
        "de" | "nl" => " komma ",
        "es" => " coma ",
        "fr" => " virgule ",
        _ => " point ",
    }
}

/// A word that is a number only before what is counted: elsewhere it is something else, as in "schalte die Heizung ein".
#[derive(Debug)]
pub struct Particle {
    word: &'static str,
    /// How what is counted begins.
    before: &'static [&'static str],
}

impl Particle {
    /// Whether a number's word is one before `rest`.
    pub fn counts(&self, word: &str, rest: &str) -> bool {
        let rest = rest.trim_start();
        word != self.word || self.before.iter().any(|begin| rest.starts_with(begin))
    }
}

/// The particle of a language.
pub fn particle(language: &str) -> Option<&'static Particle> {
    const GERMAN: Particle = Particle {
        word: "ein",
        before: &["stund", "minut", "sekund", "grad", "proz", "uhr", "komma", "kelvin", "%", "°"],
    };
    (language == "de").then_some(&GERMAN)
}

type Put<'a> = &'a mut dyn FnMut(usize, String);

/// 0 to 19, then the tens from 20, then a hundred.
struct Words {
    low: [&'static str; 20],
    tens: [&'static str; 8],
    hundred: &'static str,
}

const EN: Words = Words {
    low: [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    tens: ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    hundred: "hundred",
};
const DE: Words = Words {
    low: [
        "null", "ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
        "zwolf", "dreizehn", "vierzehn", "funfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ],
    tens: ["zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
    hundred: "hundert",
};
const NL: Words = Words {
    low: [
        "nul",
        "een",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "elf",
        "twaalf",
        "dertien",
        "veertien",
        "vijftien",
        "zestien",
        "zeventien",
        "achttien",
        "negentien",
    ],
    tens: ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"],
    hundred: "honderd",
};
const ES: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const ES_TENS: [&str; 7] = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const FR: [&str; 20] = [
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf",
];
const FR_TENS: [&str; 5] = ["vingt", "trente", "quarante", "cinquante", "soixante"];

fn english(put: Put) {
    for (n, word) in EN.low.iter().enumerate() {
        put(n, (*word).to_owned());
    }
    put(1, "a".into());
    put(1, "an".into());
    for (i, ten) in EN.tens.iter().enumerate() {
        put(20 + 10 * i, (*ten).to_owned());
        for (unit, word) in EN.low.iter().enumerate().take(10).skip(1) {
            put(20 + 10 * i + unit, format!("{ten} {word}"));
        }
    }
    for (n, word) in EN.low.iter().enumerate().take(10).skip(1) {
        put(100 * n, format!("{word} {}", EN.hundred));
    }
    put(100, "a hundred".into());
    put(100, "hundred".into());
}

fn germanic(put: Put, words: &Words, and: &str, one: &str, ones: &[&str]) {
    for (n, word) in words.low.iter().enumerate() {
        put(n, (*word).to_owned());
    }
    for form in ones {
        put(1, (*form).to_owned());
    }
    for (i, ten) in words.tens.iter().enumerate() {
        put(20 + 10 * i, (*ten).to_owned());
        for (unit, word) in words.low.iter().enumerate().take(10).skip(1) {
            let word = if unit == 1 { one } else { word };
            put(20 + 10 * i + unit, format!("{word}{and}{ten}"));
        }
    }
    put(100, words.hundred.into());
    for (n, word) in words.low.iter().enumerate().take(10).skip(1) {
        put(100 * n, format!("{word}{}", words.hundred));
    }
}

fn spanish(put: Put) {
    for (n, word) in ES.iter().enumerate() {
        put(n, (*word).to_owned());
    }
    for (n, word) in
        [(1, "un"), (1, "una"), (21, "veintiun"), (21, "veintiuna"), (100, "cien"), (100, "ciento")]
    {
        put(n, word.to_owned());
    }
    for (i, ten) in ES_TENS.iter().enumerate() {
        put(30 + 10 * i, (*ten).to_owned());
        for (unit, word) in ES.iter().enumerate().take(10).skip(1) {
            put(30 + 10 * i + unit, format!("{ten} y {word}"));
        }
        put(31 + 10 * i, format!("{ten} y un"));
    }
}

fn french(put: Put) {
    for (n, word) in FR.iter().enumerate() {
        put(n, (*word).to_owned());
    }
    put(1, "une".into());
    for (i, ten) in FR_TENS.iter().enumerate() {
        let last = if i == 4 { 20 } else { 10 };
        put(20 + 10 * i, (*ten).to_owned());
        for (unit, word) in FR.iter().enumerate().take(last).skip(1) {
            let and = if unit == 1 || unit == 11 { " et" } else { "" };
            put(20 + 10 * i + unit, format!("{ten}{and} {word}"));
        }
    }
    put(80, "quatre vingts".into());
    put(80, "quatre vingt".into());
    for (unit, word) in FR.iter().enumerate().skip(1) {
        put(80 + unit, format!("quatre vingt {word}"));
    }
    put(100, "cent".into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_counts_to_a_hundred() {
        for (language, samples) in [
            ("en", [("zero", 0.0), ("twenty one", 21.0), ("ninety nine", 99.0), ("hundred", 100.0)]),
            ("de", [("null", 0.0), ("einundzwanzig", 21.0), ("neunundneunzig", 99.0), ("hundert", 100.0)]),
            ("nl", [("nul", 0.0), ("eenentwintig", 21.0), ("negenennegentig", 99.0), ("honderd", 100.0)]),
            ("es", [("cero", 0.0), ("veintiuno", 21.0), ("noventa y nueve", 99.0), ("cien", 100.0)]),
            ("fr", [("zero", 0.0), ("vingt et un", 21.0), ("quatre vingt dix neuf", 99.0), ("cent", 100.0)]),
        ] {
            let words = words(language);
            for (word, n) in samples {
                assert!(words.contains(&(word.to_owned(), n)), "{language}: {word}");
            }
            for n in 0..=100 {
                assert!(words.iter().any(|(_, value)| *value == f64::from(n)), "{language} lacks {n}");
            }
        }
    }
}
