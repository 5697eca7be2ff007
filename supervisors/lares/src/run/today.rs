//! What is on today, for rules that say it in a room: the surfaces know the words.

use std::sync::Arc;

use lares_household::House;
use lares_surfaces::voice;

/// Lets the house tell it.
pub fn tell(house: &House) {
    house.set_teller(Arc::new(|house| {
        let (reader, now) = (house.graph().reader(), house.world().clock().now());
        voice::today(&reader, &house.home(), now).map_err(|why| why.to_string())
    }));
}
