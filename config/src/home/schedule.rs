//! Days of the week as a set.

use jiff::civil::Weekday;
use serde::{Serialize, Serializer};

/// Days on which something holds. Never empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Days(u8);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Days {
    pub const ALL: Self = Self(0b111_1111);
    /// Names that a list of days may hold.
    pub const WORDS: &[(&str, Self)] = &[
        ("mon", Self(1)),
        ("tue", Self(1 << 1)),
        ("wed", Self(1 << 2)),
        ("thu", Self(1 << 3)),
        ("fri", Self(1 << 4)),
        ("sat", Self(1 << 5)),
        ("sun", Self(1 << 6)),
        ("weekdays", Self(0b001_1111)),
        ("weekend", Self(0b110_0000)),
    ];

    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Short names, Monday first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().enumerate().filter(move |(i, _)| self.0 & (1 << i) != 0).map(|(_, name)| name)
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.names())
    }
}
