//! The kinds of twin.

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A kind of simulated device.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum TwinKind { $($(#[$doc])* $variant,)* }

        impl TwinKind {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name used in configuration.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// Occupancy, illuminance, battery.
    Motion = "motion";
    /// A contact and its battery.
    Door = "door";
    /// Temperature, humidity, battery.
    Climate = "climate";
    /// Carbon dioxide, temperature, humidity: the air of a room that people are in now and then.
    Air = "air";
    /// A dimmable lamp with colour temperature.
    Light = "light";
    /// A switched socket that measures power and energy.
    Plug = "plug";
    /// A radiator's thermostat with the room it heats.
    Thermostat = "thermostat";
    /// A water leak sensor.
    Leak = "leak";
    /// A pump that measures what it gives.
    Pump = "pump";
    /// A water valve that is open or closed, with what flows through it.
    Valve = "valve";
    /// A door lock.
    Lock = "lock";
    /// A roller shutter with a position.
    Shutter = "shutter";
    /// A fan with a speed.
    Fan = "fan";
    /// An electric heater on a socket that measures, and the room it heats.
    Heater = "heater";
    /// Hot water in a store.
    Boiler = "boiler";
    /// A washing machine on a socket that measures: switched on it washes once.
    Washer = "washer";
    /// A smoke detector.
    Smoke = "smoke";
    /// What stands on the roof: warmth and wind, and a firmware that can be had newer.
    Weather = "weather";
    /// The phone of somebody who lives here: at home or not.
    Phone = "phone";
    /// The phone of somebody who comes now and then.
    Visitor = "visitor";
    /// A robot that cleans the rooms of its map.
    Vacuum = "vacuum";
    /// A wall display that shows a text.
    Display = "display";
    /// A loudspeaker in a room: what it plays, how loud.
    Player = "player";
    /// What somebody listens to, and whether it follows them.
    Stream = "stream";
}

impl TwinKind {
    /// The kind of this name. The error lists the names there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|k| k.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|k| k.name()).collect();
            format!("{} is no kind of twin; allowed: {}", crate::problem::quote(name), names.join(", "))
        })
    }
}
