//! `lares rooms`: a home of any size.

use super::args::RoomsArgs;
use super::exit::Outcome;
use super::{init, out};

pub(super) fn rooms(args: &RoomsArgs) -> Outcome {
    let count = usize::try_from(args.rooms).unwrap_or(usize::MAX);
    init::write(&args.dir, &lares_config::rooms::generate(count))?;
    out::line(&format!("{} holds a home of {} rooms now", args.dir.display(), args.rooms))
}
