//! Whether the archives are whole: each block is there with all its parts, in the order of the chain.

use std::collections::BTreeMap;

use heed::RoTxn;

use super::{Place, part::Frame};
use crate::{CheckReport, Reader, StoreError, meta::Progress, table::Table};

impl Reader {
    /// That the journal's entries are in the parts that they name was looked at with the journal.
    pub(crate) fn check_archive(
        &self,
        txn: &RoTxn<'_>,
        progress: &Progress,
        report: &mut CheckReport,
    ) -> Result<(), StoreError> {
        let (mut entries, mut unknown) = (0, false);
        let mut blocks: BTreeMap<u32, (u16, Option<Frame>)> = BTreeMap::new();
        for entry in self.core.table(Table::Archive).iter(txn)? {
            let Some(place) = Place::read(entry?.0) else {
                report.problem("the archive has a part without a place");
                continue;
            };
            let (parts, frame) = blocks.entry(place.block).or_default();
            *parts += 1;
            match self.core.part(txn, place) {
                Ok(part) => {
                    entries += part.len() as u64;
                    if frame.is_some_and(|known| known != part.frame) {
                        report.problem(format!("archive {}: its parts are not of one block", place.block));
                    }
                    *frame = Some(part.frame);
                }
                Err(e) if e.is_forgotten() => unknown = true,
                Err(e) => {
                    report.problem(e.to_string());
                    unknown = true;
                }
            }
        }
        let mut before = Some([0; 32]);
        for ((number, (parts, frame)), wanted) in blocks.iter().zip(1_u32..) {
            if *number != wanted {
                report.problem(format!("archive {wanted} is missing"));
                break;
            }
            let Some(frame) = frame else {
                before = None;
                continue;
            };
            if *parts != frame.parts {
                report.problem(format!("archive {number} has {parts} of {} parts", frame.parts));
            }
            if before.is_some_and(|before| before != frame.before) {
                report.problem(format!("archive {number} does not follow the one before it"));
            }
            before = Some(frame.after);
        }
        if before.is_some_and(|before| before != progress.chain_from) {
            report.problem("the archives do not end where the chain begins: some are missing");
        }
        if !unknown && entries != report.archived {
            let archived = report.archived;
            report.problem(format!("the archives hold {entries} entries, and the journal names {archived}"));
        }
        Ok(())
    }
}
