//! Rows out and in, and what is refused.

use lares_model::{NodeId, Property, Timestamp, Value, ValueKind};

use super::{Column, Given, MOST_ROWS, Meant, Series, Writer, read};
use crate::Sample;

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
const NUMBER: ValueKind = ValueKind::Number { min: None, max: None, step: None };

fn meant(kind: ValueKind) -> impl FnMut(&str, &str, &str) -> Result<Meant, (Column, String)> {
    move |entity, property, unit| match (entity, property, unit) {
        ("hall.t", "" | "state", "" | "°C" | "°F") => Ok(Meant {
            entity: NodeId(1),
            property: Property::State,
            kind: kind.clone(),
            convert: (unit == "°F").then_some((5.0 / 9.0, -160.0 / 9.0)),
            gone_before: Some(Timestamp(1_000_000)),
        }),
        ("hall.t", "" | "state", _) => Err((Column::Unit, "write °C, °F".to_owned())),
        ("hall.t", ..) => Err((Column::Property, "there are state".to_owned())),
        _ => Err((Column::Entity, format!("nothing is called `{entity}`"))),
    }
}

fn taken(text: &str, kind: ValueKind) -> Result<Vec<Series>, String> {
    let given = Given { entity: Some("hall.t".to_owned()), ..Given::default() };
    read("t.csv", text, &given, NOW, meant(kind)).map_err(|e| e.to_string())
}

#[test]
fn what_is_written_is_read_as_it_was() {
    let numbers = [0.1, -0.0, 1.0 / 3.0, 1e300, 5e-324, 21.0].map(|n| Some(Value::Number(n)));
    let bools = [Some(true.into()), Some(false.into()), None];
    let texts = ["a, \"b\"\r\nc", "=1+1", " x ", "21.5"].map(|t| Some(Value::text(t)));
    for (kind, values) in
        [(NUMBER, &numbers[..]), (ValueKind::Bool, &bools[..]), (ValueKind::Text, &texts[..])]
    {
        let at = |n: usize| Timestamp(1_700_000_000_000_000 + n as i64 * 500_001);
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, false).unwrap();
        writer.series("hall.t", "state", "°C");
        let samples: Vec<_> = values.iter().enumerate().map(|(n, v)| (at(n), v.clone())).collect();
        for (at, value) in &samples {
            writer.sample(&Sample { id: Default::default(), at: *at, value: value.clone() }).unwrap();
        }
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("time,entity,property,unit,value\r\n2023-11-14T22:13:20Z,hall.t,state,°C,"));
        let read = taken(&text, kind).unwrap();
        assert_eq!(read, [Series { entity: NodeId(1), property: Property::State, samples }]);
    }
}

#[test]
fn a_plain_file_in_any_order_is_read_in_its_own_unit() {
    let text = "\u{feff}Value,Time,unit\n212, 2020-01-02T00:00:00+01:00 ,°F\n,2020-01-01T00:00:00.5Z,\n0,2020-01-01T00:00:00Z,\n";
    let read = taken(text, NUMBER).unwrap();
    let [Series { samples, .. }] = read.as_slice() else { panic!("{read:?}") };
    let values: Vec<_> = samples.iter().map(|(_, v)| v.as_ref().and_then(Value::as_number)).collect();
    assert_eq!(values[..2], [Some(0.0), None]);
    assert!((values[2].unwrap() - 100.0).abs() < 1e-9, "{values:?}");
    assert_eq!(samples[0].0, Timestamp(1_577_836_800_000_000));
}

#[test]
fn the_wrong_row_is_named_with_its_place_and_what_is_allowed() {
    let good = "2020-01-01T00:00:00Z,1\n";
    for (text, words) in [
        ("time,value\nnoon,1\n", "t.csv:2:1 (column `time`): \"noon\" is no instant: write RFC 3339"),
        (
            "time,value\n2100-01-01T00:00:00Z,1\n",
            "t.csv:2:1 (column `time`): 2100-01-01T00:00:00Z is in the future",
        ),
        ("time,value\n1960-01-01T00:00:00Z,1\n", "is before 1970-01-01"),
        (
            "time,value\n1970-01-01T00:00:00Z,1\n",
            "only roll-ups are kept of the time before 1970-01-01T00:00:01Z",
        ),
        ("time,value\n2020-01-01T00:00:00.0000001Z,1\n", "finer than a microsecond"),
        (
            "time,value\n2020-01-01T00:00:00Z,warm\n",
            "t.csv:2:2 (column `value`): \"warm\" is no value here: it is a number",
        ),
        ("time,value\n2020-01-01T00:00:00Z,inf\n", "is no value here"),
        (
            "time,value,entity\n2020-01-01T00:00:00Z,1,cellar\n",
            "t.csv:2:3 (column `entity`): nothing is called `cellar`",
        ),
        ("time,value,property\n2020-01-01T00:00:00Z,1,colour\n", "(column `property`): there are state"),
        ("time,value,unit\n2020-01-01T00:00:00Z,1,kg\n", "(column `unit`): write °C, °F"),
        ("time,value\n2020-01-01T00:00:00Z\n", "t.csv:2: the line has 1 columns, and the first one names 2"),
        (
            "time,worth\n",
            "t.csv:1: there is no column `worth`; there are time, entity, property, unit, value",
        ),
        ("time,min,max\n", "the column `min` is of roll-ups"),
        ("time,time,value\n", "the column `time` is there twice"),
        ("", "t.csv:1: the first line names the columns"),
    ] {
        let refused = taken(text, NUMBER).unwrap_err();
        assert!(refused.contains(words), "{text:?}: {refused}");
    }
    let twice = format!("time,value\n{good}2020-01-02T00:00:00Z,1\n2020-01-01T01:00:00+01:00,1\n");
    let refused = taken(&twice, NUMBER).unwrap_err();
    assert!(
        refused.contains("t.csv:4:1 (column `time`): 2020-01-01T00:00:00Z stands in line 2 already"),
        "{refused}"
    );
}

#[test]
fn lines_of_a_quoted_text_count_and_too_many_rows_are_refused() {
    let text = "time,value\n2020-01-01T00:00:00Z,\"two\nlines\"\nnoon,x\n";
    assert!(taken(text, ValueKind::Text).unwrap_err().contains("t.csv:4:1"));
    let mut long = String::from("time,value\n");
    for n in 0..=MOST_ROWS as i64 {
        long.push_str(&format!(
            "{},1\n",
            super::instant_text(Timestamp(1_600_000_000_000_000 + n * 1_000_000))
        ));
    }
    assert!(taken(&long, NUMBER).unwrap_err().contains("these are more than 1000000 rows"));
}
