//! What sets a rule off, and what its conditions say.

use super::*;

const MOTION_ON: &str = r#"
    [rule.r]
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "lamp", on = true }]
"#;

#[test]
fn an_edge_sets_it_off_and_only_an_edge() {
    let mut rules = Rules::new(MOTION_ON);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
    rules.occupancy(true);
    rules.occupancy(false);
    assert_eq!(rules.did(), [""; 0]);
    rules.reads("motion.occupancy", Property::State, None);
    rules.occupancy(true);
    assert_eq!(rules.did(), [""; 0], "coming from unknown is no edge");
}

#[test]
fn a_threshold_is_crossed() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        when = [{ entity = "motion.lux", below = 50 }]
        then = [{ set = "lamp", on = true }]
    "#,
    );
    for (lux, fires) in
        [(30.0, false), (60.0, false), (49.0, true), (20.0, false), (50.0, false), (49.9, true)]
    {
        rules.lux(lux);
        assert_eq!(rules.did().len(), usize::from(fires), "{lux}");
    }
}

#[test]
fn a_person_in_a_zone_is_in_any_of_its_rooms() {
    let mut rules = Rules::new(
        r#"
        [zone.below]
        rooms = ["hall", "bath"]
        [rule.enters]
        when = [{ person = "anna", zone = "below" }]
        then = [{ notify = "anna is below" }]
        [rule.ben]
        when = [{ room = "hall", occupied = true }]
        if   = [{ person = "ben", zone = "below" }]
        then = [{ notify = "ben is below" }]
    "#,
    );
    rules.moves("anna", Presence::Home, None);
    assert_eq!(rules.did(), [""; 0], "at home, nobody knows where");
    rules.moves("anna", Presence::Home, Some("bath"));
    assert_eq!(rules.did(), ["say anna is below"]);
    rules.moves("anna", Presence::Home, Some("hall"));
    assert_eq!(rules.did(), [""; 0], "she was there already");
    rules.moves("anna", Presence::Away, None);
    rules.moves("anna", Presence::Home, Some("hall"));
    assert_eq!(rules.did(), ["say anna is below"]);
    for (room, said) in [(None, 0), (Some("bath"), 1)] {
        rules.moves("ben", Presence::Home, room);
        for occupied in [true, false] {
            let body = Body::RoomOccupied { occupied };
            rules.event(NodeId::room("hall"), Origin::System, body);
        }
        let told = rules.did().iter().filter(|d| *d == "say ben is below").count();
        assert_eq!(told, said, "{room:?}");
    }
}

#[test]
fn rooms_people_and_everybody() {
    let mut rules = Rules::new(
        r#"
        [rule.a]
        when = [{ room = "hall", occupied = true }]
        then = [{ notify = "hall" }]
        [rule.b]
        when = [{ person = "anna", to = "home" }]
        then = [{ notify = "anna" }]
        [rule.c]
        when = [{ people = "nobody_home" }]
        then = [{ notify = "nobody" }]
        [rule.d]
        when = [{ people = "anybody_home" }]
        then = [{ notify = "somebody" }]
    "#,
    );
    let hall = |rules: &mut Rules, occupied| {
        rules.event(NodeId::room("hall"), Origin::System, Body::RoomOccupied { occupied });
    };
    hall(&mut rules, true);
    hall(&mut rules, true);
    assert_eq!(rules.did(), ["say hall"]);
    rules.moves("anna", Presence::Away, None);
    rules.moves("ben", Presence::Home, None);
    assert_eq!(rules.did(), [""; 0], "first words are no edges");
    rules.moves("ben", Presence::Away, None);
    assert_eq!(rules.did(), ["say nobody"]);
    rules.moves("anna", Presence::Home, None);
    assert_eq!(rules.did(), ["say anna", "say somebody"]);
    rules.moves("anna", Presence::Unknown, None);
    rules.moves("anna", Presence::Away, None);
    rules.moves("anna", Presence::Unknown, None);
    rules.moves("anna", Presence::Home, None);
    assert_eq!(rules.did(), [""; 0], "coming from unknown is no edge");
}

#[test]
fn a_zone_is_occupied_when_any_of_its_rooms_is() {
    let mut rules = Rules::new(
        r#"
        [zone.all]
        rooms = ["hall", "bath"]
        [rule.in]
        when = [{ zone = "all", occupied = true }]
        then = [{ notify = "in" }]
        [rule.out]
        when = [{ zone = "all", occupied = false, for = "5m" }]
        then = [{ notify = "out" }]
        [rule.asked]
        when = [{ template = "occupied('all')" }]
        then = [{ if = [{ zone = "all", occupied = true }], then = [{ notify = "asked" }], else = [{ notify = "wrong" }] }]
    "#,
    );
    let looked = rules.with(|engine, view| engine.look_at_templates(view));
    rules.take(looked);
    let is = |rules: &mut Rules, room, occupied| {
        rules.event(NodeId::room(room), Origin::System, Body::RoomOccupied { occupied });
        rules.did().join(", ")
    };
    assert_eq!(is(&mut rules, "hall", false), "", "a zone of which nothing is known is empty");
    assert_eq!(is(&mut rules, "hall", true), "say asked, say in");
    assert_eq!(is(&mut rules, "bath", true), "", "it was occupied");
    assert_eq!(is(&mut rules, "hall", false), "", "the bath is not empty");
    assert_eq!(is(&mut rules, "bath", false), "");
    rules.wait(Duration::from_secs(240));
    assert_eq!(is(&mut rules, "bath", true), "say asked, say in, cancel for:0: its trigger no longer holds");
    rules.wait(Duration::from_secs(600));
    assert_eq!(is(&mut rules, "bath", false), "");
    rules.wait(Duration::from_secs(301));
    assert_eq!(rules.did(), ["say out"]);
}

#[test]
fn a_planned_moment_sets_off_its_trigger_and_no_other() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        when = [{ entity = "motion.occupancy", to = true }, { time = "07:00" }]
        if = [{ after = "11:00", before = "13:00", days = ["mon"] }]
        then = [{ notify = "noon" }]
        else = [{ notify = "not noon" }]
    "#,
    );
    rules.fires("plan", "r#1");
    rules.fires("plan", "r#0");
    rules.fires("plan", "r#7");
    rules.fires("plan", "gone#0");
    assert_eq!(rules.did(), ["say noon"]);
    rules.now = rules.now + Duration::from_secs(3_600);
    rules.fires("plan", "r#1");
    assert_eq!(rules.did(), ["say not noon"], "the else branch");
}

#[test]
fn a_skipped_rule_says_what_it_found() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        when = [{ entity = "motion.occupancy", to = true }]
        if = [{ entity = "motion.lux", below = 50 }]
        then = [{ set = "lamp", on = true }]
    "#,
    );
    let again = |rules: &mut Rules| {
        rules.occupancy(false);
        rules.occupancy(true);
        rules.did()
    };
    let skipped =
        |found: &str| format!("skipped after motion.occupancy became on; motion.lux below 50: {found}");
    assert_eq!(again(&mut rules), [skipped("nothing heard yet")]);
    rules.lux(80.0);
    rules.now = rules.now + Duration::from_secs(4);
    assert_eq!(again(&mut rules), [skipped("80 lx, 4s ago: 30 lx too high")]);
    rules.lux(20.0);
    assert_eq!(again(&mut rules), ["lamp on"]);
    rules.now = rules.now + Duration::from_secs(700);
    assert_eq!(again(&mut rules), [skipped("stale: 20 lx, 11m40s ago")]);
    rules.lux(20.0);
    let lux = rules.entity("motion.lux");
    let status = Status::Offline(Detail::Reported);
    rules.event(lux, Origin::System, Body::StatusChanged { status });
    assert_eq!(again(&mut rules), [skipped("offline; it last was 20 lx, 0s ago")]);
}

#[test]
fn the_life_graph_is_asked_and_what_it_found_is_told() {
    let mut rules = Rules::new(
        r#"
        [rule.due]
        when = [{ entity = "motion.occupancy", to = true }]
        if = [{ any = [{ sun = "down" }, { sun = "up" }] }, { find = "kind:task status:open due<1d" }]
        then = [{ notify = "Due: {found}" }, { set_all = "component:light in:hall", on = false, hold_while = "when" }]
        else = [{ notify = "Nothing is due." }]
        [rule.many]
        when = [{ entity = "motion.occupancy", to = true }]
        if = [{ find = "label:garden", above = 1, below = 4 }]
        then = [{ notify = "some" }]
        [rule.none]
        when = [{ entity = "motion.occupancy", to = false }]
        if = [{ not = { find = "label:garden" } }, { find = "label:garden", below = 1 }]
        then = [{ notify = "none" }]
    "#,
    );
    rules.occupancy(true);
    let skipped = "skipped after motion.occupancy became on; what fits `label:garden` is above 1 below 4: 0";
    assert_eq!(rules.did(), ["say Nothing is due.", skipped]);
    rules.occupancy(false);
    assert_eq!(rules.did(), ["say none"]);
    let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    rules.graph.nodes.insert("kind:task status:open due<1d".to_owned(), words(&["Dough", "Seeds", "Bins"]));
    rules.graph.nodes.insert("label:garden".to_owned(), words(&["Seeds", "Hose"]));
    rules.occupancy(true);
    let did = rules.did();
    assert_eq!(
        did,
        ["say Due: 3: Dough, Seeds and 1 more", "all of component:light in:hall off while", "say some"]
    );
    rules.occupancy(false);
    let did = rules.did();
    assert_eq!(did[0], "release all of component:light in:hall: its trigger no longer holds", "{did:?}");
    assert!(did[1].contains("something fits `label:garden`: 2: Seeds, Hose"), "{did:?}");
}

/// A condition that must have been so for some time, by what was kept of that time.
#[test]
fn a_condition_can_ask_for_how_long_it_has_been_so() {
    let mut rules = Rules::new(
        r#"
        [rule.dark]
        when = [{ entity = "motion.occupancy", to = true }]
        if = [{ entity = "motion.lux", below = 50, for = "10m" }]
        then = [{ set = "lamp", on = true }]
    "#,
    );
    let again = |rules: &mut Rules| {
        rules.occupancy(false);
        rules.did();
        rules.occupancy(true);
        rules.did()
    };
    let minutes = |rules: &Rules, n: i64| Timestamp(rules.now.0 - n * 60_000_000);
    let skipped = |found: &str| {
        vec![format!("skipped after motion.occupancy became on; motion.lux below 50 for 10m: {found}")]
    };
    rules.lux(20.0);
    rules.graph.was = vec![(minutes(&rules, 30), Some(20.0.into())), (minutes(&rules, 5), Some(30.0.into()))];
    assert_eq!(again(&mut rules), ["lamp on"]);
    // Bright in between, not known in between, known too short, or not kept yet.
    for (was, found) in [
        (vec![(30, Some(20.0)), (8, Some(90.0)), (4, Some(20.0))], "20 lx, 0s ago; so for 4m only"),
        (vec![(30, Some(20.0)), (8, None), (4, Some(20.0))], "20 lx, 0s ago; so for 4m only"),
        (vec![(6, Some(20.0))], "20 lx, 0s ago; so for 6m only"),
        (vec![(30, Some(90.0))], "20 lx, 0s ago; so for 0s only"),
    ] {
        let at = |(n, value): (i64, Option<f64>)| (minutes(&rules, n), value.map(Value::from));
        let was = was.into_iter().map(at).collect();
        rules.graph.was = was;
        assert_eq!(again(&mut rules), skipped(found));
    }
    rules.lux(90.0);
    assert_eq!(again(&mut rules), skipped("90 lx, 0s ago: 40 lx too high"), "it is not even so now");
}
