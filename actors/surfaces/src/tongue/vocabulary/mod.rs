//! The household's words for what the model has: properties, kinds of node, kinds of a device's part. Each is a row of a `match` without
//! a rest, so that one without its German word does not compile.

mod graph;

use lares_model::{Component, NodeKind, Property};

use super::Tongue;

/// `color_temp` as `color temp`.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

impl Tongue {
    /// What a property is called.
    pub(crate) fn property_called(self, property: Property) -> String {
        match self {
            Self::English => spaced(property.name()),
            Self::German => german_property(property).to_owned(),
        }
    }

    /// What a kind of node is called.
    pub(crate) fn kind_called(self, kind: NodeKind) -> String {
        match self {
            Self::English => spaced(kind.name()),
            Self::German => german_kind(kind).to_owned(),
        }
    }

    /// What a part of a device is called by its kind, one of it.
    pub(crate) fn component_called(self, component: Component) -> String {
        match self {
            Self::English => spaced(component.name()),
            Self::German => german_component(component).0.to_owned(),
        }
    }

    /// As it stands behind "every": `every light`, `alle Lichter`.
    pub(crate) fn every_component(self, component: Component) -> String {
        match self {
            Self::English => spaced(component.name()),
            Self::German => german_component(component).1.to_owned(),
        }
    }
}

fn german_property(property: Property) -> &'static str {
    use Property as P;
    match property {
        P::State => "Zustand",
        P::On => "Ein/Aus",
        P::Brightness => "Helligkeit",
        P::ColorTemp => "Lichtfarbe",
        P::Color => "Farbe",
        P::Effect => "Effekt",
        P::Position => "Stellung",
        P::Tilt => "Neigung",
        P::TargetTemperature => "Solltemperatur",
        P::CurrentTemperature => "Temperatur",
        P::Mode => "Betriebsart",
        P::Action => "Tätigkeit",
        P::FanMode => "Lüfterstufe",
        P::SwingMode => "Schwenken",
        P::PresetMode => "Programm",
        P::Percentage => "Stufe",
        P::Direction => "Richtung",
        P::Oscillation => "Schwenken",
        P::TargetHumidity => "Sollfeuchte",
        P::CurrentHumidity => "Luftfeuchte",
        P::Locked => "Verriegelung",
        P::TargetTemperatureHigh => "obere Solltemperatur",
        P::TargetTemperatureLow => "untere Solltemperatur",
        P::Battery => "Akku",
        P::Press => "Tastendruck",
        P::EventType => "Ereignis",
        P::Latitude => "Breite",
        P::Longitude => "Länge",
        P::InstalledVersion => "installierte Version",
        P::LatestVersion => "neueste Version",
        P::Occupied => "Belegung",
        P::Home => "Anwesenheit",
        P::Room => "Raum",
        P::Sure => "Gewissheit",
        P::Rooms => "Räume",
        P::CleanRooms => "Räume reinigen",
        P::Command => "Befehl",
        P::Tone => "Ton",
        P::Volume => "Lautstärke",
        P::Duration => "Dauer",
        P::SwingHorizontalMode => "seitliches Schwenken",
        P::White => "Weiß",
        P::Attributes => "Angaben",
        P::X => "Ort nach rechts",
        P::Y => "Ort nach unten",
        P::Map => "Karte",
        P::Muted => "Stummschaltung",
        P::Source => "Quelle",
        P::Title => "Titel",
        P::Artist => "Künstler",
        P::Code => "Code",
        P::CleanZone => "Zone reinigen",
        P::GoTo => "Fahrziel",
        P::LastReset => "Zählbeginn",
    }
}

fn german_kind(kind: NodeKind) -> &'static str {
    use NodeKind as K;
    match kind {
        K::Household => "Haushalt",
        K::Floor => "Etage",
        K::Room => "Raum",
        K::Zone => "Bereich",
        K::Person => "Person",
        K::Device => "Gerät",
        K::Entity => "Teil",
        K::Rule => "Regel",
        K::Group => "Gruppe",
        K::Link => "Verbindung",
        K::Goal => "Ziel",
        K::Project => "Vorhaben",
        K::Task => "Aufgabe",
        K::Habit => "Gewohnheit",
        K::Event => "Termin",
        K::Contact => "Kontakt",
        K::Message => "Nachricht",
        K::Call => "Anruf",
        K::Resource => "Hilfsmittel",
        K::InventoryItem => "Vorrat",
        K::Skill => "Fähigkeit",
        K::HealthRecord => "Gesundheitsangabe",
        K::Account => "Konto",
        K::Transaction => "Buchung",
        K::Budget => "Budget",
        K::ProductionSystem => "Anlage",
        K::Batch => "Charge",
        K::Recipe => "Rezept",
        K::Harvest => "Ernte",
        K::PrintJob => "Druckauftrag",
        K::Document => "Dokument",
        K::Note => "Notiz",
        K::Run => "Lauf",
        K::Plan => "Plan",
        K::Decision => "Entscheidung",
    }
}

/// One, and all of them.
fn german_component(component: Component) -> (&'static str, &'static str) {
    use Component as C;
    match component {
        C::Sensor => ("Sensor", "Sensoren"),
        C::BinarySensor => ("Melder", "Melder"),
        C::Light => ("Licht", "Lichter"),
        C::Switch => ("Schalter", "Schalter"),
        C::Climate => ("Heizung", "Heizungen"),
        C::Cover => ("Behang", "Behänge"),
        C::Fan => ("Lüfter", "Lüfter"),
        C::Lock => ("Schloss", "Schlösser"),
        C::Number => ("Zahl", "Zahlen"),
        C::Select => ("Auswahl", "Auswahlen"),
        C::Text => ("Text", "Texte"),
        C::Button => ("Taste", "Tasten"),
        C::Event => ("Ereignis", "Ereignisse"),
        C::DeviceAutomation => ("Auslöser", "Auslöser"),
        C::DeviceTracker => ("Ortung", "Ortungen"),
        C::Humidifier => ("Befeuchter", "Befeuchter"),
        C::Siren => ("Sirene", "Sirenen"),
        C::Valve => ("Ventil", "Ventile"),
        C::WaterHeater => ("Warmwasser", "Warmwasserbereiter"),
        C::AlarmControlPanel => ("Alarm", "Alarme"),
        C::Camera => ("Kamera", "Kameras"),
        C::Image => ("Bild", "Bilder"),
        C::LawnMower => ("Rasenmäher", "Rasenmäher"),
        C::Notify => ("Meldung", "Meldungen"),
        C::Scene => ("Szene", "Szenen"),
        C::Tag => ("Anhänger", "Anhänger"),
        C::Update => ("Version", "Versionen"),
        C::Vacuum => ("Sauger", "Sauger"),
        C::Infrared => ("Infrarot", "Infrarotsender"),
        C::Date => ("Tag", "Tage"),
        C::Time => ("Uhrzeit", "Uhrzeiten"),
        C::Datetime => ("Zeitpunkt", "Zeitpunkte"),
        C::MediaPlayer => ("Abspieler", "Abspieler"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the dashboard, as they are shipped.
    fn dashboard(language: &str) -> serde_json::Map<String, serde_json::Value> {
        let file = format!("{}/web/src/words/{language}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    /// Properties that mean nothing to a person beside others; the dashboard shows them nowhere by name.
    const OWN: [Property; 5] =
        [Property::X, Property::Y, Property::Map, Property::Latitude, Property::Longitude];

    #[test]
    fn every_property_and_kind_has_a_word_of_its_own_in_german() {
        let same = |english: &str, german: &str| english.eq_ignore_ascii_case(german);
        // The same word in both languages.
        let shared = ["code", "budget", "person", "plan", "text", "sensor"];
        let check = |english: String, german: String| {
            assert!(!german.is_empty() && !german.contains('_'), "{english}");
            assert!(!same(&english, &german) || shared.contains(&english.as_str()), "{english}: {german}");
        };
        let (en, de) = (Tongue::English, Tongue::German);
        for property in Property::ALL {
            check(en.property_called(*property), de.property_called(*property));
        }
        for kind in NodeKind::ALL {
            check(en.kind_called(*kind), de.kind_called(*kind));
        }
        for component in Component::ALL {
            check(en.component_called(*component), de.component_called(*component));
            assert!(!de.every_component(*component).contains('_'));
        }
    }

    #[test]
    fn the_dashboard_has_a_word_for_every_property_kind_and_component() {
        for language in ["en", "de"] {
            let words = dashboard(language);
            let properties =
                Property::ALL.iter().filter(|p| !OWN.contains(p)).map(|p| ("property", p.name()));
            let kinds = NodeKind::ALL.iter().map(|kind| ("kind", kind.name()));
            let missing: Vec<String> = properties
                .chain(kinds)
                .map(|(of, name)| format!("{of}.{name}"))
                .filter(|key| !words.contains_key(key))
                .collect();
            assert!(missing.is_empty(), "{language}.json has no {}", missing.join(", "));
        }
    }
}
