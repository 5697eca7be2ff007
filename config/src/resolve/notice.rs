//! Words for the household, and what may be told in them.

use super::Scope;
use crate::decode::Node;
use crate::home::Action;
use crate::notice::{Piece, pieces};

/// The text of a `notify`. What stands in braces must be something that can be told.
pub(crate) fn text(node: &Node<'_>, scope: &Scope<'_>) -> Option<Action> {
    let text = node.label()?;
    for piece in pieces(&text) {
        if let Piece::Entity(name) = piece {
            node.entity_in(name, scope)?;
        }
    }
    Some(Action::Notify { text })
}
