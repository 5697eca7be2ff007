//! What of an entity can be read or moved. A closed list: numbers are stored, so they are never reused.

use serde::{Deserialize, Serialize};

macro_rules! properties {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// A property of an entity. Most entities have one, [`Property::State`]; a light has several.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(into = "u16", try_from = "u16")]
        #[repr(u16)]
        pub enum Property { $($(#[$doc])* $variant = $number,)* }

        impl Property {
    /// Its values are things that happen (a press), not how something is: the same one again is another one.
    pub fn is_momentary(self) -> bool {
        matches!(self, Self::EventType | Self::Press)
    }

    /// Each time it is sent something is done: what may have left already is never sent a second time.
    pub fn is_done_each_time(self) -> bool {
        self.is_momentary() || matches!(self, Self::CleanRooms | Self::CleanZone | Self::GoTo | Self::Command)
    }

            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name used in configuration, on the command line and in exports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl TryFrom<u16> for Property {
            type Error = String;
            fn try_from(number: u16) -> Result<Self, String> {
                match number { $($number => Ok(Self::$variant),)* n => Err(format!("no property has number {n}")) }
            }
        }
    };
}

properties! {
    /// The one value of a sensor, binary sensor, number, select, text ...
    State = 1, "state";
    /// Switched on. Lights, switches, fans, sirens, humidifiers.
    On = 2, "on";
    /// Percent, 0-100, of the lamp's own range.
    Brightness = 3, "brightness";
    /// Kelvin.
    ColorTemp = 4, "color_temp";
    Color = 5, "color";
    Effect = 6, "effect";
    /// Percent open, 0-100. Covers, valves.
    Position = 7, "position";
    /// Percent, 0-100.
    Tilt = 8, "tilt";
    /// Degrees in the device's unit.
    TargetTemperature = 9, "target_temperature";
    CurrentTemperature = 10, "current_temperature";
    /// `off`, `heat`, `cool`, `auto`, ...
    Mode = 11, "mode";
    /// What a climate device is doing: `idle`, `heating`, ...
    Action = 12, "action";
    FanMode = 13, "fan_mode";
    SwingMode = 14, "swing_mode";
    PresetMode = 15, "preset_mode";
    /// Percent, 0-100: a fan's speed.
    Percentage = 16, "percentage";
    Direction = 17, "direction";
    Oscillation = 18, "oscillation";
    TargetHumidity = 19, "target_humidity";
    CurrentHumidity = 20, "current_humidity";
    /// Locked. Locks.
    Locked = 21, "locked";
    TargetTemperatureHigh = 22, "target_temperature_high";
    TargetTemperatureLow = 23, "target_temperature_low";
    /// Battery charge, percent. Vacuums, trackers.
    Battery = 24, "battery";
    /// Pressed: momentary, has no state. Buttons, scenes.
    Press = 25, "press";
    /// Kind of the last event of an event entity or trigger.
    EventType = 26, "event_type";
    Latitude = 27, "latitude";
    Longitude = 28, "longitude";
    /// Installed version of an update entity.
    InstalledVersion = 29, "installed_version";
    LatestVersion = 30, "latest_version";
    /// Somebody is in the room.
    Occupied = 31, "occupied";
    /// The person is at home.
    Home = 32, "home";
    /// Key of the room in which a person is.
    Room = 33, "room";
    /// How sure it is where a person is. Percent.
    Sure = 34, "sure";
    /// Rooms that a robot knows, by their names, with commas between them.
    Rooms = 35, "rooms";
    /// Rooms that a robot is to clean: some of [`Property::Rooms`]. Momentary.
    CleanRooms = 36, "clean_rooms";
    /// A command of the maker's own, with its arguments as JSON behind it. Momentary.
    Command = 37, "command";
    /// What a siren sounds like.
    Tone = 38, "tone";
    /// Percent, 0-100.
    Volume = 39, "volume";
    /// Seconds: how long it sounds.
    Duration = 40, "duration";
    SwingHorizontalMode = 41, "swing_horizontal_mode";
    /// Percent, 0-100: a lamp's white beside its colours.
    White = 42, "white";
    /// What it says beside its state, as words: `ssid: home, channel: 6`.
    Attributes = 43, "attributes";
    /// Metres to the right on a robot's own map.
    X = 44, "x";
    /// Metres downwards on a robot's own map.
    Y = 45, "y";
    /// A plan in letters, a row a line: `#` is a wall, `.` a floor without a name, `A` the first of [`Property::Rooms`].
    Map = 46, "map";
    Muted = 47, "muted";
    /// What a player plays: the name of a stream.
    Source = 48, "source";
    Title = 49, "title";
    Artist = 50, "artist";
    /// What a person gives along with a wish where the thing asks for it. It is never a claim: it is on no record.
    Code = 51, "code";
    /// A part of a robot's map to clean: two corners in metres, then how often. Momentary.
    CleanZone = 52, "clean_zone";
    /// A place on a robot's map to go to: metres to the right and downwards. Momentary.
    GoTo = 53, "go_to";
    /// When a meter was set back to nothing, as it tells it itself.
    LastReset = 54, "last_reset";
}

impl Property {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.name() == name)
    }
}

impl From<Property> for u16 {
    fn from(p: Property) -> u16 {
        p as u16
    }
}
