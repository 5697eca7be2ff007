//! The OpenAPI 3.1 document, made from the table of routes.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::call::{Answered, Call};
use super::problem::Problem;
use super::route::{Kind, Least, Param, Reply, Route};
use super::routes::ROUTES;

pub(super) async fn document(call: Call) -> Answered {
    call.show(&openapi(&call.shared.asked.setup.version))
}

/// The document for this version of the program.
pub fn openapi(version: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let operation = operation(route, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(route.method.to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lares",
            "version": version,
            "description": "A household: views of it, wishes to it, and what came of them. What goes wrong is told as a problem (RFC 9457).",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "security": [{ "session": [] }, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": super::visitor::COOKIE },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = route.parts().map(part).collect();
    parameters.extend(route.query.iter().map(parameter));
    if route.once {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same wish sent again under this key, within a day, is not done again",
            "schema": { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9._-]+$" },
        }));
    }
    if route.based {
        for (name, about) in [
            (
                "If-Match",
                "The ETag of the text that was edited; if it is another one meanwhile, nothing is written (412)",
            ),
            ("If-None-Match", "`*`: the file is new"),
        ] {
            parameters.push(json!({
                "name": name, "in": "header", "required": false, "description": about, "schema": { "type": "string" },
            }));
        }
    }
    let problem = generator.subschema_for::<Problem>();
    let mut responses = Map::new();
    match route.reply {
        Reply::Json(status, answer) => {
            let content = json!({ "application/json": { "schema": answer(generator) } });
            responses.insert(status.to_string(), json!({ "description": "All is well", "content": content }));
        }
        Reply::Nothing => drop(responses.insert("204".into(), json!({ "description": "Done" }))),
        Reply::Other(media) => {
            let content = json!({ media: { "schema": { "type": "string" } } });
            responses.insert("200".into(), json!({ "description": "All is well", "content": content }));
        }
    }
    let content = json!({ "application/problem+json": { "schema": problem } });
    responses.insert("default".into(), json!({ "description": "A problem", "content": content }));
    let mut operation = json!({
        "operationId": name(route),
        "summary": route.about,
        "parameters": parameters,
        "responses": responses,
    });
    if route.least == Least::Anybody {
        operation["security"] = json!([]);
    }
    if let Some(body) = route.body {
        let content = json!({ "application/json": { "schema": body(generator) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// `get_rooms_key` of `GET /api/v1/rooms/{key}`.
fn name(route: &Route) -> String {
    let words =
        route.path.trim_start_matches("/api/v1").split(['/', '{', '}', '.']).filter(|w| !w.is_empty());
    let words: Vec<&str> = words.collect();
    format!("{}_{}", route.method.to_lowercase(), words.join("_"))
}

fn part(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200 } })
}

fn parameter(param: &Param) -> Value {
    let schema = match param.kind {
        Kind::Text | Kind::Words => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Instant => json!({ "type": "string", "format": "date-time" }),
    };
    json!({
        "name": param.name, "in": "query", "required": param.required, "description": param.about, "schema": schema,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::route::shape;

    #[test]
    fn every_route_is_described_and_every_reference_leads_somewhere() {
        let document = openapi("0.1.0");
        let described: usize =
            document["paths"].as_object().unwrap().values().map(|p| p.as_object().unwrap().len()).sum();
        assert_eq!(described, ROUTES.len());
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1).filter_map(|r| r.split('"').next()) {
            assert!(!document["components"]["schemas"][reference].is_null(), "{reference}");
        }
        let wish = &document["components"]["schemas"]["Wish"];
        assert_eq!(wish["additionalProperties"], false, "{wish}");
        assert_eq!(document["paths"]["/api/v1/door"]["get"]["security"], json!([]));
        let shaped = shape::<Problem>(&mut SchemaSettings::draft2020_12().into_generator());
        assert!(shaped.as_value().is_object());
    }
}
