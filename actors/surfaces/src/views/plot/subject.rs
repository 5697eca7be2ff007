//! A property of an entity, read as it is drawn: as samples, as spans, or as what they come to.

use std::time::Duration;

use lares_graph::{RolledBucket, Sample};
use lares_model::{NodeId, Property, Timestamp, Value};

use super::silence::{Span, counts_until, without};
use super::steps::{BAR, fitting};
use super::{PlotKind, PlotPoint, PlotSpan, PlotStep};
use crate::views::series::buckets;
use crate::views::{Moment, ReadError, Source, Telling, value_json};

/// In a longer span a number's samples are not even counted: roll-ups tell it.
const SAMPLED: Duration = Duration::from_secs(2 * 86_400);
/// So many spans are never too dense to be drawn one by one.
const FEW: usize = 50;

/// What is needed of an entity's property to draw it.
pub(super) struct Subject<'a> {
    pub source: &'a dyn Source,
    pub told: &'a Telling,
    pub entity: NodeId,
    pub property: Property,
    pub span: Span,
    pub kind: PlotKind,
    pub held: bool,
    /// How long a value counts that nothing renews; none: until the next.
    pub counts: Option<Duration>,
    /// When it could not be reached.
    pub gone: Vec<Span>,
}

/// What is drawn, and when anything was known.
#[derive(Default)]
pub(super) struct Drawing {
    pub step_s: Option<u64>,
    pub points: Vec<PlotPoint>,
    pub spans: Vec<PlotSpan>,
    pub known: Vec<Span>,
}

impl Drawing {
    /// Whether most spans would be narrower than a point has room.
    fn is_dense(&self, length: Duration, points: usize) -> bool {
        let known: Duration = self.known.iter().map(|(from, to)| to.since(*from)).sum();
        let each = |whole: Duration, parts: usize| whole.as_secs_f64() / parts.max(1) as f64;
        self.spans.len() > FEW && each(known, self.spans.len()) < each(length, points)
    }

    /// What was known from one instant to another; what adjoins is one.
    fn know(&mut self, (from, to): Span) {
        match self.known.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => self.known.push((from, to)),
        }
    }
}

impl Subject<'_> {
    pub fn draw(&self, step: PlotStep) -> Result<Drawing, ReadError> {
        let length = self.span.1.since(self.span.0);
        match self.kind {
            PlotKind::Moments => self.moments(),
            PlotKind::States => {
                let drawing = self.states()?;
                let gone = self.source.samples_gone_before(self.entity, self.property)?;
                let is_whole = gone.is_none_or(|gone| gone <= self.span.0);
                let yes_no = drawing.spans.iter().all(|s| s.value.is_boolean());
                match step {
                    PlotStep::Width(width) if yes_no => self.rolled(width),
                    PlotStep::Points(points) if yes_no && (!is_whole || drawing.is_dense(length, points)) => {
                        self.rolled(fitting(length, points / BAR))
                    }
                    _ => Ok(drawing),
                }
            }
            PlotKind::Counter => match step {
                PlotStep::Sample => self.sampled(),
                PlotStep::Width(width) => self.rolled(width),
                PlotStep::Points(points) => self.rolled(fitting(length, points / BAR)),
            },
            PlotKind::Number => match step {
                PlotStep::Sample => self.sampled(),
                PlotStep::Width(width) => self.rolled(width),
                PlotStep::Points(points) => {
                    let fine = (self.held || length <= SAMPLED).then(|| self.sampled()).transpose()?;
                    match fine.filter(|drawing| drawing.points.len() <= points) {
                        Some(drawing) => Ok(drawing),
                        None => self.rolled(fitting(length, points)),
                    }
                }
            },
        }
    }

    /// Each value with when it counted, cut to the span: the one from before it, too.
    fn values(&self) -> Result<Vec<(Sample, Vec<Span>)>, ReadError> {
        let (from, to) = self.span;
        let before = self.source.sample_at(self.entity, self.property, from - Duration::from_micros(1))?;
        let inside = self.source.samples(self.entity, self.property, self.span)?;
        let all: Vec<Sample> = before.into_iter().chain(inside).collect();
        let ends: Vec<Timestamp> = all.iter().skip(1).map(|s| s.at).chain([to]).collect();
        let counted = |(sample, next): (Sample, Timestamp)| {
            let span = (sample.at.max(from), counts_until(sample.at, next, self.counts));
            let known = sample.value.is_some() && span.0 < span.1;
            let counts = if known { without(span, &self.gone) } else { Vec::new() };
            (sample, counts)
        };
        Ok(all.into_iter().zip(ends).map(counted).collect())
    }

    fn sampled(&self) -> Result<Drawing, ReadError> {
        let mut drawing = Drawing::default();
        for (sample, counts) in self.values()? {
            let Some(value) = sample.value.as_ref().and_then(Value::as_number) else { continue };
            // What was so when the span began is its first point.
            let at = if sample.at < self.span.0 { counts.first().map(|s| s.0) } else { Some(sample.at) };
            drawing.points.extend(at.map(|at| PlotPoint {
                at: Moment(at),
                width_s: None,
                count: 1,
                min: value,
                mean: value,
                max: value,
                average: value,
                last: value,
                rise: 0.0,
            }));
            counts.into_iter().for_each(|span| drawing.know(span));
        }
        Ok(drawing)
    }

    fn states(&self) -> Result<Drawing, ReadError> {
        let mut drawing = Drawing::default();
        for (sample, counts) in self.values()? {
            let value = value_json(sample.value.as_ref());
            for (from, to) in counts {
                drawing.know((from, to));
                match drawing.spans.last_mut() {
                    Some(last) if last.value == value && last.to.0 == from => last.to = Moment(to),
                    _ => drawing.spans.push(PlotSpan {
                        from: Moment(from),
                        to: Moment(to),
                        value: value.clone(),
                    }),
                }
            }
        }
        Ok(drawing)
    }

    /// Nothing is known between them, and nothing is missing.
    fn moments(&self) -> Result<Drawing, ReadError> {
        let samples = self.source.samples(self.entity, self.property, self.span)?;
        let happened = samples.into_iter().filter(|s| s.value.is_some());
        let span = |s: Sample| {
            let value = value_json(s.value.as_ref());
            PlotSpan { from: Moment(s.at), to: Moment(s.at), value }
        };
        Ok(Drawing { spans: happened.map(span).collect(), known: vec![self.span], ..Drawing::default() })
    }

    fn rolled(&self, width: Duration) -> Result<Drawing, ReadError> {
        let mut drawing = Drawing { step_s: Some(width.as_secs()), ..Drawing::default() };
        let mut heard: Option<Timestamp> = None;
        for RolledBucket { width, bucket } in
            buckets(self.source, self.told, (self.entity, self.property), self.span, width)?
        {
            let end = Timestamp(bucket.at.0.saturating_add(width));
            if bucket.count > 0 {
                heard = Some(end);
            } else {
                // What is only held does not count longer than the value does, nor while it cannot be reached.
                let old = heard.zip(self.counts).is_some_and(|(heard, counts)| heard + counts <= bucket.at);
                if old || without((bucket.at, end), &self.gone).is_empty() {
                    continue;
                }
            }
            drawing.know((bucket.at, end));
            drawing.points.push(PlotPoint {
                at: Moment(bucket.at),
                width_s: u64::try_from(width / 1_000_000).ok(),
                count: bucket.count,
                min: bucket.min,
                mean: bucket.mean_of_samples(),
                max: bucket.max,
                average: bucket.mean,
                last: bucket.last,
                rise: bucket.rise,
            });
        }
        Ok(drawing)
    }
}
