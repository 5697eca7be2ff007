//! Kinds of entity, by Home Assistant's names.

use serde::{Deserialize, Serialize};

use crate::Property;

macro_rules! components {
    ($($variant:ident = $number:literal, $name:literal, $main:ident;)*) => {
        /// The kind of an entity (Home Assistant's platform names).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u16)]
        pub enum Component { $($variant = $number,)* }

        impl Component {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The property that `state` shows where only one value is shown.
            pub fn main_property(self) -> Property {
                match self { $(Self::$variant => Property::$main,)* }
            }
        }
    };
}

components! {
    Sensor = 1, "sensor", State;
    BinarySensor = 2, "binary_sensor", State;
    Light = 3, "light", On;
    Switch = 4, "switch", On;
    Climate = 5, "climate", Mode;
    Cover = 6, "cover", Position;
    Fan = 7, "fan", On;
    Lock = 8, "lock", Locked;
    Number = 9, "number", State;
    Select = 10, "select", State;
    Text = 11, "text", State;
    Button = 12, "button", Press;
    Event = 13, "event", EventType;
    DeviceAutomation = 14, "device_automation", EventType;
    DeviceTracker = 15, "device_tracker", State;
    Humidifier = 16, "humidifier", On;
    Siren = 17, "siren", On;
    Valve = 18, "valve", Position;
    WaterHeater = 19, "water_heater", Mode;
    AlarmControlPanel = 20, "alarm_control_panel", State;
    Camera = 21, "camera", State;
    Image = 22, "image", State;
    LawnMower = 23, "lawn_mower", State;
    Notify = 24, "notify", State;
    Scene = 25, "scene", Press;
    Tag = 26, "tag", EventType;
    Update = 27, "update", InstalledVersion;
    Vacuum = 28, "vacuum", State;
    Infrared = 29, "infrared", State;
    Date = 30, "date", State;
    Time = 31, "time", State;
    Datetime = 32, "datetime", State;
    MediaPlayer = 33, "media_player", State;
}

impl Component {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}
