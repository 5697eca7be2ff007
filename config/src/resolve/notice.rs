//! Words for the household, what is said in a room, and what may be told in them.

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::Action;
use crate::notice::{Piece, pieces};

/// The text of a `notify`. What stands in braces must be something that can be told.
pub(crate) fn text(node: &Node<'_>, scope: &Scope<'_>) -> Option<Action> {
    let text = told(node, scope)?;
    if pieces(&text).contains(&Piece::Today) {
        let help = "write { say = \"{today}\", room = \"...\" }";
        node.error("bad-text", "what is on today is said in a room, and not written", help);
        return None;
    }
    Some(Action::Notify { text })
}

/// `{ say = "Good morning. {today}", room = "bedroom" }`.
pub(crate) fn said(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Action> {
    let text = fields.get("say").and_then(|node| told(&node, scope));
    let room = fields.required("room", "say where it is heard: room = \"bedroom\"");
    let room = room.and_then(|node| node.key_of("room", &scope.names.rooms));
    Some(Action::Say { text: text?, room: room? })
}

fn told(node: &Node<'_>, scope: &Scope<'_>) -> Option<String> {
    let text = node.label()?;
    for piece in pieces(&text) {
        if let Piece::Entity(name) = piece {
            node.entity_in(name, scope)?;
        }
    }
    Some(text)
}
