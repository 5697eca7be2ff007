//! What a rule may do by itself counts in a replay as in a running household: what its file says, the limits of the home, and what it earned.
//!
//! Seen to fail: nothing yet. Meant to fail it: limits that are not looked at, silence that counts as yes.

use lares_model::{Asking, Autonomy, Body};

use super::*;

/// Somebody moves so often, an hour apart, and the lamp is put out in between.
fn times(n: usize) -> Vec<String> {
    let at = |hour: usize, minute: usize, on: bool| {
        let (day, hour) = (1 + hour / 24, hour % 24);
        line(&format!("2026-03-{day:02}T{hour:02}:{minute:02}:00+01:00"), "Motion", "motion", on)
    };
    let mut lines = vec![at(0, 0, false)];
    lines.extend((1..=n).flat_map(|hour| [at(hour, 0, true), at(hour, 10, false)]));
    lines
}

fn hall(autonomy: &str, more: &str) -> Arc<Home> {
    home(&format!(
        "{HALL}\n{more}\n[rule.light]\nautonomy = \"{autonomy}\"\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n\
         [rule.dark]\nwhen = [{{ entity = \"motion.motion\", to = false }}]\nthen = [{{ set = \"lamp\", on = false }}]\n"
    ))
}

/// How often the lamp was lit, the words of each deed, and what was offered.
fn told(home: &Arc<Home>, n: usize) -> (usize, Vec<String>, Vec<Autonomy>, String) {
    let (_folder, file) = recording(&times(n));
    let folder = tempfile::tempdir().unwrap();
    let (source, home) = (Source::Recording(file), home.clone());
    let data = Some(folder.path().to_path_buf());
    let options =
        Options { source, home, seed: 1, reports: Reports::Manual, data, version: "test".to_owned() };
    let told = replay(&options).unwrap();
    let lit = told.deeds.iter().filter(|d| d.what == "on=on").count();
    let said = told.deeds.iter().filter(|d| d.entity.is_none()).map(|d| d.what.clone()).collect();
    let offered = lares_tests::events(folder.path()).all.into_values().filter_map(|event| match event.body {
        Body::Asked(question) => match question.kind {
            Asking::Offer(to) => Some(to),
            _ => None,
        },
        _ => None,
    });
    (lit, said, offered.collect(), told.journal_hash)
}

#[test]
fn trust_is_replayed() {
    // By itself, and it says each time how that is taken back. It is its file's word: nobody is there who could offer it more.
    let home = hall("act_with_undo", "");
    let (lit, said, offered, hash) = told(&home, 12);
    assert_eq!((lit, said.len()), (12, 12), "{said:?}");
    assert!(said.iter().all(|s| s.contains("lares undo rule:light")), "{said:?}");
    assert_eq!(offered, []);
    assert_eq!(told(&home, 12).3, hash, "the same each time");
    // Silence is no: asked however often, it earns nothing and nothing is offered.
    let (lit, _, offered, _) = told(&hall("ask", ""), 12);
    assert_eq!((lit, offered), (0, Vec::new()));
    // Watched and suggested it moves nothing either.
    assert_eq!((told(&hall("observe", ""), 12).0, told(&hall("suggest", ""), 12).0), (0, 0));
}

#[test]
fn the_limits_of_a_home_are_replayed() {
    let limit = |most: &str| {
        hall(
            "act",
            &format!(
                "[autonomy]\nlimits = [{{ domain = \"light\", verb = \"turn_on\", most = \"{most}\" }}]"
            ),
        )
    };
    assert_eq!(told(&hall("act", ""), 3).0, 3);
    assert_eq!(told(&limit("ask"), 3).0, 0, "a question that nobody answers");
    let (lit, said, ..) = told(&limit("act_with_undo"), 3);
    assert_eq!((lit, said.len()), (3, 3), "{said:?}");
    // Another kind of thing is not meant.
    let other = hall("act", "[autonomy]\nlimits = [{ domain = \"cover\", most = \"ask\" }]");
    assert_eq!(told(&other, 3).0, 3);
}
