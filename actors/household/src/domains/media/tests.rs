//! Cases on the pure state: Anna's and Ben's music between a kitchen, a bedroom and a study.

mod held;
mod several;

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{NodeId, Property, Value};

use super::kept::{Memory, Step};
use super::settings::{Settings, StreamSettings};
use super::state::{Effect, Input, State, TRIES, Whereabouts};

const KITCHEN: NodeId = NodeId(1);
const BEDROOM: NodeId = NodeId(2);
const ANNAS: NodeId = NodeId(11);
const BENS: NodeId = NodeId(12);
const FOLLOW: NodeId = NodeId(21);

fn stream(person: &str, player: NodeId, follow: NodeId) -> StreamSettings {
    StreamSettings {
        name: format!("{person}'s music"),
        person: Some(person.to_owned()),
        player: Some(player),
        follow: Some(follow),
        file: "home.toml".into(),
        line: 7,
    }
}

struct Case(State);

impl Case {
    /// Both play; nothing is in any room yet.
    fn new() -> Self {
        let second = Duration::from_secs(1);
        let settings = Settings {
            dwell: 10 * second,
            overlap: 2 * second,
            fade: 4 * second,
            ask_for: 60 * second,
            volume: 35.0,
            rooms: BTreeMap::from([("kitchen".into(), vec![KITCHEN]), ("bedroom".into(), vec![BEDROOM])]),
            streams: BTreeMap::from([
                ("anna".to_owned(), stream("anna", ANNAS, FOLLOW)),
                ("ben".to_owned(), stream("ben", BENS, NodeId(22))),
            ]),
            sources: BTreeMap::from([("voice:ear".to_owned(), "bedroom".to_owned())]),
            names: BTreeMap::new(),
        };
        let mut case = Self(State::new(settings, Memory::default()));
        for player in [ANNAS, BENS] {
            case.says(player, Property::State, "playing".into());
        }
        case
    }

    fn says(&mut self, entity: NodeId, property: Property, value: Value) -> Vec<Effect> {
        self.0.step(Input::Reading { entity, property, value: Some(value) })
    }

    fn moves(&mut self, person: &str, room: &str) -> Vec<Effect> {
        let whereabouts = match room {
            "away" => Whereabouts::Away,
            room => Whereabouts::Room(room.to_owned()),
        };
        self.0.step(Input::Moved { person: person.to_owned(), whereabouts })
    }

    fn fires(&mut self, stream: &str) -> Vec<Effect> {
        self.0.step(Input::Fired { timer: format!("step:{stream}") })
    }

    fn taken(&mut self, entity: NodeId, property: Property, value: Value, stands: bool) -> Vec<Effect> {
        self.0.step(Input::Taken { entity, property, value, stands, done: true, by: "person:ben".into() })
    }

    fn place(&self, stream: &str) -> (Option<&str>, Step) {
        let place = &self.0.memory.streams[stream];
        (place.at.as_deref(), place.step.clone())
    }

    /// The stream arrives in a room, its player does what it is told, and the old room is silent.
    fn comes(&mut self, stream: &str, room: &str, player: NodeId) {
        for _ in 0..12 {
            if self.place(stream) == (Some(room), Step::Rest) {
                return;
            }
            for effect in self.fires(stream) {
                if let Effect::Claim { entity, property: Property::Source, value, .. } = effect {
                    self.says(entity, Property::Source, value);
                }
            }
        }
        panic!("{stream} does not come to {room} ({player}): {:?}", self.place(stream));
    }
}

/// The claims among effects: player, property, value, whether they stand.
fn claims(effects: &[Effect]) -> Vec<(NodeId, Property, Value, bool)> {
    let claim = |effect: &Effect| match effect {
        Effect::Claim { entity, property, value, stands, .. } => {
            Some((*entity, *property, value.clone(), *stands))
        }
        _ => None,
    };
    effects.iter().filter_map(claim).collect()
}

fn stays(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::Stays { found, .. } => Some(found.as_str()),
        _ => None,
    })
}

#[test]
fn music_comes_after_a_dwell_and_leaves_the_old_room_last() {
    let mut case = Case::new();
    let told = case.moves("anna", "kitchen");
    assert_eq!(told, [Effect::SetTimer { name: "step:anna".into(), after: Duration::from_secs(10) }]);
    case.comes("anna", "kitchen", KITCHEN);
    case.0.memory.volumes.insert("kitchen".into(), 40.0);

    case.moves("anna", "bedroom");
    let told = claims(&case.fires("anna"));
    let room = |p: Property, v: Value| (BEDROOM, p, v, true);
    assert_eq!(
        told,
        [room(Property::Source, "anna".into()), room(Property::Volume, 35.0.into())],
        "still silent"
    );
    assert!(claims(&case.fires("anna")).is_empty(), "the player has not said that it is on it");
    case.says(BEDROOM, Property::Source, "anna".into());
    let told = claims(&case.fires("anna"));
    assert_eq!(told, [room(Property::Muted, false.into())], "it sounds, and the kitchen still does");
    assert_eq!(case.place("anna"), (Some("bedroom"), Step::Overlap { from: "kitchen".into() }));
    case.fires("anna");
    let mut volumes = Vec::new();
    let mut last = Vec::new();
    while case.place("anna").1 != Step::Rest {
        last = claims(&case.fires("anna"));
        volumes.extend(last.iter().filter(|c| c.1 == Property::Volume && c.3).map(|c| c.2.clone()));
    }
    assert_eq!(volumes, [30.0, 20.0, 10.0].map(Value::Number), "it fades");
    let silent = [
        (KITCHEN, Property::Muted, Value::Bool(true), true),
        (KITCHEN, Property::Volume, 40.0.into(), false),
    ];
    assert_eq!(last, silent, "silent, then as loud as before for whoever comes next");
}

#[test]
fn who_only_passes_through_takes_no_music_along() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.moves("anna", "bedroom");
    let told = case.moves("anna", "kitchen");
    assert!(matches!(told.as_slice(), [Effect::CancelTimer { .. }]), "{told:?}");
    assert_eq!(case.place("anna"), (Some("kitchen"), Step::Rest));
    assert_eq!(case.fires("anna"), [], "a timer that came all the same does nothing");
    // A room without a loudspeaker: it plays where it is.
    assert_eq!(case.moves("anna", "study"), []);
}

#[test]
fn where_somebody_else_is_it_asks_and_silence_is_no() {
    let mut case = Case::new();
    case.moves("ben", "bedroom");
    case.says(BENS, Property::State, "idle".into());
    case.moves("anna", "bedroom");
    let told = case.fires("anna");
    let asks = told.iter().any(|effect| {
        matches!(effect, Effect::Ask { people, text, .. } if people == &["ben", "anna"] && text.contains("where ben is"))
    });
    assert!(asks && claims(&told).is_empty(), "{told:?}");
    case.0.asked("anna", "bedroom", "abc");
    assert_eq!(case.0.step(Input::Answered { question: "other".into(), yes: true }), []);
    let told = case.fires("anna");
    assert!(told.contains(&Effect::Silence { question: "abc".into() }), "{told:?}");
    assert_eq!(stays(&told), Some("nobody answered"));
    assert_eq!(case.0.step(Input::PutRight), [], "it does not ask again and again");
    // He leaves: the room is hers.
    let told = case.moves("ben", "kitchen");
    assert!(matches!(told.as_slice(), [Effect::SetTimer { .. }]), "{told:?}");
    case.comes("anna", "bedroom", BEDROOM);
}

#[test]
fn a_yes_lets_it_come_and_leaving_takes_the_question_back() {
    let mut case = Case::new();
    case.moves("ben", "bedroom");
    case.says(BENS, Property::State, "idle".into());
    case.moves("anna", "bedroom");
    case.fires("anna");
    case.0.asked("anna", "bedroom", "abc");
    let told = case.moves("anna", "study");
    assert!(told.contains(&Effect::Withdraw { question: "abc".into() }), "{told:?}");
    case.moves("anna", "bedroom");
    case.fires("anna");
    case.0.asked("anna", "bedroom", "def");
    let told = claims(&case.0.step(Input::Answered { question: "def".into(), yes: true }));
    assert_eq!(told.len(), 2, "{told:?}");
    case.comes("anna", "bedroom", BEDROOM);
}

#[test]
fn whose_music_plays_in_a_room_keeps_it() {
    let mut case = Case::new();
    case.moves("ben", "bedroom");
    case.comes("ben", "bedroom", BEDROOM);
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.moves("anna", "bedroom");
    let told = case.fires("anna");
    assert_eq!(stays(&told), Some("ben's music plays there"));
    assert_eq!((claims(&told), case.place("anna").0), (vec![], Some("kitchen")));
    // He takes his along; then hers comes.
    case.moves("ben", "kitchen");
    assert_eq!(
        stays(&case.fires("ben")),
        Some("anna's music plays there"),
        "and hers is still in the kitchen"
    );
    case.says(BENS, Property::State, "paused".into());
    assert_eq!(
        case.place("anna").1,
        Step::Dwell { to: Some("bedroom".into()) },
        "nobody's music sounds there"
    );
}

#[test]
fn who_takes_a_room_for_a_while_gives_it_back_and_who_chooses_keeps_it() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    // An announcement: its hold ends by itself, and ours is underneath.
    assert_eq!(case.taken(KITCHEN, Property::Volume, 80.0.into(), true), []);
    case.says(KITCHEN, Property::Source, "bell".into());
    case.taken(KITCHEN, Property::Source, "bell".into(), true);
    assert_eq!(case.0.step(Input::PutRight), [], "it is left alone meanwhile");
    assert!(!case.0.memory.volumes.contains_key("kitchen"), "a bell says nothing of how loud music is");
    case.0.step(Input::GivenBack { entity: KITCHEN, property: Property::Source });
    // Somebody turns the knob: that is how loud it is here from now on.
    let told = claims(&case.taken(KITCHEN, Property::Volume, 22.0.into(), false));
    assert_eq!(told, [(KITCHEN, Property::Volume, 22.0.into(), true)]);
    assert_eq!(case.0.memory.volumes["kitchen"], 22.0);
    // On its way, it is left alone until it is reported: the receipt is theirs.
    let (entity, property) = (KITCHEN, Property::Volume);
    let wish = Input::Taken {
        entity,
        property,
        value: 30.0.into(),
        stands: false,
        done: false,
        by: "person:ben".into(),
    };
    assert_eq!(case.0.step(wish), []);
    assert!(claims(&case.says(KITCHEN, Property::Volume, 25.0.into())).is_empty());
    let told = claims(&case.says(KITCHEN, Property::Volume, 30.0.into()));
    assert_eq!(told, [(KITCHEN, Property::Volume, 30.0.into(), true)]);
    let told = claims(&case.taken(KITCHEN, Property::Muted, true.into(), false));
    assert_eq!(told, [(KITCHEN, Property::Muted, true.into(), true)], "muted is what is given back");
    // Somebody chooses something else: the room is theirs.
    let told = case.taken(KITCHEN, Property::Source, "radio".into(), false);
    assert!(
        matches!(told.as_slice(), [Effect::Release { properties, .. }] if properties.len() == 3),
        "{told:?}"
    );
    assert_eq!(case.place("anna"), (None, Step::Rest));
    assert_eq!(case.0.step(Input::PutRight), [], "it does not take the room back");
    // Back to her stream: it is there again.
    case.taken(KITCHEN, Property::Source, "anna".into(), false);
    assert_eq!(case.place("anna").0, Some("kitchen"));
}

#[test]
fn what_is_paused_or_stays_does_not_follow() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.says(FOLLOW, Property::On, false.into());
    assert_eq!(case.moves("anna", "bedroom"), []);
    let told = case.says(FOLLOW, Property::On, true.into());
    assert!(matches!(told.as_slice(), [Effect::SetTimer { .. }]), "{told:?}");
    let told = case.says(ANNAS, Property::State, "paused".into());
    assert!(matches!(told.as_slice(), [Effect::CancelTimer { .. }]), "{told:?}");
    let told = case.says(ANNAS, Property::State, "playing".into());
    assert!(matches!(told.as_slice(), [Effect::SetTimer { .. }]), "it is played where she is: {told:?}");
}

#[test]
fn a_room_that_does_not_take_it_loses_nothing() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.moves("anna", "bedroom");
    for _ in 0..=TRIES {
        case.fires("anna");
    }
    let told = case.fires("anna");
    assert!(stays(&told).unwrap().contains("did not"), "{told:?}");
    assert_eq!(case.place("anna"), (Some("kitchen"), Step::Rest), "it still plays in the kitchen");
}

#[test]
fn the_last_one_out_takes_the_music_along() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.moves("ben", "kitchen");
    assert!(
        !case
            .moves("anna", "away")
            .iter()
            .any(|e| matches!(e, Effect::SetTimer { name, .. } if name == "step:anna")),
        "he listens"
    );
    case.moves("ben", "away");
    assert_eq!(case.place("anna").1, Step::Dwell { to: None });
    while case.place("anna").1 != Step::Rest {
        case.fires("anna");
    }
    assert_eq!(case.place("anna").0, None);
}

#[test]
fn a_kill_at_any_step_goes_on_from_there() {
    let mut case = Case::new();
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    case.moves("anna", "bedroom");
    case.fires("anna");
    // What was claimed before the kill was lost with it.
    let kept = Memory::default().changes(&case.0.memory);
    let kept = kept.into_iter().map(|(key, value)| (key, value.unwrap())).collect();
    let mut again = Case(State::new(case.0.settings.clone(), Memory::read(kept)));
    assert_eq!(again.0.timers(), [("step:anna".to_owned(), super::state::ARRIVES)]);
    for input in [
        Input::Moved { person: "anna".into(), whereabouts: Whereabouts::Room("bedroom".into()) },
        Input::Reading { entity: ANNAS, property: Property::State, value: Some("playing".into()) },
        Input::Reading { entity: KITCHEN, property: Property::Source, value: Some("anna".into()) },
    ] {
        again.0.know(input);
    }
    again.comes("anna", "bedroom", BEDROOM);
    // At rest, a claim that never left is made now, and what the server remembers otherwise is put right.
    let mut again = Case(State::new(again.0.settings.clone(), again.0.memory.clone()));
    again.0.know(Input::Reading { entity: BEDROOM, property: Property::Source, value: Some("ben".into()) });
    again.0.know(Input::Reading { entity: KITCHEN, property: Property::Source, value: Some("anna".into()) });
    again.0.know(Input::Reading { entity: KITCHEN, property: Property::Muted, value: Some(false.into()) });
    let told = claims(&again.0.step(Input::PutRight));
    assert_eq!(told.iter().filter(|c| c.0 == BEDROOM).count(), 3, "{told:?}");
    assert!(
        told.contains(&(KITCHEN, Property::Muted, true.into(), true)),
        "still on from yesterday: {told:?}"
    );
}

#[test]
fn what_plays_when_it_is_first_told_of_a_room_is_what_was_meant() {
    let mut case = Case::new();
    case.says(KITCHEN, Property::Source, "anna".into());
    case.says(KITCHEN, Property::Muted, false.into());
    let told = claims(&case.0.step(Input::PutRight));
    assert!(told.iter().all(|c| c.0 == KITCHEN && c.2 != true.into()) && told.len() == 2, "{told:?}");
    assert_eq!(case.place("anna").0, Some("kitchen"));
    // As loud as it was: a restart does not make it as loud as is usual.
    let mut case = Case::new();
    let said =
        [(Property::Source, "anna".into()), (Property::Muted, false.into()), (Property::Volume, 40.0.into())];
    for (property, value) in said {
        case.says(KITCHEN, property, value);
    }
    let loud = (KITCHEN, Property::Volume, 40.0.into(), true);
    assert!(claims(&case.0.step(Input::PutRight)).contains(&loud));
    let mut again = Case(State::new(case.0.settings.clone(), case.0.memory.clone()));
    let told = claims(&again.0.step(Input::PutRight));
    assert!(told.contains(&loud), "what a kill took: {told:?}");
}
