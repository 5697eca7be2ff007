//! Text as the matcher compares it: small letters, no accents, no punctuation, single spaces.

/// A folded text that remembers where each byte came from.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    pub text: String,
    /// For each byte of `text`, and one past its end: the byte of the original.
    origin: Vec<usize>,
    original: String,
}

impl Folded {
    /// The original's words between two places of the folded text.
    pub fn original(&self, from: usize, to: usize) -> &str {
        let start = self.origin.get(from).copied().unwrap_or(0);
        // The end of the last byte taken, not the start of the next: punctuation between words is no part of them.
        let end = to.checked_sub(1).and_then(|last| self.origin.get(last)).map_or(start, |&at| {
            at + self.original.get(at..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8)
        });
        self.original.get(start..end.max(start)).unwrap_or("").trim()
    }
}

/// Folds a sentence.
pub fn fold(original: &str) -> Folded {
    let mut folded = Folded { original: original.to_owned(), ..Folded::default() };
    let chars: Vec<(usize, char)> = original.char_indices().collect();
    for (i, &(at, c)) in chars.iter().enumerate() {
        let digit = |j: Option<usize>| j.and_then(|j| chars.get(j)).is_some_and(|(_, c)| c.is_ascii_digit());
        let inside_number = digit(i.checked_sub(1)) && digit(Some(i + 1));
        match c {
            '.' | ',' | ':' | '/' if inside_number => folded.put(at, if c == ',' { '.' } else { c }),
            '-' if digit(Some(i + 1)) && !digit(i.checked_sub(1)) => folded.put(at, '-'),
            '’' | '‘' | '`' => folded.put(at, '\''),
            '%' | '°' | '\'' | '&' | '+' => folded.put(at, c),
            '€' | '$' => folded.put(at, c),
            c if c.is_alphanumeric() => {
                for plain in c.to_lowercase() {
                    folded.put_letter(at, plain);
                }
            }
            _ => folded.space(at),
        }
    }
    while folded.text.ends_with(' ') {
        folded.text.pop();
        folded.origin.pop();
    }
    folded.origin.push(original.len());
    folded
}

impl Folded {
    /// Takes some words out wherever they stand. What is left remembers where it came from.
    pub fn without(&mut self, words: &str) {
        let mut from = 0;
        while let Some(at) = self.text.get(from..).and_then(|rest| rest.find(words)).map(|at| at + from) {
            let bytes = self.text.as_bytes();
            let end = at + words.len();
            let apart = |byte: Option<&u8>| byte.is_none_or(|b| *b == b' ');
            if words.is_empty()
                || !apart(at.checked_sub(1).and_then(|b| bytes.get(b)))
                || !apart(bytes.get(end))
            {
                from = end.max(at + 1);
                continue;
            }
            // One of the spaces around goes too.
            let taken = if end < bytes.len() { at..end + 1 } else { at.saturating_sub(1)..end };
            self.origin.drain(taken.clone());
            self.text.replace_range(taken, "");
            from = at.min(self.text.len());
        }
    }

    /// Puts a space before the byte at `at`.
    pub fn part(&mut self, at: usize) {
        if let Some(&origin) = self.origin.get(at).filter(|_| self.text.is_char_boundary(at)) {
            self.text.insert(at, ' ');
            self.origin.insert(at, origin);
        }
    }

    fn put(&mut self, at: usize, c: char) {
        self.text.push(c);
        self.origin.resize(self.text.len(), at);
    }

    fn space(&mut self, at: usize) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.put(at, ' ');
        }
    }

    fn put_letter(&mut self, at: usize, c: char) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => self.put(at, 'a'),
            'ç' => self.put(at, 'c'),
            'è' | 'é' | 'ê' | 'ë' => self.put(at, 'e'),
            'ì' | 'í' | 'î' | 'ï' => self.put(at, 'i'),
            'ñ' => self.put(at, 'n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => self.put(at, 'o'),
            'ù' | 'ú' | 'û' | 'ü' => self.put(at, 'u'),
            'ß' => {
                self.put(at, 's');
                self.put(at, 's');
            }
            'œ' => {
                self.put(at, 'o');
                self.put(at, 'e');
            }
            'æ' => {
                self.put(at, 'a');
                self.put(at, 'e');
            }
            c => self.put(at, c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_fall_away_and_numbers_keep_their_point() {
        assert_eq!(fold("¿Cuál es la Temperatura, por favor?").text, "cual es la temperatura por favor");
        assert_eq!(fold("Größe 20,5 °").text, "grosse 20.5 °");
        assert_eq!(fold("vingt-cinq, l’entrée").text, "vingt cinq l'entree");
        assert_eq!(fold("-5 Grad").text, "-5 grad");
    }

    #[test]
    fn words_taken_out_stay_in_the_original_between_others() {
        let mut folded = fold("Please say Now, please, to Mum now");
        for word in ["please", "now"] {
            folded.without(word);
        }
        assert_eq!(folded.text, "say to mum");
        assert_eq!(folded.original(0, folded.text.len()), "say Now, please, to Mum");
        let mut folded = fold("nowhere, please");
        folded.without("now");
        folded.without("please");
        assert_eq!(folded.text, "nowhere");
    }

    #[test]
    fn the_original_words_come_back() {
        let folded = fold("play Über-Größe, now!");
        assert_eq!(folded.text, "play uber grosse now");
        assert_eq!(folded.original(5, 16), "Über-Größe");
    }
}
