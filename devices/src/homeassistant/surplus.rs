//! What devices announced beyond what is taken of one: how much, for whoever asks.

use std::collections::{BTreeMap, BTreeSet};

/// So many are counted, of all devices together: beyond that it is "more than".
const MOST: usize = 50_000;

/// Entities that were left out, by the key of their device. Announced again, one counts once.
#[derive(Default)]
pub struct Surplus {
    of: BTreeMap<String, BTreeSet<u64>>,
    counted: usize,
}

impl Surplus {
    /// Takes note of an entity, by a hash of its key.
    pub fn note(&mut self, device: &str, entity: u64) {
        if self.counted >= MOST {
            return;
        }
        let of = match self.of.get_mut(device) {
            Some(of) => of,
            None => self.of.entry(device.to_owned()).or_default(),
        };
        self.counted += usize::from(of.insert(entity));
    }

    /// An entity found its place after all.
    pub fn taken(&mut self, device: &str, entity: u64) {
        if let Some(of) = self.of.get_mut(device) {
            self.counted -= usize::from(of.remove(&entity));
            if of.is_empty() {
                self.of.remove(device);
            }
        }
    }

    /// The device is gone.
    pub fn forget(&mut self, device: &str) {
        self.counted -= self.of.remove(device).map_or(0, |of| of.len());
    }

    pub fn each(&self) -> impl Iterator<Item = (&str, usize)> {
        self.of.iter().map(|(device, of)| (device.as_str(), of.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_once_and_the_count_is_bounded() {
        let mut surplus = Surplus::default();
        for entity in [1, 2, 1, 2, 3] {
            surplus.note("a", entity);
        }
        surplus.note("b", 1);
        surplus.taken("a", 3);
        surplus.taken("b", 1);
        assert_eq!(surplus.each().collect::<Vec<_>>(), [("a", 2)]);
        (0..2 * MOST as u64).for_each(|n| surplus.note("c", n));
        assert_eq!(surplus.each().map(|(_, n)| n).sum::<usize>(), MOST);
        surplus.forget("c");
        surplus.note("d", 1);
        assert_eq!(surplus.each().collect::<Vec<_>>(), [("a", 2), ("d", 1)]);
    }
}
