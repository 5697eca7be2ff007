//! From the format of existing data to this one: an ordered list, applied in one commit with the format's number. A kill
//! in the middle leaves the old data as it was.

use heed::RwTxn;

use crate::{
    StoreError, chain,
    core::Core,
    edges::seal_for_their_own,
    forget::owners,
    meta::{FORMAT, FORMAT_KEY, Progress},
    series::repack,
    table::Table,
};

struct Migration {
    /// The format that it leads to.
    to: u32,
    what: &'static str,
    apply: fn(&Core, &mut RwTxn<'_>, &mut Progress) -> Result<(), StoreError>,
}

/// Ascending. None is ever changed or taken out.
const ALL: [Migration; 4] = [
    Migration { to: 2, what: "sealing", apply: |_, _, _| Ok(()) },
    Migration { to: 3, what: "packed series and the journal's chain", apply: to_3 },
    Migration { to: 4, what: "edges of persons sealed with their keys", apply: to_4 },
    Migration { to: 5, what: "archives of the journal", apply: |_, _, _| Ok(()) },
];

fn to_3(core: &Core, txn: &mut RwTxn<'_>, progress: &mut Progress) -> Result<(), StoreError> {
    repack(core, txn)?;
    chain::make(core, txn, progress)
}

fn to_4(core: &Core, txn: &mut RwTxn<'_>, _: &mut Progress) -> Result<(), StoreError> {
    match core.codec.set_owners(&owners(core, txn)?) {
        Ok(()) => seal_for_their_own(core, txn),
        // Then theirs is sealed with the household's key, as everything is; the start says so.
        Err(_) => Ok(()),
    }
}

/// Brings data of an older format to this one.
pub(crate) fn migrate(core: &Core, found: u32) -> Result<(), StoreError> {
    if found >= FORMAT {
        return Ok(());
    }
    for step in ALL.iter().filter(|m| m.to > found) {
        tracing::info!(from = found, to = step.to, what = step.what, "the data is brought to a new format");
    }
    core.write(|txn| {
        let mut progress = Progress::read(core, txn)?;
        ALL.iter().filter(|m| m.to > found).try_for_each(|m| (m.apply)(core, txn, &mut progress))?;
        progress.write(core, txn)?;
        core.table(Table::Meta).put(txn, FORMAT_KEY, &FORMAT.to_be_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_its_step_in_order() {
        let steps: Vec<u32> = ALL.iter().map(|m| m.to).collect();
        assert_eq!(steps, (2..=FORMAT).collect::<Vec<_>>());
    }
}
