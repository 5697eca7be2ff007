//! Why something that was said does not hold.

use std::fmt;

use crate::ask::{ReadFailed, near_words};

/// What is wrong, where it was said, and what is allowed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SayError {
    pub at: Option<String>,
    pub message: String,
    pub help: Option<String>,
}

impl SayError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { at: None, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the words that are near to `wanted`, then all of them.
    pub(super) fn allowed<'a>(self, wanted: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        let near = near_words(wanted, &words);
        let meant =
            if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) };
        self.help(format!("{meant}there are {}", words.join(", ")))
    }
}

impl From<ReadFailed> for SayError {
    fn from(e: ReadFailed) -> Self {
        Self::new(e.to_string())
    }
}

impl std::error::Error for SayError {}

impl fmt::Display for SayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = &self.at {
            write!(f, "{at}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}
