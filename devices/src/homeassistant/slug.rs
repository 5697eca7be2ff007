//! Short words for references: lower case, ASCII, `_`, unique within a device.

use std::collections::BTreeSet;

/// A name as a slug; empty if nothing of it can be written in ASCII.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len().min(LONGEST));
    for c in name.chars().flat_map(char::to_lowercase) {
        if out.len() >= LONGEST {
            break;
        }
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' => out.push('o'),
            'š' | 'ś' => out.push('s'),
            'ù' | 'ú' | 'û' | 'ů' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            // An apostrophe joins (`kid's` is one word), all else parts.
            '\'' | '’' => {}
            _ if out.is_empty() || out.ends_with('_') => {}
            _ => out.push('_'),
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// Longer names are cut: a reference is typed by people.
const LONGEST: usize = 60;

/// The first of the candidates that is not empty, made unique by a number.
pub fn unique<'a>(candidates: impl IntoIterator<Item = &'a str>, taken: &BTreeSet<&str>) -> String {
    let base =
        candidates.into_iter().map(slug).find(|s| !s.is_empty()).unwrap_or_else(|| "entity".to_owned());
    if !taken.contains(base.as_str()) {
        return base;
    }
    (2_u64..).map(|n| format!("{base}_{n}")).find(|s| !taken.contains(s.as_str())).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, word) in [
            ("Min time", "min_time"),
            ("Büro / Lüfter (2)", "buero_luefter_2"),
            ("Kid's room", "kids_room"),
            ("  ", ""),
            ("温度", ""),
        ] {
            assert_eq!(slug(name), word);
        }
        assert!(slug(&"é🦀".repeat(10_000)).len() <= LONGEST);
    }

    #[test]
    fn taken_words_get_a_number() {
        let taken = BTreeSet::from(["battery", "battery_2"]);
        assert_eq!(unique(["", "Battery"], &taken), "battery_3");
        assert_eq!(unique(["温度", "temperature"], &taken), "temperature");
    }
}
