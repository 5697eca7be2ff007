//! Series: what properties were over time.
//!
//! A sample lies in the tail of its group first, then in a chunk of its series (as many as fill a page), and what is left
//! of a day in roll-ups of five minutes, hours and days. Days are UTC's. A roll-up is made once its day is over, from the
//! samples and nothing else, so it is the same whenever it is made; a day that gets a late sample or a correction is made
//! anew as long as its samples are kept. What is asked for that has no roll-up yet is computed from the samples.

mod bits;
mod bucket;
mod chunk;
mod compact;
mod correct;
mod info;
mod keep;
mod kept;
mod pack;
mod read;
mod roll;
mod rolled;
mod sample;
mod take;

pub use bucket::Bucket;
#[cfg(test)]
pub(crate) use chunk::{Chunk, OldChunk};
pub(crate) use chunk::{chunk_plain, chunk_samples, count};
pub(crate) use compact::{compact, repack};
pub use correct::{Change, Correction};
pub(crate) use correct::{check_correction, note_correction};
pub(crate) use info::SeriesInfo;
pub(crate) use keep::upkeep;
pub use keep::{KeepFor, Keeping, Upkeep};
pub use kept::KeptSeries;
pub use rolled::{Resolution, RolledBucket};
pub(crate) use rolled::{check_rolled, differing_days, rolled_plain, rolled_record};
#[cfg(test)]
pub(crate) use rolled::{pack_for_golden, unpack_for_golden};
#[cfg(test)]
pub(crate) use sample::Columns;
pub use sample::Sample;
pub(crate) use sample::{Tail, TailBuilder};
pub(crate) use take::take_samples;
pub use take::{Sifted, sift};
