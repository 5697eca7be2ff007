//! All statements of one saying, one after the other.

use lares_model::{Change, NodeId, Placed, Said, Statement, Timestamp, Write};

use super::edges::{Between, link, unlink};
use super::nodes::{merge, put, remove};
use super::value::Here;
use super::{SayError, Stage};

/// More at once are refused: they would hold up everything else that is to be kept.
const MOST: usize = 50_000;

/// As many changes are named in the event; more are counted.
const NAMED: usize = 16;

/// What a saying comes to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    pub writes: Vec<Write>,
    pub said: Said,
    /// The node that it is about; none: about several.
    pub subject: Option<NodeId>,
}

impl Outcome {
    pub(super) fn change(&mut self, about: NodeId, change: Change) {
        self.subject = if self.said.count == 0 { Some(about) } else { self.subject.filter(|s| *s == about) };
        self.said.count += 1;
        if self.said.changes.len() < NAMED {
            self.said.changes.push(change);
        }
    }
}

/// Checks statements against what is there. On success they are in the stage; on failure it is to be thrown away.
pub fn check(statements: &[Placed], stage: &mut Stage, now: Timestamp) -> Result<Outcome, SayError> {
    if statements.len() > MOST {
        let message = format!("{} statements are too many at once", statements.len());
        return Err(SayError::new(message).help(format!("at most {MOST} go together: take the file apart")));
    }
    let zone = stage.zone()?;
    let own = stage.own()?;
    let here = Here { now, zone: &zone, own: &own };
    let mut out = Outcome::default();
    for placed in statements {
        let done = match &placed.what {
            Statement::Put { node, name, set, since } => {
                put(stage, here, (node, name.as_deref()), set, since.as_deref(), &mut out)
            }
            Statement::Remove { node } => remove(stage, node, &mut out),
            Statement::Link { from, edge, to, since, until, set } => {
                let times = (since.as_deref(), until.as_deref());
                link(stage, here, &Between { from, edge, to }, times, set, &mut out)
            }
            Statement::Unlink { from, edge, to, since } => {
                unlink(stage, here, &Between { from, edge, to }, since.as_deref(), &mut out)
            }
            Statement::Merge { from, into } => merge(stage, from, into, &mut out),
        };
        done.map_err(|e| SayError { at: placed.at.clone(), ..e })?;
    }
    Ok(out)
}
