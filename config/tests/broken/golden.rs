//! One problem as a person sees it, to the letter.

use super::{GOOD, common};

#[test]
fn a_problem_as_it_is_shown() {
    let text = GOOD.replace("brightness = 80", "brigthness = 80");
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    let shown = lares_config::render(&problems, false);
    let golden = include_str!("golden.txt");
    assert_eq!(shown.trim_end(), golden.trim_end(), "\n{shown}");
}

#[test]
fn a_problem_as_a_program_reads_it() {
    let text = GOOD.replace("brightness = 80", "brightness = 150");
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    let json = serde_json::to_value(&problems[0]).unwrap();
    assert_eq!(json["file"], "home.toml");
    assert_eq!(json["key_path"], "rule.light.then[0].brightness");
    assert_eq!(json["help"], "allowed: 0 to 100 %");
    assert_eq!(json["severity"], "error");
}
