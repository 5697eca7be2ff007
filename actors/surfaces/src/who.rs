//! Who changes something on a surface, as it is kept and told: a person by their key, or the command line, which is nobody's.

use lares_model::Origin;

/// No key has a blank, so that nobody is ever taken for it.
pub(crate) const CONSOLE: &str = "the command line";

pub(crate) fn origin(who: &str) -> Origin {
    if who == CONSOLE { Origin::Console } else { Origin::Person(who.into()) }
}
