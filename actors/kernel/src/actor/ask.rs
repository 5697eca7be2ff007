//! Questions with a deadline.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

/// Where the answer goes. Dropping it without an answer is seen by the asker at once.
pub struct Reply<T>(pub(super) oneshot::Sender<T>);

impl<T> Reply<T> {
    /// Answers. The asker may have given up meanwhile: that is its business.
    pub fn send(self, answer: T) {
        let _ = self.0.send(answer);
    }

    /// Whether the asker has given up.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }
}

impl<T> std::fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reply")
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    #[error("`{0}` did not answer within {1:?}")]
    Late(Arc<str>, Duration),
    #[error("`{0}` stopped before it answered")]
    Dropped(Arc<str>),
    #[error("the mailbox of `{0}` is full")]
    Full(Arc<str>),
}
