//! What comes back after a restart: values, holds in their order, commands under way.

use lares_graph::{Graph, GraphOptions};
use lares_kernel::{Clock, Journal};

use super::super::restore::restore;
use super::*;

struct Fixed(Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// The same lamp after a restart: everything it published is in a graph, with the ids that the graph gave.
fn restarted(before: impl FnOnce(&mut Lamp), out_of: impl FnOnce(&mut Lamp)) {
    let folder = tempfile::tempdir().unwrap();
    let mut old = Lamp::new();
    before(&mut old);
    let mut options = GraphOptions::inline(folder.path(), Arc::new(Fixed(old.now)));
    options.map_size = 1 << 24;
    let (graph, _) = Graph::open(options).unwrap();
    let journal: Arc<dyn Journal> = graph.journal();
    let mut ids: Vec<EventId> = Vec::new();
    for (n, event) in old.out.events.iter().enumerate() {
        let given = |id: &EventId| ids.get((id.0 - 1_000) as usize).copied().unwrap_or_default();
        let mut body = event.body.clone();
        if let Body::Receipt { command, .. } = &mut body {
            *command = given(command);
        }
        let draft = Draft::new(event.subject, event.origin.clone(), body)
            .at(event.at)
            .caused_by(event.causes.iter().map(given));
        let writes = if n == 0 { old.out.writes.clone() } else { Vec::new() };
        ids.push(journal.append(draft, writes).id);
    }
    graph.sync_blocking().unwrap();
    let mut new = Lamp::new();
    new.now = old.now;
    restore(&mut new.state, &graph.reader(), new.now).unwrap();
    assert!(new.out.events.is_empty() && new.out.sent.is_empty(), "restoring tells nobody anything");
    out_of(&mut new);
    graph.close().unwrap();
}

#[test]
fn a_command_under_way_is_confirmed_by_a_late_report_or_ends_unknown() {
    let wish = |lamp: &mut Lamp| lamp.wish("console", Level::Person, Until::Momentary, true);
    restarted(wish, |lamp| {
        lamp.says(true);
        assert_eq!(lamp.receipts(), [Receipt::Confirmed]);
    });
    restarted(wish, |lamp| {
        lamp.says(false);
        lamp.wait(10 * S);
        assert_eq!(lamp.receipts(), [Receipt::Unknown]);
        assert!(lamp.out.sent.is_empty(), "it is not sent again");
    });
}

#[test]
fn a_wish_that_moved_nothing_leaves_the_command_before_it_under_way() {
    let before = |lamp: &mut Lamp| {
        lamp.wish("person:anna", Level::Person, Until::Released, true);
        lamp.wish("rule:x", Level::Rule, Until::Momentary, false);
    };
    restarted(before, |lamp| {
        lamp.wait(10 * S);
        assert_eq!(lamp.receipts(), [Receipt::Unknown]);
    });
}

#[test]
fn a_command_with_a_receipt_is_over() {
    let before = |lamp: &mut Lamp| {
        lamp.wish("console", Level::Person, Until::Momentary, true);
        lamp.says(true);
    };
    restarted(before, |lamp| {
        lamp.wait(60 * S);
        assert!(lamp.receipts().is_empty());
    });
}

#[test]
fn equal_holds_keep_their_order() {
    let before = |lamp: &mut Lamp| {
        lamp.wish("rule:z", Level::Rule, Until::Released, false);
        lamp.wish("rule:a", Level::Rule, Until::Released, true);
        lamp.wish("rule:m", Level::Rule, Until::Released, false);
        lamp.wish("person:anna", Level::Person, Until::Released, true);
        lamp.says(true);
    };
    restarted(before, |lamp| {
        lamp.says(true);
        lamp.gives_up("person:anna");
        assert_eq!(&*lamp.decisions()[0].claim.source, "rule:m", "the newest of them");
    });
}

#[test]
fn a_hold_whose_time_passed_while_nothing_ran_ends_at_once() {
    let before = |lamp: &mut Lamp| {
        let end = lamp.now + 5 * S;
        lamp.wish("console", Level::Person, Until::At(end), true);
        lamp.says(true);
        lamp.now = end + 100 * S;
    };
    restarted(before, |lamp| {
        lamp.wait(Duration::ZERO);
        assert_eq!(lamp.ends(), ["console: its time is over"]);
    });
}

#[test]
fn a_hand_after_a_restart_is_one_at_once_and_what_the_wire_had_kept_is_none() {
    restarted(
        |lamp| lamp.says(true),
        |lamp| {
            lamp.hears_retained("lamp", r#"{"state":"OFF"}"#);
            assert!(lamp.decisions().is_empty(), "how things are");
            lamp.says(true);
            assert_eq!(&*lamp.decisions()[0].claim.source, "hand", "that they changed");
        },
    );
    restarted(
        |lamp| lamp.says(true),
        |lamp| {
            lamp.says(false);
            assert_eq!(&*lamp.decisions()[0].claim.source, "hand");
        },
    );
    let commands = |lamp: &mut Lamp| {
        lamp.says(false);
        for on in [true, false, true] {
            lamp.wish("rule:x", Level::Rule, Until::Momentary, on);
        }
    };
    restarted(commands, |lamp| {
        // The answers waited on the wire; the fourth change is somebody's.
        for on in [true, false, true] {
            lamp.says(on);
        }
        assert!(lamp.decisions().is_empty(), "{:?}", lamp.decisions());
        lamp.says(false);
        assert_eq!(lamp.decisions().len(), 1);
    });
}

#[test]
fn what_the_wire_delivers_again_answers_nothing_that_was_asked_since() {
    restarted(
        |lamp| lamp.says(true),
        |lamp| {
            lamp.wish("rule:x", Level::Rule, Until::Momentary, false);
            lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
            // Its report of an hour ago, once more.
            lamp.says_again(true);
            assert_eq!(lamp.receipts().len(), 1, "the first is overridden, the second not confirmed by it");
            lamp.says(false);
            lamp.says(true);
            assert!(
                lamp.decisions().iter().all(|v| &*v.claim.source == "rule:x"),
                "these are the answers, no hands"
            );
            assert_eq!(lamp.receipts().last(), Some(&Receipt::Confirmed));
        },
    );
    let wish = |lamp: &mut Lamp| lamp.wish("console", Level::Person, Until::Momentary, true);
    restarted(wish, |lamp| {
        lamp.says_again(true);
        assert_eq!(
            lamp.receipts(),
            [Receipt::Confirmed],
            "its answer, and the process ended before it said so"
        );
    });
    // The wire itself was gone for a moment, and the answer with it.
    let mut lamp = Lamp::new();
    wish(&mut lamp);
    lamp.state.wire_away(None, &mut lamp.out);
    lamp.says_again(true);
    assert_eq!(lamp.receipts(), [Receipt::Confirmed]);
}

#[test]
fn answers_to_more_commands_than_are_looked_at_are_no_hands_after_a_restart_either() {
    let commands = |lamp: &mut Lamp| {
        lamp.says(false);
        (0..60).for_each(|n| lamp.wish("rule:x", Level::Rule, Until::Momentary, n % 2 == 0));
    };
    restarted(commands, |lamp| {
        (0..60).for_each(|n| lamp.says(n % 2 == 0));
        assert!(lamp.decisions().is_empty(), "{:?}", lamp.decisions().first());
    });
}

#[test]
fn what_may_not_have_left_is_sent_again_while_it_is_worth_something() {
    let wish = |lamp: &mut Lamp| lamp.wish("console", Level::Person, Until::Momentary, true);
    restarted(wish, |lamp| {
        lamp.state.carry_on(lamp.now, &mut lamp.out);
        assert_eq!(lamp.payloads().len(), 1);
        lamp.says(true);
        assert_eq!(lamp.receipts(), [Receipt::Confirmed]);
        assert!(lamp.decisions().is_empty());
    });
    restarted(wish, |lamp| {
        lamp.now = lamp.now + 11 * S;
        lamp.state.carry_on(lamp.now, &mut lamp.out);
        assert!(lamp.out.sent.is_empty(), "nobody waits for it any more");
    });
}

#[test]
fn a_press_that_the_wire_delivers_again_is_one_press_also_after_a_restart() {
    let presses = |lamp: &mut Lamp| {
        lamp.pressed(7, false);
        lamp.pressed(7, true);
        lamp.pressed(8, false);
        assert_eq!(lamp.presses(), 2, "the same press twice, and another");
        // Identifiers are used again: without the mark of a repetition it is another press.
        lamp.pressed(7, false);
        assert_eq!(lamp.presses(), 3);
    };
    restarted(presses, |lamp| {
        lamp.pressed(7, true);
        lamp.pressed(8, true);
        assert_eq!(lamp.presses(), 0);
        // Its first delivery was lost with the connection.
        lamp.pressed(9, true);
        assert_eq!(lamp.presses(), 1);
    });
}
