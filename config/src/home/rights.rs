//! Who may move what: the rules that the one door (intake) goes by, whatever a surface shows or hides.

use lares_model::{Component, Timestamp};

use super::{Home, Person, Role};

/// How much care a thing asks for; a person's role says how much is trusted to them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Care {
    /// What anybody in a room may use: its light, its blinds, its fan.
    Everyday,
    /// What costs comfort or money when it is wrong.
    Comfort,
    /// What locks, floods, burns or watches.
    Dangerous,
}

/// What a wish is about.
pub struct Thing<'a> {
    pub name: &'a str,
    pub component: Component,
    /// Home Assistant's device class, as announced.
    pub class: Option<&'a str>,
    pub room: Option<&'a str>,
}

/// The class of what gives a dose (of a nutrient, an acid, a medicine): no standard knows it, so the home says it.
pub const DOSING: &str = "dosing";

/// The care that a kind of entity asks for.
pub fn care(component: Component, class: Option<&str>) -> Care {
    use Component::*;
    match component {
        _ if class == Some(DOSING) => Care::Dangerous,
        Cover if matches!(class, Some("garage" | "gate" | "door")) => Care::Dangerous,
        Light | Cover | Fan | Scene | MediaPlayer => Care::Everyday,
        Lock | Valve | AlarmControlPanel | Siren | WaterHeater | LawnMower | Update | Camera => {
            Care::Dangerous
        }
        _ => Care::Comfort,
    }
}

/// The most careful things that a role may move.
pub fn trusted(role: Role) -> Care {
    match role {
        Role::Owner | Role::Adult => Care::Dangerous,
        Role::Child => Care::Comfort,
        Role::Guest => Care::Everyday,
    }
}

/// Whether somebody has rights at all at this moment; the error says why not.
pub fn may_act(home: &Home, person: &str, now: Timestamp) -> Result<(), String> {
    let Some(known) = home.people.get(person) else {
        return Err(format!("there is no person `{person}` in this home"));
    };
    let local = jiff::Timestamp::from_microsecond(now.0).map(|at| at.to_zoned(home.household.zone.clone()));
    match local {
        Ok(local) if known.grant.holds_at(local.datetime()) => Ok(()),
        _ => Err(format!("{} has no rights at this time", known.name)),
    }
}

/// Whether a person may move this thing.
pub fn may(person: &Person, thing: &Thing<'_>) -> Result<(), String> {
    if care(thing.component, thing.class) > trusted(person.role) {
        return Err(format!(
            "a {} may not move {} ({})",
            person.role.name(),
            thing.name,
            thing.component.name()
        ));
    }
    if !person.grant.reaches(thing.name, thing.component) {
        return Err(person.grant.beyond(&person.name, thing));
    }
    if !person.grant.covers(thing.room) {
        return Err(format!("{} may not move things in {}", person.name, thing.room.unwrap_or("no room")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grant, Place};

    fn person(role: Role, rooms: Option<&str>) -> Person {
        let grant = Grant { rooms: rooms.map(|r| vec![r.to_owned()]), ..Grant::default() };
        Person {
            place: Place::by_default(),
            name: "Kim".into(),
            role,
            trackers: vec![],
            beacons: vec![],
            grant,
        }
    }

    #[test]
    fn each_role_moves_what_is_trusted_to_it_and_nothing_else() {
        let cases = [
            (Component::Light, None, [true, true, true, true]),
            (Component::Cover, Some("shade"), [true, true, true, true]),
            (Component::Cover, Some("garage"), [true, true, false, false]),
            (Component::Climate, None, [true, true, true, false]),
            (Component::Switch, None, [true, true, true, false]),
            (Component::Lock, None, [true, true, false, false]),
            (Component::Valve, None, [true, true, false, false]),
            (Component::Siren, None, [true, true, false, false]),
            (Component::Switch, Some(DOSING), [true, true, false, false]),
        ];
        let roles = [Role::Owner, Role::Adult, Role::Child, Role::Guest];
        for (component, class, allowed) in cases {
            for (role, allowed) in roles.into_iter().zip(allowed) {
                let thing = Thing { name: "it", component, class, room: Some("hall") };
                assert_eq!(
                    may(&person(role, None), &thing).is_ok(),
                    allowed,
                    "{role:?} {component:?} {class:?}"
                );
            }
        }
    }

    #[test]
    fn a_grant_of_things_or_kinds_narrows_every_role() {
        let thing = |name, component| Thing { name, component, class: None, room: Some("hall") };
        let of = |device: &str| crate::EntityRef { device: device.into(), slug: None };
        let mut kim = person(Role::Adult, None);
        kim.grant.entities = Some(vec![of("lamp"), of("lock")]);
        kim.grant.domains = Some(vec![Component::Light, Component::Cover]);
        let refused = |thing: &Thing<'_>| may(&kim, thing).unwrap_err();
        assert!(may(&kim, &thing("lamp.light", Component::Light)).is_ok());
        assert_eq!(
            refused(&thing("tv.light", Component::Light)),
            "Kim may not move tv.light (light): allowed are lamp, lock"
        );
        assert_eq!(
            refused(&thing("lock.lock", Component::Lock)),
            "Kim may not move lock.lock (lock): allowed are light, cover"
        );
        // What a role is not trusted with, no grant gives.
        let guest = Person { role: Role::Guest, ..kim.clone() };
        assert!(
            may(&guest, &thing("lock.lock", Component::Lock)).unwrap_err().starts_with("a guest may not")
        );
    }

    #[test]
    fn a_grant_of_rooms_narrows_every_role() {
        let lamp = |room| Thing { name: "lamp", component: Component::Light, class: None, room };
        let kim = person(Role::Child, Some("hall"));
        assert!(may(&kim, &lamp(Some("hall"))).is_ok());
        assert!(may(&kim, &lamp(Some("bath"))).is_err() && may(&kim, &lamp(None)).is_err());
    }
}
