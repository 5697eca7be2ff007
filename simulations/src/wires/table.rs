//! What stands in the tree's place for gateways.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;
use lares_devices::twins::Twin;
use lares_household::House;
use lares_household::devices::RECORDING;
use lares_kernel::Child;

use super::echo::Echo;
use super::twinned::Twinned;
use super::wire::child_of;
use crate::twins;

/// The wires of a home: the echo for what is recorded, and one for each link that has twins. A link without has none,
/// as in a house where nothing is plugged in.
pub fn table(home: &Home) -> Result<impl Fn(&House) -> Vec<Child> + Send + Sync + use<>, String> {
    let mut twinned: BTreeMap<String, BTreeMap<String, Twin>> = BTreeMap::new();
    for key in home.mqtt.keys() {
        let twins = twins::make(home, Some(key))?;
        if !twins.is_empty() {
            twinned.insert(key.clone(), twins);
        }
    }
    Ok(move |house: &House| {
        let mut all = vec![child_of(house, RECORDING, || Box::new(Echo))];
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
