//! What a twin is like at a moment, and how it reports that.

use serde_json::{Value, json};

use super::TwinKind;
use super::firmware::Firmware;
use super::robot::Robot;

/// Litres a minute.
const FLOW: f64 = 2.5;

/// Minutes of a programme.
pub(super) const WASH: f64 = 60.0;
/// Watts.
pub(super) const HEATER: f64 = 1_500.0;

/// All that any kind of twin may have; each kind reports its part.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    pub on: bool,
    /// 0-254.
    pub brightness: i64,
    /// Mired.
    pub color_temp: i64,
    pub occupied: bool,
    /// Lux.
    pub illuminance: f64,
    /// Percent.
    pub battery: f64,
    /// Closed.
    pub contact: bool,
    /// Degrees Celsius.
    pub temperature: f64,
    /// Percent.
    pub humidity: f64,
    /// Watts, when on.
    pub load: f64,
    /// Kilowatt hours since it was made.
    pub energy: f64,
    /// Degrees Celsius.
    pub setpoint: f64,
    pub mode: String,
    /// Minutes of its programme that are left.
    pub washes: f64,
    /// Degrees Celsius, of the water in a store.
    pub water: f64,
    pub leak: bool,
    pub smoke: bool,
    /// Metres a second.
    pub wind: f64,
    pub firmware: Firmware,
    /// Whoever carries it is at home.
    pub home: bool,
    pub text: String,
    /// Litres since it was made.
    pub volume: f64,
    /// ppm.
    pub co2: f64,
    pub locked: bool,
    /// Percent open.
    pub position: f64,
    /// Percent of its speed, when on.
    pub speed: f64,
    pub robot: Robot,
    /// `playing`, `paused`, `idle`.
    pub plays: String,
    /// Percent.
    pub loud: f64,
    pub muted: bool,
    pub source: String,
    /// Number of the piece that plays.
    pub piece: u64,
    pub follows: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            on: false,
            brightness: 254,
            color_temp: 370,
            occupied: false,
            illuminance: 20.0,
            battery: 100.0,
            contact: true,
            temperature: 20.0,
            humidity: 45.0,
            load: 60.0,
            energy: 0.0,
            setpoint: 20.0,
            mode: "heat".to_owned(),
            washes: 0.0,
            water: 50.0,
            leak: false,
            smoke: false,
            wind: 3.0,
            firmware: Firmware::default(),
            home: true,
            text: String::new(),
            volume: 0.0,
            co2: 450.0,
            locked: true,
            position: 100.0,
            speed: 50.0,
            robot: Robot::default(),
            plays: "playing".to_owned(),
            loud: 40.0,
            muted: true,
            source: String::new(),
            piece: 1,
            follows: true,
        }
    }
}

impl State {
    /// As one of a kind begins.
    pub fn of(kind: TwinKind) -> Self {
        match kind {
            TwinKind::Boiler => Self { setpoint: 55.0, mode: "eco".to_owned(), ..Self::default() },
            TwinKind::Weather => Self { temperature: 6.0, ..Self::default() },
            TwinKind::Visitor => Self { home: false, ..Self::default() },
            _ => Self::default(),
        }
    }

    pub fn heating(&self) -> bool {
        self.mode != "off" && self.temperature < self.setpoint
    }

    /// Watts that a washing machine takes: it heats its water first, turns, and waits to be emptied.
    pub fn washing(&self) -> f64 {
        match self.washes {
            _ if !self.on => 0.0,
            left if left > 0.75 * WASH => 2_000.0,
            left if left > 0.0 => 180.0,
            _ => 2.0,
        }
    }

    /// Litres a minute through what is on or open.
    pub fn flow(&self) -> f64 {
        if self.on { FLOW } else { 0.0 }
    }

    /// The state message of a kind.
    pub fn report(&self, kind: TwinKind) -> Value {
        let on = on_off(self.on);
        match kind {
            TwinKind::Motion => {
                json!({"occupancy": self.occupied, "illuminance": self.illuminance.round(), "battery": self.battery.round()})
            }
            TwinKind::Door => json!({"contact": self.contact, "battery": self.battery.round()}),
            TwinKind::Climate => json!({
                "temperature": tenth(self.temperature), "humidity": tenth(self.humidity), "battery": self.battery.round()
            }),
            TwinKind::Air => json!({
                "co2": self.co2.round(), "temperature": tenth(self.temperature), "humidity": tenth(self.humidity)
            }),
            TwinKind::Light => json!({
                "state": on, "brightness": self.brightness, "color_temp": self.color_temp, "color_mode": "color_temp"
            }),
            TwinKind::Plug => json!({
                "state": on, "power": if self.on { tenth(self.load) } else { 0.0 },
                "energy": (self.energy * 1000.0).round() / 1000.0
            }),
            TwinKind::Thermostat => json!({
                "system_mode": self.mode, "occupied_heating_setpoint": self.setpoint,
                "local_temperature": tenth(self.temperature), "running_state": if self.heating() { "heat" } else { "idle" }
            }),
            TwinKind::Heater => json!({
                "state": on, "power": if self.on { HEATER } else { 0.0 }, "temperature": tenth(self.temperature)
            }),
            TwinKind::Boiler => json!({
                "mode": self.mode, "setpoint": self.setpoint, "temperature": tenth(self.water)
            }),
            TwinKind::Washer => json!({
                "state": on, "power": self.washing(), "energy": (self.energy * 1000.0).round() / 1000.0
            }),
            TwinKind::Pump => json!({"state": on, "flow": self.flow(), "volume": tenth(self.volume)}),
            TwinKind::Valve => json!({
                "state": if self.on { "OPEN" } else { "CLOSE" }, "flow": self.flow(), "volume": tenth(self.volume)
            }),
            TwinKind::Lock => {
                json!({"state": if self.locked { "LOCK" } else { "UNLOCK" }, "battery": self.battery.round()})
            }
            TwinKind::Shutter => json!({"position": self.position}),
            TwinKind::Fan => json!({"state": on, "percentage": self.speed}),
            TwinKind::Leak => json!({"water_leak": self.leak, "battery": self.battery.round()}),
            TwinKind::Smoke => json!({"smoke": self.smoke, "battery": self.battery.round()}),
            TwinKind::Weather => json!({
                "temperature": tenth(self.temperature), "wind_speed": tenth(self.wind), "update": self.firmware.report()
            }),
            TwinKind::Phone | TwinKind::Visitor => {
                json!({"tracker": if self.home { "home" } else { "not_home" }})
            }
            TwinKind::Vacuum => self.robot.report(self.battery),
            TwinKind::Display => json!({"text": self.text}),
            TwinKind::Player => json!({
                "state": self.plays, "volume": self.loud, "muted": on_off(self.muted), "source": self.source
            }),
            TwinKind::Stream => json!({
                "state": self.plays, "title": format!("Piece {}", self.piece), "artist": "Lares twins",
                "follow": on_off(self.follows)
            }),
        }
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "ON" } else { "OFF" }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
