//! `light` in the template schema: one topic each way, templates take the message apart and put it together.

use lares_model::{Property, Value, ValueKind};
use minijinja::Value as Engine;

use super::super::color::reciprocal;
use super::super::template::{Bank, Template};
use super::builder::{Access, Builder, Delivery, PERCENT, choice, percent_unit};
use super::sink::{ColorText, Scale, Sink};
use super::writer::{Commands, number};
use super::{binary, light_json};
use crate::{Refusal, Send};

/// How a light's wishes become the variables of its templates.
#[derive(Clone, Debug)]
pub struct TemplateWriter {
    delivery: Delivery,
    on: Option<Template>,
    off: Option<Template>,
    mired: bool,
}

/// This schema's brightness is always 0-255.
const BRIGHTNESS: Scale = Scale { low: 0.0, high: 255.0, percent: true, unit: None };

pub fn build(b: &mut Builder<'_>) {
    let mired = !b.config.flag("color_temp_kelvin").unwrap_or(false);
    let delivery = b.delivery("command_topic");
    let (on, off) = (b.template("command_on_template"), b.template("command_off_template"));
    let writable = match (delivery, on, off) {
        (Some(delivery), Ok(on), Ok(off)) => {
            let writer = TemplateWriter { delivery, on, off, mired };
            b.built.commands = Commands::LightTemplate(Box::new(writer));
            true
        }
        _ => false,
    };
    // Whether a property can be wished is told from the variables that the template names.
    let source = b.config.text_or("command_on_template", "");
    let names = |name: &str| writable && source.contains(name);

    let state = binary::on_off(Property::On, "on".to_owned(), "off".to_owned());
    let readable = b.config.has("state_template") && b.read("state_topic", "state_template", state);
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });

    let sink = Sink::Number { property: Property::Brightness, scale: BRIGHTNESS };
    let readable = b.config.has("brightness_template") && b.read("state_topic", "brightness_template", sink);
    b.property(
        Property::Brightness,
        PERCENT,
        percent_unit(),
        Access { readable, writable: names("brightness") },
    );

    let readable = b.config.has("color_temp_template")
        && b.read("state_topic", "color_temp_template", Sink::Kelvin { mired });
    let kind = light_json::kelvin_kind(b);
    b.property(
        Property::ColorTemp,
        kind,
        Some("K".into()),
        Access { readable, writable: names("color_temp") },
    );

    // Three templates, one colour: joined they print `r,g,b`.
    let parts = ["red_template", "green_template", "blue_template"].map(|key| b.config.filled(key));
    let readable = match parts {
        [Some(r), Some(g), Some(blue)] => {
            b.read_through("state_topic", &format!("{r},{g},{blue}"), Sink::Color(ColorText::Rgb))
        }
        _ => false,
    };
    let writable_color = names("red") && names("green") && names("blue");
    b.property(Property::Color, ValueKind::Rgb, None, Access { readable, writable: writable_color });

    let effects = b.options("effect_list");
    let readable = b.config.has("effect_template")
        && b.read("state_topic", "effect_template", Sink::Text(Property::Effect));
    b.property(Property::Effect, choice(&effects), None, Access { readable, writable: names("effect") });
}

impl TemplateWriter {
    pub fn messages(&self, wishes: &[(Property, Value)], bank: &Bank) -> Result<Vec<Send>, Refusal> {
        let off = wishes.iter().any(|(p, v)| *p == Property::On && *v == Value::Bool(false));
        let mut variables = vec![("state", Engine::from(if off { "off" } else { "on" }))];
        for (property, value) in wishes {
            match (property, value) {
                (Property::Brightness, Value::Number(n)) => {
                    variables.push(("brightness", number(BRIGHTNESS.write(*n))))
                }
                (Property::ColorTemp, Value::Number(n)) => {
                    let wire = if self.mired { reciprocal(*n).unwrap_or_default() } else { n.round() };
                    variables.push(("color_temp", number(wire)));
                }
                (Property::Color, Value::Rgb(r, g, b)) => {
                    variables.extend(
                        [("red", *r), ("green", *g), ("blue", *b)].map(|(k, v)| (k, Engine::from(v))),
                    );
                }
                (Property::Effect, Value::Text(t)) => variables.push(("effect", Engine::from(t.as_ref()))),
                _ => {}
            }
        }
        let template = if off { self.off.as_ref() } else { self.on.as_ref() };
        let payload = bank
            .write(template, &variables)
            .map_err(|reason| Refusal { property: wishes.first().map(|(p, _)| *p), reason })?;
        Ok(vec![self.delivery.send(payload)])
    }
}
