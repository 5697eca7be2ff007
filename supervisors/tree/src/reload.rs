//! Hot reload: load, check all, journal it, apply only what changed. A broken configuration changes nothing.

use std::sync::Arc;

use lares_config::{Diagnostic, Home, Loaded, SectionKey};
use lares_household::links::LinkMessage;
use lares_household::planner::PlanMessage;
use lares_household::rules::RuleMessage;
use lares_model::{Body, Draft, NodeId, Origin, Write};

use crate::Household;
use crate::children::{link_keys, person, room};
use crate::household::publish_home;

/// Reads the configuration anew.
pub type Loader = Arc<dyn Fn() -> Result<Loaded, Vec<Diagnostic>> + Send + Sync>;

/// What a reload did.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reloaded {
    /// Sections that changed, as `rule.hall-light`.
    pub changed: Vec<String>,
    /// Of those, the ones that need a restart of the household.
    pub needs_restart: Vec<String>,
}

impl Household {
    /// Applies what `loader` reads. On problems the old configuration goes on, and the journal says so.
    pub async fn reload(&self, loader: &Loader) -> Result<Reloaded, Vec<Diagnostic>> {
        let loaded = match loader() {
            Ok(loaded) => loaded,
            Err(problems) => {
                let words = problems.iter().map(ToString::to_string).collect();
                let body = Body::HomeRefused { problems: words };
                self.house.world().publish(Draft::new(NodeId::household(), Origin::System, body));
                tracing::warn!(
                    problems = problems.len(),
                    "the new configuration was refused; the old one goes on"
                );
                return Err(problems);
            }
        };
        Ok(self.apply(loaded.home).await)
    }

    async fn apply(&self, new: Arc<Home>) -> Reloaded {
        let old = self.house.home();
        let difference = lares_config::diff(&old, &new);
        let words = |k: &SectionKey| {
            if k.key.is_empty() { k.table.to_owned() } else { format!("{}.{}", k.table, k.key) }
        };
        let all = difference.added.iter().chain(&difference.changed).chain(&difference.removed);
        let changed: Vec<String> = all.clone().map(words).collect();
        let needs_restart: Vec<String> =
            all.clone().filter(|k| k.table == "broker" || k.table == "household").map(words).collect();
        if new.snapshot == old.snapshot {
            return Reloaded { changed, needs_restart };
        }
        let house_people = &new.people;
        self.house.set_home(new.clone());
        self.house.world().journal().flush();
        publish_home(&self.house, changed.clone());
        self.forget(&difference.removed);
        if let Some(rooms) = self.house.supervisor("rooms") {
            for key in difference.removed.iter().filter(|k| k.table == "room") {
                rooms.remove(&key.key).await;
            }
            for key in difference.added.iter().chain(&difference.changed).filter(|k| k.table == "room") {
                rooms.add(room(&self.house, &key.key)).await;
            }
        }
        if let Some(people) = self.house.supervisor("people") {
            for key in difference.removed.iter().filter(|k| k.table == "person") {
                people.remove(&key.key).await;
            }
            // Where rooms lie and receivers hang is what everybody is looked for by.
            let moved = all.clone().any(|k| k.table == "room" || k.table == "receiver");
            let new = difference.added.iter().chain(&difference.changed);
            let named = |key: &String| new.clone().any(|k| k.table == "person" && k.key == *key);
            for key in house_people.keys().filter(|key| moved || named(key)) {
                people.add(person(&self.house, key)).await;
            }
        }
        self.wires(all.clone().any(|k| k.table == "mqtt")).await;
        // Names, rooms and defaults of devices: their links look at each, and change what is called otherwise now.
        for key in link_keys(&self.house) {
            self.house.link(&key).tell(LinkMessage::Configured);
        }
        self.addresses.rules.tell(RuleMessage::Configured);
        self.addresses.planner.tell(PlanMessage::Configured);
        tracing::info!(changed = changed.len(), "the new configuration is in force");
        Reloaded { changed, needs_restart }
    }

    /// Connections were changed: links and gateways begin anew.
    async fn wires(&self, changed: bool) {
        if !changed {
            return;
        }
        for branch in ["gateways", "links"] {
            let Some(supervisor) = self.house.supervisor(branch) else { continue };
            for child in self.children_of(branch) {
                supervisor.remove(&child.key).await;
            }
        }
        for branch in ["links", "gateways"] {
            let Some(supervisor) = self.house.supervisor(branch) else { continue };
            for child in self.children_of(branch) {
                supervisor.add(child).await;
            }
        }
    }

    fn forget(&self, removed: &[SectionKey]) {
        let node = |k: &SectionKey| match k.table {
            "room" | "person" | "rule" | "floor" | "zone" => Some(NodeId::derive(k.table, &k.key)),
            _ => None,
        };
        let writes: Vec<Write> = removed.iter().filter_map(node).map(Write::RemoveNode).collect();
        if !writes.is_empty() {
            let text = format!("{} sections were taken out of the configuration", writes.len());
            let draft = Draft::new(NodeId::household(), Origin::System, Body::Notice { text });
            self.house.world().publish_with(draft, writes);
        }
    }
}
