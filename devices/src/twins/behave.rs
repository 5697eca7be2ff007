//! What twins do by themselves and when told: a plausible day, driven by the local hour and a source of chance.

use std::time::Duration;

use serde_json::Value;

use super::TwinKind;
use super::firmware;
use super::robot::Doing;
use super::state::{HEATER, State, WASH};

/// What a store of hot water may be set to.
pub(super) const BOILER: [&str; 3] = ["off", "eco", "electric"];

/// A number in 0..1 from a source of chance.
fn share(chance: &mut dyn FnMut() -> u64) -> f64 {
    (chance() >> 11) as f64 / (1_u64 << 53) as f64
}

/// How likely it is that somebody is about, at this hour.
fn bustle(hour: f64) -> f64 {
    match hour {
        h if h < 6.0 => 0.03,
        h if h < 9.0 => 0.6,
        h if h < 16.0 => 0.2,
        h if h < 22.5 => 0.55,
        _ => 0.12,
    }
}

/// Daylight in a room, in lux: nothing before six and after twenty, most at one o'clock.
fn daylight(hour: f64) -> f64 {
    let height = libm::cos((hour - 13.0) / 7.0 * std::f64::consts::FRAC_PI_2);
    if (6.0..20.0).contains(&hour) { 400.0 * height.max(0.0) } else { 0.0 }
}

/// One step of a twin's own life, `passed` after the last. Gives the time to the next one.
pub fn step(
    kind: TwinKind,
    state: &mut State,
    passed: Duration,
    hour: f64,
    chance: &mut dyn FnMut() -> u64,
) -> Duration {
    let hours = passed.as_secs_f64().min(3600.0) / 3600.0;
    let noise = share(chance) - 0.5;
    state.battery = (state.battery - 0.002 * hours).max(1.0);
    match kind {
        TwinKind::Motion => {
            state.occupied = !state.occupied && share(chance) < bustle(hour);
            state.illuminance = (daylight(hour) + 15.0 + 10.0 * noise).max(0.0);
            // A sensor stays on for a minute and a half after it has seen somebody.
            if state.occupied { Duration::from_secs(90) } else { seconds(20.0, 120.0, chance) }
        }
        TwinKind::Door => {
            state.contact = !state.contact || share(chance) > bustle(hour) * 0.3;
            if state.contact { seconds(60.0, 600.0, chance) } else { seconds(3.0, 20.0, chance) }
        }
        TwinKind::Climate => {
            let wanted = 20.5 + 1.5 * libm::sin((hour - 9.0) / 24.0 * std::f64::consts::TAU);
            state.temperature += (wanted - state.temperature) * (hours * 2.0).min(1.0) + 0.1 * noise;
            state.humidity = (state.humidity + 2.0 * noise).clamp(25.0, 75.0);
            seconds(60.0, 180.0, chance)
        }
        TwinKind::Air => {
            // Somebody comes or goes now and then; a person adds some 500 ppm an hour, and a room loses a third.
            if share(chance) < 0.05 {
                state.occupied = share(chance) < bustle(hour + 12.0);
            }
            let breath = if state.occupied { 500.0 } else { 0.0 };
            state.co2 = (state.co2 + (breath - 0.33 * (state.co2 - 430.0)) * hours + 4.0 * noise)
                .clamp(400.0, 3_000.0);
            state.temperature += 0.05 * noise;
            state.humidity = (state.humidity + noise).clamp(25.0, 75.0);
            Duration::from_secs(60)
        }
        TwinKind::Light | TwinKind::Display | TwinKind::Shutter | TwinKind::Fan | TwinKind::Lock => {
            Duration::from_secs(600)
        }
        TwinKind::Player => Duration::from_secs(600),
        TwinKind::Stream => {
            state.piece += u64::from(state.plays == "playing");
            Duration::from_secs(240)
        }
        TwinKind::Pump | TwinKind::Valve => {
            state.volume += state.flow() * 60.0 * hours;
            Duration::from_secs(60)
        }
        TwinKind::Heater => {
            let gain = if state.on { HEATER / 500.0 } else { 0.0 };
            state.temperature += ((12.0 - state.temperature) / 10.0 + gain) * hours + 0.02 * noise;
            state.energy += if state.on { HEATER / 1000.0 * hours } else { 0.0 };
            Duration::from_secs(60)
        }
        TwinKind::Boiler => {
            // A store loses half a degree an hour and gains twelve.
            let gain = if state.mode != "off" && state.water < state.setpoint { 12.0 } else { 0.0 };
            state.water += (gain - 0.5) * hours + 0.02 * noise;
            Duration::from_secs(60)
        }
        TwinKind::Washer => {
            // Somebody fills it about once a day, and empties it a while after it is done.
            let touched = share(chance) < if state.on { 0.03 } else { 0.002 * bustle(hour) };
            if touched && state.washes <= 0.0 {
                state.on = !state.on;
                state.washes = if state.on { WASH } else { 0.0 };
            }
            state.energy += state.washing() / 1000.0 * hours;
            state.washes = (state.washes - hours * 60.0).max(0.0);
            Duration::from_secs(30)
        }
        TwinKind::Plug => {
            state.energy += if state.on { state.load / 1000.0 * hours } else { 0.0 };
            state.load = (state.load + 4.0 * noise).clamp(20.0, 120.0);
            Duration::from_secs(30)
        }
        TwinKind::Thermostat => {
            // A room loses towards 12 degrees in about ten hours and gains three degrees an hour from its radiator.
            let gain = if state.heating() { 3.0 } else { 0.0 };
            state.temperature += ((12.0 - state.temperature) / 10.0 + gain) * hours + 0.02 * noise;
            Duration::from_secs(60)
        }
        TwinKind::Vacuum => {
            let charge = if state.robot.doing == Doing::Docked { 40.0 } else { -25.0 };
            state.battery = (state.battery + charge * hours).clamp(1.0, 100.0);
            state.robot.step(passed, share(chance))
        }
        TwinKind::Smoke => Duration::from_secs(600),
        TwinKind::Weather => {
            if state.firmware.runs() {
                state.firmware.step();
                return firmware::TENTH;
            }
            let wanted = 6.0 + 5.0 * libm::sin((hour - 9.0) / 24.0 * std::f64::consts::TAU);
            state.temperature += (wanted - state.temperature) * hours.min(1.0) + 0.1 * noise;
            // A breeze, more of it by day; a gust now and then, which lies down within some minutes.
            let gust = if share(chance) < 0.01 { 11.0 } else { 0.0 };
            let breeze = 2.5 + daylight(hour) / 200.0;
            state.wind = (0.75 * state.wind + 0.25 * breeze + 1.5 * noise + gust).clamp(0.0, 30.0);
            Duration::from_secs(60)
        }
        TwinKind::Phone => {
            // At work or at school, and home for the night.
            let away = if (8.0..16.0).contains(&hour) { 0.9 } else { 0.05 };
            if share(chance) < 0.3 {
                state.home = share(chance) >= away;
            }
            Duration::from_secs(600)
        }
        TwinKind::Visitor => {
            let stays = (16.0..22.0).contains(&hour) && (state.home || share(chance) < 0.02);
            state.home = stays && share(chance) < 0.95;
            Duration::from_secs(600)
        }
        TwinKind::Leak => {
            state.leak = !state.leak && share(chance) < 0.000_5;
            Duration::from_secs(600)
        }
    }
}

fn seconds(least: f64, most: f64, chance: &mut dyn FnMut() -> u64) -> Duration {
    Duration::from_secs_f64((least + (most - least) * share(chance)).round())
}

/// Obey one key of a command. What makes no sense is ignored, as real devices do.
pub fn obey(kind: TwinKind, state: &mut State, key: &str, value: &Value) {
    let word = value.as_str().unwrap_or_default();
    match (kind, key) {
        (TwinKind::Vacuum, key) => state.robot.obey(key, value),
        (TwinKind::Light | TwinKind::Plug | TwinKind::Pump | TwinKind::Fan | TwinKind::Heater, "state") => {
            match word.to_ascii_uppercase().as_str() {
                "ON" => state.on = true,
                "OFF" => state.on = false,
                "TOGGLE" => state.on = !state.on,
                _ => {}
            }
        }
        (TwinKind::Washer, "state") => match word.to_ascii_uppercase().as_str() {
            "ON" if !state.on => (state.on, state.washes) = (true, WASH),
            "OFF" => state.on = false,
            _ => {}
        },
        (TwinKind::Boiler, "mode") if BOILER.contains(&word) => state.mode = word.to_owned(),
        (TwinKind::Boiler, "setpoint") => {
            if let Some(degrees) = value.as_f64() {
                state.setpoint = ((degrees * 2.0).round() / 2.0).clamp(30.0, 70.0);
            }
        }
        (TwinKind::Valve, "state") => match word.to_ascii_uppercase().as_str() {
            "OPEN" => state.on = true,
            "CLOSE" => state.on = false,
            _ => {}
        },
        (TwinKind::Lock, "state") => match word.to_ascii_uppercase().as_str() {
            "LOCK" => state.locked = true,
            "UNLOCK" => state.locked = false,
            _ => {}
        },
        (TwinKind::Shutter, "state") => match word.to_ascii_uppercase().as_str() {
            "OPEN" => state.position = 100.0,
            "CLOSE" => state.position = 0.0,
            _ => {}
        },
        (TwinKind::Shutter, "position") => {
            if let Some(percent) = value.as_f64() {
                state.position = percent.round().clamp(0.0, 100.0);
            }
        }
        (TwinKind::Fan, "percentage") => {
            if let Some(percent) = value.as_f64() {
                state.speed = percent.round().clamp(0.0, 100.0);
                state.on = state.speed > 0.0;
            }
        }
        (TwinKind::Light, "brightness") => {
            if let Some(level) = value.as_f64() {
                state.brightness = level.round().clamp(1.0, 254.0) as i64;
                state.on = level > 0.0;
            }
        }
        (TwinKind::Light, "color_temp") => {
            if let Some(mired) = value.as_f64() {
                state.color_temp = mired.round().clamp(153.0, 500.0) as i64;
            }
        }
        (TwinKind::Thermostat, "system_mode") if ["off", "heat", "auto"].contains(&word) => {
            state.mode = word.to_owned()
        }
        (TwinKind::Thermostat, "occupied_heating_setpoint") => {
            if let Some(degrees) = value.as_f64() {
                state.setpoint = ((degrees * 2.0).round() / 2.0).clamp(5.0, 30.0);
            }
        }
        (TwinKind::Player | TwinKind::Stream, "state") if ["playing", "paused", "idle"].contains(&word) => {
            state.plays = word.to_owned();
        }
        (TwinKind::Player, "volume") => {
            if let Some(percent) = value.as_f64() {
                state.loud = percent.round().clamp(0.0, 100.0);
            }
        }
        (TwinKind::Player, "muted") => state.muted = word == "ON",
        (TwinKind::Player, "source") => state.source = words(value),
        (TwinKind::Stream, "follow") => state.follows = word == "ON",
        (TwinKind::Stream, "next") => state.piece += 1,
        (TwinKind::Stream, "previous") => state.piece = state.piece.saturating_sub(1).max(1),
        (TwinKind::Weather, "firmware") => state.firmware.obey(word),
        (TwinKind::Display, "text") => state.text = words(value),
        _ => {}
    }
}

/// Words that look like a number or an object are words all the same.
fn words(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(255).collect()
}
