//! One line for a node, as its kind tells of itself.

use lares_model::descriptor;

use super::{Datum, Field, Picture};

/// The sentence of its kind, with what is known filled in; none of what the home folder or a wire describes.
pub fn line(picture: &Picture<'_>, place: u32) -> Option<String> {
    let node = picture.shape.node(place)?;
    if node.kind.is_described() {
        return None;
    }
    let of = |name: &str| match name {
        "name" => Some(node.name.clone()),
        name => match Field::parse(name, &picture.shape)?.of(picture, place).ok()? {
            Datum::Text(text) => Some(local(&text, picture.shape.zone()).unwrap_or_else(|| text.to_string())),
            Datum::Number(n) => Some(n.to_string()),
            Datum::Bool(b) => Some(if b { "yes" } else { "no" }.to_owned()),
            _ => None,
        },
    };
    let mut out = String::new();
    for part in descriptor(node.kind)?.sentence.split(['[', ']']) {
        out.push_str(&filled(part, &of).unwrap_or_default());
    }
    Some(out)
}

/// An instant as the household's clocks show it; none if the text is none.
fn local(text: &str, zone: &jiff::tz::TimeZone) -> Option<String> {
    let at: jiff::Timestamp = text.strip_suffix('Z').and(text.parse().ok())?;
    Some(at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
}

/// None if something in it is not known.
fn filled(part: &str, of: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        out.push_str(before);
        out.push_str(&of(name)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_as_the_households_clocks_do() {
        let zone = jiff::tz::TimeZone::get("Europe/Vienna").unwrap();
        assert_eq!(local("2026-11-27T10:00:00Z", &zone).as_deref(), Some("2026-11-27 11:00"));
        for text in ["2026-11-27", "Quiz", "2026-11-27T10:00", ""] {
            assert_eq!(local(text, &zone), None, "{text}");
        }
    }
}
