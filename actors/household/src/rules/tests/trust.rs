//! Trust by who is asked, what is moved and how: for every rule that does the same, and never beyond what is always asked.

use std::time::Duration;

use lares_kernel::{Act, Aim, Intent};
use lares_model::*;

use super::Rules;

const MINUTE: Duration = Duration::from_secs(60);

/// A rule that is set off by the motion sensor.
fn rule(key: &str, more: &str, then: &str) -> String {
    format!(
        "[rule.{key}]\nname = \"{key}\"\nmode = \"single\"\n{more}\nwhen = [{{ entity = \"motion.occupancy\", to = true }}]\nthen = [{then}]\n"
    )
}

const ON: &str = "{ set = \"lamp\", on = true }";
const OFF: &str = "{ set = \"lamp\", on = false }";

impl Rules {
    /// All questions that stand: of rules (`true`), and offers.
    pub fn stand(&self) -> Vec<(Question, bool)> {
        let kept = self.kept.iter().filter_map(|(key, value)| {
            let kept: serde_json::Value = serde_json::from_slice(value).ok()?;
            let run = key.starts_with("run:");
            let of = if run { "question" } else { "offer" };
            Some((serde_json::from_value(kept.get(of)?.clone()).ok()?, run))
        });
        kept.collect()
    }

    pub fn says(&mut self, question: &Question, origin: Origin, reply: Reply) {
        let rule = NodeId::rule(&question.rule);
        self.event(rule, origin, Body::Replied { question: Box::new(question.clone()), reply });
    }

    /// Somebody moves, and everything that is asked gets this answer of a person.
    pub fn round(&mut self, person: &str, reply: Reply) -> Vec<String> {
        self.occupancy(false);
        self.occupancy(true);
        for (question, _) in self.stand().into_iter().filter(|(_, run)| *run) {
            self.says(&question, Origin::Person(person.into()), reply);
        }
        self.did()
    }

    /// Takes the offers that stand.
    pub fn take_offers(&mut self, person: &str) -> Vec<String> {
        let offers: Vec<_> = self.stand().into_iter().filter(|(_, run)| !run).collect();
        for (question, _) in &offers {
            self.says(question, Origin::Person(person.into()), Reply::Yes);
        }
        offers.into_iter().map(|(q, _)| q.text).collect()
    }

    pub fn takes_back(&mut self, person: &str, rule: &str) {
        let intent = Intent {
            source: format!("person:{person}").into(),
            origin: Origin::Person(person.into()),
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

    /// What happens when somebody moves, and nobody answers anything.
    pub fn alone(&mut self) -> Vec<String> {
        self.occupancy(false);
        self.did();
        self.occupancy(true);
        self.did()
    }
}

/// Trust in turning on lights, earned with one rule.
fn earned(all: &str) -> Rules {
    let mut rules = Rules::new(&rule("one", "autonomy = \"ask\"", ON));
    for _ in 0..5 {
        rules.round("anna", Reply::Yes);
    }
    assert_eq!(rules.take_offers("anna").len(), 1);
    rules.restart(all);
    rules.did();
    rules
}

#[test]
fn what_one_rule_earned_counts_for_all_that_do_the_same() {
    let one = rule("one", "autonomy = \"ask\"", ON);
    let same = rule("same", "autonomy = \"suggest\"", ON);
    let mut rules = earned(&(one.clone() + &same));
    let did = rules.alone();
    assert!(did.iter().filter(|d| *d == "lamp on").count() == 2, "{did:?}");
    // Another deed, another person, and a rule that is only to watch: no.
    for other in [
        rule("other", "autonomy = \"ask\"", OFF),
        rule("other", "autonomy = \"ask\"\nask = [\"ben\"]", ON),
        rule("other", "autonomy = \"ask\"", &format!("{ON}, {{ delay = \"1m\" }}, {OFF}")),
    ] {
        let did = earned(&other).alone();
        assert!(did.len() == 1 && did[0].starts_with("ask other"), "{did:?}");
    }
    let did = earned(&rule("other", "autonomy = \"observe\"", ON)).alone();
    assert!(did.len() == 1 && did[0].contains("would have done"), "{did:?}");
    // And an undo of one is an undo of all.
    let mut rules = earned(&(one + &same));
    rules.takes_back("anna", "same");
    let did = rules.did();
    assert_eq!(
        did,
        ["act_with_undo -> suggest: what it did was taken back by person:anna (light.turn_on for anybody)"]
    );
    let did = rules.alone();
    assert_eq!(did, ["ask one: set lamp on", "ask same: set lamp on"]);
}

#[test]
fn each_person_earns_and_loses_for_themselves() {
    let both = rule("both", "autonomy = \"ask\"\nask = [\"anna\", \"ben\"]", ON);
    let mut rules = Rules::new(&both);
    for _ in 0..5 {
        rules.round("anna", Reply::Yes);
    }
    let offers = rules.take_offers("anna");
    assert!(offers.len() == 1 && offers[0].contains("light.turn_on for anna"), "{offers:?}");
    // Ben did not allow it.
    assert_eq!(rules.alone(), ["ask both: set lamp on"]);
    rules.round("ben", Reply::No);
    for _ in 0..5 {
        rules.round("ben", Reply::Yes);
    }
    assert_eq!(rules.take_offers("ben").len(), 1);
    rules.did();
    assert!(rules.alone().contains(&"lamp on".to_owned()));
    rules.takes_back("ben", "both");
    rules.did();
    assert_eq!(rules.alone(), ["ask both: set lamp on"]);
    // Anna still has what she has.
    let annas = rule("annas", "autonomy = \"ask\"\nask = [\"anna\"]", ON);
    rules.restart(&annas);
    rules.did();
    assert!(rules.alone().contains(&"lamp on".to_owned()));
    // The word of the machine is not hers.
    let bens = rule("bens", "autonomy = \"ask\"\nask = [\"ben\"]", ON);
    let mut rules = Rules::new(&bens);
    for _ in 0..8 {
        rules.alone();
        let (question, _) = rules.stand().remove(0);
        rules.says(&question, Origin::Console, Reply::Yes);
    }
    assert_eq!(rules.take_offers("ben").len(), 0);
}

#[test]
fn what_was_done_well_ten_times_may_be_done_without_a_word() {
    let one = rule("one", "autonomy = \"ask\"", ON);
    let mut rules = earned(&one);
    for _ in 0..9 {
        rules.alone();
    }
    assert!(rules.stand().is_empty());
    rules.restart(&one);
    rules.alone();
    let offers = rules.take_offers("anna");
    assert!(offers.len() == 1 && offers[0].contains("without a word"), "{offers:?}");
    rules.did();
    assert_eq!(rules.alone(), ["lamp on"]);
    rules.takes_back("ben", "one");
    assert!(rules.did()[0].starts_with("act -> ask"));
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
}

#[test]
fn the_file_is_the_stronger_word_also_after_a_restart() {
    let one = rule("one", "autonomy = \"ask\"", ON);
    let suggests = rule("one", "autonomy = \"suggest\"", ON);
    let mut rules = earned(&one);
    rules.configure(&suggests);
    assert_eq!(rules.did(), ["act_with_undo -> suggest: the home says something else of it now"]);
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
    let mut rules = earned(&one);
    rules.restart(&suggests);
    assert_eq!(rules.did(), ["act_with_undo -> suggest: the home says something else of it now"]);
    rules.restart(&suggests);
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
    // It earns anew.
    rules.round("anna", Reply::No);
    for _ in 0..5 {
        rules.round("anna", Reply::Yes);
    }
    assert_eq!(rules.take_offers("anna").len(), 1);
    rules.did();
    assert!(rules.alone().contains(&"lamp on".to_owned()));
}

/// What versions that trusted rules one by one kept, to the letter.
#[test]
fn what_rules_had_before_they_keep() {
    let ask = rule("one", "autonomy = \"ask\"", ON);
    let before = |kept: &str, text: &str| {
        let mut rules = Rules::new(text);
        rules.kept.insert("trust:one".to_owned(), kept.as_bytes().to_vec());
        rules.restart(text);
        rules
    };
    let mut rules = before(r#"{"file":"ask","now":"act_with_undo","yes":0,"offer":null}"#, &ask);
    assert_eq!(rules.did(), Vec::<String>::new());
    assert_eq!(rules.alone(), ["say one: done. `lares undo rule:one` takes it back.", "lamp on"]);
    // It alone: nothing else was allowed by anybody.
    let two = ask.clone() + &rule("two", "autonomy = \"ask\"", ON);
    rules.restart(&two);
    assert!(rules.alone().contains(&"ask two: set lamp on".to_owned()));
    rules.takes_back("anna", "one");
    assert!(rules.did()[0].starts_with("act_with_undo -> ask"));
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
    // Taken back once, though its file says more.
    let act = rule("one", "autonomy = \"act\"", ON);
    let mut rules = before(r#"{"file":"act","now":"ask","yes":0,"offer":null}"#, &act);
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
    // Four yes, and a fifth.
    let mut rules = before(r#"{"file":"ask","now":"ask","yes":4,"offer":null}"#, &ask);
    assert!(rules.round("anna", Reply::Yes).iter().any(|d| d.contains("5 times in a row")));
    // An offer that stands is answered, or ends.
    let question = Question {
        id: "0a1b2c".into(),
        text: "Shall it?".to_owned(),
        rule: "one".into(),
        to: Vec::new(),
        kind: Asking::Offer(Autonomy::ActWithUndo),
        asked: rules.now,
        until: rules.now + 60 * MINUTE,
    };
    let offered = format!(
        r#"{{"file":"ask","now":"ask","yes":5,"offer":{}}}"#,
        serde_json::to_string(&question).unwrap()
    );
    let mut rules = before(&offered, &ask);
    assert_eq!(rules.timers.len(), 1);
    rules.take_offers("anna");
    assert_eq!(rules.did(), ["ask -> act_with_undo: anna took the offer", "cancel offer: it was answered"]);
    assert!(rules.timers.is_empty() && rules.alone().contains(&"lamp on".to_owned()));
    let mut rules = before(&offered, &ask);
    rules.wait(61 * MINUTE);
    assert_eq!(rules.did(), ["Silence"]);
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
}

#[test]
fn a_ceiling_holds_whatever_is_allowed() {
    let one = rule("one", "autonomy = \"act\"", ON);
    for (limits, asks) in [
        ("{ domain = \"light\", verb = \"turn_on\", most = \"ask\" }", true),
        ("{ verb = \"turn_on\", most = \"suggest\" }", true),
        ("{ verb = \"turn_off\", most = \"ask\" }", false),
        ("{ person = \"anna\", most = \"ask\" }", false),
    ] {
        let text = format!("{one}[autonomy]\nlimits = [{limits}]\n");
        let mut rules = Rules::new(&text);
        let did = rules.alone();
        assert_eq!(did == ["ask one: set lamp on"], asks, "{limits}: {did:?}");
        // And nothing is offered that is not allowed.
        for _ in 0..8 {
            rules.round("anna", Reply::Yes);
        }
        assert!(rules.take_offers("anna").is_empty());
        // An order is held back by what does not speak of persons, too.
        let text = format!("{}[autonomy]\nlimits = [{limits}]\n", rule("one", "", ON));
        assert_eq!(Rules::new(&text).alone() == ["ask one: set lamp on"], asks, "{limits}");
    }
    let annas = rule("one", "autonomy = \"act\"\nask = [\"anna\"]", ON);
    let text = format!("{annas}[autonomy]\nlimits = [{{ person = \"anna\", most = \"ask\" }}]\n");
    assert_eq!(Rules::new(&text).alone(), ["ask one: set lamp on"]);
}

#[test]
fn what_a_person_allowed_ends_with_their_rights() {
    let annas = rule("one", "autonomy = \"ask\"\nask = [\"anna\"]", ON);
    let mut rules = Rules::new(&annas);
    for _ in 0..5 {
        rules.round("anna", Reply::Yes);
    }
    rules.take_offers("anna");
    rules.did();
    assert!(rules.alone().contains(&"lamp on".to_owned()));
    // She may move things in the bath only, now; the lamp is in no room.
    let mut home = (*rules.home).clone();
    home.people.get_mut("anna").unwrap().grant.rooms = Some(vec!["bath".to_owned()]);
    rules.home = home.into();
    assert_eq!(rules.alone(), ["ask one: set lamp on"]);
    // She lives there no more: what she allowed is forgotten, also when somebody is called so again.
    let mut home = (*rules.home).clone();
    home.people.remove("anna");
    rules.restart_as(home.into());
    assert!(!rules.kept.keys().any(|key| key.starts_with("deed:anna")), "{:?}", rules.kept.keys());
}
