//! An alarm when nothing can be kept: a full disk, one that fails. The household goes on from memory meanwhile.

use std::time::Duration;

use lares_graph::Graph;
use lares_household::House;
use lares_model::{Body, Draft, NodeId, Origin};

const LOOK: Duration = Duration::from_secs(2);

pub fn start(house: House, graph: Graph) {
    tokio::spawn(async move {
        let mut well = true;
        loop {
            tokio::time::sleep(LOOK).await;
            let health = graph.health();
            let body = match (well, health.ok) {
                (true, false) => {
                    let why = health.last_error.unwrap_or_else(|| "the store does not say why".to_owned());
                    let reason = format!(
                        "nothing can be kept: {why}; it goes on, and a power cut would lose what comes now"
                    );
                    tracing::error!(reason, "data");
                    Body::Problem { place: "data".to_owned(), reason }
                }
                (false, true) => {
                    Body::Notice { text: "data is kept again, with all that came meanwhile".to_owned() }
                }
                _ => continue,
            };
            well = health.ok;
            house.world().publish(Draft::new(NodeId::household(), Origin::System, body));
        }
    });
}
