//! A phone with OwnTracks, at home.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{Speaks, kept, said};

/// The phone.
pub struct Phone;

impl Speaks for Phone {
    fn name(&self) -> &'static str {
        "owntracks"
    }

    fn announce(&self) -> Vec<Send> {
        let at = 1_790_000_000;
        let location = json!({ "_type": "location", "tid": "an", "lat": 48.2, "lon": 16.4, "acc": 12, "batt": 81, "bs": 1,
            "conn": "w", "inregions": ["Home"], "tst": at, "created_at": at, "vac": 3, "vel": 0, "t": "u" });
        vec![
            kept("owntracks/anna/phone", location.to_string()),
            said("owntracks/anna/phone", json!({ "_type": "status", "android": { "wifi": 1 } }).to_string()),
            said(
                "owntracks/anna/phone/event",
                json!({ "_type": "transition", "event": "enter", "desc": "Home", "tst": at }).to_string(),
            ),
        ]
    }
}
