//! The telephone and its receptionist as they come, change and go with the configuration.

use lares_config::{HomeDiff, PHONE};

use crate::Household;
use crate::children::{link, phone};

/// Sections that a call is answered by.
const OF_CALLS: [&str; 3] = ["phone", "household", "person"];

impl Household {
    /// The wire begins anew when its own section changed, which ends its calls; the receptionist also when people did. Says what
    /// could not be done in time.
    pub(crate) async fn phone(&self, difference: &HomeDiff) -> Vec<String> {
        let all = || difference.added.iter().chain(&difference.changed).chain(&difference.removed);
        if !all().any(|section| OF_CALLS.contains(&section.table)) {
            return Vec::new();
        }
        let supervisors = (
            self.house.supervisor("gateways"),
            self.house.supervisor("links"),
            self.house.supervisor("domains"),
        );
        let (Some(gateways), Some(links), Some(domains)) = supervisors else { return Vec::new() };
        let mut late = Vec::new();
        let has_phone = self.house.home().phone.is_some();
        if all().any(|section| section.table == PHONE) {
            late.extend(gateways.remove(PHONE).await.err());
            match has_phone {
                true => late.extend(links.add(link(&self.house, PHONE)).await.err()),
                false => late.extend(links.remove(PHONE).await.err()),
            }
            if let Some(gateway) = self.children_of("gateways").into_iter().find(|child| &*child.key == PHONE)
            {
                late.extend(gateways.add(gateway).await.err());
            }
        }
        match has_phone {
            true => late.extend(domains.add(phone(&self.house)).await.err()),
            false => late.extend(domains.remove(PHONE).await.err()),
        }
        late.iter().map(ToString::to_string).collect()
    }
}
