//! `light` in the JSON schema: one message with all properties, both ways.

use lares_model::{Property, Value, ValueKind};
use serde_json::{Map, Value as Announced, json};

use super::super::color::{hs_of_rgb, reciprocal, rgb_of_hs, rgb_of_xy, xy_of_rgb};
use super::super::json::Json;
use super::super::template::{Message, Rendered};
use super::builder::{Access, Builder, Delivery, PERCENT, choice, percent_unit};
use super::sink::{ColorText, Out, Scale, Sink, byte, not};
use super::writer::Commands;
use crate::problem::quote;
use crate::{Refusal, Send};

/// What of a light's messages is read.
#[derive(Clone, Debug)]
pub struct LightState {
    brightness: Option<Scale>,
    /// Whether the wire's colour temperature is in mired.
    color_temp_mired: Option<bool>,
    color: bool,
    effect: bool,
}

/// How a light's wishes are written.
#[derive(Clone, Debug)]
pub struct LightWriter {
    delivery: Delivery,
    brightness: Scale,
    mired: bool,
    space: ColorText,
}

pub fn build(b: &mut Builder<'_>) {
    let modes = b.config.list("supported_color_modes");
    let mode = |name: &str| modes.iter().any(|m| m == name);
    let flag = |key: &str| b.config.flag(key).unwrap_or(false);
    let space = if mode("xy") || flag("xy") {
        Some(ColorText::Xy)
    } else if mode("hs") || flag("hs") {
        Some(ColorText::Hs)
    } else if mode("rgb") || flag("rgb") {
        Some(ColorText::Rgb)
    } else if mode("rgbw") {
        Some(ColorText::Rgbw)
    } else if mode("rgbww") {
        Some(ColorText::Rgbww)
    } else {
        None
    };
    let color_temp = mode("color_temp") || flag("color_temp");
    let brightness =
        flag("brightness") || color_temp || space.is_some() || mode("brightness") || mode("white");
    let effect = flag("effect");
    let mired = !flag("color_temp_kelvin");
    let scale =
        Scale::percent(0.0, b.config.number("brightness_scale").filter(|s| *s > 0.0).unwrap_or(255.0));

    let white = mode("white");
    let state = LightState {
        brightness: brightness.then_some(scale),
        color_temp_mired: color_temp.then_some(mired),
        color: space.is_some(),
        effect,
    };
    let readable = b.read("state_topic", "", Sink::LightJson(Box::new(state)));
    let delivery = b.delivery("command_topic");
    let access = Access { readable, writable: delivery.is_some() };
    if let Some(delivery) = delivery {
        let writer =
            LightWriter { delivery, brightness: scale, mired, space: space.unwrap_or(ColorText::Rgb) };
        b.built.commands = Commands::LightJson(Box::new(writer));
    }
    b.property(Property::On, ValueKind::Bool, None, access);
    if brightness {
        b.property(Property::Brightness, PERCENT, percent_unit(), access);
    }
    if color_temp {
        let kind = kelvin_kind(b);
        b.property(Property::ColorTemp, kind, Some("K".into()), access);
    }
    if space.is_some() {
        b.property(Property::Color, ValueKind::Rgb, None, access);
    }
    if white {
        b.property(Property::White, PERCENT, percent_unit(), Access { readable: false, ..access });
    }
    if effect {
        let effects = b.options("effect_list");
        b.property(Property::Effect, choice(&effects), None, access);
    }
}

/// The range of a colour temperature. Limits are rounded outwards so that every mired in range is in range.
pub fn kelvin_kind(b: &Builder<'_>) -> ValueKind {
    let limit = |kelvin: &str, mired: &str, default: f64| {
        b.config
            .number(kelvin)
            .or_else(|| b.config.number(mired).map(|m| 1e6 / m).filter(|k| k.is_finite() && *k > 0.0))
            .unwrap_or(1e6 / default)
    };
    let (warm, cold) = (limit("min_kelvin", "max_mireds", 500.0), limit("max_kelvin", "min_mireds", 153.0));
    ValueKind::Number { min: Some(warm.min(cold).floor()), max: Some(cold.max(warm).ceil()), step: None }
}

impl LightState {
    /// Read a state message. What is missing in it is not spoken of.
    pub fn read(&self, message: &Message<'_>, out: &mut Out<'_>) -> Result<(), String> {
        let json = match message.json() {
            Some(json @ Json::Object(_)) => json,
            _ => return Err(format!("the payload is {}; allowed: a JSON object", quote(message.text))),
        };
        let mut first = Ok(());
        let mut note = |result: Result<(), String>| {
            if first.is_ok() {
                first = result;
            }
        };
        if let Some(state) = json.get("state") {
            note(on(state, out));
        }
        if let (Some(scale), Some(raw)) = (self.brightness, json.get("brightness")) {
            note(numeric(Property::Brightness, raw, out, |raw| Some(scale.read(raw))));
        }
        if let (Some(mired), Some(raw)) = (self.color_temp_mired, json.get("color_temp")) {
            note(numeric(
                Property::ColorTemp,
                raw,
                out,
                |raw| if mired { reciprocal(raw) } else { Some(raw) },
            ));
        }
        if let (true, Some(color)) = (self.color, json.get("color")) {
            note(read_color(color, out));
        }
        if let (true, Some(effect)) = (self.effect, json.get("effect")) {
            note(Sink::Text(Property::Effect).apply(&Rendered::of(effect), message, out));
        }
        first
    }
}

fn on(state: &Json<'_>, out: &mut Out<'_>) -> Result<(), String> {
    let value = match state {
        Json::Text(t) if t.eq_ignore_ascii_case("on") => Some(Value::Bool(true)),
        Json::Text(t) if t.eq_ignore_ascii_case("off") => Some(Value::Bool(false)),
        Json::Null => None,
        other => return Err(not(Property::On, &Rendered::of(other), "`ON`, `OFF` or null")),
    };
    out.put(Property::On, value);
    Ok(())
}

fn numeric(
    property: Property,
    raw: &Json<'_>,
    out: &mut Out<'_>,
    f: impl Fn(f64) -> Option<f64>,
) -> Result<(), String> {
    if *raw == Json::Null {
        out.put(property, None);
        return Ok(());
    }
    match Rendered::of(raw).number().and_then(f) {
        Some(number) => out.number(property, number),
        None => Err(not(property, &Rendered::of(raw), "a finite number")),
    }
}

fn read_color(color: &Json<'_>, out: &mut Out<'_>) -> Result<(), String> {
    let part = |key: &str| color.get(key).and_then(|v| Rendered::of(v).number());
    let (r, g, b) = if let (Some(r), Some(g), Some(b)) = (part("r"), part("g"), part("b")) {
        (byte(r), byte(g), byte(b))
    } else if let (Some(x), Some(y)) = (part("x"), part("y")) {
        rgb_of_xy(x, y)
    } else if let (Some(h), Some(s)) =
        (part("h").or_else(|| part("hue")), part("s").or_else(|| part("saturation")))
    {
        rgb_of_hs(h, s)
    } else if *color == Json::Null
        || matches!(color, Json::Object(fields) if fields.iter().all(|(_, v)| *v == Json::Null))
    {
        out.put(Property::Color, None);
        return Ok(());
    } else {
        return Err(not(Property::Color, &Rendered::of(color), "an object with r, g, b or x, y or h, s"));
    };
    out.put(Property::Color, Some(Value::Rgb(r, g, b)));
    Ok(())
}

impl LightWriter {
    pub fn messages(&self, wishes: &[(Property, Value)]) -> Result<Vec<Send>, Refusal> {
        let wish = |property: Property| wishes.iter().find(|(p, _)| *p == property).map(|(_, v)| v);
        let mut body = Map::new();
        let off = wish(Property::On) == Some(&Value::Bool(false))
            || wish(Property::On).is_none() && wish(Property::Brightness) == Some(&Value::Number(0.0));
        body.insert("state".to_owned(), Announced::from(if off { "OFF" } else { "ON" }));
        if !off {
            for (property, value) in wishes {
                self.add(*property, value, &mut body)?;
            }
        }
        Ok(vec![self.delivery.send(Announced::Object(body).to_string())])
    }

    fn add(
        &self,
        property: Property,
        value: &Value,
        body: &mut Map<String, Announced>,
    ) -> Result<(), Refusal> {
        let (key, wire) = match (property, value) {
            (Property::On, _) => return Ok(()),
            (Property::Brightness, Value::Number(percent)) => {
                ("brightness", json!(self.brightness.write(*percent) as i64))
            }
            (Property::ColorTemp, Value::Number(kelvin)) => {
                let wire = if self.mired { reciprocal(*kelvin) } else { Some(kelvin.round()) };
                ("color_temp", json!(wire.unwrap_or_default() as i64))
            }
            (Property::Color, Value::Rgb(r, g, b)) => ("color", color_json(self.space, *r, *g, *b)),
            (Property::Effect, Value::Text(effect)) => ("effect", json!(effect)),
            (Property::White, Value::Number(percent)) => {
                ("white", json!(self.brightness.write(*percent) as i64))
            }
            _ => {
                return Err(Refusal::new(
                    property,
                    format!("a light cannot take `{value}` for `{}`", property.name()),
                ));
            }
        };
        body.insert(key.to_owned(), wire);
        Ok(())
    }
}

fn color_json(space: ColorText, r: u8, g: u8, b: u8) -> Announced {
    match space {
        ColorText::Rgb => json!({"r": r, "g": g, "b": b}),
        // A colour leaves the white dark.
        ColorText::Rgbw => json!({"r": r, "g": g, "b": b, "w": 0}),
        ColorText::Rgbww => json!({"r": r, "g": g, "b": b, "c": 0, "w": 0}),
        ColorText::Xy => {
            let (x, y) = xy_of_rgb(r, g, b);
            json!({"x": x, "y": y})
        }
        ColorText::Hs => {
            let (h, s) = hs_of_rgb(r, g, b);
            json!({"h": h, "s": s})
        }
    }
}
