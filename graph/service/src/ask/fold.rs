//! Folding: what a person types without care for case and accents is still found.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, compatibility forms taken apart (NFKD), combining marks left out; and a few letters that Unicode does not
/// take apart (`ß`, `ø`, `æ` ...) as their plain ones.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let apart = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    for c in apart.filter(|c| !is_combining_mark(*c)) {
        match plain(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// The words of a folded text: runs of letters and digits.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_forms_do_not_matter() {
        let alike = [
            ("Küche", "kuche"),
            ("KU\u{308}CHE", "kuche"),
            ("Straße", "strasse"),
            ("Œuvre", "oeuvre"),
            ("Łódź", "lodz"),
            ("ﬁle ①", "file 1"),
            ("İstanbul", "istanbul"),
            ("Ἀθήνας", "αθηνασ"),
        ];
        for (text, folded) in alike {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&fold(text)), folded, "folding twice");
        }
        assert_eq!(words(&fold("hall-lamp.Light 2")).collect::<Vec<_>>(), ["hall", "lamp", "light", "2"]);
    }
}
