//! Maps in the forms that robots send them, and what is none.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

/// A home of two rooms side by side, ten pixels of 5 cm wide each and eight high, with a wall around them.
fn home() -> Value {
    let floor = |from: i32| (1..9).flat_map(|y| [from, y, 10]).collect::<Vec<i32>>();
    let mut wall: Vec<i32> = vec![0, 0, 23, 0, 9, 23];
    (1..9).for_each(|y| wall.extend([0, y, 1, 11, y, 1, 22, y, 1]));
    json!({
        "__class": "ValetudoMap", "metaData": { "version": 2 }, "size": { "x": 5120, "y": 5120 }, "pixelSize": 5,
        "layers": [
            { "__class": "MapLayer", "type": "wall", "compressedPixels": wall, "metaData": {} },
            { "__class": "MapLayer", "type": "segment", "compressedPixels": floor(1),
              "metaData": { "segmentId": "16", "name": "Kitchen", "active": true } },
            { "__class": "MapLayer", "type": "segment", "compressedPixels": floor(12), "metaData": { "segmentId": 17 } },
        ],
        "entities": [
            { "__class": "PointMapEntity", "type": "charger_location", "points": [80, 20], "metaData": { "angle": 0 } },
            { "__class": "PointMapEntity", "type": "robot_position", "points": [30, 20], "metaData": { "angle": 90 } },
        ],
    })
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A picture of nothing with the map in a text, as the robot's Home Assistant part sends it.
fn picture(packed: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        [&length[..], kind, data, &[0; 4]].concat()
    };
    let text = [KEYWORD, packed].concat();
    [PNG, &chunk(b"IHDR", &[0; 13]), &chunk(b"zTXt", &text), &chunk(b"IEND", &[])].concat()
}

#[test]
fn each_form_gives_the_same_map() {
    let json = home().to_string().into_bytes();
    let map = read(&json).unwrap();
    assert_eq!(map.rooms, ["Kitchen", "17"]);
    assert_eq!((map.room.as_deref(), map.robot), (Some("Kitchen"), Some((0.3, 0.2))));
    assert_eq!(map.area, 0.4);
    let rows: Vec<&str> = map.plan.lines().collect();
    assert_eq!(
        rows,
        [
            "#######################",
            "#AAAAAAAAAA#BBBBBBBBBB#",
            "#AAAAAAAAAA#BBBBBBBBBB#",
            "#AAAAAAAAAA#BBBBBBBBBB#",
            "#######################"
        ]
    );
    let packed = deflated(&json);
    assert_eq!(read(&packed).unwrap(), map);
    assert_eq!(read(&picture(&packed)).unwrap(), map);
}

#[test]
fn the_robot_is_in_the_nearest_room_or_in_none() {
    let at = |x: f64, y: f64| {
        let mut map = home();
        map["entities"][1]["points"] = json!([x, y]);
        read(map.to_string().as_bytes()).unwrap().room
    };
    assert_eq!(at(70.0, 20.0).as_deref(), Some("17"));
    assert_eq!(at(30.0, 60.0).as_deref(), Some("Kitchen"), "on the threshold");
    assert_eq!(at(500.0, 500.0), None);
    let mut lost = home();
    lost["entities"] = json!([]);
    let map = read(lost.to_string().as_bytes()).unwrap();
    assert_eq!((map.room, map.robot), (None, None));
}

#[test]
fn a_large_map_is_drawn_small_and_a_foolish_one_too() {
    for (runs, most) in [
        ((0..2_000).flat_map(|y| [0, y, 2_000]).collect::<Vec<i32>>(), 60),
        (vec![i32::MIN, i32::MIN, i32::MAX, i32::MAX, i32::MAX, i32::MAX], 60),
        (vec![5, 5, -7, 1, 2], 60),
        (vec![], 0),
    ] {
        let map = json!({ "pixelSize": 5, "layers": [{ "type": "segment", "compressedPixels": runs }] });
        let plan = read(map.to_string().as_bytes()).unwrap().plan;
        assert!(plan.lines().count() <= 30 && plan.lines().all(|row| row.len() <= most), "{plan}");
    }
}

#[test]
fn what_is_no_map_is_told_and_none_unpacks_without_end() {
    let bomb = deflated(&vec![b' '; MOST_BYTES as usize + 10]);
    assert!(bomb.len() < 100_000);
    let whole = picture(&deflated(b"{}"));
    for (bytes, word) in [
        (&b""[..], "neither JSON nor deflated"),
        (b"hello", "neither JSON nor deflated"),
        (&bomb, "more than 8388608 bytes"),
        (&picture(&bomb), "more than 8388608 bytes"),
        (&deflated(b"[1]"), "no JSON of a map"),
        (&deflated(br#"{"pixelSize":0}"#), "`pixelSize` is 0"),
        (&whole[..60], "ends within"),
        (&whole[..33], "carries no map"),
        (&picture(b"\xff\xff"), "neither JSON nor deflated"),
    ] {
        let why = read(bytes).unwrap_err();
        assert!(why.contains(word), "{why}: {word}");
    }
    assert_eq!(read(&whole).unwrap(), RobotMap::default());
}
