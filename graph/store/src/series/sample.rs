//! Samples: the values of one property over time, in columns.

use std::collections::BTreeMap;

use heed::RoTxn;
use lares_model::{EventId, NodeId, Property, Timestamp, Value};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    codec::{DecodeError, Kind, Owner},
    core::Core,
    table::Table,
};

/// A reading as it is kept in its series.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    pub id: EventId,
    /// When it was measured, as told.
    pub at: Timestamp,
    /// `None`: its source says that it does not know.
    pub value: Option<Value>,
}

/// A property of an entity.
pub(crate) type Series = (NodeId, Property);

/// Samples by column; ids and instants as distances from the one before.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Columns {
    ids: Vec<u64>,
    at: Vec<i64>,
    values: Values,
}

/// Values of one type take no tag each.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
enum Values {
    Numbers(Vec<f64>),
    Bools(Vec<bool>),
    Mixed(Vec<Option<Value>>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Mixed(Vec::new())
    }
}

impl Columns {
    pub(crate) fn write<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Self {
        let (mut id, mut at) = (0_u64, 0_i64);
        let mut columns = Self { values: values(samples.clone()), ..Self::default() };
        for sample in samples {
            columns.ids.push(sample.id.0.wrapping_sub(id));
            columns.at.push(sample.at.0.wrapping_sub(at));
            (id, at) = (sample.id.0, sample.at.0);
        }
        columns
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn read(self) -> Result<Vec<Sample>, DecodeError> {
        let values: Vec<Option<Value>> = match self.values {
            Values::Numbers(numbers) => numbers.into_iter().map(|n| Some(Value::Number(n))).collect(),
            Values::Bools(bools) => bools.into_iter().map(|b| Some(Value::Bool(b))).collect(),
            Values::Mixed(values) => values,
        };
        if self.ids.len() != self.at.len() || self.ids.len() != values.len() {
            return Err(DecodeError::Content("its columns differ in length".to_owned()));
        }
        let (mut id, mut at) = (0_u64, 0_i64);
        let rows = self.ids.into_iter().zip(self.at).zip(values);
        Ok(rows
            .map(|((id_step, at_step), value)| {
                id = id.wrapping_add(id_step);
                at = at.wrapping_add(at_step);
                Sample { id: EventId(id), at: Timestamp(at), value }
            })
            .collect())
    }
}

fn values<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Values {
    let numbers = samples.clone().map(|s| s.value.as_ref().and_then(Value::as_number)).collect();
    let bools = || samples.clone().map(|s| s.value.as_ref().and_then(Value::as_bool)).collect();
    match (numbers, bools()) {
        (Some(numbers), _) => Values::Numbers(numbers),
        (_, Some(bools)) => Values::Bools(bools),
        _ => Values::Mixed(samples.map(|s| s.value.clone()).collect()),
    }
}

/// The samples of one group, in the order they came.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tail {
    series: Vec<Series>,
    /// For each sample the place of its series above.
    rows: Vec<u32>,
    columns: Columns,
}

impl Tail {
    pub(crate) fn has(&self, series: Series) -> bool {
        self.series.contains(&series)
    }

    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn read(self) -> Result<Vec<(Series, Sample)>, DecodeError> {
        if self.rows.len() != self.columns.len() {
            return Err(DecodeError::Content("its columns differ in length".to_owned()));
        }
        let samples = self.columns.read()?;
        let missing = || DecodeError::Content("a sample belongs to no series".to_owned());
        self.rows
            .into_iter()
            .zip(samples)
            .map(|(row, sample)| self.series.get(row as usize).map(|s| (*s, sample)).ok_or_else(missing))
            .collect()
    }
}

impl Core {
    /// Key of a group's samples; what is somebody's lies apart.
    pub(crate) fn tail_key(seq: u64, owner: Option<Owner>) -> Vec<u8> {
        let mut key = seq.to_be_bytes().to_vec();
        owner.iter().for_each(|owner| key.extend_from_slice(&owner.0.to_be_bytes()));
        key
    }

    /// How many samples lie in the tail.
    pub(crate) fn tail_len(&self, txn: &RoTxn<'_>) -> Result<u64, StoreError> {
        let mut count = 0;
        for entry in self.table(Table::Tail).iter(txn)? {
            let (k, stored) = entry?;
            count += self.decoded::<Tail>(Table::Tail, k, stored, Kind::Tail)?.len() as u64;
        }
        Ok(count)
    }
}

/// Gathers the samples of a group.
#[derive(Default)]
pub(crate) struct TailBuilder {
    places: BTreeMap<Series, u32>,
    series: Vec<Series>,
    rows: Vec<u32>,
    samples: Vec<Sample>,
}

impl TailBuilder {
    pub(crate) fn push(&mut self, series: Series, sample: Sample) {
        let next = self.series.len() as u32;
        let place = *self.places.entry(series).or_insert(next);
        if place == next {
            self.series.push(series);
        }
        self.rows.push(place);
        self.samples.push(sample);
    }

    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn finish(self) -> Tail {
        Tail { series: self.series, rows: self.rows, columns: Columns::write(self.samples.iter()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{append, parse};

    fn sample(n: u64, value: Option<Value>) -> Sample {
        Sample { id: EventId(n), at: Timestamp(1_000_000 - n as i64 * 7), value }
    }

    #[test]
    fn columns_keep_every_value_as_it_was() {
        let kinds: [Vec<Option<Value>>; 5] = [
            vec![],
            vec![Some(1.5.into()), Some((-0.0).into()), Some(f64::MAX.into())],
            vec![Some(true.into()), Some(false.into())],
            vec![Some(true.into()), Some(2.0.into()), None, Some("open".into()), Some(Value::Rgb(1, 2, 3))],
            vec![None, None],
        ];
        for values in kinds {
            let samples: Vec<_> = values.into_iter().zip(5..).map(|(v, n)| sample(n, v)).collect();
            let mut bytes = Vec::new();
            append(&mut bytes, &Columns::write(samples.iter())).unwrap();
            assert_eq!(parse::<Columns>(&bytes).unwrap().read().unwrap(), samples);
            for cut in 0..bytes.len() {
                assert!(parse::<Columns>(&bytes[..cut]).is_err());
            }
        }
    }

    #[test]
    fn a_tail_gives_back_series_and_order() {
        let mut tail = TailBuilder::default();
        let mut all = Vec::new();
        for n in 0..50 {
            let series = (NodeId(n % 3), if n % 2 == 0 { Property::State } else { Property::Battery });
            all.push((series, sample(n, Some((n as f64).into()))));
            tail.push(series, sample(n, Some((n as f64).into())));
        }
        assert_eq!(tail.finish().read().unwrap(), all);
        let broken = Tail { series: vec![], rows: vec![0], columns: Columns::write([&all[0].1].into_iter()) };
        assert!(broken.read().is_err());
    }
}
