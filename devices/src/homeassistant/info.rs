//! What the household sees of a device and its entities.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lares_model::EntityInfo;

use super::components;
use super::config::Config;
use super::parts::Part;
use super::slug;
use super::spec::{DeviceSpec, EntitySpec};
use super::template::Bank;

/// An entity with its slug: the one it had, if its name still gives the same word.
pub fn named(spec: &DeviceSpec, key: &str, topic: &str, part: Part) -> EntitySpec {
    let config = Config(&part.config);
    let name = config.text("name").unwrap_or_default();
    let class = config.text("device_class").unwrap_or_default();
    let candidates = [name.as_str(), class.as_str(), part.component.name()];
    let taken: BTreeSet<&str> =
        spec.entities.iter().filter(|e| e.key != key).map(|e| e.slug.as_str()).collect();
    let slug = spec
        .entities
        .iter()
        .find(|e| e.key == key && slug::unique(candidates, &BTreeSet::new()) == without_number(&e.slug))
        .map_or_else(|| slug::unique(candidates, &taken), |e| e.slug.clone());
    EntitySpec {
        key: key.to_owned(),
        unique_id: part.unique_id,
        component: part.component,
        slug,
        source: topic.to_owned(),
        config: part.config,
    }
}

fn without_number(slug: &str) -> &str {
    match slug.rsplit_once('_') {
        Some((base, number)) if number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() => base,
        _ => slug,
    }
}

/// Fill in what the household sees of a device from its entities. What is as it was `before` is taken from there: a
/// device of thousands is announced one entity at a time.
pub fn complete(spec: &mut DeviceSpec, before: Option<&DeviceSpec>) {
    let known = |at: usize, entity: &Arc<EntitySpec>| {
        let before = before?;
        let same = before.entities.get(at).is_some_and(|b| Arc::ptr_eq(b, entity));
        before.info.entities.get(at).filter(|_| same).cloned()
    };
    let entities = spec.entities.iter().enumerate();
    spec.info.entities = entities.map(|(at, e)| known(at, e).unwrap_or_else(|| info(e))).collect();
    if spec.info.name.is_empty() {
        let named = spec.info.entities.iter().find_map(|e| e.name.clone());
        let id = spec.info.key.split_once('/').map_or(spec.info.key.as_str(), |(_, id)| id);
        spec.info.name = named.unwrap_or_else(|| id.to_owned());
    }
    if spec.info.identifiers.is_empty() {
        let id = spec.info.key.split_once('/').map_or(spec.info.key.as_str(), |(_, id)| id);
        spec.info.identifiers.push(id.to_owned());
    }
}

fn info(entity: &EntitySpec) -> EntityInfo {
    let config = Config(&entity.config);
    let built = components::build(entity.component, config, &mut Bank::dry());
    EntityInfo {
        key: entity.key.clone(),
        unique_id: entity.unique_id.clone(),
        component: entity.component,
        name: config.text("name").filter(|n| !n.is_empty()),
        slug: entity.slug.clone(),
        device_class: config.text("device_class").filter(|c| !c.is_empty()),
        state_class: config.text("state_class").filter(|c| !c.is_empty()),
        unit: config.text("unit_of_measurement").filter(|u| !u.is_empty()).map(Into::into),
        category: config.text("entity_category").filter(|c| c == "config" || c == "diagnostic"),
        enabled_by_default: config.flag("enabled_by_default").unwrap_or(true),
        expire_after: config
            .number("expire_after")
            .filter(|s| (0.001..1e9).contains(s))
            .map(Duration::from_secs_f64),
        assumed: built.assumed || config.flag("optimistic").unwrap_or(false),
        properties: built.properties,
    }
}
