//! `[household]`.

use jiff::tz::TimeZone;

use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::Household;

pub(crate) fn household(top: &Fields<'_>) -> Household {
    let mut home = Household {
        place: Place::by_default(),
        name: "Home".into(),
        time_zone: "UTC".into(),
        zone: TimeZone::UTC,
        latitude: None,
        longitude: None,
        language: "en".into(),
    };
    let Some(fields) = top.get("household").and_then(|node| node.fields()) else { return home };
    home.place = fields.node.place();
    if let Some(name) = fields.get("name").and_then(|n| n.label()) {
        home.name = name;
    }
    match fields.get("time_zone") {
        Some(node) => {
            if let Some((name, zone)) = time_zone(&node) {
                home.time_zone = name;
                home.zone = zone;
            }
        }
        None => fields.node.warn(
            "missing-key",
            "the household has no `time_zone`: times of day are taken as UTC",
            "write the IANA name, for example time_zone = \"Europe/Vienna\"",
        ),
    }
    home.latitude = fields.get("latitude").and_then(|n| n.number_within(None, -90.0, 90.0));
    home.longitude = fields.get("longitude").and_then(|n| n.number_within(None, -180.0, 180.0));
    if fields.has("latitude") != fields.has("longitude") {
        let there = if fields.has("latitude") { "latitude" } else { "longitude" };
        if let Some(node) = fields.get(there) {
            node.key_error(
                "missing-key",
                format!("`{there}` alone is no place"),
                "write latitude and longitude",
            );
        }
    }
    if let Some(language) = fields.get("language").and_then(|n| language(&n)) {
        home.language = language;
    }
    fields.finish();
    home
}

fn time_zone(node: &Node<'_>) -> Option<(String, TimeZone)> {
    let name = node.text()?;
    match TimeZone::get(name) {
        Ok(zone) => Some((zone.iana_name().unwrap_or(name).to_owned(), zone)),
        Err(_) => {
            let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).filter(|n| n.contains('/')).collect();
            let near = crate::diagnostic::nearest(name, known.iter().copied());
            // People often write the city alone.
            let city = known
                .iter()
                .copied()
                .find(|n| n.to_lowercase().ends_with(&format!("/{}", name.to_lowercase())));
            let help = match near.or(city) {
                Some(near) => {
                    format!("did you mean {near:?}? allowed: a name of the IANA time zone database")
                }
                None => "allowed: a name of the IANA time zone database, such as \"Europe/Vienna\"".into(),
            };
            node.error("unknown-word", format!("there is no time zone {name:?}"), help);
            None
        }
    }
}

fn language(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    let mut parts = text.split('-');
    let first =
        parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !first || !rest {
        node.error(
            "unknown-word",
            format!("{text:?} is no language"),
            "allowed: a tag like \"en\", \"de\" or \"pt-BR\"",
        );
        return None;
    }
    Some(text.to_owned())
}
