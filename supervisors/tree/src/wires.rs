//! Changed connections, one by one: what cannot start with its new section goes on with the old one.

use std::collections::BTreeSet;
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::{Child, Supervisor};

use crate::Household;
use crate::children::link;

/// The section of the embedded broker, and its key among the gateways.
const BROKER: &str = "broker";

impl Household {
    /// Applies changes of brokers and connections; gives what was not applied, with the reason. What was not applied at an
    /// earlier time is tried again.
    pub(crate) async fn wires(&self, old: &Arc<Home>, changed: &[String]) -> Vec<String> {
        let kept = self.house.kept_sections().into_iter().map(|(section, _)| section);
        let is_wire = |s: &String| s == BROKER || s.starts_with("mqtt.");
        let mut sections: BTreeSet<String> = changed.iter().cloned().chain(kept).filter(is_wire).collect();
        if sections.contains(BROKER) {
            // Its own clients follow it to wherever it listens now.
            let home = self.house.home();
            let follow = home.mqtt.iter().filter(|(_, m)| m.embedded).map(|(key, _)| format!("mqtt.{key}"));
            sections.extend(follow);
        }
        let (Some(gateways), Some(links)) =
            (self.house.supervisor("gateways"), self.house.supervisor("links"))
        else {
            return Vec::new();
        };
        let mut partly = Vec::new();
        for section in &sections {
            // The broker comes first in the order of names, before whoever connects to it.
            if let Err(why) = self.wire(section, old, &gateways, &links).await {
                tracing::warn!(section, why, "could not be applied; it goes on as it was");
                partly.push(format!("{section}: {why}"));
            }
        }
        partly
    }

    /// One of them.
    async fn wire(
        &self,
        section: &str,
        old: &Arc<Home>,
        gateways: &Supervisor,
        links: &Supervisor,
    ) -> Result<(), String> {
        // Before this one's own earlier failure is forgotten: what stands now is what may have to stay.
        let stands = match self.house.kept_sections().iter().any(|(kept, _)| kept == section) {
            true => self.house.home_for(section),
            false => old.clone(),
        };
        self.house.keep_section(section, None);
        let key = section.strip_prefix("mqtt.").unwrap_or(section);
        let failed = match self.gateway(key) {
            None => {
                gateways.remove(key).await.map_err(|e| e.to_string())?;
                if key != BROKER {
                    links.remove(key).await.map_err(|e| e.to_string())?;
                }
                return Ok(());
            }
            Some(gateway) => {
                if key != BROKER {
                    // Nothing may come in for a link that is not there yet.
                    gateways.remove(key).await.map_err(|e| e.to_string())?;
                    links.add(link(&self.house, key)).await.map_err(|e| e.to_string())?;
                }
                gateways.try_add(gateway).await.map_err(|e| e.to_string())?
            }
        };
        let Err(why) = failed else { return Ok(()) };
        let had = if key == BROKER { stands.broker.enabled } else { stands.mqtt.contains_key(key) };
        if had {
            self.house.keep_section(section, Some((stands, why.clone())));
            if key != BROKER {
                links.add(link(&self.house, key)).await.map_err(|e| e.to_string())?;
            }
        }
        // A new one has nothing to go back to: it is tried again like any that fails.
        if let Some(gateway) = self.gateway(key) {
            gateways.add(gateway).await.map_err(|e| e.to_string())?;
        }
        Err(why)
    }

    fn gateway(&self, key: &str) -> Option<Child> {
        self.children_of("gateways").into_iter().find(|child| &*child.key == key)
    }
}
