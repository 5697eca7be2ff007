//! Guests by link: the home that the household goes by has them beside what its files say, and their time ends by itself.

use std::sync::Arc;
use std::time::Duration;

use lares_model::{Body, Draft, NodeId, Origin};
use lares_surfaces::auth::Access;
use lares_surfaces::control::ControlHooks;
use lares_tree::{Household, Loader};

use super::hooks::{Hooks, Ways};

/// How often it looks for links whose time is over; their rights end at the moment itself, this takes away what is left.
const LOOK: Duration = Duration::from_secs(1);

/// What the files say, with the guests of the moment.
pub fn loader(files: Loader, access: &Arc<Access>) -> Loader {
    let access = access.clone();
    Arc::new(move || {
        let mut loaded = files()?;
        loaded.home = Arc::new(access.with_guests(&loaded.home));
        Ok(loaded)
    })
}

/// Ends links when their time is over, and says so in the journal.
pub fn keep_time(household: &Household, ways: &Ways) {
    let (house, access) = (household.house().clone(), ways.web.access.clone());
    let hooks = Hooks::new(ways.clone(), house.clone());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let over = match access.guests_over().await {
                Ok(over) if over.is_empty() => continue,
                Ok(over) => over,
                Err(e) => {
                    tracing::warn!(error = %e, "a guest link is over, and what is left of it cannot be taken away yet");
                    continue;
                }
            };
            for guest in over {
                let text = format!("the guest link of {} (`{}`) ended by itself", guest.name, guest.key);
                let draft = Draft::new(NodeId::household(), Origin::System, Body::Notice { text });
                house.world().publish(draft);
            }
            if let Err(e) = hooks.guests().await {
                tracing::warn!(error = e, "guests that have gone are still named");
            }
        }
    });
}
