//! `[backup]`.

use std::time::Duration;

use super::Scope;
use crate::decode::Fields;
use crate::home::BackupConfig;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A copy reads all that is kept: more often than this is no backup but a load.
const SHORTEST: Duration = Duration::from_secs(600);
const KEPT: u16 = 7;

pub(crate) fn backup(top: &Fields<'_>, scope: &Scope<'_>) -> Option<BackupConfig> {
    let fields = top.get("backup")?.fields()?;
    let to = fields.required("to", "write the folder of backups, on another disk: to = \"/mnt/stick/lares\"");
    let to = to.and_then(|node| {
        let path = scope.root.join(node.label()?);
        Some(std::path::absolute(&path).unwrap_or(path))
    });
    let every = fields.get("every").map_or(Some(DAY), |node| {
        let every = node.duration()?;
        if every < SHORTEST {
            let found = format!("a backup every {}", crate::duration_words(every));
            node.error("out-of-range", format!("{found} is too often"), "allowed: from \"10m\"");
            return None;
        }
        Some(every)
    });
    let keep =
        fields.get("keep").map_or(Some(KEPT), |node| node.number_within(None, 1.0, 1000.0).map(|n| n as u16));
    let place = fields.node.place();
    fields.finish();
    Some(BackupConfig { place, to: to?, every: every?, keep: keep? })
}
