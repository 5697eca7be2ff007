//! Hot reload: load, check all, journal it, apply only what changed. A broken configuration changes nothing.

use std::sync::Arc;

use lares_config::{Diagnostic, Home, HomeDiff, Loaded, SectionKey};
use lares_household::links::LinkMessage;
use lares_household::planner::PlanMessage;
use lares_household::rules::RuleMessage;
use lares_household::safety::{OWNER, SafetyMessage, about_write};
use lares_kernel::Child;
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
    /// What was not applied, and why: it goes on as it was.
    pub partly: Vec<String>,
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

    /// Applies a home that is good. What its files say may be the same: guests come and go without them.
    pub async fn apply(&self, new: Arc<Home>) -> Reloaded {
        let old = self.house.home();
        let difference = lares_config::diff(&old, &new);
        let words = |k: &SectionKey| {
            if k.key.is_empty() { k.table.to_owned() } else { format!("{}.{}", k.table, k.key) }
        };
        let all = difference.added.iter().chain(&difference.changed).chain(&difference.removed);
        let changed: Vec<String> = all.clone().map(words).collect();
        // What could not be applied is tried again, though its text is the same.
        if new.snapshot == old.snapshot && difference.is_empty() && self.house.kept_sections().is_empty() {
            return Reloaded { changed, partly: Vec::new() };
        }
        self.house.set_home(new.clone());
        // Before any device hears of it: what is new forbids from its first wish.
        let now = self.house.world().clock().now();
        self.house.safety().with(|safety| safety.configure(&new, None, now));
        self.house.safety().actor().tell(SafetyMessage::Configured);
        self.house.world().journal().flush();
        let mut partly = self.wires(&old, &changed).await;
        let later = changed.iter().filter(|section| *section == "household");
        partly.extend(later.map(|section| format!("{section} (it takes effect at the next start)")));
        publish_home(&self.house, changed.clone(), partly.clone());
        self.forget(&difference.removed);
        partly.extend(self.leaves("rooms", "room", &difference, |key| room(&self.house, key)).await);
        partly.extend(
            self.leaves("people", "person", &self.looked_for(&difference), |key| person(&self.house, key))
                .await,
        );
        partly.extend(self.voice(&difference).await);
        partly.extend(self.music(&difference).await);
        partly.extend(self.phone(&difference).await);
        // Names, rooms and defaults of devices: their links look at each, and change what is called otherwise now.
        for key in link_keys(&self.house) {
            self.house.link(&key).tell(LinkMessage::Configured);
        }
        self.addresses.rules.tell(RuleMessage::Configured);
        self.addresses.planner.tell(PlanMessage::Configured);
        tracing::info!(
            changed = changed.len(),
            not_applied = partly.len(),
            "the new configuration is in force"
        );
        Reloaded { changed, partly }
    }

    /// Leaves of a branch whose section changed begin anew; says what could not be done in time.
    async fn leaves(
        &self,
        branch: &str,
        table: &str,
        difference: &HomeDiff,
        make: impl Fn(&str) -> Child,
    ) -> Vec<String> {
        let Some(supervisor) = self.house.supervisor(branch) else { return Vec::new() };
        let mut late = Vec::new();
        for key in difference.removed.iter().filter(|k| k.table == table) {
            late.extend(supervisor.remove(&key.key).await.err());
        }
        for key in difference.added.iter().chain(&difference.changed).filter(|k| k.table == table) {
            late.extend(supervisor.add(make(&key.key)).await.err());
        }
        late.iter().map(ToString::to_string).collect()
    }

    /// The difference as it concerns people: where rooms lie and receivers hang is what everybody is looked for by.
    fn looked_for(&self, difference: &HomeDiff) -> HomeDiff {
        let mut difference = difference.clone();
        let all = difference.added.iter().chain(&difference.changed).chain(&difference.removed);
        if all.clone().any(|k| k.table == "room" || k.table == "receiver") {
            let person = |key: &String| SectionKey { table: "person", key: key.clone() };
            let people: Vec<SectionKey> = self.house.home().people.keys().map(person).collect();
            let named = |k: &SectionKey| difference.added.contains(k) || difference.changed.contains(k);
            let others: Vec<SectionKey> = people.into_iter().filter(|k| !named(k)).collect();
            difference.changed.extend(others);
        }
        difference
    }

    fn forget(&self, removed: &[SectionKey]) {
        let node = |k: &SectionKey| match k.table {
            "room" | "person" | "rule" | "floor" | "zone" | "group" => Some(NodeId::derive(k.table, &k.key)),
            _ => None,
        };
        let mut writes: Vec<Write> = removed.iter().filter_map(node).map(Write::RemoveNode).collect();
        let mut count = writes.len();
        for gone in removed.iter().filter(|k| k.table == "interlock") {
            count += 1;
            writes.push(about_write(&gone.key, None));
            let key = gone.key.as_str().into();
            writes.push(Write::PutState { owner: OWNER.into(), key, value: None });
        }
        if !writes.is_empty() {
            let text = match count {
                1 => "a section was taken out of the configuration".to_owned(),
                n => format!("{n} sections were taken out of the configuration"),
            };
            let draft = Draft::new(NodeId::household(), Origin::System, Body::Notice { text });
            self.house.world().publish_with(draft, writes);
        }
    }
}
