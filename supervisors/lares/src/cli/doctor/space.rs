//! How much the data takes, and how much of its file is free for what comes.

use std::path::Path;

use lares_graph::Reader;

use super::Finding;
use crate::run::size;

const WHAT: &str = "kept";

pub(super) fn space(data: &Path) -> Option<Finding> {
    if !data.join("data.mdb").is_file() {
        return None;
    }
    let space = Reader::open_beside(data).map_err(|e| e.to_string());
    Some(match space.and_then(|reader| reader.space().map_err(|e| e.to_string())) {
        Ok(space) => Finding::ok(
            WHAT,
            format!(
                "{} in use ({} samples, {} journal), {} free in its file for what comes",
                size(space.used),
                size(space.series),
                size(space.journal),
                size(space.free())
            ),
        ),
        Err(e) => Finding::warn(WHAT, e, "see the lines `data` and `privacy`"),
    })
}
