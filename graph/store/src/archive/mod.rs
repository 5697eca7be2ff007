//! Old months of the journal: their entries lie folded together, some hundred to a part that is compressed and sealed as one,
//! with the key of whom they are about. In the journal stands where an entry lies, so that whoever reads it sees no difference.
//!
//! Groups are folded whole and in the order of the chain, which then begins behind them. Each block of parts carries the chain's
//! hash before and after it: none can be taken out, and a part that was altered or moved does not open.

mod fold;
mod old;
mod part;
mod read;
mod replace;
#[cfg(test)]
mod tests;
mod verify;

#[cfg(test)]
pub(crate) use old::Marks;
#[cfg(test)]
pub(crate) use part::Frame;
pub(crate) use part::Part;
pub(crate) use read::Parts;
pub(crate) use replace::replace;

/// The first byte of what stands in the journal in place of an entry. No codec has this number.
const FOLDED: u8 = 0xa0;

/// Where an entry lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    pub block: u32,
    pub part: u16,
}

impl Place {
    /// What stands in the journal.
    pub fn stored(self) -> [u8; 7] {
        let mut stored = [FOLDED; 7];
        stored.iter_mut().skip(1).zip(self.key()).for_each(|(to, from)| *to = from);
        stored
    }

    /// `None`: the entry itself stands there.
    pub fn of(stored: &[u8]) -> Option<Self> {
        Self::read(stored.split_first().filter(|(first, _)| **first == FOLDED)?.1)
    }

    /// The key of the part.
    pub fn key(self) -> [u8; 6] {
        let mut key = [0; 6];
        let bytes = self.block.to_be_bytes().into_iter().chain(self.part.to_be_bytes());
        key.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        key
    }

    pub fn read(key: &[u8]) -> Option<Self> {
        let (block, part) = key.split_first_chunk::<4>()?;
        Some(Self { block: u32::from_be_bytes(*block), part: u16::from_be_bytes(part.try_into().ok()?) })
    }
}
