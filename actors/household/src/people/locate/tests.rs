//! Where somebody is, from what trackers, receivers and rooms say.

use std::path::Path;
use std::sync::Arc;

use lares_model::{NodeId, Presence, Timestamp};

use super::{Plan, Whereabouts};

fn plan(text: &str) -> Arc<Plan> {
    let text = format!("[household]\ntime_zone = \"UTC\"\n{text}");
    let files = vec![("home.toml".to_owned(), text)];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    let home = loaded.unwrap_or_else(|p| panic!("{}", lares_config::render(&p, false))).home;
    Arc::new(Plan::new(&home))
}

/// Two rooms side by side, a receiver in the middle of each.
fn flat() -> Arc<Plan> {
    plan(
        "[room.kitchen]\narea = [[0.0, 0.0], [4.0, 4.0]]\n[room.study]\narea = [[4.0, 0.0], [8.0, 4.0]]\n\
         [receiver.k]\nroom = \"kitchen\"\nat = [2.0, 2.0, 2.0]\n[receiver.s]\nroom = \"study\"\nat = [6.0, 2.0, 2.0]\n",
    )
}

fn at(s: i64) -> Timestamp {
    Timestamp(s * 1_000_000)
}

fn rooms(name: &str) -> Option<Arc<str>> {
    (name == "kitchen").then(|| name.into())
}

const HOME: Presence = Presence::Home;

#[test]
fn any_tracker_at_home_is_home_and_silence_is_unknown() {
    let mut anna = Whereabouts::new(plan("[room.kitchen]\n[room.hall]\n"));
    let (phone, badge) = (NodeId(1), NodeId(2));
    let mut heard = |tracker, value: Option<&str>| {
        anna.note(tracker, value.map(Into::into).as_ref(), rooms);
        anna.review(at(0))
    };
    assert_eq!(heard(phone, Some("home")), Some((HOME, None)));
    assert_eq!(heard(badge, Some("kitchen")), Some((HOME, Some("kitchen".into()))));
    assert_eq!(heard(phone, Some("not_home")), None);
    assert_eq!(heard(badge, Some("work")), Some((Presence::Away, None)));
    assert_eq!(heard(badge, None), None);
    assert_eq!(heard(phone, None), Some((Presence::Unknown, None)));
}

#[test]
fn after_a_restart_only_what_is_news_is_told() {
    let mut anna = Whereabouts::new(plan("[room.kitchen]\n[room.hall]\n"));
    anna.restore(HOME, Some("kitchen".into()), at(0));
    anna.note(NodeId(1), Some(&"not_home".into()), rooms);
    anna.note(NodeId(2), Some(&"kitchen".into()), rooms);
    assert_eq!(anna.review(at(1)), None, "she was not away in between");
    anna.note(NodeId(2), Some(&"work".into()), rooms);
    assert_eq!(anna.review(at(2)), Some((Presence::Away, None)));
}

#[test]
fn distances_tell_the_room_and_one_stray_reading_does_not_change_it() {
    let mut anna = Whereabouts::new(flat());
    let mut heard = |s: i64, k: f64, st: f64| {
        anna.hear("k", k, at(s));
        anna.hear("s", st, at(s));
        (anna.review(at(s)), anna.sure())
    };
    assert_eq!(heard(0, 1.2, 4.0).0, Some((HOME, Some("kitchen".into()))));
    for s in 1..10 {
        assert_eq!(heard(s, 1.2, 4.0).0, None);
    }
    let (told, sure) = heard(10, 3.0, 2.0);
    assert_eq!(told, None, "one stray pair of readings");
    assert!(sure > 0.65, "{sure}");
    let moved: Vec<_> = (11..20).filter_map(|s| heard(s, 4.2, 1.1).0).collect();
    assert_eq!(moved, [(HOME, Some("study".into()))], "once, and only once");
}

#[test]
fn whoever_is_not_heard_any_more_has_left_and_nonsense_is_not_heard() {
    let mut anna = Whereabouts::new(flat());
    assert!(
        !anna.hear("k", 2.1e11, at(0)) && !anna.hear("k", 0.0, at(0)) && !anna.hear("nowhere", 1.0, at(0))
    );
    assert_eq!(anna.review(at(0)), Some((Presence::Unknown, None)));
    anna.hear("k", 1.0, at(1));
    anna.review(at(1));
    assert_eq!(anna.review(at(179)), None);
    assert_eq!(anna.leaves_at(), Some(at(181)));
    assert_eq!(anna.review(at(181)), Some((Presence::Away, None)));
}

#[test]
fn motion_moves_who_lives_alone_and_says_little_of_one_among_many() {
    let three = || Whereabouts::new(plan("[room.hall]\n[room.kitchen]\n[room.study]\n"));
    let mut alone = three();
    alone.sign("study", 0.02, at(0));
    assert_eq!(alone.review(at(0)), Some((HOME, Some("study".into()))));
    let mut among = three();
    among.sign("study", 0.9, at(0));
    assert_eq!(among.review(at(0)), Some((Presence::Unknown, None)), "it may have been anybody");
}

#[test]
fn an_empty_room_is_not_where_they_are_without_better_signs() {
    let mut anna = Whereabouts::new(plan("[room.hall]\n[room.kitchen]\n"));
    anna.note(NodeId(1), Some(&true.into()), rooms);
    anna.sign("hall", 0.7, at(0));
    assert_eq!(anna.review(at(0)), Some((HOME, None)), "it is open");
    anna.occupied("kitchen", false);
    assert_eq!(anna.review(at(1)), Some((HOME, Some("hall".into()))));
}

#[test]
fn a_home_without_rooms_has_none_to_tell() {
    let mut anna = Whereabouts::new(plan(""));
    anna.note(NodeId(1), Some(&"kitchen".into()), rooms);
    anna.hear("k", 1.0, at(0));
    assert_eq!(anna.review(at(0)), Some((HOME, None)));
}
