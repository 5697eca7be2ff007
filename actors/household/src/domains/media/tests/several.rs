//! One stream in several rooms.

use super::*;

/// What is to be muted and what is not.
fn muted(told: &[Effect]) -> Vec<(NodeId, bool)> {
    let all = claims(told).into_iter().filter(|(_, property, ..)| *property == Property::Muted);
    all.map(|(entity, _, value, _)| (entity, value.as_bool() == Some(true))).collect()
}

fn sources(told: &[Effect]) -> Vec<(NodeId, Value)> {
    let all = claims(told).into_iter().filter(|(_, property, ..)| *property == Property::Source);
    all.map(|(entity, _, value, _)| (entity, value)).collect()
}

fn asks(told: &[Effect]) -> Option<&[String]> {
    told.iter().find_map(|e| if let Effect::Ask { people, .. } = e { Some(people.as_slice()) } else { None })
}

impl Case {
    /// Anna's music in the kitchen, where she is.
    fn in_the_kitchen() -> Self {
        let mut case = Self::new();
        case.moves("anna", "kitchen");
        case.comes("anna", "kitchen", KITCHEN);
        case
    }

    /// Somebody has put Anna's music into the bedroom.
    fn put(&mut self, by: &str) -> Vec<Effect> {
        self.0.step(Input::Taken {
            entity: BEDROOM,
            property: Property::Source,
            value: "anna".into(),
            stands: false,
            done: true,
            by: by.to_owned(),
        })
    }

    /// Somebody wishes Anna's music in the bedroom, and the door has somebody asked.
    fn wishes(&mut self, by: &str) -> Vec<Effect> {
        let (stream, room, by) = ("anna".to_owned(), "bedroom".to_owned(), by.to_owned());
        self.0.step(Input::Wished { stream, room, by, silences: Vec::new() })
    }

    fn also(&self, room: &str) -> bool {
        self.0.memory.streams["anna"].also.contains(room)
    }

    fn ben_is_in_the_bedroom(&mut self) {
        self.says(BENS, Property::State, "idle".into());
        self.moves("ben", "bedroom");
    }
}

#[test]
fn what_is_put_into_another_room_stays_there_while_the_other_follows() {
    let mut case = Case::in_the_kitchen();
    let told = case.put("person:anna");
    assert_eq!(muted(&told), [(BEDROOM, false)]);
    assert_eq!(sources(&told), [(BEDROOM, "anna".into())], "it is given back there like everywhere");
    assert_eq!(case.place("anna"), (Some("kitchen"), Step::Rest));
    assert_eq!(case.0.step(Input::PutRight), [], "both are as they were decided");
    // Where she goes next it is already; the kitchen, that followed, is left, and the bedroom is not when she goes back.
    case.says(BEDROOM, Property::Source, "anna".into());
    case.moves("anna", "bedroom");
    case.comes("anna", "bedroom", BEDROOM);
    case.moves("anna", "kitchen");
    let mut told = Vec::new();
    while case.place("anna") != (Some("kitchen"), Step::Rest) {
        told.extend(case.fires("anna"));
    }
    assert!(case.also("bedroom") && !muted(&told).contains(&(BEDROOM, true)), "{told:?}");
    // Silent is gone, where nobody is who follows.
    assert_eq!(muted(&case.taken(BEDROOM, Property::Muted, true.into(), false)), [(BEDROOM, true)]);
    assert!(!case.also("bedroom"));
    let told = case.taken(KITCHEN, Property::Muted, true.into(), false);
    assert_eq!((muted(&told), case.place("anna").0), (vec![(KITCHEN, true)], Some("kitchen")));
}

#[test]
fn where_somebody_else_is_they_are_asked_before_anything_moves() {
    let mut case = Case::in_the_kitchen();
    case.ben_is_in_the_bedroom();
    let told = case.wishes("person:anna");
    assert_eq!(claims(&told), [], "nothing is heard");
    assert_eq!(asks(&told).unwrap(), ["ben", "anna"]);
    case.0.asked("anna", "bedroom", "abc");
    assert_eq!(case.wishes("person:anna"), [], "once");
    assert_eq!(case.0.timers().len(), 1, "what is asked outlives a kill");
    let told = case.0.step(Input::Fired { timer: "also:anna:bedroom".into() });
    assert_eq!(told[0], Effect::Silence { question: "abc".into() });
    assert_eq!((stays(&told), muted(&told)), (Some("nobody answered"), vec![]));
    case.wishes("person:anna");
    case.0.asked("anna", "bedroom", "def");
    let told = case.0.step(Input::Answered { question: "def".into(), yes: true });
    assert_eq!((muted(&told), case.also("bedroom")), (vec![(BEDROOM, false)], true));
    assert_eq!(sources(&told), [(BEDROOM, "anna".into())]);
    // He said yes: she may come after it without another question.
    case.moves("anna", "bedroom");
    case.comes("anna", "bedroom", BEDROOM);
}

#[test]
fn his_music_goes_on_until_he_says_yes_and_is_back_where_he_chooses_it() {
    let mut case = Case::in_the_kitchen();
    case.moves("ben", "bedroom");
    case.comes("ben", "bedroom", BEDROOM);
    let told = case.wishes("person:anna");
    assert!(asks(&told).is_some() && claims(&told).is_empty(), "his goes on untouched: {told:?}");
    case.0.asked("anna", "bedroom", "abc");
    let told = case.0.step(Input::Answered { question: "abc".into(), yes: false });
    assert_eq!((stays(&told), case.place("ben").0), (Some("no"), Some("bedroom")));
    assert_eq!(claims(&told), []);
    case.wishes("person:anna");
    case.0.asked("anna", "bedroom", "def");
    let told = case.0.step(Input::Answered { question: "def".into(), yes: true });
    assert_eq!(sources(&told), [(BEDROOM, "anna".into())]);
    assert_eq!(case.place("ben").0, None);
    case.taken(BEDROOM, Property::Source, "ben".into(), false);
    assert_eq!((case.also("bedroom"), case.place("ben").0), (false, Some("bedroom")));
}

#[test]
fn who_is_there_or_decided_before_is_not_asked_and_who_leaves_does_not_mind() {
    let mut case = Case::in_the_kitchen();
    case.ben_is_in_the_bedroom();
    for by in ["voice:ear", "person:ben", "hand", "rule:morning", "scene:party", "media"] {
        let told = case.wishes(by);
        assert_eq!((asks(&told), muted(&told)), (None, vec![(BEDROOM, false)]), "{by}");
        case.taken(BEDROOM, Property::Muted, true.into(), false);
    }
    case.wishes("voice:other");
    case.0.asked("anna", "bedroom", "abc");
    let told = case.moves("ben", "study");
    assert!(told.contains(&Effect::Withdraw { question: "abc".into() }), "{told:?}");
    assert_eq!((muted(&told), case.also("bedroom")), (vec![(BEDROOM, false)], true));
}

#[test]
fn who_leaves_the_house_leaves_it_where_somebody_hears_it() {
    let mut case = Case::in_the_kitchen();
    case.put("person:anna");
    case.ben_is_in_the_bedroom();
    case.moves("anna", "away");
    assert_eq!(case.place("anna").1, Step::Dwell { to: None });
    let mut told = Vec::new();
    while case.place("anna").1 != Step::Rest {
        told.extend(case.fires("anna"));
    }
    assert_eq!(muted(&told), [(KITCHEN, true)]);
    assert_eq!(case.place("anna").0, Some("bedroom"));
    case.moves("ben", "away");
    let mut told = Vec::new();
    while case.place("anna").1 != Step::Rest {
        told.extend(case.fires("anna"));
    }
    assert_eq!((muted(&told), case.place("anna").0), (vec![(BEDROOM, true)], None));
}

#[test]
fn what_a_guest_keeps_in_a_room_beside_stays_there() {
    let mut case = Case::in_the_kitchen();
    case.put("person:anna");
    let keeps = |stands| Input::Taken {
        entity: BEDROOM,
        property: Property::Source,
        value: "anna".into(),
        stands,
        done: true,
        by: "person:gus".into(),
    };
    case.0.step(keeps(true));
    case.moves("anna", "away");
    while case.place("anna").1 != Step::Rest {
        case.fires("anna");
    }
    assert_eq!(case.place("anna").0, Some("bedroom"));
    case.0.step(keeps(false));
    assert_eq!(case.place("anna").1, Step::Dwell { to: None }, "nobody keeps it any more");
}

#[test]
fn who_chooses_something_else_takes_one_room_and_the_others_play_on() {
    let mut case = Case::in_the_kitchen();
    case.put("person:anna");
    case.taken(KITCHEN, Property::Source, "radio".into(), false);
    assert_eq!(case.place("anna"), (Some("bedroom"), Step::Rest), "it does not come back to the kitchen");
    // A kill forgets none of it.
    let kept = Memory::default().changes(&case.0.memory);
    let again = Memory::read(kept.into_iter().map(|(key, value)| (key, value.unwrap())).collect());
    assert_eq!(again, case.0.memory);
}

#[test]
fn only_there_silences_nothing_before_the_yes_and_outlives_a_kill() {
    let only = |case: &mut Case| {
        let (stream, room, by) = ("anna".to_owned(), "bedroom".to_owned(), "person:anna".to_owned());
        let told = case.0.step(Input::Wished { stream, room, by, silences: vec![KITCHEN] });
        assert_eq!(claims(&told), [], "nothing is silent and nothing heard: {told:?}");
    };
    let answered = |case: &mut Case, yes| case.0.step(Input::Answered { question: "abc".into(), yes });
    let killed = |case: &mut Case| {
        let kept = Memory::read(
            Memory::default().changes(&case.0.memory).into_iter().map(|(k, v)| (k, v.unwrap())).collect(),
        );
        assert_eq!(kept, case.0.memory);
    };
    let mut case = Case::in_the_kitchen();
    case.ben_is_in_the_bedroom();
    only(&mut case);
    case.0.asked("anna", "bedroom", "abc");
    killed(&mut case);
    let told = answered(&mut case, false);
    assert_eq!((claims(&told), stays(&told)), (vec![], Some("no")), "it plays on in the kitchen");
    only(&mut case);
    case.0.asked("anna", "bedroom", "abc");
    let told = answered(&mut case, true);
    assert_eq!(muted(&told), [(BEDROOM, false), (KITCHEN, true)], "heard there first");
    // "Too" after "only": what was said last counts.
    let mut case = Case::in_the_kitchen();
    case.ben_is_in_the_bedroom();
    only(&mut case);
    case.0.asked("anna", "bedroom", "abc");
    case.wishes("person:anna");
    assert_eq!(muted(&answered(&mut case, true)), [(BEDROOM, false)]);
    // He leaves instead of answering.
    let mut case = Case::in_the_kitchen();
    case.ben_is_in_the_bedroom();
    only(&mut case);
    case.0.asked("anna", "bedroom", "abc");
    let told = case.moves("ben", "kitchen");
    assert_eq!(muted(&told), [(BEDROOM, false), (KITCHEN, true)]);
    assert!(case.0.memory.streams["anna"].silences.is_empty());
}
