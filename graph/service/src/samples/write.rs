//! Writing rows.

use std::io::Write;

use lares_store::Bucket;

use super::value::{instant_text, value_text};
use super::{COLUMNS, ROLLED};
use crate::Sample;

/// A roll-up and how long it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RolledRow<'a> {
    pub bucket: &'a Bucket,
    pub width_s: u64,
}

/// Writes rows of series, one series after the other.
pub struct Writer<W: Write> {
    out: csv::Writer<W>,
    series: [String; 3],
}

impl<W: Write> Writer<W> {
    /// Begins with the names of the columns: of samples, or of roll-ups.
    pub fn new(out: W, rolled: bool) -> Result<Self, csv::Error> {
        // Lines end as RFC 4180 says.
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        if rolled {
            out.write_record(ROLLED.iter().chain(&["rise"]))?;
        } else {
            out.write_record(COLUMNS)?;
        }
        Ok(Self { out, series: Default::default() })
    }

    /// The rows that follow are of this series.
    pub fn series(&mut self, entity: &str, property: &str, unit: &str) {
        self.series = [entity, property, unit].map(str::to_owned);
    }

    pub fn sample(&mut self, sample: &Sample) -> Result<(), csv::Error> {
        let [entity, property, unit] = &self.series;
        let (at, value) = (instant_text(sample.at), value_text(sample.value.as_ref()));
        self.out.write_record([&at, entity, property, unit, &value])
    }

    pub fn rolled(&mut self, RolledRow { bucket: b, width_s }: RolledRow<'_>) -> Result<(), csv::Error> {
        let [entity, property, unit] = &self.series;
        let numbers =
            [b.min, b.mean_of_samples(), b.max, b.sum, b.mean, b.last, b.rise].map(|n| n.to_string());
        let (at, width, count) = (instant_text(b.at), width_s.to_string(), b.count.to_string());
        let first = [&at, &width, entity, property, unit, &count];
        self.out.write_record(first.into_iter().chain(&numbers))
    }

    /// All is handed on.
    pub fn finish(mut self) -> Result<(), csv::Error> {
        self.out.flush().map_err(csv::Error::from)
    }
}
