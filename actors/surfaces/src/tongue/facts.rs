//! What the process tells of itself (`lares status`, *House*): as it is made, and in German. As with reasons, each part has a name.

use super::Tongue;

/// English, German.
pub(super) const FACTS: &[(&str, &str)] = &[
    (
        "none by schedule: [backup] in the home folder makes them",
        "keine nach Plan: [backup] im Ordner des Haushalts macht sie",
    ),
    ("none proven yet, in {to}", "keine noch bewiesen, in {to}"),
    ("proven {age} ago, in {to}", "vor {age} bewiesen, in {to}"),
    ("{to} was not looked at yet", "{to} wurde noch nicht angesehen"),
    ("its own, listens on {at}", "der eigene, hört auf {at}"),
    (
        "{used} in use ({series} samples, {journal}), {free} free in its file for what comes; {budget}",
        "{used} belegt ({series} Messwerte, {journal}), {free} in der Datei frei für das, was kommt; {budget}",
    ),
    ("a budget of {size}", "höchstens {size}"),
    ("no budget", "ohne Grenze"),
];

/// The name of a fact, in the household's language.
pub(crate) fn fact(tongue: Tongue, name: &str) -> String {
    let german = match name {
        "last started" => "zuletzt",
        "home" => "Zuhause",
        "journal" => "Journal",
        "health" => "Befinden",
        "quarantined" => "beiseite",
        "link" => "Verbindung",
        "devices" => "Geräte",
        "unplaced" => "ohne Raum",
        "interlock" => "Verriegelung",
        "timers" => "Timer",
        "broker" => "Broker",
        "clock" => "Uhr",
        "left out" => "ausgelassen",
        "data" => "Daten",
        "dashboard" => "Webseite",
        "telephone" => "Telefon",
        "ears" => "Ohren",
        "voice" => "Stimme",
        "voice server" => "Sprachdienst",
        "satellite found" => "Satellit",
        "configuration" => "Konfiguration",
        "backup" => "Sicherung",
        "storage" => "Speicher",
        other => other,
    };
    if tongue == Tongue::German { german } else { name }.to_owned()
}
