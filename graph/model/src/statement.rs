//! What can be said of the life graph.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Value;

/// One thing said. Nodes are named by `kind:key`, by any name that only one of them has, or by their id. Texts are read by what
/// the property may be; times as days, times and instants are written, or `today`, `tomorrow`, `yesterday`, `now`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Statement {
    /// Properties of a node; `None` takes one away. A node that is not there is made.
    Put {
        node: String,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        set: BTreeMap<String, Option<Value>>,
        /// It is so since then, whenever we learned of it; what was so before stays known.
        #[serde(default)]
        since: Option<String>,
    },
    Remove {
        node: String,
    },
    Link {
        from: String,
        /// A kind of edge, or its name from the other end.
        edge: String,
        to: String,
        #[serde(default)]
        since: Option<String>,
        #[serde(default)]
        until: Option<String>,
        #[serde(default)]
        set: BTreeMap<String, Value>,
    },
    /// The edge is taken away; with `since`, it was so until then.
    Unlink {
        from: String,
        edge: String,
        to: String,
        #[serde(default)]
        since: Option<String>,
    },
    /// Both are the same thing: what `from` has goes to `into`, and `from` is no more.
    Merge {
        from: String,
        into: String,
    },
}

/// A statement, and where it stands in the file that it was read from: `tasks.ics:12`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Placed {
    #[serde(default)]
    pub at: Option<String>,
    pub what: Statement,
}

impl From<Statement> for Placed {
    fn from(what: Statement) -> Self {
        Self { at: None, what }
    }
}
