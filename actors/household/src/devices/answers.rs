//! Collects what came of a wish on several properties, and answers once.

use std::sync::{Arc, Mutex, PoisonError};

use lares_kernel::{Answer, Reply};

/// Shared by all demands of one intent. When the last clone goes, everything was said and the answer is sent.
#[derive(Clone)]
pub struct Answers(Arc<Collector>);

struct Collector {
    said: Mutex<Vec<Answer>>,
    reply: Mutex<Option<Reply<Vec<Answer>>>>,
}

impl Answers {
    pub fn new(reply: Reply<Vec<Answer>>) -> Self {
        Self(Arc::new(Collector { said: Mutex::default(), reply: Mutex::new(Some(reply)) }))
    }

    pub fn say(&self, answer: Answer) {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let said = std::mem::take(self.said.get_mut().unwrap_or_else(PoisonError::into_inner));
        if let Some(reply) = self.reply.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            reply.send(said);
        }
    }
}
