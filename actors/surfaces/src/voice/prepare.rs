//! What can be said in the house as it is now, for the recognisers.

use std::sync::Arc;

use super::ears::{Ears, phrases};
use super::own::own_files;
use super::world::world;
use crate::control::{Asked, Trouble};
use crate::views;

/// What recognisers are told, and what they cannot hear.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    /// `None`: the model takes all words that it knows.
    pub grammar: Option<Arc<str>>,
    /// Words of the house's names that the model does not know.
    pub unknown: Vec<String>,
}

/// # Errors
/// The language has no sentences; the house cannot be read.
pub(crate) async fn prepare(
    asked: &Asked,
    ears: &Arc<Ears>,
    language: &str,
    wake: Option<&str>,
) -> Result<Prepared, Trouble> {
    let (home, ears) = ((asked.setup.in_force)(), ears.clone());
    let root = asked.setup.files.folder.root.clone();
    let (language, wake) = (language.to_owned(), wake.map(str::to_owned));
    let read = asked.read_as_it_is(move |source, told| {
        let devices = views::devices(source, told, false).map_err(Trouble::failed)?;
        let own = own_files(&root, &language);
        let lists = views::lists(source).map_err(Trouble::failed)?;
        let made = phrases(&ears, &language, &own, world(&home, &devices, &lists), wake.as_deref());
        let (grammar, unknown) = made.map_err(Trouble::input)?;
        Ok(Prepared { grammar, unknown })
    });
    read.await
}
