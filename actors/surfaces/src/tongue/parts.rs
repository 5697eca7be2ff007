//! What a part of a device is, in words, where its device's name alone does not tell it from the others.

use super::Tongue;
use crate::voice::measure;

/// Parts that measure nothing: by the last word of their reference, their device class or their kind; in German. In English they are
/// called as their reference has it.
const GERMAN: &[(&str, &str)] = &[
    ("action", "Aktion"),
    ("alarm_control_panel", "Alarm"),
    ("aqi", "Luftgüte"),
    ("binary_sensor", "Melder"),
    ("button", "Taste"),
    ("camera", "Kamera"),
    ("climate", "Heizung"),
    ("contact", "Kontakt"),
    ("cover", "Behang"),
    ("device_tracker", "Ortung"),
    ("door", "Kontakt"),
    ("door_state", "Tür"),
    ("event", "Ereignis"),
    ("fan", "Lüfter"),
    ("firmware", "Firmware"),
    ("flow", "Durchfluss"),
    ("gas", "Gas"),
    ("image", "Bild"),
    ("light", "Licht"),
    ("linkquality", "Funkgüte"),
    ("lock", "Schloss"),
    ("map", "Karte"),
    ("media_player", "Abspieler"),
    ("motion", "Bewegung"),
    ("noise", "Geräusch"),
    ("number", "Zahl"),
    ("occupancy", "Belegung"),
    ("pm10", "Feinstaub PM10"),
    ("pm25", "Feinstaub PM2,5"),
    ("power_outage_count", "Stromausfälle"),
    ("presence", "Anwesenheit"),
    ("select", "Auswahl"),
    ("sensor", "Sensor"),
    ("siren", "Sirene"),
    ("smoke", "Rauch"),
    ("switch", "Schalter"),
    ("tamper", "Sabotage"),
    ("text", "Text"),
    ("update", "Version"),
    ("vacuum", "Sauger"),
    ("valve", "Ventil"),
    ("vibration", "Erschütterung"),
    ("volume", "Menge"),
    ("volume_flow_rate", "Durchfluss"),
    ("water_heater", "Warmwasser"),
    ("water_leak", "Wasser"),
    ("window", "Kontakt"),
];

impl Tongue {
    /// `brightness` of an illuminance, `occupancy`, `Belegung`. `slug` is the last word of its reference.
    pub(crate) fn part(self, slug: &str, class: Option<&str>, component: &str) -> String {
        // One of several that measure the same says which it is.
        let plain = class.is_some_and(|class| slug == class) || slug == component;
        if let Some(word) = class.filter(|_| plain).and_then(|class| measure(self.code(), class)) {
            return word.to_owned();
        }
        let word = |name: &str| GERMAN.iter().find(|(of, _)| *of == name).map(|(_, word)| *word);
        let own = if self == Self::German { word(slug) } else { None };
        own.or_else(|| measure(self.code(), slug))
            .map_or_else(|| slug.replace(['_', '-'], " "), str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_by_what_it_measures_or_is() {
        let (en, de) = (Tongue::English, Tongue::German);
        assert_eq!(en.part("illuminance", Some("illuminance"), "sensor"), "brightness");
        assert_eq!(de.part("illuminance", Some("illuminance"), "sensor"), "Helligkeit");
        assert_eq!(de.part("occupancy", Some("occupancy"), "binary_sensor"), "Belegung");
        assert_eq!(en.part("water_leak", Some("moisture"), "binary_sensor"), "water leak");
        assert_eq!(de.part("temperature_2", Some("temperature"), "sensor"), "temperature 2");
        assert_eq!(de.part("switch", None, "switch"), "Schalter");
    }
}
