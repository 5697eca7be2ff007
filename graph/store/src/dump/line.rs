//! The lines of a dump.

use lares_model::{Edge, EdgeInfo, Event, EventId, Node, NodeId, Property, Timer, Timestamp, Value};
use serde::{Deserialize, Serialize};

use crate::{Bucket, Correction, LastState, Owners, Sample, gone::Gone, meta::Boot, series::SeriesInfo};

/// One thing. Variants and fields are on disk: none is renamed or taken out.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// The first.
    Lares(First),
    Boot(Boot),
    Progress(Come),
    Owners(Owners),
    Event {
        previous: Option<EventId>,
        event: Event,
    },
    /// What is left of an entry that had to go.
    Gone {
        id: EventId,
        gone: Gone,
    },
    /// The newest entry of a subject.
    Head {
        subject: NodeId,
        event: EventId,
    },
    Node(Node),
    NodeVersion {
        id: NodeId,
        event: EventId,
        node: Option<Node>,
    },
    Edge {
        edge: Edge,
        since: EventId,
        info: EdgeInfo,
    },
    EdgeVersion {
        edge: Edge,
        event: EventId,
        info: Option<EdgeInfo>,
    },
    Last {
        entity: NodeId,
        property: Property,
        state: LastState,
    },
    Timer(Timer),
    State {
        owner: String,
        key: Bytes,
        value: Bytes,
    },
    Blob(Bytes),
    Space {
        space: String,
        key: Bytes,
        value: Bytes,
    },
    Tail {
        seq: u64,
        samples: Vec<(NodeId, Property, Row)>,
    },
    Samples {
        entity: NodeId,
        property: Property,
        samples: Vec<Row>,
    },
    Series {
        entity: NodeId,
        property: Property,
        info: SeriesInfo,
    },
    /// `first`: microseconds since 1970.
    Rolled {
        entity: NodeId,
        property: Property,
        resolution: u8,
        first: Timestamp,
        buckets: Vec<Rolled>,
    },
    Correction {
        entity: NodeId,
        property: Property,
        event: EventId,
        correction: Correction,
    },
    /// The last.
    End(End),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct First {
    /// The form of the lines.
    pub dump: u32,
    /// The format of the data that it was made from.
    pub format: u32,
    /// The version of Lares that made it.
    pub version: String,
    /// Microseconds since 1970, UTC.
    pub made: i64,
}

/// How far the data had come.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Come {
    pub seq: u64,
    pub last_id: EventId,
    pub let_go: EventId,
    pub archived: EventId,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    /// Before this one.
    pub lines: u64,
    /// SHA-256 of all bytes before this line.
    pub sha256: String,
    pub events: u64,
    pub nodes: u64,
    pub edges: u64,
    pub samples: u64,
    pub timers: u64,
    /// [`crate::Reader::journal_hash`]; none if some of it could not be read.
    pub journal: Option<String>,
}

/// A sample: its event, when it was measured (microseconds since 1970), its value.
#[derive(Serialize, Deserialize)]
pub(super) struct Row(pub EventId, pub Timestamp, pub Option<Value>);

impl From<Sample> for Row {
    fn from(sample: Sample) -> Self {
        Self(sample.id, sample.at, sample.value)
    }
}

impl From<&Row> for Sample {
    fn from(Row(id, at, value): &Row) -> Self {
        Self { id: *id, at: *at, value: value.clone() }
    }
}

/// A bucket: at, count, min, max, sum, last, mean, held, rise. A number that is none is `null`.
#[derive(Serialize, Deserialize)]
pub(super) struct Rolled(Timestamp, u32, Maybe, Maybe, Maybe, Maybe, Maybe, i64, Maybe);

type Maybe = Option<f64>;

impl From<Bucket> for Rolled {
    fn from(bucket: Bucket) -> Self {
        let Bucket { at, count, min, max, sum, last, mean, held, rise } = bucket;
        let some = |n: f64| n.is_finite().then_some(n);
        Self(at, count, some(min), some(max), some(sum), some(last), some(mean), held, some(rise))
    }
}

impl From<&Rolled> for Bucket {
    fn from(Rolled(at, count, min, max, sum, last, mean, held, rise): &Rolled) -> Self {
        let number = |n: &Maybe| n.unwrap_or(f64::NAN);
        let [min, max, sum] = [min, max, sum].map(number);
        let [last, mean, rise] = [last, mean, rise].map(number);
        Self { at: *at, count: *count, min, max, sum, last, mean, held: *held, rise }
    }
}

/// Bytes, as text where they are some.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bytes {
    Text(String),
    Hex(String),
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(hex(bytes)),
        }
    }
}

impl Bytes {
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let text = match self {
            Self::Text(text) => return Ok(text.clone().into_bytes()),
            Self::Hex(text) => text,
        };
        let digits = text.as_bytes().chunks(2).map(|two| {
            let two = std::str::from_utf8(two).ok().filter(|t| t.len() == 2)?;
            u8::from_str_radix(two, 16).ok()
        });
        digits.collect::<Option<_>>().ok_or_else(|| format!("`{text}` is no bytes in hexadecimal"))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
