//! The nodes that fit a filter string.

use lares_graph::ask::{self, AskError, Datum, Field, Filter, Hit, Picture, ReadFailed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Instants, ReadError, Sight, Source, Telling,
    table::{plain, table},
};

/// What fits, the best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindView {
    pub nodes: Vec<HitView>,
    /// How many there are in all.
    pub total: usize,
}

/// A node that fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HitView {
    pub id: String,
    pub kind: String,
    /// Its reference: `hall-motion.occupancy`.
    #[serde(rename = "ref")]
    pub reference: String,
    pub name: String,
    pub room: Option<String>,
    /// Of what can have one.
    pub status: Option<String>,
    /// Its main value, if it still counts.
    pub value: serde_json::Value,
    pub unit: Option<String>,
    /// One line as its kind tells of itself: `water the plants by 2026-11-26 (open)`; of what people made.
    #[serde(default)]
    pub line: Option<String>,
    /// How well free words fit its names; 0 without such words.
    pub score: u32,
}

impl From<ReadError> for ReadFailed {
    fn from(e: ReadError) -> Self {
        Self(e.0)
    }
}

/// The nodes that fit, at most `limit`.
pub fn find(
    source: &dyn Source,
    told: &Telling,
    filter: &str,
    limit: usize,
    at: Instants,
) -> Result<FindView, AskError> {
    let filter = Filter::parse(filter)?;
    let picture = source.picture(told.now, at).map_err(ReadFailed::from)?;
    found(&picture, &filter, limit)
}

/// As [`find`], for somebody who sees a part of the household only.
pub fn find_seen(
    source: &dyn Source,
    told: &Telling,
    filter: &str,
    limit: usize,
    sight: &Sight,
) -> Result<FindView, AskError> {
    let filter = Filter::parse(filter)?;
    let whole = source.picture(told.now, Instants::default()).map_err(ReadFailed::from)?;
    found(&sight.of(whole), &filter, limit)
}

fn found(picture: &Picture<'_>, filter: &Filter, limit: usize) -> Result<FindView, AskError> {
    let found = ask::find(picture, filter, limit)?;
    let nodes = found.hits.iter().map(|hit| view(picture, *hit)).collect::<Result<_, _>>()?;
    Ok(FindView { nodes, total: found.total })
}

fn view(picture: &Picture<'_>, hit: Hit) -> Result<HitView, ReadFailed> {
    let words = |field: Field| {
        Ok::<_, ReadFailed>(match field.of(picture, hit.place)? {
            Datum::Text(text) => Some(text.to_string()),
            _ => None,
        })
    };
    Ok(HitView {
        id: words(Field::Id)?.unwrap_or_default(),
        kind: words(Field::Kind)?.unwrap_or_default(),
        reference: words(Field::Ref)?.unwrap_or_default(),
        name: words(Field::Name)?.unwrap_or_default(),
        room: words(Field::Room)?,
        status: words(Field::Status)?,
        value: datum_json(picture, &Field::Value.of(picture, hit.place)?),
        unit: words(Field::Unit)?,
        line: ask::line(picture, hit.place),
        score: hit.score,
    })
}

/// A datum for programs: a node as its kind and reference, an edge as its kind and ends.
pub(super) fn datum_json(picture: &Picture<'_>, datum: &Datum) -> serde_json::Value {
    use serde_json::{Value as Json, json};
    let word = |place: u32, field: Field| match field.of(picture, place) {
        Ok(Datum::Text(text)) => Json::from(&*text),
        _ => Json::Null,
    };
    match datum {
        Datum::Null => Json::Null,
        Datum::Bool(b) => (*b).into(),
        Datum::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => (*n as i64).into(),
        Datum::Number(n) => (*n).into(),
        Datum::Text(text) => (&**text).into(),
        Datum::List(all) => all.iter().map(|d| datum_json(picture, d)).collect(),
        Datum::Node(place) => json!({
            "id": word(*place, Field::Id),
            "kind": word(*place, Field::Kind),
            "ref": word(*place, Field::Ref),
        }),
        Datum::Edge(place) => match picture.shape.edge(*place) {
            Some((from, kind, to)) => json!({
                "kind": kind.name(), "from": word(from, Field::Ref), "to": word(to, Field::Ref),
            }),
            None => Json::Null,
        },
    }
}

/// A datum for people.
pub(super) fn words(json: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match json {
        Json::Null => "-".to_owned(),
        Json::Bool(true) => "on".to_owned(),
        Json::Bool(false) => "off".to_owned(),
        Json::String(text) => plain(text),
        Json::Number(n) => n.to_string(),
        Json::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        Json::Object(of) => match (of.get("ref"), of.get("from"), of.get("kind"), of.get("to")) {
            (Some(reference), ..) => words(reference),
            (_, Some(from), Some(kind), Some(to)) => {
                format!("{} {} {}", words(from), words(kind), words(to))
            }
            _ => plain(&json.to_string()),
        },
    }
}

pub fn find_text(found: &FindView) -> String {
    if found.nodes.is_empty() {
        return "nothing fits\n".to_owned();
    }
    let row = |n: &HitView| {
        let value = match (&n.value, &n.unit) {
            (serde_json::Value::Null, _) => String::new(),
            (value, Some(unit)) if value.is_number() => format!("{value} {}", plain(unit)),
            (value, _) => words(value),
        };
        let text = |t: &Option<String>| t.as_deref().map(plain).unwrap_or_default();
        let name = n.line.as_ref().unwrap_or(&n.name);
        vec![n.kind.clone(), plain(&n.reference), plain(name), text(&n.room), text(&n.status), value]
    };
    let mut out = table(&found.nodes.iter().map(row).collect::<Vec<_>>());
    if found.total > found.nodes.len() {
        out.push_str(&format!(
            "({} more fit: -n {} shows all)\n",
            found.total - found.nodes.len(),
            found.total
        ));
    }
    out
}
