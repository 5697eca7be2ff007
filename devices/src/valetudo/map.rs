//! A robot's map: unpacked within limits, and what of it is kept: its rooms, where the robot is, and a small plan.
//!
//! Coordinates are centimetres from the top left corner; a layer's pixels are runs of `x, y, count`. Source: Valetudo's
//! "Core concepts" page and the schemas of its REST interface (valetudo.cloud).

use std::io::Read;

use flate2::read::ZlibDecoder;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a map says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RobotMap {
    /// Names of its rooms, in the order of the map.
    pub rooms: Vec<String>,
    /// The room that the robot is in, or nearest to.
    pub room: Option<String>,
    /// Metres to the right and downwards.
    pub robot: Option<(f64, f64)>,
    /// Square metres of all that it knows.
    pub area: f64,
    /// A row a line; `#` a wall, `.` a floor without a name, `A` the first room.
    pub plan: String,
}

/// Most bytes that a map unpacks to. Maps of large homes have some hundred thousand.
const MOST_BYTES: u64 = 8 << 20;
/// Most rooms: as many as there are letters for them.
const MOST_ROOMS: usize = 52;
/// The plan's size in letters, which are about twice as high as wide.
const COLUMNS: i64 = 60;
const ROWS: i64 = 30;
/// How far from a room's floor the robot may stand and still be in it, in centimetres: on a threshold, under a table.
const NEAR: f64 = 30.0;

/// The entity that a robot's map makes.
pub fn component(base: &str, id: &str) -> Value {
    json!({
        "platform": "image", "name": "Map", "unique_id": format!("valetudo_{id}_map"),
        "map_topic": format!("{base}/MapData/map-data"), "entity_category": "diagnostic",
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Told {
    pixel_size: f64,
    layers: Vec<Layer>,
    entities: Vec<Thing>,
}

impl Default for Told {
    fn default() -> Self {
        Self { pixel_size: 5.0, layers: Vec::new(), entities: Vec::new() }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Layer {
    #[serde(rename = "type")]
    kind: String,
    compressed_pixels: Vec<i32>,
    /// The older form: pairs.
    pixels: Vec<i32>,
    meta_data: Map<String, Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Thing {
    #[serde(rename = "type")]
    kind: String,
    points: Vec<f64>,
}

/// Read a map as it comes: a PNG that carries it, deflated JSON, or JSON.
///
/// # Errors
/// It is none of these, it unpacks to too much, or it is no map: what was seen and what is allowed.
pub fn read(bytes: &[u8]) -> Result<RobotMap, String> {
    let packed = match bytes.strip_prefix(PNG) {
        Some(chunks) => carried(chunks)?,
        None => bytes,
    };
    let text = if packed.first() == Some(&b'{') { packed.to_vec() } else { inflate(packed)? };
    // A list would be read as the fields of one, in their order.
    if !text.starts_with(b"{") {
        return Err("the map is no JSON of a map: it is no object".to_owned());
    }
    let told: Told =
        serde_json::from_slice(&text).map_err(|e| format!("the map is no JSON of a map: {e}"))?;
    if !(told.pixel_size > 0.0 && told.pixel_size.is_finite()) {
        return Err(format!("`pixelSize` is {}; allowed: centimetres above 0", told.pixel_size));
    }
    Ok(of(&told))
}

/// What every PNG begins with, and the name of the text that carries the map (PNG specification, 5.2 and 11.3.4.3).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"ValetudoMap\0\0";

/// The compressed text of a picture's `zTXt` chunk.
fn carried(mut chunks: &[u8]) -> Result<&[u8], String> {
    while let Some((length, rest)) = chunks.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let (Some(kind), Some(data)) =
            (rest.get(..4), length.checked_add(4).and_then(|end| rest.get(4..end)))
        else {
            return Err("the picture ends within one of its chunks".to_owned());
        };
        if let (b"zTXt", Some(packed)) = (kind, data.strip_prefix(KEYWORD)) {
            return Ok(packed);
        }
        // Type, data and checksum.
        chunks = rest.get(length + 8..).unwrap_or_default();
    }
    Err("the picture carries no map".to_owned())
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let read = ZlibDecoder::new(packed).take(MOST_BYTES + 1).read_to_end(&mut text);
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("the map unpacks to more than {MOST_BYTES} bytes"));
    }
    match read {
        Ok(_) if text.is_empty() => Err("the map is neither JSON nor deflated: it is empty".to_owned()),
        Ok(_) => Ok(text),
        Err(why) => Err(format!("the map is neither JSON nor deflated: {why}")),
    }
}

/// A run of pixels in a row: from `x`, so many.
#[derive(Clone, Copy)]
struct Run {
    x: i64,
    y: i64,
    count: i64,
}

impl Layer {
    fn runs(&self) -> impl Iterator<Item = Run> {
        let run =
            |x: i32, y: i32, count: i32| Run { x: x.into(), y: y.into(), count: i64::from(count).max(1) };
        let packed = self.compressed_pixels.chunks_exact(3).filter_map(move |c| match c {
            [x, y, count] => Some(run(*x, *y, *count)),
            _ => None,
        });
        let plain = self.pixels.chunks_exact(2).filter_map(move |c| match c {
            [x, y] => Some(run(*x, *y, 1)),
            _ => None,
        });
        packed.chain(plain)
    }

    fn name(&self) -> String {
        let text = |key: &str| match self.meta_data.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => {
                Some(text.trim().chars().take(100).collect())
            }
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        text("name").or_else(|| text("segmentId")).unwrap_or_else(|| "?".to_owned())
    }
}

fn of(told: &Told) -> RobotMap {
    let rooms: Vec<&Layer> = told.layers.iter().filter(|l| l.kind == "segment").take(MOST_ROOMS).collect();
    let position = told.entities.iter().find(|t| t.kind == "robot_position");
    let position = position.and_then(|t| Some((*t.points.first()?, *t.points.get(1)?)));
    let position = position.filter(|(x, y)| x.is_finite() && y.is_finite());
    let known = told.layers.iter().filter(|l| l.kind != "wall").flat_map(Layer::runs);
    let pixels: f64 = known.map(|run| run.count as f64).sum();
    RobotMap {
        rooms: rooms.iter().map(|layer| layer.name()).collect(),
        room: position.and_then(|at| room_at(&rooms, at, told.pixel_size)),
        robot: position.map(|(x, y)| (x / 100.0, y / 100.0)),
        area: (pixels * told.pixel_size * told.pixel_size / 1_000.0).round() / 10.0,
        plan: plan(told, &rooms),
    }
}

/// The room whose floor is nearest to a place, if it is near.
fn room_at(rooms: &[&Layer], (x, y): (f64, f64), size: f64) -> Option<String> {
    let (x, y) = (x / size, y / size);
    // From a place to the nearest point of a pixel.
    let beyond = |at: f64, low: f64, high: f64| (low - at).max(at - high).max(0.0);
    let distance = |run: Run| {
        let across = beyond(x, run.x as f64, (run.x + run.count) as f64);
        let along = beyond(y, run.y as f64, (run.y + 1) as f64);
        (across * across + along * along).sqrt()
    };
    let nearest = |layer: &Layer| layer.runs().map(distance).fold(f64::INFINITY, f64::min);
    let near = rooms.iter().map(|layer| (nearest(layer), *layer)).min_by(|a, b| a.0.total_cmp(&b.0));
    near.filter(|(pixels, _)| pixels * size <= NEAR).map(|(_, layer)| layer.name())
}

/// Draws the map in letters: floors first, then rooms, then walls.
fn plan(told: &Told, rooms: &[&Layer]) -> String {
    let all = || told.layers.iter().flat_map(Layer::runs);
    let (Some(left), Some(top)) = (all().map(|r| r.x).min(), all().map(|r| r.y).min()) else {
        return String::new();
    };
    let right = all().map(|r| r.x + r.count).max().unwrap_or(left);
    let bottom = all().map(|r| r.y + 1).max().unwrap_or(top);
    // Pixels of a letter: twice as many down as across.
    let across =
        ((right - left + COLUMNS - 1) / COLUMNS).max((bottom - top + 2 * ROWS - 1) / (2 * ROWS)).max(1);
    let down = across * 2;
    let width = ((right - left + across - 1) / across).clamp(1, COLUMNS) as usize;
    let height = ((bottom - top + down - 1) / down).clamp(1, ROWS) as usize;
    let mut rows = vec![vec![b' '; width]; height];
    let mut paint = |layer: &Layer, letter: u8| {
        for run in layer.runs() {
            let Some(row) = rows.get_mut(((run.y - top) / down) as usize) else { continue };
            let (from, to) = ((run.x - left) / across, (run.x + run.count - 1 - left) / across);
            let to = (to as usize + 1).min(row.len());
            row.get_mut(from as usize..to).unwrap_or_default().fill(letter);
        }
    };
    told.layers.iter().filter(|l| l.kind == "floor").for_each(|layer| paint(layer, b'.'));
    for (layer, letter) in rooms.iter().zip((b'A'..=b'Z').chain(b'a'..=b'z')) {
        paint(layer, letter);
    }
    told.layers.iter().filter(|l| l.kind == "wall").for_each(|layer| paint(layer, b'#'));
    let lines: Vec<String> =
        rows.iter().map(|row| String::from_utf8_lossy(row).trim_end().to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
