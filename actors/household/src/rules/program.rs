//! Actions made flat: each step has a place, so that a run is kept as where it is, and goes on from there.

use std::time::Duration;

use lares_config::{Action, Awaited, Condition, OnTimeout, Rounds};

/// One step. Those of a plain list stand as in the list.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// A claim, a scene or a notice.
    Do(Action),
    Delay(Duration),
    Wait {
        awaited: Awaited,
        timeout: Option<Duration>,
        on_timeout: OnTimeout,
    },
    Stop(String),
    /// A question: goes on with the next on yes. On no at `to_else`; without one it ends.
    Ask {
        text: String,
        to: Vec<String>,
        timeout: Option<Duration>,
        to_else: Option<usize>,
    },
    /// Goes on with the next if all of these hold, else at `to`.
    If {
        conditions: Vec<Condition>,
        to: usize,
    },
    Jump(usize),
    /// One round more; after `times` of them goes on at `to`.
    Round {
        times: u32,
        to: usize,
    },
    /// Runs that begin at these places; when all have come to their end, goes on at `to`.
    Fork {
        branches: Vec<usize>,
        to: usize,
    },
    /// Of a branch.
    End,
}

/// The steps of a list of actions.
pub fn program(actions: &[Action]) -> Vec<Op> {
    let mut out = Vec::new();
    flatten(actions, &mut out);
    out
}

fn flatten(actions: &[Action], out: &mut Vec<Op>) {
    for action in actions {
        match action {
            Action::Set { .. }
            | Action::Scene { .. }
            | Action::Notify { .. }
            | Action::Say { .. }
            | Action::Let { .. } => out.push(Op::Do(action.clone())),
            Action::Delay { length } => out.push(Op::Delay(*length)),
            Action::Wait { awaited, timeout, on_timeout } => {
                out.push(Op::Wait { awaited: awaited.clone(), timeout: *timeout, on_timeout: *on_timeout });
            }
            Action::Ask { text, to, timeout, then, otherwise } => {
                let at = out.len();
                let ask =
                    |to_else| Op::Ask { text: text.clone(), to: to.clone(), timeout: *timeout, to_else };
                out.push(ask(None));
                if then.is_empty() && otherwise.is_empty() {
                    continue;
                }
                flatten(then, out);
                let end = out.len();
                out.push(Op::Jump(0));
                let to_else = out.len();
                if let Some(op) = out.get_mut(at) {
                    *op = ask(Some(to_else));
                }
                flatten(otherwise, out);
                aim(out, end);
            }
            Action::Stop { reason } => out.push(Op::Stop(reason.clone())),
            Action::Do { actions } => flatten(actions, out),
            Action::Choose { branches, otherwise } => {
                let mut ends = Vec::new();
                for branch in branches {
                    let test = out.len();
                    out.push(Op::If { conditions: branch.conditions.clone(), to: 0 });
                    flatten(&branch.then, out);
                    ends.push(out.len());
                    out.push(Op::Jump(0));
                    aim(out, test);
                }
                flatten(otherwise, out);
                ends.into_iter().for_each(|end| aim(out, end));
            }
            Action::Repeat { rounds, actions } => {
                let start = out.len();
                match rounds {
                    Rounds::Times(times) => out.push(Op::Round { times: *times, to: 0 }),
                    Rounds::While(conditions) => {
                        out.push(Op::If { conditions: conditions.clone(), to: 0 });
                    }
                    Rounds::Until(_) => {}
                }
                flatten(actions, out);
                match rounds {
                    Rounds::Until(conditions) => {
                        out.push(Op::If { conditions: conditions.clone(), to: start });
                    }
                    _ => {
                        out.push(Op::Jump(start));
                        aim(out, start);
                    }
                }
            }
            Action::Parallel { branches } => {
                let fork = out.len();
                out.push(Op::Fork { branches: Vec::new(), to: 0 });
                let mut starts = Vec::new();
                for branch in branches {
                    starts.push(out.len());
                    flatten(branch, out);
                    out.push(Op::End);
                }
                let end = out.len();
                if let Some(op) = out.get_mut(fork) {
                    *op = Op::Fork { branches: starts, to: end };
                }
            }
        }
    }
}

/// The step at `at` goes to what comes next.
fn aim(out: &mut [Op], at: usize) {
    let end = out.len();
    if let Some(Op::If { to, .. } | Op::Jump(to) | Op::Round { to, .. }) = out.get_mut(at) {
        *to = end;
    }
}
