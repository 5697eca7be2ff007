//! The tree keeps its own rules.

use xtask::{tidy, workspace_root};

#[test]
fn the_house_is_tidy() {
    let problems = tidy(&workspace_root()).unwrap();
    let fatal: Vec<String> = problems.iter().filter(|p| p.fatal).map(ToString::to_string).collect();
    assert!(fatal.is_empty(), "\n{}\n", fatal.join("\n"));
}
