//! A phrase with its parts filled in.

use std::fmt::{Display, Write};

/// Puts parts in by their names; one that is not given stays as it is.
pub(crate) fn fill(phrase: &str, parts: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(phrase.len() + 32);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        match parts.iter().find(|(n, _)| *n == name) {
            Some((_, part)) => drop(write!(out, "{part}")),
            None => drop(write!(out, "{{{name}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `say!(t.is, subject = name, value = 21)`: a phrase with its parts.
macro_rules! say {
    ($phrase:expr $(, $name:ident = $part:expr)* $(,)?) => {
        $crate::tongue::fill($phrase, &[$((stringify!($name), &$part as &dyn std::fmt::Display)),*])
    };
}
pub(crate) use say;

/// A table of phrases in every language: one that is missing does not compile.
macro_rules! phrases {
    ($(#[$about:meta])* $table:ident; $($name:ident: $en:literal, $de:literal;)*) => {
        $(#[$about])*
        pub(crate) struct $table { $(pub $name: &'static str,)* }

        pub(super) const EN: $table = $table { $($name: $en,)* };
        pub(super) const DE: $table = $table { $($name: $de,)* };

        /// Name, English, German: for the test that the parts are the same.
        #[cfg(test)]
        pub(super) const ALL: &[[&str; 3]] = &[$([stringify!($name), $en, $de],)*];
    };
}
pub(crate) use phrases;
