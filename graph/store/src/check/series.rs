//! Whether roll-ups are what their samples tell.

use heed::RoTxn;

use super::CheckReport;
use crate::{Reader, StoreError, key, series::differing_days, table::Table};

impl Reader {
    pub(super) fn check_rolled(&self, txn: &RoTxn<'_>, report: &mut CheckReport) -> Result<(), StoreError> {
        for entry in self.core.table(Table::Series).iter(txn)? {
            let (entity, property) = self.good_key(Table::Series, key::read_series(entry?.0))?;
            match differing_days(&self.core, txn, (entity, property)) {
                Ok((compared, differing)) => {
                    report.rolled_days += compared;
                    for day in differing {
                        report.problem(format!(
                            "{entity} {}: the roll-ups of day {day} are not what its samples tell",
                            property.name()
                        ));
                    }
                }
                Err(e) => report.problem(e.to_string()),
            }
        }
        Ok(())
    }
}
