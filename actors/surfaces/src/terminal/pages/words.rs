//! States in words.

use std::time::Duration;

use serde_json::Value as Json;

use crate::terminal::look::Tone;
use crate::terminal::text::safe;
use crate::views::{DeviceView, EntityView, length, word_of};

/// A value with its unit. Numbers have at most one digit behind the point here: `lares history` has them all.
pub(super) fn value(value: &Json, unit: Option<&str>) -> String {
    let unit = unit.map(|u| format!(" {}", safe(u))).unwrap_or_default();
    match value {
        Json::Null => "unknown".to_owned(),
        Json::Bool(true) => "on".to_owned(),
        Json::Bool(false) => "off".to_owned(),
        Json::String(text) => safe(text),
        Json::Number(n) => match n.as_f64() {
            Some(f) if f.fract() != 0.0 && f.abs() >= 0.1 => format!("{f:.1}{unit}"),
            Some(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}{unit}"),
            _ => format!("{n}{unit}"),
        },
        other => safe(&other.to_string()),
    }
}

/// What a yes or no of this kind is called, yes first.
fn yes_and_no(class: &str) -> (&'static str, &'static str) {
    match class {
        "motion" | "moving" => ("motion", "still"),
        "occupancy" | "presence" => ("somebody", "nobody"),
        "moisture" => ("wet", "dry"),
        "smoke" | "gas" | "carbon_monoxide" => ("ALARM", "clear"),
        "problem" | "safety" | "tamper" => ("problem", "fine"),
        "connectivity" => ("connected", "away"),
        "battery" => ("low", "fine"),
        _ => ("on", "off"),
    }
}

/// The state of an entity in a few words.
pub(super) fn state(entity: &EntityView) -> String {
    if entity.stale {
        return "stale".to_owned();
    }
    let property = |name: &str| entity.properties.get(name).filter(|v| !v.is_null());
    let class = entity.device_class.as_deref().unwrap_or_default();
    if let Some(word) = word_of("en", entity, None, &entity.state) {
        return word.to_owned();
    }
    match (entity.component.as_str(), &entity.state) {
        ("cover" | "valve", Json::Number(at)) => format!("{at} % open"),
        ("binary_sensor", Json::Bool(yes)) => {
            let (is, not) = yes_and_no(class);
            (if *yes { is } else { not }).to_owned()
        }
        ("device_tracker", Json::String(at)) if at == "not_home" => "away".to_owned(),
        ("switch", Json::Bool(muted)) if is_mute(entity) => {
            (if *muted { "muted" } else { "listens" }).to_owned()
        }
        ("light", Json::Bool(true)) => match property("brightness").and_then(Json::as_f64) {
            Some(percent) => format!("on {percent:.0} %"),
            None => "on".to_owned(),
        },
        ("climate", main) => {
            let unit = entity.unit.as_deref().or(Some("°C"));
            let is = property("current_temperature").map(|v| value(v, None));
            let to = property("target_temperature").map(|v| value(v, unit));
            let mode = property("mode").map(|v| value(v, None));
            match (is, to) {
                (Some(is), Some(to)) => format!("{is} to {to}"),
                (None, Some(to)) => format!("to {to}"),
                _ => mode.unwrap_or_else(|| value(main, unit)),
            }
        }
        (_, main) => value(main, entity.unit.as_deref()),
    }
}

/// What a device is doing, by those of its entities that are for every day: what can be set first, then what is so or not,
/// then what is measured.
pub(super) fn device_state(device: &DeviceView) -> String {
    let daily = |e: &&EntityView| is_daily(device, e) && e.component != "update";
    let known = |e: &&EntityView| e.stale || !e.state.is_null() || !e.properties.is_empty();
    let mut shown: Vec<&EntityView> = device.entities.iter().filter(daily).filter(known).collect();
    shown.sort_by_key(|e| (e.controls.is_empty(), e.component != "binary_sensor"));
    shown.into_iter().take(4).map(state).collect::<Vec<_>>().join(", ")
}

/// Whether an entity is for every day. Of a microphone in a room its mute is, though it is a setting for everybody else.
pub(super) fn is_daily(device: &DeviceView, entity: &EntityView) -> bool {
    entity.category.is_none() || (device.link == lares_config::SATELLITES && is_mute(entity))
}

/// `satellite-kitchen.muted`.
fn is_mute(entity: &EntityView) -> bool {
    entity.id.starts_with("satellite-") && entity.id.ends_with(".muted")
}

/// How long ago something of it was heard.
pub(super) fn heard(device: &DeviceView) -> Option<f64> {
    device
        .entities
        .iter()
        .filter_map(|e| e.age_s)
        .fold(None, |least: Option<f64>, age| Some(least.map_or(age, |least| least.min(age))))
}

/// A length, short: `4 s`.
pub(super) fn age(seconds: Option<f64>) -> String {
    match seconds {
        Some(s) if s < 1.0 => "now".to_owned(),
        Some(s) => length(Duration::from_secs_f64(s.min(1e12))),
        None => String::new(),
    }
}

pub(super) fn status(word: &str) -> Tone {
    match word {
        "online" | "running" => Tone::Good,
        "offline" | "quarantined" => Tone::Bad,
        "initializing" | "starting" | "restarting" => Tone::Warn,
        _ => Tone::Faint,
    }
}

/// The last part of an entity's reference: `light` of `hall-lamp.light`.
pub(super) fn slug<'a>(entity: &'a EntityView, device: &str) -> &'a str {
    entity.id.strip_prefix(device).map_or(entity.id.as_str(), |rest| rest.trim_start_matches('.'))
}
