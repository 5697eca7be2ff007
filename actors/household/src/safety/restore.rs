//! The interlocks as they were left, before any device comes up.

use std::collections::BTreeMap;

use lares_model::Timestamp;

use super::{Memory, OWNER, Trip};
use crate::House;

/// Takes in the home's interlocks and what was kept of them. What cannot be read is no reason to trust: it is latched.
pub fn restore(house: &House) {
    let (home, now) = (house.home(), house.world().clock().now());
    let memories: BTreeMap<String, Memory> = match house.graph().reader().states(OWNER) {
        Ok(kept) => {
            let read = |(key, bytes): (String, Vec<u8>)| {
                let memory = serde_json::from_slice(&bytes).map(Memory::restored);
                (key, memory.unwrap_or_else(|error| unreadable(&error.to_string(), now)))
            };
            kept.into_iter().map(read).collect()
        }
        Err(error) => {
            let all = home.interlocks.keys();
            all.map(|key| (key.clone(), unreadable(&error.to_string(), now))).collect()
        }
    };
    house.safety().with(|safety| safety.configure(&home, Some(memories), now));
}

fn unreadable(why: &str, now: Timestamp) -> Memory {
    let reason = format!("what was kept of it cannot be read: {why}");
    Memory { tripped: Some(Trip { reason, since: now, latched: true }), ..Memory::default() }
}
