//! Which nodes fit.

use crate::ask::tests::{Home, picture};
use crate::ask::{AskError, Datum, Field, Filter, Picture, find};

fn fit(picture: &Picture<'_>, text: &str) -> Vec<String> {
    let found = find(picture, &Filter::parse(text).unwrap(), 100).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert_eq!(found.total, found.hits.len());
    let name = |place| match Field::Ref.of(picture, place).unwrap() {
        Datum::Text(text) => text.to_string(),
        other => panic!("{other:?}"),
    };
    found.hits.iter().map(|h| name(h.place)).collect()
}

#[test]
fn filters_find_what_fits_the_best_first() {
    let picture = picture(Home::small());
    let cases: &[(&str, &[&str])] = &[
        ("kind:room", &["hall", "kitchen"]),
        ("kind:device", &["hall-sensor", "kitchen-lamp"]),
        ("kind:device removed:yes", &["old-plug"]),
        ("status:removed", &["old-plug"]),
        ("kind:room,floor -name:hall", &["ground", "kitchen"]),
        ("kind!=room,device,entity", &["ground", "anna"]),
        ("room:kitchen", &["kitchen-lamp", "kitchen-lamp.light"]),
        ("kind:entity status:offline", &["hall-sensor.battery", "hall-sensor.temperature"]),
        ("status:online", &["kitchen-lamp", "kitchen-lamp.light"]),
        ("value:on", &["kitchen-lamp.light"]),
        ("on:yes", &["kitchen-lamp.light"]),
        ("brightness>20", &["kitchen-lamp.light"]),
        ("brightness:40..", &["kitchen-lamp.light"]),
        ("brightness>40", &[]),
        // A value of what cannot be reached is none.
        ("state:*", &[]),
        ("kind:entity -value:*", &["hall-sensor.battery", "hall-sensor.temperature"]),
        ("age>=10m age<11m -component:light", &["hall-sensor.battery", "hall-sensor.temperature"]),
        ("age<10m", &[]),
        ("device_class:temp*", &["hall-sensor.temperature"]),
        ("name:KUCHE", &["kitchen"]),
        ("kuch", &["kitchen"]),
        // The name counts more than the reference, a whole word more than a begun one.
        ("lamp kind:device", &["hall-sensor", "kitchen-lamp"]),
        ("hall", &["hall", "hall-sensor", "hall-sensor.battery", "hall-sensor.temperature"]),
        ("kitch lamp", &["kitchen-lamp", "kitchen-lamp.light"]),
        ("\"hall lamp\" kind:device", &["hall-sensor"]),
        ("\"lamp hall\"", &[]),
        ("in:kitchen", &["kitchen-lamp", "kitchen-lamp.light"]),
        ("in:ground kind:device,room", &["hall", "kitchen", "hall-sensor", "kitchen-lamp"]),
        ("near:hall kind:device", &["hall-sensor"]),
        ("near:hall -in:hall", &["ground", "hall", "kitchen"]),
        ("device:kitchen-lamp", &["kitchen-lamp.light"]),
        ("edges>=4 kind:room,device,floor", &[]),
        ("edges:3 kind:device", &["hall-sensor"]),
    ];
    for (text, wanted) in cases {
        assert_eq!(fit(&picture, text), *wanted, "{text}");
    }
}

#[test]
fn what_cannot_be_asked_is_shown_with_what_can() {
    let picture = picture(Home::small());
    // Each with the part that the caret stands under, and with words of the message and the help.
    let cases = [
        ("kind:device rom:hall", "rom", "no field `rom`", "did you mean room?"),
        ("kind:devise", "devise", "`devise` is no kind", "floor, room"),
        ("status:off", "off", "`off` is no status", "offline"),
        ("near:kichen", "kichen", "nothing is called", "did you mean kitchen?"),
        ("brightness>dark", "dark", "no number", "10m"),
        ("brightness>*", "*", "single number", ""),
        ("near>kitchen", "near>kitchen", "no order", ""),
        ("in:*", "*", "is wanted", ""),
    ];
    for (text, part, message, help) in cases {
        let filter = Filter::parse(text).unwrap();
        let Err(AskError::Wrong(wrong)) = find(&picture, &filter, 10) else { panic!("{text} has an answer") };
        assert_eq!(&text[wrong.at.clone()], part, "{text}");
        assert!(wrong.message.contains(message), "{text}: {}", wrong.message);
        assert!(wrong.help.unwrap_or_default().contains(help), "{text}");
    }
}

#[test]
fn a_limit_leaves_the_best() {
    let picture = picture(Home::small());
    let found = find(&picture, &Filter::parse("").unwrap(), 2).unwrap();
    assert_eq!((found.hits.len(), found.total), (2, 9));
}
