//! Values as typed JSON, and back.

use lares_model::{Property, Value};

/// True or false, a number (whole ones without a point), a text, or null for what is not known.
pub fn value_json(value: Option<&Value>) -> serde_json::Value {
    match value {
        None => serde_json::Value::Null,
        Some(Value::Bool(b)) => (*b).into(),
        Some(Value::Number(n)) if n.fract() == 0.0 && n.abs() < 9e15 => (*n as i64).into(),
        Some(Value::Number(n)) => (*n).into(),
        Some(Value::Text(t)) => (&**t).into(),
        Some(rgb @ Value::Rgb(..)) => rgb.to_string().into(),
    }
}

/// A value for this property: the words `on`, `off`, `true`, `false` where it is one of yes and no, `#rrggbb` where it is
/// a colour. What the property's entity makes of it is decided at the door.
pub fn value_from_json(property: Property, json: &serde_json::Value) -> Result<Value, String> {
    use serde_json::Value as Json;
    let yes_no = matches!(
        property,
        Property::On | Property::Locked | Property::Oscillation | Property::Occupied | Property::Home
    );
    if property == Property::Code {
        // What was given is not repeated.
        return match json {
            Json::String(code) => Ok(Value::text(code.as_str())),
            Json::Number(code) => Ok(Value::text(code.to_string())),
            _ => Err("a code is a text".to_owned()),
        };
    }
    match json {
        Json::Bool(b) => Ok(Value::Bool(*b)),
        Json::Number(n) => match n.as_f64() {
            Some(n) if n.is_finite() => Ok(Value::Number(n)),
            _ => Err(format!("{n} is too large")),
        },
        Json::String(text) => match text.as_str() {
            "on" | "true" | "yes" if yes_no => Ok(Value::Bool(true)),
            "off" | "false" | "no" if yes_no => Ok(Value::Bool(false)),
            other if yes_no => Err(format!("{} is on or off, not `{other}`", property.name())),
            other if property == Property::Color => {
                rgb(other).ok_or_else(|| format!("a color is written #rrggbb, not `{other}`"))
            }
            other => Ok(Value::text(other)),
        },
        other => Err(format!("`{other}` is no value of {}", property.name())),
    }
}

fn rgb(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Value::Rgb(part(0)?, part(2)?, part(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_typed() {
        assert_eq!(value_json(Some(&Value::Number(21.0))).to_string(), "21");
        assert_eq!(value_json(Some(&Value::Number(21.5))).to_string(), "21.5");
        assert_eq!(value_json(None), json!(null));
        assert_eq!(value_json(Some(&Value::Rgb(255, 0, 16))), json!("#ff0010"));
        assert_eq!(value_from_json(Property::Color, &json!("#ff0010")), Ok(Value::Rgb(255, 0, 16)));
        assert_eq!(value_from_json(Property::On, &json!("off")), Ok(Value::Bool(false)));
        assert_eq!(value_from_json(Property::Mode, &json!("off")), Ok(Value::text("off")));
        assert_eq!(value_from_json(Property::Code, &json!("0042")), Ok(Value::text("0042")));
        assert_eq!(value_from_json(Property::Code, &json!(1234)), Ok(Value::text("1234")));
        assert!(!value_from_json(Property::Code, &json!(["0042"])).unwrap_err().contains("0042"));
        assert!(value_from_json(Property::On, &json!("maybe")).is_err());
        assert!(value_from_json(Property::Color, &json!("#ff00é")).is_err());
        assert!(value_from_json(Property::Brightness, &json!([1])).is_err());
    }
}
