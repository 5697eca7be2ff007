//! Values that stand elsewhere than they were written: a blueprint's in the rule that it makes.

use std::cell::RefCell;

use super::KeyPath;

/// From where a value stands to where it was written.
#[derive(Default)]
pub(crate) struct Redirects(RefCell<Vec<(KeyPath, KeyPath)>>);

/// A value may go through several hands: a routine in a blueprint.
const MOST_HANDS: usize = 32;

impl Redirects {
    /// What stands at `to` and below was written at `from`.
    pub fn add(&self, to: KeyPath, from: KeyPath) {
        self.0.borrow_mut().push((to, from));
    }

    /// Where it was written.
    pub fn written(&self, path: &KeyPath) -> KeyPath {
        let all = self.0.borrow();
        let mut path = path.clone();
        for _ in 0..MOST_HANDS {
            let nearest = all.iter().filter(|(to, _)| path.0.starts_with(&to.0));
            let Some((to, from)) = nearest.max_by_key(|(to, _)| to.0.len()) else { break };
            let rest = path.0.split_off(to.0.len());
            path = from.clone();
            path.0.extend(rest);
        }
        path
    }
}
