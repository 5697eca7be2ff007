//! What a thing does, and how it is set: the words that Home Assistant's standard has for each kind of thing, in German. What a device
//! calls its modes beyond them is its own, and stands as it came.

use lares_model::{Component, Property};

use super::Tongue;

/// English, German: each as it stands behind `is`.
pub(super) const MODES: &[(&str, &str)] = &[
    // Heating, cooling, air and water.
    ("auto", "Automatik"),
    ("heat", "Heizen"),
    ("cool", "Kühlen"),
    ("heat_cool", "Heizen/Kühlen"),
    ("dry", "Trocknen"),
    ("fan_only", "nur Lüfter"),
    ("idle", "in Ruhe"),
    ("heating", "beim Heizen"),
    ("preheating", "beim Vorheizen"),
    ("cooling", "beim Kühlen"),
    ("drying", "beim Trocknen"),
    ("fan", "beim Lüften"),
    ("defrosting", "beim Abtauen"),
    ("eco", "Eco"),
    ("comfort", "Komfort"),
    ("boost", "Boost"),
    ("sleep", "Schlaf"),
    ("activity", "Aktivität"),
    ("electric", "elektrisch"),
    ("performance", "Leistung"),
    ("high_demand", "hoher Bedarf"),
    ("heat_pump", "Wärmepumpe"),
    ("gas", "Gas"),
    ("low", "niedrig"),
    ("medium", "mittel"),
    ("high", "hoch"),
    ("forward", "vorwärts"),
    ("reverse", "rückwärts"),
    // What drives about.
    ("cleaning", "beim Reinigen"),
    ("mowing", "beim Mähen"),
    ("docked", "in der Station"),
    ("returning", "auf dem Rückweg"),
    ("paused", "angehalten"),
    ("error", "gestört"),
    // Who carries a phone.
    ("home", "zu Hause"),
    ("not_home", "unterwegs"),
    // What plays.
    ("playing", "beim Abspielen"),
    ("buffering", "beim Laden"),
    ("standby", "in Bereitschaft"),
];

impl Tongue {
    /// The word of a mode of a kind of thing that has such; none: it is told as it is.
    pub(crate) fn mode(self, component: Component, property: Property, text: &str) -> Option<&'static str> {
        use Component as C;
        use Property as P;
        let has = matches!(
            component,
            C::Climate
                | C::WaterHeater
                | C::Humidifier
                | C::Fan
                | C::Vacuum
                | C::LawnMower
                | C::MediaPlayer
                | C::DeviceTracker
        );
        // What plays may be called anything.
        let is = matches!(
            property,
            P::State | P::Mode | P::Action | P::FanMode | P::PresetMode | P::SwingMode | P::Direction
        );
        let words = match self {
            Self::English => None,
            Self::German => Some(MODES),
        };
        words.filter(|_| has && is)?.iter().find(|(en, _)| *en == text).map(|(_, de)| *de)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_has_its_word_where_it_is_one() {
        let de = |component, property, text| Tongue::German.mode(component, property, text);
        assert_eq!(de(Component::Vacuum, Property::State, "docked"), Some("in der Station"));
        assert_eq!(de(Component::Climate, Property::Mode, "heat"), Some("Heizen"));
        // A song, a sensor's own word, a mode that a maker made up, and English.
        assert_eq!(de(Component::MediaPlayer, Property::Title, "heat"), None);
        assert_eq!(de(Component::Sensor, Property::State, "error"), None);
        assert_eq!(de(Component::Fan, Property::PresetMode, "breeze"), None);
        assert_eq!(Tongue::English.mode(Component::Vacuum, Property::State, "docked"), None);
    }

    #[test]
    fn the_dashboard_knows_each_mode_too() {
        let words: std::collections::BTreeMap<String, String> =
            serde_json::from_str(include_str!("../../web/src/words/de.json")).unwrap();
        let missing: Vec<&str> = MODES
            .iter()
            .map(|(en, _)| *en)
            .filter(|en| !words.contains_key(&format!("option.{en}")))
            .collect();
        assert_eq!(missing, [""; 0]);
    }
}
