//! What a sensor measures, in words: where one device measures several things, its name alone does not tell them apart.

/// By device class: in English, German, Spanish, French and Dutch.
const MEASURES: &[(&str, [&str; 5])] = &[
    ("temperature", ["temperature", "Temperatur", "temperatura", "température", "temperatuur"]),
    ("humidity", ["humidity", "Luftfeuchtigkeit", "humedad", "humidité", "luchtvochtigheid"]),
    ("wind_speed", ["wind", "Wind", "viento", "vent", "wind"]),
    (
        "wind_direction",
        ["wind direction", "Windrichtung", "dirección del viento", "direction du vent", "windrichting"],
    ),
    ("precipitation", ["rain", "Niederschlag", "lluvia", "pluie", "neerslag"]),
    ("precipitation_intensity", ["rain", "Niederschlag", "lluvia", "pluie", "neerslag"]),
    ("atmospheric_pressure", ["air pressure", "Luftdruck", "presión", "pression", "luchtdruk"]),
    ("pressure", ["pressure", "Druck", "presión", "pression", "druk"]),
    ("illuminance", ["brightness", "Helligkeit", "luminosidad", "luminosité", "helderheid"]),
    (
        "irradiance",
        ["sunlight", "Sonnenstrahlung", "radiación solar", "rayonnement solaire", "zonnestraling"],
    ),
    (
        "carbon_dioxide",
        ["carbon dioxide", "Kohlendioxid", "dióxido de carbono", "dioxyde de carbone", "kooldioxide"],
    ),
    ("moisture", ["moisture", "Feuchte", "humedad", "humidité", "vocht"]),
    ("battery", ["battery", "Batterie", "batería", "batterie", "batterij"]),
    ("power", ["power", "Leistung", "potencia", "puissance", "vermogen"]),
    ("energy", ["energy", "Energie", "energía", "énergie", "energie"]),
    ("voltage", ["voltage", "Spannung", "tensión", "tension", "spanning"]),
    ("current", ["current", "Strom", "corriente", "courant", "stroom"]),
];

/// The word for what a device class measures; `None`: nobody has one.
pub(crate) fn measure(language: &str, class: &str) -> Option<&'static str> {
    let (_, words) = MEASURES.iter().find(|(of, _)| *of == class)?;
    let at = match language {
        "de" => 1,
        "es" => 2,
        "fr" => 3,
        "nl" => 4,
        _ => 0,
    };
    words.get(at).copied()
}
