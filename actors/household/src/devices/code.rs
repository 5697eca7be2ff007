//! A code that a person gives with a wish: on its way only, on no record, and not to be guessed.

use std::sync::Arc;
use std::time::Duration;

use lares_model::{Claim, Level, Origin, Timestamp};

use lares_devices::Credential;

/// So many wrong codes may be given in a row.
const MOST: u32 = 5;
/// Then none is looked at for so long: ten thousand of them take four months.
const WAIT: Duration = Duration::from_secs(5 * 60);

/// A code. It prints as nothing.
#[derive(Clone)]
pub struct Code(Arc<str>);

impl Code {
    pub fn new(code: &str) -> Self {
        Self(code.into())
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}

/// In whose name something is done, for what asks for a code. A person's wish that comes into its own again was given none.
pub fn credential<'c>(origin: &Origin, claim: &Claim, code: Option<&'c Code>) -> Credential<'c> {
    match origin {
        Origin::Person(_) | Origin::Console | Origin::Voice(_) => Credential::Person(code.map(Code::text)),
        _ if claim.level == Level::Person => Credential::Person(None),
        _ => Credential::Household,
    }
}

/// Wrong codes in a row.
#[derive(Clone, Copy, Default)]
pub struct WrongCodes {
    count: u32,
    last: Option<Timestamp>,
}

impl WrongCodes {
    /// How long no code is looked at yet.
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        let until = self.last.filter(|_| self.count >= MOST)? + WAIT;
        (now < until).then(|| until.since(now))
    }

    /// Takes note of one; `right` ends the row.
    pub fn note(&mut self, right: bool, now: Timestamp) {
        let waited = self.last.is_some_and(|last| now >= last + WAIT);
        match right {
            true => *self = Self::default(),
            false => *self = Self { count: if waited { 1 } else { self.count + 1 }, last: Some(now) },
        }
    }
}
