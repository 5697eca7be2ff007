//! The shape of the workspace: who may depend on whom, that the lints are on, that each ban says why.

mod directions;
mod lints;
