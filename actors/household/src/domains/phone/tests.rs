//! Whole calls, on the pure state.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::Recording;
use lares_kernel::wire::{CallSign, CallStep};
use lares_model::Timestamp;

use super::dialogue::Step;
use super::settings::Settings;
use super::state::{Effect, Input, State};

fn settings(recording: Recording, transfer: bool) -> Settings {
    Settings {
        name: "the Smiths".into(),
        language: "en".into(),
        recording,
        message_for: Duration::from_secs(60),
        ask_for: Duration::from_secs(30),
        urgent: vec!["urgent".into(), "water leak".into()],
        blocked: vec!["spam".into()],
        names: BTreeMap::from([("5551234".into(), "Sarah".into())]),
        people: vec!["anna".into()],
        transfer: transfer.then(|| "21".to_owned()),
        rooms: false,
        doors: BTreeMap::from([("porch".into(), ("front".into(), "the front door".into()))]),
    }
}

struct Call(State);

impl Call {
    fn new(recording: Recording, transfer: bool) -> Self {
        Self(State::new(settings(recording, transfer)))
    }

    fn take(&mut self, input: Input) -> Vec<Effect> {
        let names = self.0.settings.names.clone();
        self.0.step("c", input, Timestamp(1_000_000), |number| names.get(number).cloned())
    }

    fn sign(&mut self, sign: CallSign) -> Vec<Effect> {
        self.take(Input::Sign(sign))
    }

    fn ring(&mut self, number: &str) -> Vec<Effect> {
        self.sign(CallSign::Ringing { number: number.into(), name: String::new(), called: "house".into() })
    }

    fn heard(&mut self, text: &str, kept: f64) -> Vec<Effect> {
        self.sign(CallSign::Heard { text: Some(text.into()), remark: String::new(), kept })
    }

    fn key(&mut self, key: char) -> Vec<Effect> {
        self.sign(CallSign::Key { key })
    }

    fn at(&self) -> Step {
        self.0.calls["c"].step
    }
}

fn line(effects: &[Effect]) -> Option<&CallStep> {
    effects.iter().find_map(|e| if let Effect::Line(step) = e { Some(step) } else { None })
}

fn said(effects: &[Effect]) -> &str {
    match line(effects) {
        Some(CallStep::Say { text, .. }) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stranger_is_asked_who_they_are_and_leaves_a_message() {
    let mut call = Call::new(Recording::Notice, false);
    assert_eq!(line(&call.ring("12345678")), Some(&CallStep::Answer));
    let greeting = call.sign(CallSign::Answered);
    assert!(said(&greeting).contains("the Smiths") && said(&greeting).contains("recorded"), "{greeting:?}");
    let reason = call.sign(CallSign::Said);
    assert_eq!(line(&reason), Some(&CallStep::Listen { seconds: 20, tone: false, keep: true }));
    assert!(said(&call.heard("this is bob", 2.0)).contains("after the tone"));
    let message = call.sign(CallSign::Said);
    assert_eq!(line(&message), Some(&CallStep::Listen { seconds: 60, tone: true, keep: true }));
    assert!(said(&call.heard("please call me", 3.0)).contains("1 2 3 4 5 6 7 8"));
    assert!(call.sign(CallSign::Said).contains(&Effect::Wait(Duration::from_secs(5))));
    assert_eq!(said(&call.take(Input::Fired)), "Goodbye.");
    assert_eq!(line(&call.sign(CallSign::Said)), Some(&CallStep::HangUp));
    let end = call.sign(CallSign::Ended { why: "hung up".into() });
    assert_eq!(end.last(), Some(&Effect::Close { broken_off: false }));
    let dialogue = &call.0.calls["c"];
    assert_eq!((dialogue.outcome(false), dialogue.kept, dialogue.wants_a_call()), ("message", 5.0, true));
}

#[test]
fn a_line_that_rings_again_is_told_the_same_and_one_that_has_begun_is_told_nothing() {
    let mut call = Call::new(Recording::Notice, false);
    let first = call.ring("12345678");
    assert!(matches!(&first[..], [Effect::Note(_), Effect::Line(CallStep::Answer)]), "{first:?}");
    assert_eq!(call.ring("12345678"), [Effect::Line(CallStep::Answer)]);
    call.sign(CallSign::Answered);
    let begun = call.0.calls["c"].clone();
    assert_eq!(call.ring("12345678"), []);
    assert_eq!(call.0.calls["c"], begun);
    let mut blocked = Call::new(Recording::Notice, false);
    blocked.ring("spam");
    assert_eq!(blocked.ring("spam"), [Effect::Line(CallStep::Decline)]);
}

#[test]
fn a_known_number_is_not_asked_and_opens_nothing() {
    let mut call = Call::new(Recording::Notice, true);
    call.ring("5551234");
    let greeting = call.sign(CallSign::Answered);
    assert!(!said(&greeting).contains("who you are") && !said(&greeting).contains("Sarah"), "{greeting:?}");
    call.sign(CallSign::Said);
    assert_eq!(call.at(), Step::Message);
}

#[test]
fn a_blocked_number_is_turned_away_and_leaves_no_task() {
    let mut call = Call::new(Recording::Notice, false);
    assert_eq!(line(&call.ring("spam")), Some(&CallStep::Decline));
    call.sign(CallSign::Ended { why: "declined".into() });
    assert_eq!((call.0.calls["c"].outcome(false), call.0.calls["c"].wants_a_call()), ("blocked", false));
}

#[test]
fn who_does_not_agree_is_not_listened_to_and_is_called_back() {
    let mut call = Call::new(Recording::Consent, false);
    call.ring("12345678");
    assert!(said(&call.sign(CallSign::Answered)).contains("press 1"));
    assert_eq!(line(&call.sign(CallSign::Said)), Some(&CallStep::Hold));
    let refused = call.take(Input::Fired);
    assert!(said(&refused).starts_with("Nothing is recorded."), "{refused:?}");
    assert!(call.0.calls["c"].wants_a_call());
    let mut other = Call::new(Recording::Consent, false);
    other.ring("12345678");
    other.sign(CallSign::Answered);
    let agreed = other.key('1');
    assert!(said(&agreed).contains("who you are"), "{agreed:?}");
    assert!(agreed.contains(&Effect::WaitNoMore));
}

#[test]
fn where_only_text_is_kept_no_sound_is() {
    let mut call = Call::new(Recording::Text, false);
    call.ring("12345678");
    call.sign(CallSign::Answered);
    assert!(matches!(line(&call.sign(CallSign::Said)), Some(CallStep::Listen { keep: false, .. })));
}

#[test]
fn what_is_urgent_is_announced_and_a_yes_hands_the_call_on() {
    let mut call = Call::new(Recording::Notice, true);
    call.ring("12345678");
    call.sign(CallSign::Answered);
    call.sign(CallSign::Said);
    let urgent = call.heard("there is a water leak", 2.0);
    assert!(
        urgent.iter().any(|e| matches!(e, Effect::Announce(text) if text.contains("water leak"))),
        "{urgent:?}"
    );
    assert!(urgent.iter().any(|e| matches!(e, Effect::Ask(..))));
    assert_eq!(line(&call.sign(CallSign::Said)), Some(&CallStep::Hold));
    assert!(said(&call.take(Input::Answered { yes: true, rooms: Vec::new() })).contains("connect"));
    assert_eq!(line(&call.sign(CallSign::Said)), Some(&CallStep::Hand { to: "21".into() }));
    assert_eq!(line(&call.sign(CallSign::Handed { why_not: String::new() })), Some(&CallStep::HangUp));
    assert_eq!(call.0.calls["c"].outcome(false), "transferred");
}

#[test]
fn a_call_is_taken_in_a_room_and_at_the_extension_where_that_fails() {
    let urgent = |transfer: bool| {
        let mut call = Call::new(Recording::Notice, transfer);
        call.0.settings.rooms = true;
        call.ring("12345678");
        call.sign(CallSign::Answered);
        call.sign(CallSign::Said);
        let asked = call.key('9');
        assert!(asked.iter().any(|e| matches!(e, Effect::Ask(..))), "{asked:?}");
        call.sign(CallSign::Said);
        call
    };
    let taken = |call: &mut Call| {
        assert!(
            said(&call.take(Input::Answered { yes: true, rooms: vec!["hall".into()] })).contains("connect")
        );
        let talk = CallStep::Talk { rooms: vec!["hall".into()] };
        assert_eq!(line(&call.sign(CallSign::Said)), Some(&talk));
    };
    let mut call = urgent(false);
    taken(&mut call);
    assert_eq!(line(&call.sign(CallSign::Talking { room: "hall".into() })), None);
    assert_eq!(call.at(), Step::Talking);
    assert_eq!(line(&call.sign(CallSign::Key { key: '9' })), None);
    assert_eq!(line(&call.sign(CallSign::Talked { why: "enough".into() })), Some(&CallStep::HangUp));
    call.sign(CallSign::Ended { why: "hung up".into() });
    assert_eq!(call.0.calls["c"].outcome(false), "transferred");
    assert!(!call.0.calls["c"].wants_a_call());
    // Its satellite is away: the extension, and then a message.
    let not = || CallSign::Handed { why_not: "the satellite there is away".into() };
    let mut call = urgent(true);
    taken(&mut call);
    assert_eq!(line(&call.sign(not())), Some(&CallStep::Hand { to: "21".into() }));
    assert!(said(&call.sign(not())).contains("after the tone"));
    let mut call = urgent(false);
    taken(&mut call);
    assert!(said(&call.sign(not())).contains("after the tone"));
    // Whoever says yes is nowhere that a caller can be spoken with.
    let mut call = urgent(false);
    assert!(said(&call.take(Input::Answered { yes: true, rooms: Vec::new() })).contains("after the tone"));
}

#[test]
fn nobody_answers_or_the_extension_is_busy_and_a_message_is_taken() {
    for answer in [Input::Fired, Input::Answered { yes: false, rooms: Vec::new() }] {
        let mut call = Call::new(Recording::Notice, true);
        call.ring("12345678");
        call.sign(CallSign::Answered);
        call.sign(CallSign::Said);
        call.key('9');
        call.sign(CallSign::Said);
        assert!(said(&call.take(answer)).contains("after the tone"));
        assert_eq!(call.at(), Step::Prompt);
    }
    let mut call = Call::new(Recording::Notice, true);
    call.ring("12345678");
    call.sign(CallSign::Answered);
    call.sign(CallSign::Said);
    call.key('9');
    call.take(Input::Answered { yes: true, rooms: Vec::new() });
    call.sign(CallSign::Said);
    let busy = call.sign(CallSign::Handed { why_not: "the extension answered 486".into() });
    assert!(said(&busy).contains("after the tone"));
    assert!(call.0.calls["c"].remark.contains("486"));
}

#[test]
fn a_wrong_number_is_corrected_by_keys() {
    let mut call = Call::new(Recording::Notice, false);
    call.ring("anna");
    call.sign(CallSign::Answered);
    call.sign(CallSign::Said);
    call.heard("this is bob", 1.0);
    call.sign(CallSign::Said);
    assert!(said(&call.heard("call me", 1.0)).contains("hash key"), "a name is no number to call");
    "5557777".chars().for_each(|key| drop(call.key(key)));
    assert!(said(&call.key('#')).contains("5 5 5 7 7 7 7"));
    assert_eq!(call.0.calls["c"].number, "5557777");
    call.sign(CallSign::Said);
    assert!(said(&call.key('1')).contains("hash key"));
}

#[test]
fn a_door_is_announced_at_once_and_is_nobody_to_call_back() {
    let mut call = Call::new(Recording::Notice, true);
    call.ring("porch");
    let rings = call.sign(CallSign::Answered);
    assert!(
        rings.contains(&Effect::Announce("somebody is at the front door. Take the call?".into())),
        "{rings:?}"
    );
    call.sign(CallSign::Ended { why: "the caller hung up".into() });
    assert!(!call.0.calls["c"].wants_a_call());
}

#[test]
fn a_call_that_the_process_lost_keeps_what_was_heard() {
    let mut call = Call::new(Recording::Notice, false);
    call.ring("12345678");
    call.sign(CallSign::Answered);
    call.sign(CallSign::Said);
    call.heard("this is bob", 2.0);
    call.sign(CallSign::Said);
    let lost = call.take(Input::Lost);
    assert_eq!(lost.last(), Some(&Effect::Close { broken_off: true }));
    assert_eq!(call.0.calls["c"].outcome(true), "message");
}

/// Whatever happens in whatever order, a dialogue neither panics nor grows.
#[test]
fn any_order_of_signs_is_survived() {
    let signs: Vec<Input> = vec![
        Input::Sign(CallSign::Answered),
        Input::Sign(CallSign::Said),
        Input::Sign(CallSign::Key { key: '1' }),
        Input::Sign(CallSign::Key { key: '9' }),
        Input::Sign(CallSign::Key { key: '#' }),
        Input::Sign(CallSign::Heard { text: None, remark: "deaf".into(), kept: 1.0 }),
        Input::Sign(CallSign::Heard { text: Some("urgent".into()), remark: String::new(), kept: 0.0 }),
        Input::Sign(CallSign::Handed { why_not: "busy".into() }),
        Input::Answered { yes: true, rooms: Vec::new() },
        Input::Answered { yes: false, rooms: Vec::new() },
        Input::Answered { yes: true, rooms: vec!["hall".into()] },
        Input::Sign(CallSign::Talking { room: "hall".into() }),
        Input::Sign(CallSign::Talked { why: "it was said".into() }),
        Input::Fired,
        Input::Again,
    ];
    let mut seed = 7_u64;
    for _ in 0..500 {
        let mut call = Call::new(Recording::Consent, seed.is_multiple_of(2));
        call.ring("12345678");
        for _ in 0..40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let input = signs[(seed >> 33) as usize % signs.len()].clone();
            let steps = call.take(input).into_iter().filter(|e| matches!(e, Effect::Line(_))).count();
            assert!(steps <= 1, "one thing at a time on a line");
        }
        assert!(call.0.calls["c"].keys.len() <= 20);
    }
}
