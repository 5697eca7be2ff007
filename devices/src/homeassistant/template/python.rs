//! Values as Python prints them: receivers compare texts, so a template's result must match to the character.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

/// A float as Python's `repr` writes it: shortest digits that read back the same, exponent from 1e16 and below 1e-4.
pub fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = format!("{number:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |e| ('-', e));
            format!("{}e{sign}{exponent:0>2}", digits.strip_suffix(".0").unwrap_or(digits))
        }
    }
}

/// `str(value)`. Undefined is the empty text.
pub fn str_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
        _ => {
            let mut out = String::new();
            repr_into(value, &mut out, 0);
            out
        }
    }
}

/// Deeper containers are cut: a template cannot make us overflow the stack.
const DEEPEST: usize = 64;

fn repr_into(value: &Value, out: &mut String, depth: usize) {
    match value.kind() {
        ValueKind::None => out.push_str("None"),
        ValueKind::Bool => out.push_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Number if value.is_integer() => {
            let _ = write!(out, "{value}");
        }
        ValueKind::Number => match f64::try_from(value.clone()) {
            Ok(number) => out.push_str(&float_text(number)),
            Err(_) => {
                let _ = write!(out, "{value}");
            }
        },
        ValueKind::String => quoted_into(value.as_str().unwrap_or_default(), out),
        ValueKind::Undefined => out.push_str("Undefined"),
        _ if depth > DEEPEST => out.push('…'),
        ValueKind::Map => {
            out.push('{');
            for (n, key) in value.try_iter().into_iter().flatten().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                repr_into(&key, out, depth + 1);
                out.push_str(": ");
                repr_into(&value.get_item(&key).unwrap_or_default(), out, depth + 1);
            }
            out.push('}');
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (n, item) in value.try_iter().into_iter().flatten().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                repr_into(&item, out, depth + 1);
            }
            out.push(']');
        }
        _ => {
            let _ = write!(out, "{value}");
        }
    }
}

fn quoted_into(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_python_prints_them() {
        for (number, text) in [
            (1.0, "1.0"),
            (-0.4, "-0.4"),
            (1e16, "1e+16"),
            (1.5e22, "1.5e+22"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (123456789.125, "123456789.125"),
            (1e15, "1000000000000000.0"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn containers_print_as_python_prints_them() {
        let value = super::super::rendered::engine_value(
            &super::super::super::json::parse(r#"{"b": [1, 2.5, true, null], "a": "it's"}"#).unwrap(),
        );
        assert_eq!(str_of(&value), "{'b': [1, 2.5, True, None], 'a': \"it's\"}");
    }
}
