//! Rules that ask before they act, and what they earn.

use std::time::Duration;

use lares_kernel::{Act, Aim, Intent};
use lares_model::*;

use super::Rules;

const MINUTE: Duration = Duration::from_secs(60);

fn asking(more: &str) -> String {
    format!(
        "[rule.light]\nname = \"Hall light\"\nwhen = [{{ entity = \"motion.occupancy\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n{more}"
    )
}

impl Rules {
    fn moved(&mut self) {
        self.occupancy(false);
        self.occupancy(true);
    }

    /// The one question that stands.
    fn open(&self) -> Question {
        let run = self.kept.iter().find_map(|(key, value)| {
            let kept: serde_json::Value = serde_json::from_slice(value).ok()?;
            let of = if key.starts_with("run:") { "question" } else { "offer" };
            serde_json::from_value(kept.get(of)?.clone()).ok()?
        });
        run.expect("no question stands")
    }

    fn answers(&mut self, reply: Reply) {
        let question = Box::new(self.open());
        let rule = NodeId::rule(&question.rule);
        self.event(rule, Origin::Person("anna".into()), Body::Replied { question, reply });
    }

    fn undone(&mut self, rule: &str) {
        let intent = Intent {
            source: "person:anna".into(),
            origin: Origin::Person("anna".into()),
            level: Level::Person,
            target: Aim::Rule(rule.to_owned()),
            act: Act::TakenBack,
            reason: "".into(),
            causes: Causes::new(),
            basis: None,
            reply: None,
            again: false,
            token: None,
        };
        let effects = self.with(|engine, view| engine.taken_back(&intent, rule, &Default::default(), view));
        self.take(effects);
    }
}

#[test]
fn a_rule_that_asks_does_nothing_before_somebody_says_yes() {
    let mut rules = Rules::new(&asking("autonomy = \"ask\""));
    rules.moved();
    assert_eq!(rules.did(), ["ask Hall light: set lamp on"]);
    // Set off again while it is open: nobody is asked twice.
    rules.moved();
    assert!(rules.did().is_empty());
    rules.answers(Reply::Yes);
    assert_eq!(rules.did(), ["cancel run:0: it was answered", "lamp on"]);
    rules.wait(20 * MINUTE);
    assert!(rules.did().is_empty(), "the question was answered");
}

#[test]
fn no_and_silence_are_no() {
    let mut rules = Rules::new(&asking("autonomy = \"ask\"\nask_for = \"5m\""));
    rules.moved();
    rules.did();
    rules.answers(Reply::No);
    let did = rules.did();
    assert!(did[1].ends_with("asked \"Hall light: set lamp on\": no"), "{did:?}");
    rules.moved();
    rules.did();
    rules.wait(5 * MINUTE);
    let did = rules.did();
    assert_eq!(did[0], "Silence");
    assert!(did[1].ends_with("nobody answered within 5m"), "{did:?}");
    assert_eq!(did.len(), 2, "{did:?}");
}

#[test]
fn a_question_outlives_a_restart_and_so_does_its_end() {
    let text = asking("autonomy = \"ask\"");
    let mut rules = Rules::new(&text);
    rules.moved();
    rules.did();
    rules.restart(&text);
    assert!(rules.did().is_empty(), "it is not asked again");
    rules.moved();
    assert!(rules.did().is_empty());
    rules.answers(Reply::Yes);
    assert_eq!(rules.did(), ["cancel run:0: it was answered", "lamp on"]);
    rules.moved();
    rules.did();
    rules.restart(&text);
    rules.wait(10 * MINUTE);
    assert_eq!(rules.did()[0], "Silence");
    // Its rule is gone: nobody needs to answer.
    rules.moved();
    rules.did();
    rules.configure("");
    assert!(rules.did().contains(&"Withdrawn".to_owned()));
    assert!(rules.timers.is_empty());
}

#[test]
fn what_is_observed_is_told_and_not_done() {
    let mut rules = Rules::new(&asking("autonomy = \"observe\""));
    rules.moved();
    let did = rules.did();
    assert_eq!(did.len(), 1, "{did:?}");
    assert!(did[0].ends_with("its autonomy is observe: it would have done this: set lamp on"), "{did:?}");
}

#[test]
fn trust_is_earned_offered_taken_and_lost() {
    let text = asking("autonomy = \"suggest\"");
    let mut rules = Rules::new(&text);
    for n in 1..=5 {
        rules.moved();
        assert_eq!(rules.did(), ["ask Hall light: set lamp on"], "{n}");
        rules.answers(Reply::Yes);
        let did = rules.did();
        assert_eq!(did.iter().any(|d| d.contains("Shall it act by itself")), n == 5, "{n}: {did:?}");
    }
    rules.restart(&text);
    assert!(rules.did().is_empty(), "the offer stands");
    rules.answers(Reply::Yes);
    assert_eq!(
        rules.did(),
        [
            "suggest -> act_with_undo: anna took the offer (light.turn_on for anybody)",
            "cancel offer:/light/turn_on: it was answered"
        ]
    );
    rules.moved();
    assert_eq!(rules.did(), ["say Hall light: done. `lares undo rule:light` takes it back.", "lamp on"]);
    rules.restart(&text);
    rules.undone("light");
    let lost =
        "act_with_undo -> suggest: what it did was taken back by person:anna (light.turn_on for anybody)";
    assert_eq!(rules.did(), [lost]);
    rules.moved();
    assert_eq!(rules.did(), ["ask Hall light: set lamp on"]);
    // Its file says something else: that counts, and what was earned or lost before does not.
    rules.configure(&asking("autonomy = \"act\""));
    assert!(rules.did().is_empty());
    rules.restart(&asking("autonomy = \"act\""));
    rules.wait(25 * 60 * MINUTE);
    rules.did();
    rules.moved();
    assert_eq!(rules.did(), ["lamp on"]);
}

#[test]
fn five_in_a_row_are_five_in_a_row_and_an_offer_lapses() {
    let mut rules = Rules::new(&asking("autonomy = \"ask\""));
    let offered = |rules: &mut Rules, replies: &[Reply]| {
        for reply in replies {
            rules.moved();
            rules.answers(*reply);
        }
        rules.did().iter().any(|d| d.contains("Shall it act by itself"))
    };
    use Reply::{No, Yes};
    assert!(!offered(&mut rules, &[Yes, Yes, Yes, Yes, No, Yes, Yes, Yes, Yes]));
    assert!(offered(&mut rules, &[Yes]));
    rules.wait(7 * 24 * 60 * MINUTE);
    assert_eq!(rules.did(), ["Silence"]);
    assert!(!offered(&mut rules, &[Yes, Yes, Yes, Yes]));
    assert!(offered(&mut rules, &[Yes]));
}

#[test]
fn a_home_limits_what_its_rules_do_by_themselves() {
    let mut rules = Rules::new(&format!("{}\n[autonomy]\nlight = \"ask\"", asking("")));
    rules.moved();
    assert_eq!(rules.did(), ["ask Hall light: set lamp on"]);
    // What is done for safety is not held back.
    let mut rules = Rules::new(&format!("{}\n[autonomy]\nlight = \"ask\"", asking("level = \"security\"")));
    rules.moved();
    assert_eq!(rules.did(), ["lamp on"]);
    // What the home says doses is asked first, also of a rule that it trusts.
    let lamp = "[device.lamp]\nlink = \"main\"\nidentifiers = [\"lamp\"]\n\
                entity.light.device_class = \"dosing\"";
    let mut rules = Rules::new(&format!("{}\n{lamp}", asking("autonomy = \"act\"")));
    rules.moved();
    assert_eq!(rules.did(), ["ask Hall light: set lamp on"]);
    // And what is not moved is not limited.
    let mut rules = Rules::new(&format!("{}\n[autonomy]\nlock = \"ask\"\nunlock = \"observe\"", asking("")));
    rules.moved();
    assert_eq!(rules.did(), ["lamp on"]);
}

#[test]
fn a_step_asks_and_goes_one_way_or_the_other() {
    let text = "[rule.light]\nmode = \"single\"\nwhen = [{ entity = \"motion.occupancy\", to = true }]\n\
         then = [{ ask = \"Light? It is {motion.lux}\", to = [\"anna\"], timeout = \"2m\",\n\
                   then = [{ set = \"lamp\", on = true }], else = [{ notify = \"dark\" }] }, { notify = \"over\" }]";
    let mut rules = Rules::new(text);
    rules.lux(30.0);
    rules.moved();
    assert_eq!(rules.did(), ["ask Light? It is 30 lx"]);
    assert_eq!(rules.open().to, ["anna".into()]);
    rules.restart(text);
    rules.answers(Reply::Yes);
    assert_eq!(rules.did(), ["cancel run:0: it was answered", "lamp on", "say over"]);
    rules.moved();
    rules.did();
    rules.wait(2 * MINUTE);
    assert_eq!(rules.did(), ["Silence", "say dark", "say over"]);
    // Without ways it goes on at yes only.
    let text = "[rule.light]\nwhen = [{ entity = \"motion.occupancy\", to = true }]\n\
         then = [{ ask = \"Light?\" }, { set = \"lamp\", on = true }]";
    let mut rules = Rules::new(text);
    rules.moved();
    rules.answers(Reply::Yes);
    assert_eq!(rules.did(), ["ask Light?", "cancel run:0: it was answered", "lamp on"]);
    rules.moved();
    rules.answers(Reply::No);
    assert!(rules.did().last().unwrap().ends_with("asked \"Light?\": no"));
}
