//! The shape of the workspace: who may depend on whom, that the lints are on, that each ban says why.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod directions;
mod lints;
