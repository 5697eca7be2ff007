//! A rule that fails is left out; the others go on.

use super::*;

const TWO: &str = r#"
    [rule.a]
    when = [{ entity = "motion.occupancy", to = true }, { entity = "motion.lux", above = 50, for = "5m" }]
    then = [{ set = "lamp", on = true, hold_while = "when" }]
    [rule.b]
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ notify = "b" }]
"#;

#[test]
fn the_one_that_fails_is_left_out_until_the_configuration_changes() {
    let mut rules = Rules::new(TWO);
    rules.lux(1.0);
    rules.lux(60.0);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on while", "say b"]);
    rules.occupancy(false);
    rules.did();
    rules.engine.broken = Some("a".into());
    rules.occupancy(true);
    assert_eq!(
        rules.did(),
        ["a failed: broken on purpose", "cancel for:1: its rule failed", "say b"],
        "what it waited for ends, and the next rule is looked at"
    );
    rules.occupancy(false);
    rules.occupancy(true);
    rules.fires("rule:a", "for:1");
    assert_eq!(rules.did(), ["say b"], "it is not looked at again");
    rules.engine.broken = None;
    rules.configure(TWO);
    assert_eq!(rules.did(), ["status online"]);
    rules.occupancy(false);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on while", "say b"]);
}
