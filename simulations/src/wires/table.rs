//! What stands in the tree's place for gateways.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;
use lares_devices::twins::Twin;
use lares_household::House;
use lares_household::devices::RECORDING;
use lares_kernel::Child;

use super::echo::Echo;
use super::mirror::Mirror;
use super::twinned::Twinned;
use super::wire::child_of;
use crate::twins;

/// The wires of a home: the echo for what is recorded, and one for each link that has twins. A link without has none,
/// as in a house where nothing is plugged in. `own`: it is a recording of the wires themselves, so that the devices on
/// them are those that it holds, and their commands are mirrored.
pub fn table(home: &Home, own: bool) -> Result<impl Fn(&House) -> Vec<Child> + Send + Sync + use<>, String> {
    let mut twinned: BTreeMap<String, BTreeMap<String, Twin>> = BTreeMap::new();
    for key in home.mqtt.keys().filter(|_| !own) {
        let twins = twins::make(home, Some(key))?;
        if !twins.is_empty() {
            twinned.insert(key.clone(), twins);
        }
    }
    let mirrored: Vec<String> = home.mqtt.keys().filter(|_| own).cloned().collect();
    Ok(move |house: &House| {
        let mut all = vec![child_of(house, RECORDING, || Box::new(Echo))];
        for key in &mirrored {
            let (mirror, link) = (house.clone(), key.clone());
            all.push(child_of(house, key, move || Box::new(Mirror::new(mirror.clone(), &link))));
        }
        // What loudspeakers are told they do: nobody else is there.
        for link in house.home().music_links() {
            let mirror = house.clone();
            all.push(child_of(house, link, move || Box::new(Mirror::new(mirror.clone(), link))));
        }
        for (key, twins) in &twinned {
            let (twins, home, chance) = (twins.clone(), house.home(), house.world().chance().clone());
            let peer = move || -> Box<dyn super::Peer> {
                Box::new(Twinned::new(twins.clone(), Arc::clone(&home), chance.clone()))
            };
            all.push(child_of(house, key, peer));
        }
        all
    })
}
