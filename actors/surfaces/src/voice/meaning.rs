//! From what was understood to what is wished of the house, or asked of it.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::{Care, Home, care};
use lares_model::Component;
use serde_json::{Value, json};

use super::briefing::Day;
use super::errands::{Item, SpokenCall, SpokenList, SpokenTask, errand};
use super::follow::IT;
use super::timer_words::TimerWords;
use super::timers::{SpokenTimer, timers};
use super::understand::{House, SlotValue, Thing, Understood};
use super::words::Words;
use super::world::SCENE;
use crate::views::{CountdownView, DeviceView, EntityView, Telling};

/// "Everything" is what is switched for light, air and sound: no door, no heating, no robot.
const EVERYTHING: &str = "everything";
const SWITCHED: &[&str] = &["light", "switch", "fan", "media_player"];

/// What somebody means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    Wish(Wish),
    /// How these are.
    State(Vec<String>),
    Time,
    Date,
    /// It was taken back, or small talk: nothing is to be done.
    Nothing,
    /// There is nothing of this kind there.
    NoSuchThing,
    /// Understood, and this house cannot do it yet.
    Unable(String),
    /// Timers, and what is wished of each.
    Timers(Vec<SpokenTimer>),
    /// Tasks, and what becomes of each; what is said then.
    Tasks(Vec<SpokenTask>, String),
    /// Lists that are made; what is said then.
    Lists(Vec<SpokenList>, String),
    /// What is said aloud in rooms; what is answered then.
    Calls(Vec<SpokenCall>, String),
    /// It is one of these: references, and how they are called.
    Which(Vec<(String, String)>),
    /// All that is to be said, and whether it is what was wanted.
    Answer(String, bool),
}

/// Something to be set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish {
    /// Targets by their references (`hall-lamp.light`, `scene:film`), each with what it is to be.
    pub sets: Vec<(String, BTreeMap<String, Value>)>,
    /// Players that are silent once that is done.
    pub silences: Vec<String>,
    /// What of it opens, floods or burns: it is done only when it was asked for twice.
    pub dangerous: Vec<String>,
    /// It stands for so long, and ends by itself.
    pub hold: Option<Duration>,
}

/// What a sentence is said about.
pub(super) struct Said<'a> {
    pub house: &'a House,
    pub devices: &'a [DeviceView],
    /// What stands on a list, by its label: asked for only where it is about lists.
    pub items: &'a dyn Fn(&str) -> Vec<Item>,
    /// Lists that people made: keys and names.
    pub lists: &'a [(String, String)],
    /// Whether the speaker may make some, and hears what the household has before it.
    pub may_list: bool,
    /// What lies before the household today.
    pub day: &'a dyn Fn() -> Day,
    /// Keys of rooms with somebody in them.
    pub occupied: &'a [String],
    pub home: &'a Home,
    pub told: &'a Telling,
    /// Timers that are set.
    pub timers: &'a [CountdownView],
    /// Key of the room that it is said in.
    pub here: Option<&'a str>,
    pub language: &'a str,
    /// References of the things that "it" is.
    pub it: &'a [String],
}

impl Said<'_> {
    pub fn meaning(&self, understood: &Understood) -> Meaning {
        if let Some(meaning) = timers(self, understood, TimerWords::of(self.language)) {
            return meaning;
        }
        if let Some(meaning) = errand(self, understood, self.told, self.home) {
            return meaning;
        }
        let number = |slot| understood.number(slot);
        match understood.intent.as_str() {
            "HassTurnOn" => self.wish(understood, None, &|thing| turned(thing, true)),
            "HassTurnOff" => self.wish(understood, None, &|thing| turned(thing, false)),
            "HassLightSet" => {
                let mut values = BTreeMap::new();
                if let Some(percent) = number("brightness") {
                    values.insert("brightness".to_owned(), json!(percent));
                }
                if let Some(kelvin) = number("temperature") {
                    values.insert("color_temp".to_owned(), json!(kelvin));
                }
                if let Some(color) = understood.text("color").and_then(color) {
                    values.insert("color".to_owned(), json!(color));
                }
                self.wish(understood, Some("light"), &|_| Some(values.clone()))
            }
            "HassFanSetSpeed" => self.number(understood, "fan", "percentage", number("percentage")),
            "HassSetPosition" => {
                let domain = if understood.thing().is_some() { None } else { Some("cover") };
                self.wish(understood, domain, &|_| one("position", json!(number("position")?)))
            }
            "HassClimateSetTemperature" => {
                self.number(understood, "climate", "target_temperature", number("temperature"))
            }
            "HassVacuumStart" => self.wish(understood, Some("vacuum"), &|_| one("state", json!("cleaning"))),
            "HassVacuumReturnToBase" => {
                self.wish(understood, Some("vacuum"), &|_| one("state", json!("docked")))
            }
            "HassVacuumCleanArea" => self.clean(understood),
            "HassLawnMowerStartMowing" => {
                self.wish(understood, Some("lawn_mower"), &|_| one("state", json!("mowing")))
            }
            "HassLawnMowerDock" => {
                self.wish(understood, Some("lawn_mower"), &|_| one("state", json!("docked")))
            }
            "HassGetState" | "HassClimateGetTemperature" => self.state(understood),
            "LaresBriefing" => Meaning::Answer(self.briefing(), true),
            "HassGetCurrentTime" => Meaning::Time,
            "HassGetCurrentDate" => Meaning::Date,
            "HassNevermind" | "HassRespond" => Meaning::Nothing,
            "LaresUndo" => Meaning::Answer(Words::of(self.language).nothing_back.to_owned(), false),
            other => self.music(understood).unwrap_or_else(|| Meaning::Unable(other.to_owned())),
        }
    }

    /// A room to be cleaned: the robot may be anywhere, what counts is that its map has this room.
    fn clean(&self, understood: &Understood) -> Meaning {
        let named = match understood.slots.get("area") {
            Some(SlotValue::Area(n)) => self.house.areas.get(*n),
            _ => self.house.areas.iter().find(|area| Some(area.id.as_str()) == self.here),
        };
        let Some(room) = named else { return Meaning::NoSuchThing };
        let knows = |thing: &&Thing| {
            let rooms =
                self.entity(&thing.id).and_then(|e| e.properties.get("rooms")?.as_str().map(str::to_owned));
            let rooms = rooms.unwrap_or_default().to_lowercase();
            rooms.split(", ").any(|known| room.names.iter().any(|name| name.to_lowercase() == known))
        };
        let robot = match understood.thing().and_then(|n| self.house.things.get(n)) {
            Some(thing) => Some(thing),
            None => self.house.things.iter().filter(|thing| thing.domain == "vacuum").find(knows),
        };
        let name = room.names.first().cloned().unwrap_or_else(|| room.id.clone());
        match robot {
            Some(robot) => {
                let values = BTreeMap::from([("clean_rooms".to_owned(), json!(name))]);
                Meaning::Wish(Wish { sets: vec![(robot.id.clone(), values)], ..Wish::default() })
            }
            None => Meaning::NoSuchThing,
        }
    }

    fn number(&self, understood: &Understood, domain: &str, property: &str, value: Option<f64>) -> Meaning {
        self.wish(understood, Some(domain), &|_| one(property, json!(value?)))
    }

    /// A wish on all that is meant and can do it.
    fn wish(
        &self,
        understood: &Understood,
        domain: Option<&str>,
        values: &dyn Fn(&Thing) -> Option<BTreeMap<String, Value>>,
    ) -> Meaning {
        let mut wish = Wish::default();
        for thing in self.meant(understood, domain) {
            let Some(mut values) = values(thing) else { continue };
            if thing.domain != SCENE {
                let Some(entity) = self.entity(&thing.id) else { continue };
                values.retain(|property, _| entity.controls.iter().any(|c| c.property == *property));
                if values.is_empty() {
                    continue;
                }
            }
            if opens(thing, &values) {
                wish.dangerous.push(name(thing));
            }
            wish.sets.push((thing.id.clone(), values));
        }
        if wish.sets.is_empty() { Meaning::NoSuchThing } else { Meaning::Wish(wish) }
    }

    fn state(&self, understood: &Understood) -> Meaning {
        let domain = (understood.intent == "HassClimateGetTemperature").then_some("climate");
        let mut all: Vec<&Thing> = self.meant(understood, domain);
        if all.is_empty() && domain.is_some() {
            // A room without a heating may have a thermometer.
            all = self.meant(understood, Some("sensor"));
            all.retain(|thing| thing.device_class.as_deref() == Some("temperature"));
        }
        // "Which lights are on": only those that are.
        if let Some(state) = understood.text("state") {
            let wanted = !matches!(state, "off" | "closed" | "locked" | "not_home");
            let asked = understood.thing().is_some();
            all.retain(|thing| asked || self.is_on(thing) == Some(wanted));
        }
        let all: Vec<String> = all.into_iter().map(|thing| thing.id.clone()).collect();
        if all.is_empty() { Meaning::NoSuchThing } else { Meaning::State(all) }
    }

    fn is_on(&self, thing: &Thing) -> Option<bool> {
        let state = &self.entity(&thing.id)?.state;
        match thing.domain.as_str() {
            "cover" | "valve" => Some(state.as_f64()? > 0.0),
            "lock" => state.as_bool().map(|locked| !locked),
            _ => state.as_bool(),
        }
    }

    /// The things that are meant: the one that was named, or all of a kind in a room, on a floor, here or everywhere.
    pub(super) fn meant(&self, understood: &Understood, domain: Option<&str>) -> Vec<&Thing> {
        let area = match understood.slots.get("area") {
            Some(SlotValue::Area(n)) => self.house.areas.get(*n).map(|area| area.id.as_str()),
            _ => None,
        };
        if let Some(thing) = understood.thing().and_then(|n| self.house.things.get(n)) {
            if thing.id == IT {
                let is_it = |thing: &&Thing| self.it.contains(&thing.id);
                return self.house.things.iter().filter(is_it).collect();
            }
            // A namesake in another room is not meant, also where the speaker knows no other.
            let elsewhere = area.zip(thing.area.as_deref()).is_some_and(|(said, stands)| said != stands);
            return if elsewhere { Vec::new() } else { vec![thing] };
        }
        let domain = domain.or_else(|| understood.text("domain"));
        let class = understood.text("device_class");
        let (every, domain) = match domain {
            Some(EVERYTHING) => (true, None),
            domain => (false, domain),
        };
        let floor = match understood.slots.get("floor") {
            Some(SlotValue::Floor(n)) => self.house.floors.get(*n).map(|floor| floor.id.as_str()),
            _ => None,
        };
        let here = self.here.filter(|_| area.is_none() && floor.is_none());
        let on_floor = |thing: &Thing| {
            let room = self.house.areas.iter().find(|a| Some(&a.id) == thing.area.as_ref());
            room.and_then(|room| room.floor.as_deref()) == floor
        };
        let fits = |thing: &&Thing| {
            domain.is_none_or(|domain| thing.domain == domain)
                && (!every || SWITCHED.contains(&thing.domain.as_str()))
                && (every || domain.is_some() || class.is_some())
                && class.is_none_or(|class| thing.device_class.as_deref() == Some(class))
                && area.or(here).is_none_or(|area| thing.area.as_deref() == Some(area))
                && (floor.is_none() || on_floor(thing))
        };
        self.house.things.iter().filter(fits).collect()
    }

    pub fn entity(&self, id: &str) -> Option<&EntityView> {
        self.devices.iter().flat_map(|d| &d.entities).find(|e| e.id == id)
    }
}

pub(super) fn one(property: &str, value: Value) -> Option<BTreeMap<String, Value>> {
    Some(BTreeMap::from([(property.to_owned(), value)]))
}

/// What "on" and "off" are for a kind of thing: open and closed, locked and unlocked.
fn turned(thing: &Thing, on: bool) -> Option<BTreeMap<String, Value>> {
    match thing.domain.as_str() {
        SCENE => on.then(BTreeMap::new),
        "cover" | "valve" => one("position", json!(if on { 100 } else { 0 })),
        "lock" => one("locked", json!(on)),
        "media_player" => one("state", json!(if on { "playing" } else { "idle" })),
        "button" | "script" => on.then(|| one("press", json!(true)))?,
        _ => one("on", json!(on)),
    }
}

/// Whether a wish opens what keeps somebody out, or lets water run.
fn opens(thing: &Thing, values: &BTreeMap<String, Value>) -> bool {
    let component = Component::parse(&thing.domain);
    let dangerous = component.is_some_and(|c| care(c, thing.device_class.as_deref()) == Care::Dangerous);
    let safe = values.iter().all(|(property, value)| match property.as_str() {
        "locked" => value == &json!(true),
        "position" => value.as_f64() == Some(0.0),
        // Home, where nothing turns.
        "state" => value == &json!("docked"),
        _ => value == &json!(false),
    });
    dangerous && !safe
}

pub(super) fn name(thing: &Thing) -> String {
    thing.names.first().unwrap_or(&thing.id).clone()
}

/// The colours of the sentences.
fn color(word: &str) -> Option<&'static str> {
    Some(match word {
        "red" => "#ff0000",
        "green" => "#00ff00",
        "blue" => "#0000ff",
        "white" => "#ffffff",
        "yellow" => "#ffff00",
        "orange" => "#ffa500",
        "purple" => "#800080",
        "pink" => "#ffc0cb",
        "turquoise" => "#40e0d0",
        "brown" => "#a52a2a",
        "black" => "#000000",
        _ => return None,
    })
}
