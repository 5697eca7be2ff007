//! What each kind of entity reads and writes. One file per family; [`build`] is the registry.

mod alarm;
mod attributes;
mod base64;
mod binary;
mod builder;
mod climate;
mod convert;
mod cover;
mod event;
mod fan;
mod light;
mod light_json;
mod light_template;
mod lock;
mod media_player;
mod picture;
mod place;
mod plain;
mod segments;
mod sensor;
mod sink;
mod siren;
mod units;
mod update;
mod vacuum;
mod when;
mod writer;

pub use builder::{Built, Reader};
pub use sink::{Out, listed};
pub use writer::Commands;

use lares_model::Component;

use super::config::Config;
use super::template::Bank;
use builder::Builder;
use when::When;

/// What an entity's configuration makes of it. What is wrong with it is in [`Built::problems`]; the rest works.
pub fn build(component: Component, config: Config<'_>, bank: &mut Bank) -> Built {
    let mut b = Builder::new(config, bank);
    match component {
        Component::Sensor => sensor::build(&mut b),
        Component::BinarySensor => binary::sensor(&mut b),
        Component::Switch => binary::switch(&mut b),
        Component::Light => light::build(&mut b),
        Component::Climate | Component::WaterHeater => climate::build(&mut b),
        Component::Humidifier => climate::humidifier(&mut b),
        Component::Number => plain::number(&mut b),
        Component::Select => plain::select(&mut b),
        // What was learned, and what to send, as text: timings or a maker's code.
        Component::Text | Component::Infrared => plain::text(&mut b),
        Component::Notify => plain::notify(&mut b),
        Component::Button | Component::Scene => plain::press(&mut b),
        Component::Cover => cover::cover(&mut b),
        Component::Valve => cover::valve(&mut b),
        Component::Lock => lock::build(&mut b),
        Component::Fan => fan::build(&mut b),
        Component::Event | Component::Tag | Component::DeviceAutomation => event::build(&mut b, component),
        Component::Update => update::build(&mut b),
        Component::Siren => siren::build(&mut b),
        Component::DeviceTracker => event::tracker(&mut b),
        Component::AlarmControlPanel => alarm::build(&mut b),
        Component::Vacuum | Component::LawnMower => vacuum::build(&mut b, component),
        Component::Camera | Component::Image => picture::build(&mut b),
        Component::Date => when::build(&mut b, When::Date),
        Component::Time => when::build(&mut b, When::Time),
        Component::Datetime => when::build(&mut b, When::Instant { zone: None }),
        Component::MediaPlayer => media_player::build(&mut b),
    }
    if component != Component::DeviceTracker {
        attributes::build(&mut b);
    }
    b.finish()
}
