//! States in words.

use std::time::Duration;

use serde_json::Value as Json;

use crate::terminal::look::Tone;
use crate::terminal::said::Said;
use crate::terminal::text::safe;
use crate::tongue::{Tongue, say};
use crate::views::{Attention, DeviceView, EntityView, attention, word_of};

/// A value with its unit. Numbers have at most one digit behind the point here: `lares history` has them all.
pub(in crate::terminal) fn value(tongue: Tongue, value: &Json, unit: Option<&str>) -> String {
    let t = tongue.phrases();
    let unit = unit.map(|u| format!(" {}", safe(u))).unwrap_or_default();
    match value {
        Json::Null => t.unknown.to_owned(),
        Json::Bool(true) => t.on.to_owned(),
        Json::Bool(false) => t.off.to_owned(),
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
fn yes_and_no(tongue: Tongue, class: &str) -> (&'static str, &'static str) {
    let (said, t) = (Said::of(tongue), tongue.phrases());
    match class {
        "motion" | "moving" => (said.motion, said.still),
        "occupancy" | "presence" => (said.somebody, said.no_one),
        "moisture" => (said.wet, said.dry),
        "smoke" | "gas" | "carbon_monoxide" => (said.alarm_on, said.clear),
        "problem" | "safety" | "tamper" => (said.problem, said.fine),
        "connectivity" => (said.connected, said.away),
        "battery" => (said.low, said.fine),
        _ => (t.on, t.off),
    }
}

/// The state of an entity in a few words.
pub(super) fn state(tongue: Tongue, entity: &EntityView) -> String {
    let (said, t) = (Said::of(tongue), tongue.phrases());
    if entity.stale {
        return said.stale.to_owned();
    }
    let property = |name: &str| entity.properties.get(name).filter(|v| !v.is_null());
    let class = entity.device_class.as_deref().unwrap_or_default();
    if let Some(word) = word_of(tongue.code(), entity, None, &entity.state) {
        return word.to_owned();
    }
    match (entity.component.as_str(), &entity.state) {
        ("cover" | "valve", Json::Number(at)) => say!(said.part_open, n = at),
        ("binary_sensor", Json::Bool(yes)) => {
            let (is, not) = yes_and_no(tongue, class);
            (if *yes { is } else { not }).to_owned()
        }
        ("device_tracker", Json::String(at)) if at == "not_home" => said.away.to_owned(),
        ("switch", Json::Bool(muted)) if is_mute(entity) => {
            (if *muted { said.muted } else { said.listens }).to_owned()
        }
        ("light", Json::Bool(true)) => match property("brightness").and_then(Json::as_f64) {
            Some(percent) => format!("{} {percent:.0} %", t.on),
            None => t.on.to_owned(),
        },
        ("climate", main) => {
            let unit = entity.unit.as_deref().or(Some("°C"));
            let is = property("current_temperature").map(|v| value(tongue, v, None));
            let to = property("target_temperature").map(|v| value(tongue, v, unit));
            let mode = property("mode").map(|v| value(tongue, v, None));
            match (is, to) {
                (Some(is), Some(to)) => say!(said.from_to, is = is, value = to),
                (None, Some(to)) => say!(said.to, value = to),
                _ => mode.unwrap_or_else(|| value(tongue, main, unit)),
            }
        }
        (_, main) => value(tongue, main, entity.unit.as_deref()),
    }
}

/// What a device is doing, by those of its entities that are for every day: what can be set first, then what is so or not,
/// then what is measured.
pub(super) fn device_state(tongue: Tongue, device: &DeviceView) -> String {
    let daily = |e: &&EntityView| is_daily(device, e) && e.component != "update";
    let known = |e: &&EntityView| e.stale || !e.state.is_null() || !e.properties.is_empty();
    let mut shown: Vec<&EntityView> = device.entities.iter().filter(daily).filter(known).collect();
    shown.sort_by_key(|e| (e.controls.is_empty(), e.component != "binary_sensor"));
    shown.into_iter().take(4).map(|e| state(tongue, e)).collect::<Vec<_>>().join(", ")
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
pub(super) fn age(tongue: Tongue, seconds: Option<f64>) -> String {
    match seconds {
        Some(s) if s < 1.0 => tongue.phrases().now.to_owned(),
        Some(s) => tongue.length(Duration::from_secs_f64(s.min(1e12))),
        None => String::new(),
    }
}

/// What a device needs of somebody, in words.
pub(super) fn needs(tongue: Tongue, device: &DeviceView) -> Vec<&'static str> {
    let said = Said::of(tongue);
    let word = |need: Attention| match need {
        Attention::New => said.need_new,
        Attention::Unplaced => said.need_unplaced,
        Attention::Ill => said.need_ill,
        Attention::LowBattery => said.need_battery,
        Attention::Outdated => said.need_outdated,
    };
    attention(device, None).into_iter().map(word).collect()
}

/// A status in a word that fits a column.
pub(super) fn status_word(tongue: Tongue, word: &str) -> String {
    if word == "quarantined" { Said::of(tongue).quarantined.to_owned() } else { tongue.status_word(word) }
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
