//! The household's openHASP plates: drawn, heard, and their touches brought to the door.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use lares_config::{DisplayConfig, Home};
use lares_kernel::wire::{Outbound, Qos};
use lares_kernel::{Act, Address, Aim, HoldFor, Intent, TimerAct, World};
use lares_model::{Body, Causes, Draft, Level, NodeId, Origin};

use super::actor::{DisplayMessage, DisplaySetup};
use super::plate::{Said, Screen, Sheet, Touch, draw, rows, said, wished};
use crate::views::{BoardView, DeviceView, EntityView, RingView, Telling};

/// Every plate of the home, by its display's key.
#[derive(Default)]
pub struct Plates {
    all: BTreeMap<String, Plate>,
}

struct Plate {
    node: String,
    link: String,
    screen: Screen,
    sheet: Sheet,
    /// What the entities are that can be switched on it.
    on: BTreeMap<String, bool>,
    /// With whose rights it answers.
    person: Option<String>,
    /// What rings on it.
    rings: Vec<RingView>,
    /// What stands there that nobody should have to look for.
    pressing: BTreeSet<String>,
}

impl Plates {
    /// Takes the plates of a home; listens to those that are new, and asks them how large they are.
    pub fn configure(&mut self, home: &Home, setup: &DisplaySetup, me: &Address<DisplayMessage>) {
        let wanted = |(key, display): (&String, &DisplayConfig)| {
            Some((key.clone(), (display.plate.clone()?, display.link.clone())))
        };
        let wanted: BTreeMap<String, (String, String)> = home.displays.iter().filter_map(wanted).collect();
        self.all.retain(|key, plate| {
            wanted.get(key).is_some_and(|(node, link)| *node == plate.node && *link == plate.link)
        });
        for (key, plate) in &mut self.all {
            plate.person = home.displays.get(key).and_then(|display| display.person.clone());
        }
        for (key, (node, link)) in wanted {
            if self.all.contains_key(&key) {
                continue;
            }
            let (me, base, of) = (me.clone(), format!("hasp/{node}/"), key.clone());
            let ear = Arc::new(move |topic: &str, bytes: &[u8]| {
                if let Some(said) = topic.strip_prefix(base.as_str()).and_then(|rest| said(rest, bytes)) {
                    me.tell(DisplayMessage::Plate { key: of.clone(), said });
                }
            });
            let filters = vec![format!("hasp/{node}/LWT"), format!("hasp/{node}/state/+")];
            (setup.listen)(&link, &key, filters, ear);
            let plate = Plate {
                node,
                link,
                person: home.displays.get(&key).and_then(|display| display.person.clone()),
                screen: Screen::default(),
                sheet: Sheet::default(),
                on: BTreeMap::new(),
                rings: Vec::new(),
                pressing: BTreeSet::new(),
            };
            plate.command(setup, "statusupdate", "");
            self.all.insert(key, plate);
        }
    }

    /// All is to be drawn anew.
    pub fn forget(&mut self) {
        self.all.values_mut().for_each(|plate| plate.sheet.forget());
    }

    /// What a plate said; whether something is to be shown by that.
    pub fn hear(&mut self, key: &str, said: &Said, setup: &DisplaySetup, world: &World) -> bool {
        let Some(plate) = self.all.get_mut(key) else { return false };
        match said {
            Said::Here => {
                plate.sheet.forget();
                plate.command(setup, "statusupdate", "");
                true
            }
            Said::Screen(screen) => std::mem::replace(&mut plate.screen, *screen) != *screen,
            Said::Touched { page, id, val } => {
                let Some(touch) = plate.sheet.touched(*page, *id) else { return false };
                let is_on = |entity: &str| plate.on.get(entity).copied().unwrap_or(false);
                let on = match &touch {
                    Touch::Switch { entity } => is_on(entity),
                    _ => false,
                };
                match &touch {
                    Touch::Stop { ring } => {
                        if let Some(ring) = plate.rings.iter().find(|r| r.id == *ring) {
                            setup.boards.stop(ring);
                            told(setup, world, plate, format!("stopped on the wall: {}", ring.text));
                        }
                    }
                    Touch::Answer { question, yes } => {
                        plate.wish(setup, key, Aim::Question(question.clone()), Act::Answer { yes: *yes });
                    }
                    Touch::End { timer } => {
                        plate.wish(setup, key, Aim::Timer(timer.clone()), Act::Timer(TimerAct::Cancel));
                    }
                    touch => {
                        if let Some(wished) = wished(touch, *val, on) {
                            let (values, hold) = (wished.values, HoldFor::Momentary);
                            let act = Act::set(values, hold);
                            plate.wish(setup, key, Aim::Name(wished.entity), act);
                        }
                    }
                }
                true
            }
        }
    }

    /// Draws what is in the room of a display. Gives whether it is a plate.
    pub fn show(
        &mut self,
        key: &str,
        (room, name, occupied): (&str, &str, Option<bool>),
        devices: &[DeviceView],
        (board, telling): (&BoardView, &Telling),
        setup: &DisplaySetup,
    ) -> bool {
        let Some(plate) = self.all.get_mut(key) else { return false };
        let here: Vec<&EntityView> =
            devices.iter().flat_map(|d| &d.entities).filter(|e| e.room.as_deref() == Some(room)).collect();
        plate.on =
            here.iter().filter_map(|e| Some((e.id.clone(), e.properties.get("on")?.as_bool()?))).collect();
        plate.rings.clone_from(&board.rings);
        let words = telling.tongue.phrases();
        let told = match occupied {
            Some(true) => words.board_here,
            Some(false) => words.board_empty,
            None => "",
        };
        let rows = rows(board, telling, plate.person.is_some());
        for (what, payload) in plate.sheet.show(draw(name, told, &rows, &here, plate.screen, telling.tongue))
        {
            plate.command(setup, &what, &payload);
        }
        // Who calls and what rings stands on the first page.
        let pressing: BTreeSet<String> = rows.iter().filter(|r| r.pressing).map(|r| r.text.clone()).collect();
        if !pressing.is_subset(&plate.pressing) {
            plate.command(setup, "page", "1");
        }
        plate.pressing = pressing;
        true
    }
}

/// Puts it on record.
fn told(setup: &DisplaySetup, world: &World, plate: &Plate, text: String) {
    let origin = plate.origin(setup);
    world.publish(Draft::new(NodeId::household(), origin, Body::Notice { text }));
}

impl Plate {
    /// Whoever passes, or the person whose rights it has.
    fn origin(&self, setup: &DisplaySetup) -> Origin {
        let person = self.person.as_ref().filter(|person| (setup.home)().people.contains_key(*person));
        person.map_or_else(|| Origin::Link(self.link.as_str().into()), |p| Origin::Person(p.as_str().into()))
    }

    fn wish(&self, setup: &DisplaySetup, key: &str, target: Aim, act: Act) {
        // A thing of the room is switched by whoever passes; what is answered is answered by somebody.
        let origin = match &act {
            Act::Set { .. } => Origin::Link(self.link.as_str().into()),
            _ => self.origin(setup),
        };
        setup.door.tell(Intent {
            source: format!("display:{key}").into(),
            origin,
            level: Level::Person,
            target,
            act,
            reason: "touched on the wall".into(),
            causes: Causes::new(),
            basis: None,
            reply: None,
            again: false,
            token: None,
        });
    }

    fn command(&self, setup: &DisplaySetup, what: &str, payload: &str) {
        let Some(gateway) = (setup.gateway)(&self.link) else { return };
        gateway.send(Outbound {
            address: format!("hasp/{}/command/{what}", self.node).as_str().into(),
            bytes: Bytes::from(payload.to_owned()),
            retain: false,
            qos: Qos::AtLeastOnce,
            expires: None,
            key: None,
        });
    }
}
