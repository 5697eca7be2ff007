//! What is to be done later.

use super::*;

/// What is kept: seconds, what it was called, what is set and said then.
fn later(spoken: &SpokenView) -> Vec<(f64, String, Vec<String>)> {
    let of = |timer: &crate::voice::SpokenTimer| {
        assert_eq!(timer.act, "later");
        let then = SpokenView { sets: timer.sets.clone(), ..SpokenView::default() };
        let aloud = timer.calls.iter().map(|call| format!("{}: {}", call.room, call.text));
        let all = sets(&then).into_iter().chain(aloud).collect();
        (timer.seconds, timer.does.clone().unwrap_or_default(), all)
    };
    spoken.timers.iter().map(of).collect()
}

#[test]
fn a_wish_for_later_is_kept_by_a_timer() {
    let off = vec!["lamp.light on=false".to_owned()];
    for (language, text, seconds) in [
        ("en", "turn off the kitchen lamp in ten minutes", 600.0),
        ("en", "in 90 seconds turn off the kitchen lamp", 90.0),
        ("en", "turn off the kitchen lamp at 6 pm", 21_600.0),
        ("en", "at half", 0.0),
        ("de", "schalte in zehn Minuten die Kitchen lamp aus", 600.0),
        ("de", "in zehn Minuten schalte die Kitchen lamp aus", 600.0),
        ("de", "mach die Kitchen lamp in zehn Minuten aus", 600.0),
        ("de", "schalte die Kitchen lamp um 18 Uhr aus", 21_600.0),
        ("es", "apaga la Kitchen lamp en diez minutos", 600.0),
        ("es", "a las 18 apaga la Kitchen lamp", 21_600.0),
        ("fr", "éteins Kitchen lamp dans dix minutes", 600.0),
        ("fr", "à 18 heures éteins Kitchen lamp", 21_600.0),
        ("nl", "doe over tien minuten de Kitchen lamp uit", 600.0),
        ("nl", "over tien minuten doe de Kitchen lamp uit", 600.0),
        ("nl", "doe de Kitchen lamp om 18 uur uit", 21_600.0),
    ] {
        let spoken = say_in(language, text, Some("kitchen"), false);
        if seconds == 0.0 {
            assert!(!spoken.ok, "{text}: {spoken:?}");
            continue;
        }
        assert!(spoken.ok && spoken.sets.is_empty(), "{text}: {spoken:?}");
        let [(after, _, sets)] = later(&spoken).try_into().unwrap_or_else(|_| panic!("{text}: {spoken:?}"));
        assert_eq!((after, &sets), (seconds, &off), "{text}");
        assert_eq!(spoken.timers[0].timer, "kitchen/", "{text}");
    }
    let both = say("in an hour turn off the kitchen lamp and close the blind");
    assert_eq!(later(&both)[0].2, ["lamp.light on=false", "blind.cover position=0"]);
    assert_eq!(both.answer, "The command \"turn off the kitchen lamp and close the blind\": in 1 hour.");
    let first = say("turn on the bed lamp and in ten minutes turn off the kitchen lamp");
    assert_eq!((sets(&first), later(&first)[0].2.clone()), (vec!["bed.light on=true".to_owned()], off));
    let aloud = say("in 20 minutes announce that dinner is ready");
    assert_eq!(later(&aloud)[0].2, ["kitchen: dinner is ready"]);
}

#[test]
fn it_is_whom_it_was_and_what_cannot_be_is_said_at_once() {
    let first =
        after(None, &Sentence { text: "turn on the bed lamp", language: "en", ..Sentence::default() });
    let text = "turn it off in 5 minutes";
    let then = after(Some(&first.last), &Sentence { text, language: "en", ..Sentence::default() });
    assert_eq!(later(&then.view)[0].2, ["bed.light on=false"]);
    for (text, why) in [
        ("in ten minutes unlock the front door", "Front door I only open when"),
        ("unlock the front door in ten minutes", "Front door I only open when"),
        ("in ten minutes make me a sandwich", "I did not understand \"make me a sandwich\""),
        ("in ten minutes add milk to the shopping list", "cannot do that yet"),
        ("in ten minutes what time is it", "cannot do that yet"),
    ] {
        let spoken = say_in("en", text, None, true);
        assert!(!spoken.ok && spoken.timers.is_empty() && spoken.answer.contains(why), "{text}: {spoken:?}");
    }
    // What shuts is no danger.
    assert_eq!(later(&say("lock the front door in ten minutes"))[0].2, ["door.lock locked=true"]);
}
