//! What is left of the samples of a while: smallest, largest, mean, and how a counter rose. Pure.

use lares_model::{Timestamp, Value};

use crate::Sample;

pub(crate) const MINUTES_5: i64 = 300_000_000;
pub(crate) const HOUR: i64 = 3_600_000_000;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A value counts as what is so until the next one comes, but no longer than this: silence is not a value.
const HELD: i64 = DAY;
/// A counter that falls by less than this share has wavered; by more, it was set back and counts from nothing.
const WAVER: f64 = 0.9;
/// Means are kept to so many decimals more than the values have.
const MORE_DECIMALS: i32 = 3;

/// Numbers and switches (off 0, on 1) of one property over a while. Empty of samples, it may still tell what was held.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bucket {
    /// It begins here.
    pub at: Timestamp,
    pub count: u32,
    /// Of the samples; with none, of the value that was held.
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    /// The last known value in it.
    pub last: f64,
    /// Mean over time: each value counts as long as it was so.
    pub mean: f64,
    /// Microseconds over which that is known.
    pub held: i64,
    /// By how much a counter rose; being set back is no fall.
    pub rise: f64,
}

impl Bucket {
    /// Mean of the samples as they came; of what was held if there were none.
    pub fn mean_of_samples(&self) -> f64 {
        if self.count == 0 { self.last } else { self.sum / f64::from(self.count) }
    }

    /// Takes in what comes after it.
    pub fn extend(&mut self, later: &Self) {
        let held = self.held + later.held;
        if held > 0 {
            let weight = |b: &Self| b.mean * (b.held as f64 / held as f64);
            self.mean = weight(self) + weight(later);
        } else {
            self.mean = later.mean;
        }
        self.count = self.count.saturating_add(later.count);
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.sum += later.sum;
        self.last = later.last;
        self.held = held;
        self.rise += later.rise;
    }
}

/// Buckets of this width that are put together; each begins at a multiple of it.
pub(crate) fn widen(buckets: impl IntoIterator<Item = Bucket>, width: i64) -> Vec<Bucket> {
    let mut wide: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        let at = Timestamp(floor(bucket.at.0, width));
        match wide.last_mut() {
            Some(last) if last.at == at => last.extend(&bucket),
            _ => wide.push(Bucket { at, ..bucket }),
        }
    }
    wide
}

pub(crate) fn floor(at: i64, width: i64) -> i64 {
    at.saturating_sub(at.rem_euclid(width))
}

/// What is known before the first sample: the one before it, and the highest state of the counter.
#[derive(Clone, Copy, Debug)]
struct Known {
    value: f64,
    at: i64,
    /// A counter's highest since it was set back.
    high: f64,
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => Some(*n),
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Text(_) | Value::Rgb(..) => None,
    }
}

/// The buckets of `width` from one instant, a multiple of it, to another (not included). `before` is the last
/// sample before `from`. `samples` come by instant. Texts and colors have none.
pub(crate) fn buckets(
    before: Option<&Sample>,
    samples: &[Sample],
    (from, to): (i64, i64),
    width: i64,
) -> Vec<Bucket> {
    let mut maker = Maker { known: None, open: None, done: Vec::new(), width };
    if let Some(sample) = before
        && let Some(value) = sample.value.as_ref().and_then(number)
    {
        maker.known = Some(Known { value, at: sample.at.0, high: value });
    }
    let mut reached = from;
    for sample in samples.iter().filter(|s| s.at.0 >= from && s.at.0 < to) {
        maker.hold(reached, sample.at.0);
        reached = sample.at.0;
        match sample.value.as_ref().map(number) {
            Some(Some(value)) => maker.sample(value, sample.at.0),
            // It is not known from here on.
            None => maker.known = None,
            Some(None) => {}
        }
    }
    maker.hold(reached, to);
    maker.end();
    let scale = scale(samples);
    maker.done.iter_mut().for_each(|b| b.mean = round(b.mean, scale));
    maker.done
}

/// Ten to the decimals that means are kept to: values of devices have few, and means need not have sixteen.
fn scale(samples: &[Sample]) -> Option<f64> {
    let numbers: Vec<f64> = samples.iter().filter_map(|s| s.value.as_ref().and_then(number)).collect();
    let (places, _) = super::pack::decimals(&numbers)?;
    Some(10_f64.powi(places as i32 + MORE_DECIMALS))
}

fn round(n: f64, scale: Option<f64>) -> f64 {
    match scale {
        Some(scale) if (n * scale).abs() < 1e15 => (n * scale).round() / scale,
        _ => n,
    }
}

struct Maker {
    known: Option<Known>,
    open: Option<Bucket>,
    done: Vec<Bucket>,
    width: i64,
}

impl Maker {
    /// The bucket of an instant; the one before it is done.
    fn bucket(&mut self, at: i64, value: f64) -> &mut Bucket {
        let start = Timestamp(floor(at, self.width));
        if self.open.is_some_and(|b| b.at != start) {
            self.end();
        }
        self.open.get_or_insert(Bucket {
            at: start,
            count: 0,
            min: value,
            max: value,
            sum: 0.0,
            last: value,
            mean: 0.0,
            held: 0,
            rise: 0.0,
        })
    }

    /// What is known was so from one instant to another.
    fn hold(&mut self, from: i64, to: i64) {
        let Some(Known { value, at, .. }) = self.known else { return };
        let to = to.min(at.saturating_add(HELD));
        let mut from = from.max(at);
        while from < to {
            let end = floor(from, self.width).saturating_add(self.width).min(to);
            let bucket = self.bucket(from, value);
            // The sum of value times time; it is divided when the bucket is done.
            bucket.mean += value * (end - from) as f64;
            bucket.held += end - from;
            bucket.min = bucket.min.min(value);
            bucket.max = bucket.max.max(value);
            from = end;
        }
    }

    fn sample(&mut self, value: f64, at: i64) {
        let (rise, high) = match self.known {
            None => (0.0, value),
            Some(Known { high, .. }) if value >= high => (value - high, value),
            // Being set back shows as a fall by much: it counted from nothing since.
            Some(Known { high, .. }) if value < high * WAVER => (value.max(0.0), value),
            Some(Known { high, .. }) => (0.0, high),
        };
        let first =
            self.open.is_none_or(|b| b.at.0 != floor(at, self.width) || (b.count == 0 && b.held == 0));
        let bucket = self.bucket(at, value);
        if first {
            (bucket.min, bucket.max) = (value, value);
        }
        bucket.count += 1;
        bucket.min = bucket.min.min(value);
        bucket.max = bucket.max.max(value);
        bucket.sum += value;
        bucket.last = value;
        bucket.rise += rise;
        self.known = Some(Known { value, at, high });
    }

    fn end(&mut self) {
        if let Some(mut bucket) = self.open.take() {
            if bucket.held > 0 {
                bucket.mean /= bucket.held as f64;
            } else {
                bucket.mean = bucket.mean_of_samples();
            }
            self.done.push(bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use lares_model::EventId;

    use super::*;

    fn sample(at: i64, value: impl Into<Option<f64>>) -> Sample {
        let value: Option<f64> = value.into();
        Sample { id: EventId(at as u64), at: Timestamp(at), value: value.map(Value::Number) }
    }

    #[test]
    fn means_count_time_or_samples() {
        let m = 60_000_000;
        let samples = [sample(m, 10.0), sample(4 * m, 20.0), sample(6 * m, 40.0)];
        let made = buckets(None, &samples, (0, 10 * m), 5 * m);
        assert_eq!(made.len(), 2);
        let (a, b) = (made[0], made[1]);
        assert_eq!((a.at.0, a.count, a.min, a.max, a.sum, a.last), (0, 2, 10.0, 20.0, 30.0, 20.0));
        assert_eq!((a.held, a.mean, a.mean_of_samples()), (4 * m, 12.5, 15.0));
        // From 5 to 6 the 20 of before was so.
        assert_eq!((b.held, b.mean, b.min, b.max), (5 * m, 36.0, 20.0, 40.0));
        let whole = widen(made, 10 * m);
        assert_eq!(whole.len(), 1);
        assert_eq!((whole[0].count, whole[0].min, whole[0].max, whole[0].held), (3, 10.0, 40.0, 9 * m));
        assert!((whole[0].mean - (12.5 * 4.0 + 36.0 * 5.0) / 9.0).abs() < 1e-9);
        assert_eq!(buckets(None, &samples, (0, 10 * m), 10 * m)[0].rise, whole[0].rise);
    }

    #[test]
    fn what_was_before_is_held_for_a_day_and_unknown_is_not_held() {
        let before = sample(-HOUR, 5.0);
        let made = buckets(Some(&before), &[], (0, 2 * DAY), HOUR);
        assert_eq!(made.len(), 23, "a day from the sample on, of which an hour is gone");
        assert!(made.iter().all(|b| b.count == 0 && b.mean == 5.0 && b.held == HOUR));
        let made = buckets(Some(&before), &[sample(HOUR, None)], (0, DAY), HOUR);
        assert_eq!(made.len(), 1);
    }

    #[test]
    fn a_counter_rises_over_resets_and_wavering() {
        let steps = [100.0, 110.0, 109.5, 111.0, 3.0, 5.0, 0.0, 2.0];
        let samples: Vec<_> = steps.iter().zip(0..).map(|(v, n)| sample(n * 1_000_000, *v)).collect();
        let made = buckets(None, &samples, (0, MINUTES_5), MINUTES_5);
        assert_eq!(made[0].rise, 11.0 + 3.0 + 2.0 + 0.0 + 2.0);
        let before = sample(-1_000_000, 90.0);
        assert_eq!(buckets(Some(&before), &samples, (0, MINUTES_5), MINUTES_5)[0].rise, 28.0);
    }

    #[test]
    fn switches_tell_the_share_of_time_they_were_on() {
        let on = |at: i64, on: bool| Sample { value: Some(on.into()), ..sample(at, 0.0) };
        let made = buckets(None, &[on(0, true), on(60_000_000, false)], (0, MINUTES_5), MINUTES_5);
        assert_eq!((made[0].mean, made[0].max, made[0].last), (0.2, 1.0, 0.0));
        let text = Sample { value: Some("open".into()), ..sample(0, 0.0) };
        assert!(buckets(None, &[text], (0, DAY), HOUR).is_empty());
    }
}
