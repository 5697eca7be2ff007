//! What the process tells of itself (`lares status`, *House*): as it is made, and in German. As with reasons, each part has a name.

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
