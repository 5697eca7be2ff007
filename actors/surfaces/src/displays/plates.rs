//! The household's openHASP plates: drawn, heard, and their touches brought to the door.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use lares_config::{DisplayConfig, Home};
use lares_kernel::wire::{Outbound, Qos};
use lares_kernel::{Act, Address, Aim, HoldFor, Intent};
use lares_model::{Causes, Level, Origin};

use super::actor::{DisplayMessage, DisplaySetup};
use super::plate::{Said, Screen, Sheet, draw, said, wished};
use crate::views::{DeviceView, EntityView};

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
            let (screen, sheet, on) = (Screen::default(), Sheet::default(), BTreeMap::new());
            let plate = Plate { node, link, screen, sheet, on };
            plate.command(setup, "statusupdate", "");
            self.all.insert(key, plate);
        }
    }

    /// All is to be drawn anew.
    pub fn forget(&mut self) {
        self.all.values_mut().for_each(|plate| plate.sheet.forget());
    }

    /// What a plate said; whether something is to be shown by that.
    pub fn hear(&mut self, key: &str, said: &Said, setup: &DisplaySetup) -> bool {
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
                    super::plate::Touch::Switch { entity } => is_on(entity),
                    _ => false,
                };
                if let Some(wished) = wished(&touch, *val, on) {
                    setup.door.tell(Intent {
                        source: format!("display:{key}").into(),
                        origin: Origin::Link(plate.link.as_str().into()),
                        level: Level::Person,
                        target: Aim::Name(wished.entity),
                        act: Act::Set { values: wished.values, hold: HoldFor::Momentary, transition: None },
                        reason: "touched on the wall".into(),
                        causes: Causes::new(),
                        basis: None,
                        reply: None,
                        again: false,
                        token: None,
                    });
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
        setup: &DisplaySetup,
    ) -> bool {
        let Some(plate) = self.all.get_mut(key) else { return false };
        let here: Vec<&EntityView> =
            devices.iter().flat_map(|d| &d.entities).filter(|e| e.room.as_deref() == Some(room)).collect();
        plate.on =
            here.iter().filter_map(|e| Some((e.id.clone(), e.properties.get("on")?.as_bool()?))).collect();
        let told = match occupied {
            Some(true) => "somebody is here",
            Some(false) => "nobody is here",
            None => "",
        };
        for (what, payload) in plate.sheet.show(draw(name, told, &here, plate.screen)) {
            plate.command(setup, &what, &payload);
        }
        true
    }
}

impl Plate {
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
