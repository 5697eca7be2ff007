//! How wishes become messages.

use lares_model::{Property, Value};
use minijinja::Value as Engine;

use super::super::template::{Bank, Template};
use super::alarm::Panel;
use super::builder::Delivery;
use super::convert::{Conversion, Grid};
use super::light_json::LightWriter;
use super::light_template::TemplateWriter;
use super::segments::Segments;
use super::sink::Scale;
use super::siren::SirenWriter;
use super::when::When;
use crate::{Credential, Refusal, Send};

/// What an entity does with wishes.
#[derive(Clone, Debug)]
pub enum Commands {
    /// Each property by itself.
    Each(Vec<Writer>),
    /// All of a light's wishes in one JSON message.
    LightJson(Box<LightWriter>),
    /// All of a light's wishes in one message made by a template.
    LightTemplate(Box<TemplateWriter>),
    /// All of a siren's wishes in one message.
    Siren(Box<SirenWriter>),
}

/// How one property is written.
#[derive(Clone, Debug)]
pub struct Writer {
    pub property: Property,
    pub delivery: Delivery,
    pub template: Option<Template>,
    /// A second name for `value` in the template.
    pub also: Option<&'static str>,
    pub how: How,
}

/// What stands for a value on the wire.
#[derive(Clone, Debug)]
pub enum How {
    /// The value itself.
    Plain,
    Scaled(Scale),
    /// In the unit of the wire.
    Converted {
        unit: &'static Conversion,
        grid: Option<Grid>,
    },
    /// Kelvin as mired.
    Mired,
    /// Fixed payloads for certain values; a template is given the payload.
    Words(Vec<(Value, String)>),
    /// The payload, whatever is wished: a button. `false` is refused.
    Press(String),
    /// `r,g,b`, `x,y` or `h,s`.
    Color(super::sink::ColorText),
    /// The same, with a code beside it for the template.
    Coded(Panel),
    /// Ids of rooms for their names.
    Segments(Segments),
    /// A place on a robot's map.
    GoTo,
    /// A part of it to clean.
    CleanZone,
    /// A robot's command of its maker's own.
    Command,
    /// A day or a time in its one form.
    When(When),
}

impl Commands {
    /// Messages for these wishes, which have been checked against the entity's properties.
    pub fn messages(
        &self,
        wishes: &[(Property, Value)],
        bank: &Bank,
        by: Credential<'_>,
    ) -> Result<Vec<Send>, Refusal> {
        match self {
            Self::Each(writers) => {
                let mut out = Vec::with_capacity(wishes.len());
                for (property, value) in wishes {
                    let writer = writers
                        .iter()
                        .find(|w| w.property == *property && w.takes(value))
                        .ok_or_else(|| {
                            Refusal::new(
                                *property,
                                format!("`{}` has no command for `{value}`", property.name()),
                            )
                        })?;
                    out.push(writer.message(value, bank, by)?);
                }
                Ok(out)
            }
            Self::LightJson(writer) => writer.messages(wishes),
            Self::LightTemplate(writer) => writer.messages(wishes, bank),
            Self::Siren(writer) => writer.messages(wishes, bank),
        }
    }

    /// Why the code that was given is not the one for this wish; `None`: it is, or none is asked for.
    pub fn refuses_code(&self, property: Property, value: &Value, by: Credential<'_>) -> Option<String> {
        let Self::Each(writers) = self else { return None };
        let panel = writers.iter().find_map(|w| match &w.how {
            How::Coded(panel) if w.property == property && panel.takes(value) => Some(panel),
            _ => None,
        });
        panel?.code(value, by).err()
    }

    pub fn writes(&self, property: Property) -> bool {
        match self {
            Self::Each(writers) => writers.iter().any(|w| w.property == property),
            Self::LightJson(_) | Self::LightTemplate(_) | Self::Siren(_) => true,
        }
    }
}

impl Writer {
    fn takes(&self, value: &Value) -> bool {
        match &self.how {
            How::Words(words) => words.iter().any(|(v, _)| v == value),
            How::Coded(panel) => panel.takes(value),
            How::Press(_) => *value != Value::Bool(false),
            _ => true,
        }
    }

    fn message(&self, value: &Value, bank: &Bank, by: Credential<'_>) -> Result<Send, Refusal> {
        let refuse = |reason: String| Refusal::new(self.property, reason);
        let template = self.template.as_ref();
        let wire = match &self.how {
            How::Plain => plain(value),
            How::Scaled(scale) => {
                number(scale.write(value.as_number().ok_or_else(|| refuse("a number is needed".to_owned()))?))
            }
            How::Converted { unit, grid } => {
                let wished = value.as_number().ok_or_else(|| refuse("a number is needed".to_owned()))?;
                number(unit.write(wished, *grid))
            }
            How::Mired => {
                let kelvin = value.as_number().unwrap_or_default();
                number(
                    super::super::color::reciprocal(kelvin)
                        .ok_or_else(|| refuse("a colour temperature above 0 K is needed".to_owned()))?,
                )
            }
            How::Words(words) => match words.iter().find(|(v, _)| v == value) {
                Some((_, word)) => Engine::from(word.as_str()),
                None => return Err(refuse(format!("`{value}` has no payload"))),
            },
            How::Coded(panel) => match panel.payload(value) {
                Some(word) => Engine::from(word),
                None => return Err(refuse(format!("`{value}` has no payload"))),
            },
            How::Press(payload) => Engine::from(payload.as_str()),
            How::Segments(segments) => {
                let ids = segments.chosen(value.as_text().unwrap_or_default()).map_err(refuse)?;
                // Without a template the wire carries a JSON list.
                match template {
                    Some(_) => Engine::from(ids),
                    None => Engine::from(serde_json::json!(ids).to_string()),
                }
            }
            How::Command => {
                Engine::from(super::vacuum::command(value.as_text().unwrap_or_default()).map_err(refuse)?)
            }
            How::GoTo => {
                Engine::from(super::place::go_to(value.as_text().unwrap_or_default()).map_err(refuse)?)
            }
            How::CleanZone => {
                Engine::from(super::place::clean_zone(value.as_text().unwrap_or_default()).map_err(refuse)?)
            }
            How::When(when) => Engine::from(when.wire(value.as_text().unwrap_or_default()).map_err(refuse)?),
            How::Color(space) => {
                Engine::from(space.text(value).ok_or_else(|| refuse("a colour is needed".to_owned()))?)
            }
        };
        let mut variables = vec![("value", wire.clone())];
        if let Some(also) = self.also {
            variables.push((also, wire));
        }
        if let How::Coded(panel) = &self.how {
            let code = panel.code(value, by).map_err(|why| Refusal::new(Property::Code, why))?;
            variables.push(("code", Engine::from(code)));
        }
        if let (How::Color(_), Value::Rgb(r, g, b)) = (&self.how, value) {
            let parts = [("red", *r), ("green", *g), ("blue", *b), ("white", 0)];
            let whites = [("cold_white", 0), ("warm_white", 0)];
            variables.extend(parts.into_iter().chain(whites).map(|(k, v)| (k, Engine::from(v))));
        }
        let payload = bank.write(template, &variables).map_err(refuse)?;
        Ok(self.delivery.send(payload))
    }
}

impl super::sink::ColorText {
    pub fn text(self, value: &Value) -> Option<String> {
        let Value::Rgb(r, g, b) = *value else { return None };
        Some(match self {
            Self::Rgb => format!("{r},{g},{b}"),
            Self::Rgbw => format!("{r},{g},{b},0"),
            Self::Rgbww => format!("{r},{g},{b},0,0"),
            Self::Xy => {
                let (x, y) = super::super::color::xy_of_rgb(r, g, b);
                format!("{x},{y}")
            }
            Self::Hs => {
                let (h, s) = super::super::color::hs_of_rgb(r, g, b);
                format!("{h},{s}")
            }
        })
    }
}

/// A value for a template or as the payload itself. Whole numbers without a point, as receivers expect them.
pub fn plain(value: &Value) -> Engine {
    match value {
        Value::Bool(b) => Engine::from(*b),
        Value::Number(n) => number(*n),
        Value::Text(t) => Engine::from(t.as_ref()),
        Value::Rgb(r, g, b) => Engine::from(format!("{r},{g},{b}")),
    }
}

pub fn number(n: f64) -> Engine {
    if n.fract() == 0.0 && n.abs() < 9e15 { Engine::from(n as i64) } else { Engine::from(n) }
}
