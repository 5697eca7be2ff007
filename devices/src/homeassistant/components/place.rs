//! Places on a robot's map, as people write them: metres to the right and downwards.

use serde_json::{Value, json};

/// A map is no wider than this, in metres.
const WIDEST: f64 = 1_000.0;
/// Most times that a zone is cleaned in one run.
const MOST_TIMES: f64 = 10.0;

fn numbers(wish: &str) -> Result<Vec<f64>, String> {
    let words = wish.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let read = |word: &str| word.parse().ok().filter(|n: &f64| n.is_finite());
    let wrong = |word: &str| format!("{} is no number", crate::problem::quote(word));
    words.map(|word| read(word).ok_or_else(|| wrong(word))).collect()
}

/// Whole centimetres, as maps are told.
fn centimetres(metres: f64) -> Result<i64, String> {
    if !(0.0..=WIDEST).contains(&metres) {
        return Err(format!("{metres} m is on no map; allowed: 0 to {WIDEST} m"));
    }
    Ok((metres * 100.0).round() as i64)
}

/// `2.5, 4`: the JSON that sends a robot there.
///
/// # Errors
/// It is no place: what was seen and what is allowed.
pub fn go_to(wish: &str) -> Result<String, String> {
    match numbers(wish)?.as_slice() {
        [x, y] => Ok(json!({ "coordinates": { "x": centimetres(*x)?, "y": centimetres(*y)? } }).to_string()),
        _ => Err("a place is two numbers: metres to the right and downwards on the map, such as `2.5, 4`"
            .to_owned()),
    }
}

/// `1, 2, 3.5, 4` and perhaps how often: the JSON that has the robot clean between these two corners. How often stands at the zone
/// and beside it: releases before 2024 look at the one, later ones at the other.
///
/// # Errors
/// It is no zone: what was seen and what is allowed.
pub fn clean_zone(wish: &str) -> Result<String, String> {
    let numbers = numbers(wish)?;
    let (corners, times) = match numbers.as_slice() {
        [corners @ .., times] if corners.len() == 4 => (corners, *times),
        corners if corners.len() == 4 => (corners, 1.0),
        _ => {
            let form = "a zone is two corners in metres on the map, and perhaps how often: `1, 2, 3.5, 4` or `1, 2, 3.5, 4, 2`";
            return Err(form.to_owned());
        }
    };
    if !(1.0..=MOST_TIMES).contains(&times) || times.fract() != 0.0 {
        return Err(format!("a zone is not cleaned {times} times; allowed: 1 to {MOST_TIMES}"));
    }
    let corners = corners.iter().map(|n| centimetres(*n)).collect::<Result<Vec<i64>, String>>()?;
    let &[ax, ay, bx, by] = corners.as_slice() else { return Err("a zone has two corners".to_owned()) };
    if ax == bx || ay == by {
        return Err("a zone has a width and a height; these corners are on one line".to_owned());
    }
    let (left, right, top, bottom) = (ax.min(bx), ax.max(bx), ay.min(by), ay.max(by));
    let point = |x: i64, y: i64| json!({ "x": x, "y": y });
    let points: Value = json!({
        "pA": point(left, top), "pB": point(right, top), "pC": point(right, bottom), "pD": point(left, bottom),
    });
    let times = times as i64;
    Ok(json!({ "zones": [{ "points": points, "iterations": times }], "iterations": times }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: Result<String, String>) -> Value {
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    #[test]
    fn places_are_metres_here_and_centimetres_there() {
        assert_eq!(body(go_to("2.5, 4")), json!({"coordinates": {"x": 250, "y": 400}}));
        let zone = body(clean_zone("3.5 4, 1 2, 2"));
        let points = json!({"pA": {"x": 100, "y": 200}, "pB": {"x": 350, "y": 200},
            "pC": {"x": 350, "y": 400}, "pD": {"x": 100, "y": 400}});
        assert_eq!(zone, json!({"zones": [{"points": points, "iterations": 2}], "iterations": 2}));
        assert_eq!(body(clean_zone("1,2,3,4"))["iterations"], 1);
    }

    #[test]
    fn what_is_no_place_is_named() {
        for (text, word) in [
            (go_to("kitchen"), "`kitchen` is no number"),
            (go_to("1"), "two numbers"),
            (go_to("-1, 2"), "-1 m is on no map"),
            (go_to("nan, 2"), "`nan` is no number"),
            (clean_zone("1, 2, 3"), "two corners"),
            (clean_zone("1, 2, 1, 4"), "on one line"),
            (clean_zone("1, 2, 3, 4, 99"), "99 times"),
            (clean_zone("1, 2, 3, 4, 1.5"), "1.5 times"),
        ] {
            let why = text.unwrap_err();
            assert!(why.contains(word), "{why}");
        }
    }
}
