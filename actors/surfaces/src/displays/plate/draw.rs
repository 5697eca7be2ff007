//! A room as tiles on a plate: what can be touched first, then what is measured. Pure.

use lares_config::{Care, care};
use lares_model::Component;
use serde_json::{Map, Value as Json, json};

use super::rows::{fitting, row, taken};
use super::{Object, Row, Touch};
use crate::tongue::{Tongue, say};
use crate::views::{EntityView, word_of};

/// Pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Screen {
    pub width: u32,
    pub height: u32,
}

impl Default for Screen {
    /// The smallest that openHASP runs on.
    fn default() -> Self {
        Self { width: 240, height: 320 }
    }
}

pub(super) const HEADER: u32 = 36;
pub(super) const GAP: u32 = 6;
/// A tile is at least so wide: a name and a value fit.
const TILE: u32 = 140;
const TALL: u32 = 64;
/// For the way to the other pages.
const FOOT: u32 = 40;
const PAGES: usize = 8;
/// Tiles of a page: their ids are bytes.
const MOST: u32 = 80;
/// Ids of a page: its head, its foot, then three for each tile.
const TITLE: u8 = 1;
const TOLD: u8 = 2;
const BACK: u8 = 3;
const NEXT: u8 = 4;
const FIRST: u8 = 10;
/// Half a degree at a touch.
const STEP: f64 = 0.5;

/// What a display in this room shows. `told`: a few words at the head; `above`: what is told of the household, on the first page.
pub fn draw(
    room: &str,
    told: &str,
    above: &[Row],
    entities: &[&EntityView],
    screen: Screen,
    tongue: Tongue,
) -> Vec<Object> {
    let mut shown: Vec<&&EntityView> =
        entities.iter().filter(|e| e.category.is_none() && rank(e) < 9).collect();
    shown.sort_by(|a, b| (rank(a), &a.name, &a.id).cmp(&(rank(b), &b.name, &b.id)));
    let columns = (screen.width / (TILE + GAP)).clamp(1, 20);
    let width = screen.width.saturating_sub(GAP) / columns - GAP;
    let above = &above[..fitting(above, screen)];
    // Tiles of the first page, below what is told, and of each other page.
    let tiles = |foot: u32, taken: u32, least: u32| {
        let rows = screen.height.saturating_sub(HEADER + foot + taken) / (TALL + GAP);
        let most = (MOST - above.len() as u32) / columns;
        (columns * rows.clamp(least, most)) as usize
    };
    let none = u32::from(above.is_empty());
    let taken = taken(above.len());
    let whole = tiles(0, taken, none);
    let (first, each) = match shown.len() <= whole {
        true => (whole, whole),
        false => (tiles(FOOT, taken, none), tiles(FOOT, 0, 1)),
    };
    let pages = (1 + shown.len().saturating_sub(first).div_ceil(each.max(1))).min(PAGES);
    let mut out = Vec::new();
    let mut left = shown.iter();
    for page in 1..=pages as u8 {
        head(page, room, told, screen, &mut out);
        if pages > 1 {
            foot(page, screen, &mut out);
        }
        let (mut id, top, count) =
            if page == 1 { (FIRST, HEADER + taken, first) } else { (FIRST, HEADER, each) };
        for (n, one) in above.iter().enumerate().filter(|_| page == 1) {
            row(page, id, n, one, screen, &mut out);
            id += 3;
        }
        for (n, entity) in left.by_ref().take(count).enumerate() {
            let (column, row) = (n as u32 % columns, n as u32 / columns);
            let at = (GAP + column * (width + GAP), top + row * (TALL + GAP), width);
            tile(page, id + 3 * n as u8, at, entity, tongue, &mut out);
        }
    }
    out
}

pub(super) fn object(page: u8, id: u8, props: Json, touch: Option<Touch>) -> Object {
    let props = if let Json::Object(props) = props { props } else { Map::new() };
    Object { page, id, props, touch }
}

fn head(page: u8, room: &str, told: &str, screen: Screen, out: &mut Vec<Object>) {
    let half = screen.width / 2;
    let label = |x: u32, width: u32, text: &str, align: &str| json!({ "obj": "label", "x": x, "y": 8, "w": width, "h": HEADER - 8, "text": text, "align": align });
    out.push(object(page, TITLE, label(GAP, half - GAP, room, "left"), None));
    out.push(object(page, TOLD, label(half, half - GAP, told, "right"), None));
}

fn foot(page: u8, screen: Screen, out: &mut Vec<Object>) {
    let half = screen.width / 2;
    let y = screen.height.saturating_sub(FOOT - 2);
    for (id, x, text, action) in [(BACK, GAP, "<", "prev"), (NEXT, half + GAP / 2, ">", "next")] {
        let width = half.saturating_sub(GAP + GAP / 2);
        let props = json!({ "obj": "btn", "x": x, "y": y, "w": width, "h": FOOT - 6, "text": text, "action": action });
        out.push(object(page, id, props, None));
    }
}

fn control<'a>(entity: &'a EntityView, property: &str) -> Option<&'a crate::views::ControlView> {
    entity.controls.iter().find(|c| c.property == property)
}

/// What is touched first; 9: not shown.
fn rank(entity: &EntityView) -> u8 {
    match entity.component.as_str() {
        "light" => 0,
        "cover" => 1,
        "climate" => 2,
        "fan" | "switch" => 3,
        "lock" | "valve" => 4,
        "binary_sensor" => 5,
        "sensor" => 6,
        _ => 9,
    }
}

/// Whatever hangs on a wall is touched by whoever passes: what locks, floods or burns is only shown.
fn is_free(entity: &EntityView) -> bool {
    let component = Component::parse(&entity.component);
    component.is_some_and(|c| care(c, entity.device_class.as_deref()) < Care::Dangerous)
}

fn tile(
    page: u8,
    id: u8,
    (x, y, width): (u32, u32, u32),
    entity: &EntityView,
    tongue: Tongue,
    out: &mut Vec<Object>,
) {
    let gone = entity.status != "online" && entity.state.is_null();
    let text = format!("{}\n{}", entity.name, if gone { "?".to_owned() } else { words(entity, tongue) });
    let place = |obj: &str, x: u32, width: u32| json!({ "obj": obj, "x": x, "y": y, "w": width, "h": TALL, "text": text, "mode": "break", "align": "center" });
    let is_on = entity.properties.get("on").or(Some(&entity.state)).and_then(Json::as_bool);
    if is_free(entity) && control(entity, "on").is_some() && rank(entity) != 2 {
        let mut props = place("btn", x, width);
        props["toggle"] = json!(true);
        props["val"] = json!(u8::from(is_on == Some(true)));
        props["enabled"] = json!(!gone);
        return out.push(object(page, id, props, Some(Touch::Switch { entity: entity.id.clone() })));
    }
    if is_free(entity) && entity.component == "cover" && control(entity, "position").is_some() {
        let mut props = place("btn", x, width);
        props["enabled"] = json!(!gone);
        let open = entity.properties.get("position").and_then(Json::as_f64).is_some_and(|p| p > 50.0);
        return out.push(object(
            page,
            id,
            props,
            Some(Touch::Cover { entity: entity.id.clone(), open: !open }),
        ));
    }
    let target = entity.properties.get("target_temperature").and_then(Json::as_f64);
    let steps = control(entity, "target_temperature").filter(|_| is_free(entity)).zip(target);
    let Some((limits, target)) = steps else {
        return out.push(object(page, id, place("label", x, width), None));
    };
    let side = TALL / 2 + 8;
    out.push(object(page, id, place("label", x, width.saturating_sub(2 * side + 2 * GAP)), None));
    for (n, text, by) in [(1, "-", -STEP), (2, "+", STEP)] {
        let x = x + width - (3 - n) * (side + GAP / 2);
        let to = (target + by).clamp(limits.min.unwrap_or(f64::MIN), limits.max.unwrap_or(f64::MAX));
        let props =
            json!({ "obj": "btn", "x": x, "y": y, "w": side, "h": TALL, "text": text, "enabled": !gone });
        let (entity, property) = (entity.id.clone(), "target_temperature".to_owned());
        out.push(object(page, id + n as u8, props, Some(Touch::Step { entity, property, to })));
    }
}

/// What it is, in a word or two.
fn words(entity: &EntityView, tongue: Tongue) -> String {
    let t = tongue.phrases();
    if let Some(word) = word_of(tongue.code(), entity, None, &entity.state) {
        return capital(word);
    }
    let number = |n: f64| {
        let rounded = (n * 10.0).round() / 10.0;
        format!("{rounded}{}", entity.unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default())
    };
    let of = |key: &str| entity.properties.get(key).and_then(Json::as_f64);
    match entity.component.as_str() {
        "climate" => {
            let degrees = |n: Option<f64>| n.map(|n| format!("{}°", (n * 10.0).round() / 10.0));
            let both = [degrees(of("current_temperature")), degrees(of("target_temperature"))];
            both.into_iter().flatten().collect::<Vec<_>>().join(" -> ")
        }
        "cover" => of("position").map_or_else(String::new, |p| say!(t.part_open, n = p.round())),
        "light" if entity.state == Json::Bool(true) => {
            of("brightness").map_or_else(|| capital(t.on), |p| format!("{}%", p.round()))
        }
        component => match &entity.state {
            Json::Bool(on) if component == "binary_sensor" => capital(if *on { t.yes } else { t.no }),
            Json::Bool(on) => capital(if *on { t.on } else { t.off }),
            Json::Number(n) => number(n.as_f64().unwrap_or_default()),
            Json::String(text) => text.clone(),
            _ => "?".to_owned(),
        },
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::ControlView;

    fn entity(id: &str, component: &str, state: Json, controls: &[&str]) -> EntityView {
        let control = |p: &&str| ControlView { property: (*p).to_owned(), ..ControlView::default() };
        serde_json::from_value(json!({
            "id": id, "unique_id": id, "component": component, "name": id, "room": "hall", "state": state, "unit": null,
            "device_class": null, "status": "online", "stale": false, "age_s": 1.0, "properties": {},
            "controls": controls.iter().map(control).collect::<Vec<_>>(),
        }))
        .unwrap()
    }

    #[test]
    fn what_can_be_touched_comes_first_and_what_is_dangerous_is_only_shown() {
        let mut heating = entity("heat", "climate", json!("heat"), &["target_temperature", "on"]);
        heating.properties.insert("target_temperature".into(), json!(21.0));
        heating.properties.insert("current_temperature".into(), json!(19.46));
        let all = [
            entity("air", "sensor", json!(21.25), &[]),
            entity("door", "lock", json!(true), &["locked"]),
            entity("lamp", "light", json!(false), &["on"]),
            heating,
        ];
        let drawn =
            draw("Hall", "2 here", &[], &all.iter().collect::<Vec<_>>(), Screen::default(), Tongue::English);
        let texts: Vec<&str> = drawn.iter().filter_map(|o| o.props["text"].as_str()).collect();
        assert_eq!(
            texts,
            ["Hall", "2 here", "lamp\nOff", "heat\n19.5° -> 21°", "-", "+", "door\nLocked", "air\n21.3"]
        );
        let touches: Vec<&Touch> = drawn.iter().filter_map(|o| o.touch.as_ref()).collect();
        let step = |to| Touch::Step { entity: "heat".into(), property: "target_temperature".into(), to };
        assert_eq!(touches, [&Touch::Switch { entity: "lamp".into() }, &step(20.5), &step(21.5)]);
        assert!(drawn.iter().all(|o| o.page == 1 && o.props["x"].as_u64() < Some(240)), "{drawn:#?}");
    }

    #[test]
    fn many_things_have_many_pages_and_nothing_lies_on_another() {
        let all: Vec<EntityView> =
            (0..40).map(|n| entity(&format!("lamp-{n:02}"), "light", json!(n % 2 == 0), &["on"])).collect();
        let stop = |n: u8| ("Stop".to_owned(), Touch::Stop { ring: n.to_string() });
        let many: Vec<Row> = (0..9)
            .map(|n| Row { text: "call".into(), buttons: vec![stop(n), stop(n)], pressing: true })
            .collect();
        for screen in
            [Screen::default(), Screen { width: 480, height: 320 }, Screen { width: 800, height: 480 }]
        {
            for above in [&[][..], &many] {
                let drawn = draw("Hall", "", above, &all.iter().collect::<Vec<_>>(), screen, Tongue::English);
                let (mut seen, mut lamps) = (std::collections::BTreeSet::new(), 0);
                for one in &drawn {
                    assert!(seen.insert((one.page, one.id)), "{:?} twice", (one.page, one.id));
                    let side = |key: &str| one.props[key].as_u64().unwrap() as u32;
                    assert!(
                        side("x") + side("w") <= screen.width && side("y") + side("h") <= screen.height,
                        "{one:?}"
                    );
                    lamps += usize::from(matches!(one.touch, Some(Touch::Switch { .. })));
                    for other in drawn.iter().filter(|o| o.page == one.page && o.id != one.id) {
                        let far = |a: &str, b: &str| {
                            let (x, w) = (side(a), side(b));
                            let (ox, ow) = (
                                other.props[a].as_u64().unwrap() as u32,
                                other.props[b].as_u64().unwrap() as u32,
                            );
                            x + w <= ox || ox + ow <= x
                        };
                        assert!(far("x", "w") || far("y", "h"), "{one:?} {other:?}");
                    }
                }
                assert!(lamps >= 24 - above.len().min(2), "{screen:?}: {lamps}");
                assert_eq!(drawn.iter().any(|o| o.props["text"] == "call"), !above.is_empty());
            }
        }
    }
}
