//! What is always asked is not lifted by anything that is earned.

use std::time::Duration;

use lares_devices::homeassistant::Discovery;
use lares_kernel::Address;
use lares_model::*;
use proptest::prelude::*;

use super::Rules;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A shutter that may be opened by itself once that is trusted; beside it what never may.
fn risky() -> Rules {
    let devices = "[device.door]\nlink = \"main\"\nidentifiers = [\"door\"]\n\
                   [device.shutter]\nlink = \"main\"\nidentifiers = [\"shutter\"]\n\
                   [device.lock]\nlink = \"main\"\nidentifiers = [\"lock\"]\n\
                   [device.heater]\nlink = \"main\"\nidentifiers = [\"heater\"]\n\
                   [device.doser]\nlink = \"main\"\nidentifiers = [\"doser\"]\nentity.e.device_class = \"dosing\"\n";
    let mut rules = Rules::new(&(TEXT.to_owned() + devices));
    let cover = |class: &str| {
        format!(
            "\"platform\": \"cover\", \"command_topic\": \"c\", \"position_topic\": \"p\", \"set_position_topic\": \"s\", \
             \"device_class\": \"{class}\""
        )
    };
    let all = [
        ("door", cover("garage")),
        ("shutter", cover("shutter")),
        ("lock", "\"platform\": \"lock\", \"command_topic\": \"c\", \"state_topic\": \"p\"".to_owned()),
        (
            "heater",
            "\"platform\": \"climate\", \"temperature_command_topic\": \"c\", \"max_temp\": 40".to_owned(),
        ),
        ("doser", "\"platform\": \"switch\", \"command_topic\": \"c\", \"state_topic\": \"p\"".to_owned()),
    ];
    for (key, platform) in all {
        let text =
            format!("{{ \"device\": {{}}, \"entities\": {{ \"e\": {{ \"name\": \"e\", {platform} }} }} }}");
        let spec = Discovery::declare("main", key, &serde_json::from_str(&text).unwrap()).unwrap();
        let home = rules.home.clone();
        rules.directory.put(&home, spec.info, |name| Address::new(name, &std::sync::Arc::default()));
    }
    rules
}

const TEXT: &str = r#"
    [rule.door]
    mode = "single"
    autonomy = "act"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "door", position = 100 }]
    [rule.shutter]
    mode = "single"
    autonomy = "suggest"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "shutter", position = 100 }]
    [rule.lock]
    mode = "single"
    autonomy = "ask"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "lock", locked = false }]
    [rule.heater]
    mode = "single"
    autonomy = "act_with_undo"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "heater", target_temperature = 30 }]
    [rule.doser]
    mode = "single"
    autonomy = "act"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "doser", on = true }]
    [rule.both]
    mode = "single"
    autonomy = "suggest"
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "shutter", position = 50 }, { set = "door", position = 50 }]
"#;

/// Which of these rules acted.
fn acted(did: &[String]) -> Vec<&str> {
    let word = |did: &String| {
        ["door", "shutter", "lock", "heater", "doser"].into_iter().find(|w| did.starts_with(w))
    };
    did.iter().filter_map(word).collect()
}

#[test]
fn a_shutter_is_earned_and_a_door_is_not() {
    let mut rules = risky();
    for _ in 0..6 {
        let did = rules.round("anna", Reply::Yes);
        assert_eq!(acted(&did).iter().filter(|a| **a == "door").count(), 2, "{did:?}");
    }
    assert_eq!(rules.take_offers("anna").len(), 1, "only to open shutters");
    rules.did();
    assert_eq!(acted(&rules.alone()), ["shutter"]);
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Somebody moves, and what is asked gets an answer.
    Round(Option<bool>),
    Offers(bool),
    Undo(usize),
    Restart,
    Wait,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => Just(Deed::Round(Some(true))),
        1 => proptest::option::of(any::<bool>()).prop_map(Deed::Round),
        3 => any::<bool>().prop_map(Deed::Offers),
        1 => (0..6_usize).prop_map(Deed::Undo),
        1 => Just(Deed::Restart),
        1 => Just(Deed::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No sequence of answers, offers, undos and restarts lets anything unlock, open a door, heat beyond the usual or dose
    /// without a yes to just that.
    #[test]
    fn nothing_lifts_what_is_always_asked(deeds in proptest::collection::vec(deed(), 1..60)) {
        let mut rules = risky();
        let keys = ["door", "shutter", "lock", "heater", "doser", "both"];
        for deed in deeds {
            match deed {
                Deed::Round(reply) => {
                    rules.occupancy(false);
                    rules.did();
                    rules.occupancy(true);
                    let did = rules.did();
                    let alone = acted(&did);
                    prop_assert!(alone.iter().all(|a| *a == "shutter"), "{did:?}");
                    let questions = rules.stand().into_iter().filter(|(_, run)| *run);
                    for (question, _) in questions {
                        match reply {
                            Some(true) => rules.says(&question, Origin::Person("anna".into()), Reply::Yes),
                            Some(false) => rules.says(&question, Origin::Console, Reply::No),
                            None => {}
                        }
                    }
                }
                Deed::Offers(yes) => {
                    for (question, _) in rules.stand().into_iter().filter(|(_, run)| !run) {
                        prop_assert!(question.text.contains("cover.open"), "{question:?}");
                        let reply = if yes { Reply::Yes } else { Reply::No };
                        rules.says(&question, Origin::Person("ben".into()), reply);
                    }
                }
                Deed::Undo(n) => rules.takes_back("anna", keys[n]),
                Deed::Restart => {
                    let home = rules.home.clone();
                    rules.restart_as(home);
                }
                Deed::Wait => rules.wait(8 * DAY),
            }
            rules.did();
        }
    }
}
