//! The household's own children of each branch.

use lares_household::House;
use lares_household::domains::countdowns::Countdowns;
use lares_household::domains::media::MediaActor;
use lares_household::domains::phone::PhoneActor;
use lares_household::intake::Intake;
use lares_household::keeper::{GraphKeeper, KeeperMessage};
use lares_household::links::{LinkActor, LinkMessage};
use lares_household::people::{PersonActor, PersonMessage};
use lares_household::planner::{PlanActor, PlanMessage};
use lares_household::rooms::RoomActor;
use lares_household::rules::{RuleActor, RuleMessage};
use lares_household::safety::SafetyActor;
use lares_household::timers::TimerService;
use lares_kernel::{Address, Child, Limits, child};

/// Addresses that reloads speak to.
pub struct Addresses {
    pub keeper: Address<KeeperMessage>,
    pub rules: Address<RuleMessage>,
    pub planner: Address<PlanMessage>,
}

impl Addresses {
    pub fn new(house: &House) -> Self {
        let world = house.world();
        Self {
            keeper: world.address("core/graph"),
            rules: house.rules().clone(),
            planner: world.address("planner/day"),
        }
    }
}

/// Children of a branch that the household itself provides for the configuration in force.
pub fn children(branch: &str, house: &House, addresses: &Addresses) -> Vec<Child> {
    let home = house.home();
    match branch {
        "core" => core(house, addresses),
        "safety" => {
            let (made, address) = (house.clone(), house.safety().actor().clone());
            vec![child("interlocks", Limits::LEAF, address, move || SafetyActor::new(made.clone()))]
        }
        "links" => link_keys(house).iter().map(|key| link(house, key)).collect(),
        "rooms" => home.rooms.keys().map(|key| room(house, key)).collect(),
        "people" => home.people.keys().map(|key| person(house, key)).collect(),
        "rules" => {
            let house = house.clone();
            vec![child("engine", Limits::LEAF, addresses.rules.clone(), move || {
                RuleActor::new(house.clone())
            })]
        }
        "planner" => {
            let house = house.clone();
            vec![child("day", Limits::LEAF, addresses.planner.clone(), move || PlanActor::new(house.clone()))]
        }
        "domains" => {
            let (made, address) = (house.clone(), house.countdowns().clone());
            let countdowns =
                child("countdowns", Limits::LEAF, address, move || Countdowns::new(made.clone()));
            let music = (!home.streams.is_empty()).then(|| media(house));
            let receptionist = home.phone.is_some().then(|| phone(house));
            [countdowns].into_iter().chain(music).chain(receptionist).collect()
        }
        _ => Vec::new(),
    }
}

fn core(house: &House, addresses: &Addresses) -> Vec<Child> {
    let (keeper, timers, intake) = (house.clone(), house.clone(), house.clone());
    vec![
        child("graph", Limits::CORE, addresses.keeper.clone(), move || GraphKeeper::new(keeper.clone())),
        child("timers", Limits::CORE, house.world().address("core/timers"), move || {
            TimerService::new(timers.clone())
        }),
        child("intake", Limits::CORE, house.door().clone(), move || Intake::new(intake.clone())),
    ]
}

/// Links of a home: its connections, the recording if a device is bound to one, the satellites' own, music, and the telephone.
pub fn link_keys(house: &House) -> Vec<String> {
    let home = house.home();
    let mut keys: Vec<String> = home.mqtt.keys().cloned().collect();
    if home.devices.values().any(|d| d.bind.link() == lares_household::devices::RECORDING) {
        keys.push(lares_household::devices::RECORDING.to_owned());
    }
    if !home.satellites.is_empty() {
        keys.push(lares_config::SATELLITES.to_owned());
    }
    keys.extend(home.music_links().map(str::to_owned));
    if home.phone.is_some() {
        keys.push(lares_config::PHONE.to_owned());
    }
    keys
}

pub fn link(house: &House, key: &str) -> Child {
    let (house_, name) = (house.clone(), std::sync::Arc::<str>::from(key));
    let address: Address<LinkMessage> = house.link(key);
    child(key, Limits::LEAF, address, move || LinkActor::new(house_.clone(), name.clone()))
}

pub fn media(house: &House) -> Child {
    let (house_, address) = (house.clone(), house.consent().media().clone());
    child("media", Limits::LEAF, address, move || MediaActor::new(house_.clone()))
}

pub fn phone(house: &House) -> Child {
    let (house_, address) = (house.clone(), house.world().address("domains/phone"));
    child("phone", Limits::LEAF, address, move || PhoneActor::new(house_.clone()))
}

pub fn room(house: &House, key: &str) -> Child {
    let (house_, name) = (house.clone(), key.to_owned());
    child(key, Limits::LEAF, house.room(key), move || RoomActor::new(house_.clone(), name.clone()))
}

pub fn person(house: &House, key: &str) -> Child {
    let (house_, name) = (house.clone(), key.to_owned());
    let address: Address<PersonMessage> = house.world().address(format!("people/{key}"));
    child(key, Limits::LEAF, address, move || PersonActor::new(house_.clone(), name.clone()))
}
