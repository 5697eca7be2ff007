//! How the result of a template becomes typed readings.

use std::sync::Arc;

use lares_model::{NodeId, Property, Value};

use super::super::json::Json;
use super::super::template::{Message, Rendered};
use super::convert::Conversion;
use super::light_json::LightState;
use super::segments::Segments;
use super::siren::SirenState;
use super::when::When;
use crate::Observation;
use crate::problem::quote;

/// What to do with what a template made of a message.
#[derive(Clone, Debug)]
pub enum Sink {
    /// A finite number, scaled: `value * factor + offset`, rounded to `places` decimals if given.
    Number {
        property: Property,
        scale: Scale,
    },
    /// Any text.
    Text(Property),
    /// One of these texts; anything else is refused and the last value stands.
    OneOf {
        property: Property,
        options: Vec<Arc<str>>,
    },
    /// Certain words mean certain values; words with `None` say nothing.
    Words {
        property: Property,
        words: Vec<(String, Option<Value>)>,
    },
    /// A mired or Kelvin value, as Kelvin.
    Kelvin {
        mired: bool,
    },
    /// `r,g,b`, `x,y` or `h,s` as text.
    Color(ColorText),
    LightJson(Box<LightState>),
    Event {
        types: Vec<Arc<str>>,
    },
    Update,
    /// JSON or a plain word: `state`, `battery_level`, `fan_speed` of a vacuum.
    Vacuum {
        states: Vec<Arc<str>>,
        segments: Option<Segments>,
    },
    /// Names of a robot's rooms by their ids.
    Segments(Segments),
    /// JSON with `state`, `tone`, `duration`, `volume_level`, or a plain word.
    Siren(Box<SirenState>),
    /// A day or a time.
    When(When),
    /// What it says beside its state.
    Attributes,
    /// What kind of picture it is, and how large; `b64`: as text.
    Picture {
        b64: bool,
    },
    /// A robot's map, packed.
    Map,
    /// JSON with `latitude`, `longitude`, `battery_level`.
    Place,
    /// It happened: the payload does not matter beyond being this one, if given.
    Trigger {
        name: Arc<str>,
        payload: Option<String>,
    },
}

/// Which colour space three or two numbers are in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColorText {
    Rgb,
    /// With white behind it, and with cold and warm white: a colour leaves them dark.
    Rgbw,
    Rgbww,
    Xy,
    Hs,
}

/// A linear scale between what the wire carries and what the household sees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    /// Whether the wire's range stands for 0-100 percent. If not, values pass as they are, or in the household's unit.
    pub percent: bool,
    pub unit: Option<&'static Conversion>,
}

impl Scale {
    pub const NONE: Self = Self { low: 0.0, high: 1.0, percent: false, unit: None };

    pub const fn of_unit(unit: Option<&'static Conversion>) -> Self {
        Self { unit, ..Self::NONE }
    }

    pub fn percent(low: f64, high: f64) -> Self {
        if low == high || !(high - low).is_finite() {
            Self { low: 0.0, high: 100.0, percent: true, unit: None }
        } else {
            Self { low, high, percent: true, unit: None }
        }
    }

    /// From the wire, in percent to one decimal: finer than any actuator, and it goes back to the same step.
    pub fn read(self, raw: f64) -> f64 {
        if !self.percent {
            return self.unit.map_or(raw, |unit| unit.read(raw));
        }
        (((raw - self.low) / (self.high - self.low)).clamp(0.0, 1.0) * 1000.0).round() / 10.0
    }

    /// To the wire, to the nearest whole step.
    pub fn write(self, value: f64) -> f64 {
        if self.percent { (self.low + value / 100.0 * (self.high - self.low)).round() } else { value }
    }
}

/// Where readings go.
pub struct Out<'o> {
    pub entity: NodeId,
    pub to: &'o mut Vec<Observation>,
    /// Why a reading was left out.
    pub too_long: Option<String>,
}

/// Longest text that is a reading, in bytes: a message of 1 MiB may be the text of 2,000 entities.
const LONGEST_TEXT: usize = 8_192;

impl Out<'_> {
    pub fn put(&mut self, property: Property, value: Option<Value>) {
        if let Some(bytes) =
            value.as_ref().and_then(Value::as_text).map(str::len).filter(|n| *n > LONGEST_TEXT)
        {
            let reason =
                format!("`{}` is a text of {bytes} bytes; at most {LONGEST_TEXT} are read", property.name());
            self.too_long = Some(reason);
            return;
        }
        self.to.push(Observation::Reading { entity: self.entity, property, value });
    }

    pub fn number(&mut self, property: Property, value: f64) -> Result<(), String> {
        if !value.is_finite() {
            return Err(format!("`{}` is no finite number", property.name()));
        }
        self.put(property, Some(Value::Number(value)));
        Ok(())
    }
}

impl Sink {
    /// Whether it reads bytes and not text.
    pub fn of_bytes(&self) -> bool {
        matches!(self, Self::Picture { .. } | Self::Map)
    }

    /// Read the bytes of a message.
    pub fn look(&self, bytes: &[u8], out: &mut Out<'_>) -> Result<(), String> {
        match self {
            Self::Picture { b64 } => super::picture::read(bytes, *b64, out),
            Self::Map => super::picture::map(bytes, out),
            _ => Ok(()),
        }
    }

    /// Turn a result into readings. Readings that could be made are made, also where an error is returned.
    pub fn apply(
        &self,
        rendered: &Rendered<'_>,
        message: &Message<'_>,
        out: &mut Out<'_>,
    ) -> Result<(), String> {
        if matches!(rendered, Rendered::Absent) {
            return Ok(());
        }
        match self {
            Self::Number { property, scale } => {
                if rendered.is_unknown() {
                    out.put(*property, None);
                    return Ok(());
                }
                match rendered.number() {
                    Some(number) => out.number(*property, scale.read(number)),
                    None => Err(not(*property, rendered, "a finite number")),
                }
            }
            Self::Text(property) => {
                // A word like `none` is a value of a text; only nothing at all, and Python's None, are not.
                let unknown = match rendered {
                    Rendered::Null => true,
                    other => matches!(other.text().as_ref(), "" | "None" | "unknown" | "unavailable"),
                };
                out.put(*property, (!unknown).then(|| Value::text(rendered.text().as_ref())));
                Ok(())
            }
            Self::OneOf { property, options } => {
                let text = rendered.text();
                if let Some(option) = options.iter().find(|o| ***o == *text) {
                    out.put(*property, Some(Value::Text(option.clone())));
                } else if rendered.is_unknown() {
                    out.put(*property, None);
                } else {
                    return Err(not(*property, rendered, &listed(options.iter().map(AsRef::as_ref))));
                }
                Ok(())
            }
            Self::Words { property, words } => match words.iter().find(|(word, _)| rendered.is(word)) {
                Some((_, Some(value))) => {
                    out.put(*property, Some(value.clone()));
                    Ok(())
                }
                Some((_, None)) => Ok(()),
                None if rendered.is_unknown() => {
                    out.put(*property, None);
                    Ok(())
                }
                None => Err(not(*property, rendered, &listed(words.iter().map(|(w, _)| w.as_str())))),
            },
            Self::Kelvin { mired } => kelvin(rendered, *mired, out),
            Self::Color(space) => color(rendered, *space, out),
            Self::LightJson(light) => light.read(message, out),
            Self::Event { types } => super::event::read(rendered, types, out),
            Self::Update => super::update::read(rendered, out),
            Self::Vacuum { states, segments } => {
                super::vacuum::read(rendered, states, segments.as_ref(), out)
            }
            Self::Segments(segments) => {
                let json = message.json().ok_or_else(|| format!("{} is no JSON", quote(message.text)))?;
                segments.read(json, out)
            }
            Self::Siren(siren) => siren.read(rendered, out),
            Self::When(when) => when.read(rendered, out),
            Self::Attributes => super::attributes::read(rendered, message, out),
            // Bytes are read by `look`.
            Self::Picture { .. } | Self::Map => Ok(()),
            Self::Place => super::event::place(message, out),
            Self::Trigger { name, payload } => {
                if payload.as_ref().is_none_or(|p| rendered.is(p)) {
                    out.put(Property::EventType, Some(Value::Text(name.clone())));
                }
                Ok(())
            }
        }
    }
}

fn kelvin(rendered: &Rendered<'_>, mired: bool, out: &mut Out<'_>) -> Result<(), String> {
    if rendered.is_unknown() {
        out.put(Property::ColorTemp, None);
        return Ok(());
    }
    let number = rendered.number().ok_or_else(|| not(Property::ColorTemp, rendered, "a finite number"))?;
    match if mired { super::super::color::reciprocal(number) } else { Some(number) } {
        Some(kelvin) => out.number(Property::ColorTemp, kelvin),
        None => Err(not(Property::ColorTemp, rendered, "a number above zero")),
    }
}

fn color(rendered: &Rendered<'_>, space: ColorText, out: &mut Out<'_>) -> Result<(), String> {
    use super::super::color::{rgb_of_hs, rgb_of_xy};
    if rendered.is_unknown() {
        out.put(Property::Color, None);
        return Ok(());
    }
    let text = rendered.text();
    let numbers: Option<Vec<f64>> =
        text.split(',').map(|t| t.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    let (r, g, b) = match (space, numbers.as_deref()) {
        (ColorText::Rgb | ColorText::Rgbw | ColorText::Rgbww, Some([r, g, b, ..])) => {
            (byte(*r), byte(*g), byte(*b))
        }
        (ColorText::Xy, Some([x, y, ..])) => rgb_of_xy(*x, *y),
        (ColorText::Hs, Some([h, s, ..])) => rgb_of_hs(*h, *s),
        _ => return Err(not(Property::Color, rendered, "numbers with commas between them")),
    };
    out.put(Property::Color, Some(Value::Rgb(r, g, b)));
    Ok(())
}

/// A part of a colour from any number.
pub fn byte(n: f64) -> u8 {
    n.round().clamp(0.0, 255.0) as u8
}

/// The complaint about a value: which property, what was seen, what is allowed.
pub fn not(property: Property, rendered: &Rendered<'_>, allowed: &str) -> String {
    format!("`{}` is {}; allowed: {allowed}", property.name(), quote(&rendered.text()))
}

/// At most this many options are named in a complaint.
const NAMED: usize = 12;

pub fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<_> = words.map(quote).collect();
    if words.len() > NAMED {
        let more = words.len() - NAMED;
        words.truncate(NAMED);
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// The rendered text as JSON, for components whose messages may be either.
pub fn as_json<R>(rendered: &Rendered<'_>, f: impl FnOnce(&Json<'_>) -> R) -> Option<R> {
    let text = rendered.text();
    if !text.starts_with('{') {
        return None;
    }
    super::super::json::parse(&text).ok().as_ref().map(f)
}
