//! Which languages there are, and which one is wanted.

use super::Phrases;
use super::patterns::{Called, Patterns};
use super::phrases::{DE, EN};

/// A language of the household's own words.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Tongue {
    #[default]
    English,
    German,
}

impl Tongue {
    pub const ALL: &[Self] = &[Self::English, Self::German];

    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// By a language tag or a locale: `de`, `de-AT`, `de_DE.UTF-8`. None: it is not spoken here.
    pub fn of(tag: &str) -> Option<Self> {
        let main = tag.split(['-', '_', '.', '@']).next().unwrap_or_default().trim();
        Self::ALL.iter().copied().find(|t| t.code().eq_ignore_ascii_case(main))
    }

    /// The one of an `Accept-Language` header that is wanted most: the first of those with the greatest weight. None: none of
    /// them is spoken here.
    pub fn accepted(header: &str) -> Option<Self> {
        let wanted = header.split(',').filter_map(|part| {
            let (tag, weight) = part.split_once(";q=").map_or((part, "1"), |(tag, q)| (tag, q));
            let weight: f32 = weight.trim().parse().ok()?;
            Some((Self::of(tag.trim())?, weight)).filter(|(_, weight)| *weight > 0.0)
        });
        // Of several equals the last one counts for `max_by`, and here the first.
        let all: Vec<_> = wanted.collect();
        all.into_iter().rev().max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(tongue, _)| tongue)
    }

    /// As the environment of a terminal says; none if it says nothing or something else.
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let first = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|v| !v.is_empty()));
        first.and_then(|locale| Self::of(&locale))
    }

    pub(crate) fn phrases(self) -> &'static Phrases {
        match self {
            Self::English => &EN,
            Self::German => &DE,
        }
    }

    /// A reason of the household in this language; as it came, if there is no row for it.
    pub fn reason(self, text: &str) -> String {
        match self {
            Self::English => text.to_owned(),
            other => Patterns::of(other).told(text, &|_, _| None).unwrap_or_else(|| text.to_owned()),
        }
    }

    /// As [`Tongue::reason`], with what stands in it as somebody calls it; none: there is no row for it.
    pub(crate) fn reason_named(self, text: &str, called: Called<'_>) -> Option<String> {
        Patterns::of(self).told(text, called)
    }
}
