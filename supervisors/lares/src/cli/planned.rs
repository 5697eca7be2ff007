//! The tree as it is planned, for when no household runs.

use serde_json::json;

use super::exit::Outcome;
use super::out;

pub(super) fn show(as_json: bool) -> Outcome {
    let plan = lares_tree::plan();
    if as_json {
        return out::json(&json!({ "running": false, "planned": plan }));
    }
    let mut text = String::from("(no household runs: this is the planned tree)\nhousehold\n");
    for (n, branch) in plan.iter().enumerate() {
        let end = n + 1 == plan.len();
        let (turn, bar) = if end { ("└─", " ") } else { ("├─", "│") };
        text.push_str(&format!("{turn} {:<11} {:<13} {}\n", branch.key, branch.strategy, branch.meaning));
        for (m, child) in branch.children.iter().enumerate() {
            let turn = if m + 1 == branch.children.len() { "└─" } else { "├─" };
            text.push_str(&format!("{bar}  {turn} {child}\n"));
        }
    }
    out::text(&text)
}
