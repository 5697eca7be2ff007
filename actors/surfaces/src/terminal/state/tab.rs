//! The pages, in their order.

use crate::terminal::said::Said;
use crate::terminal::text::width;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    Now,
    Devices,
    Journal,
    Tree,
    Plan,
    Why,
    House,
}

impl Tab {
    pub const ALL: [Self; 7] =
        [Self::Now, Self::Devices, Self::Journal, Self::Tree, Self::Plan, Self::Why, Self::House];

    pub(in crate::terminal) fn name(self, said: &Said) -> &'static str {
        match self {
            Self::Now => said.now,
            Self::Devices => said.devices,
            Self::Journal => said.journal,
            Self::Tree => said.tree,
            Self::Plan => said.plan,
            Self::Why => said.why,
            Self::House => said.house,
        }
    }

    /// The one that is so many further on, round and round.
    pub(in crate::terminal) fn on(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        let count = Self::ALL.len() as isize;
        let next = (at as isize + by).rem_euclid(count);
        Self::ALL.get(next as usize).copied().unwrap_or(self)
    }

    /// The one of a digit.
    pub(in crate::terminal) fn numbered(digit: char) -> Option<Self> {
        let at = digit.to_digit(10)?.checked_sub(1)?;
        Self::ALL.get(at as usize).copied()
    }
}

/// Where the name of each page stands in the first line: column and text. On a narrow terminal only the shown one has its name.
pub(in crate::terminal) fn tabs(said: &Said, shown: Tab, columns: usize) -> Vec<(Tab, usize, String)> {
    let narrow = columns < 64;
    let mut at = 0;
    let mut place = |(n, tab): (usize, Tab)| {
        let text = if narrow && tab != shown {
            format!(" {} ", n + 1)
        } else {
            format!(" {} {} ", n + 1, tab.name(said))
        };
        let begins = at;
        at += width(&text);
        (tab, begins, text)
    };
    Tab::ALL.into_iter().enumerate().map(&mut place).collect()
}
