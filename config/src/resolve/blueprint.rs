//! `[blueprint.*]`, to be listed. What they make stands in the rules already.

use figment::value::Value;

use crate::decode::Fields;
use crate::home::{Blueprint, BlueprintParam};

pub(crate) fn blueprints(top: &Fields<'_>) -> Vec<Blueprint> {
    let Some(table) = top.get("blueprint").and_then(|n| n.dict()) else { return Vec::new() };
    let text =
        |value: &Value, key: &str| value.find_ref(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let one = |(name, value): (&String, &Value)| {
        let params = value.find_ref("params").and_then(Value::as_dict).into_iter().flatten();
        let param = |(name, value): (&String, &Value)| BlueprintParam {
            name: name.clone(),
            says: text(value, "says"),
            default: value.find_ref("default").map(written),
        };
        Blueprint { name: name.clone(), says: text(value, "says"), params: params.map(param).collect() }
    };
    table.iter().map(one).collect()
}

/// A value as it may be written.
fn written(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Bool(_, b) => b.to_string(),
        Value::Num(..) => crate::expand::plain(value),
        Value::Array(_, items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Dict(_, dict) => {
            let all: Vec<String> = dict.iter().map(|(k, v)| format!("{k} = {}", written(v))).collect();
            format!("{{ {} }}", all.join(", "))
        }
        _ => String::new(),
    }
}
