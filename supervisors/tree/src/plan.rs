//! The tree as it is planned, for when nothing runs.

use lares_kernel::Strategy;
use serde::Serialize;

use crate::TREE;

/// A branch of the planned tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlannedBranch {
    pub key: String,
    pub strategy: String,
    pub children: Vec<String>,
    pub meaning: String,
}

/// The planned tree, in start order.
pub fn plan() -> Vec<PlannedBranch> {
    let branch = |b: &crate::Branch| PlannedBranch {
        key: b.key.to_owned(),
        strategy: match b.strategy {
            Strategy::OneForOne => "one_for_one",
            Strategy::RestForOne => "rest_for_one",
        }
        .to_owned(),
        children: b.children.iter().map(|c| (*c).to_owned()).collect(),
        meaning: b.meaning.to_owned(),
    };
    TREE.iter().map(branch).collect()
}
