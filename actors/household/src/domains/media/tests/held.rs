//! What somebody keeps in a room.

use super::*;

#[test]
fn what_a_guest_keeps_stays_while_somebody_is_there_to_hear_it() {
    let mut case = Case::new();
    case.says(BENS, Property::State, "paused".into());
    case.moves("anna", "kitchen");
    case.comes("anna", "kitchen", KITCHEN);
    let kept = |by: &str, stands: bool| Input::Taken {
        entity: KITCHEN,
        property: Property::Source,
        value: "anna".into(),
        stands,
        done: true,
        by: by.to_owned(),
    };
    // Said while it was about to go: it does not.
    case.moves("anna", "bedroom");
    assert!(matches!(case.place("anna").1, Step::Dwell { .. }));
    case.0.step(kept("voice:kitchen", true));
    assert_eq!(case.place("anna"), (Some("kitchen"), Step::Rest));
    assert_eq!(case.moves("ben", "kitchen"), [], "it stays, whoever comes");
    // Everybody has left: it is let go, and what was held is given back then.
    let let_go = case.0.step(Input::Emptied { room: "kitchen".into() });
    assert!(matches!(&let_go[..], [Effect::LetGo { entity: KITCHEN, by, .. }] if by == "voice:kitchen"));
    case.0.step(Input::GivenBack { entity: KITCHEN, property: Property::Source });
    assert!(matches!(case.place("anna").1, Step::Dwell { to: Some(_) }));
    // What a resident holds there stays so; said once more without standing, it follows.
    case.0.step(kept("person:ben", true));
    assert_eq!(case.0.step(Input::Emptied { room: "kitchen".into() }), []);
    assert_eq!(case.place("anna").1, Step::Rest);
    case.0.step(kept("person:ben", false));
    assert!(matches!(case.place("anna").1, Step::Dwell { to: Some(_) }));
    // A hold for something else keeps nothing.
    let mut radio = kept("voice:kitchen", true);
    if let Input::Taken { value, .. } = &mut radio {
        *value = "other".into();
    }
    case.0.step(radio);
    assert!(matches!(case.place("anna").1, Step::Dwell { to: Some(_) }));
}
