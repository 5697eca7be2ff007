//! Buckets of one series in few bytes.

use lares_model::Timestamp;

use super::bits::{BitReader, BitWriter, read_column, write_column};
use super::bucket::Bucket;
use super::pack::{read_numbers, write_numbers};
use crate::codec::DecodeError;

/// Appends buckets of that width.
pub(super) fn pack(out: &mut Vec<u8>, buckets: &[Bucket], width: i64) {
    let mut bits = BitWriter::default();
    // A period has a thousand at most.
    bits.push(buckets.len() as u64, 16);
    let whole = |f: fn(&Bucket) -> i64| buckets.iter().map(f).collect::<Vec<_>>();
    let at: Vec<i64> = buckets.iter().map(|b| b.at.0.div_euclid(width)).collect();
    write_column(&mut bits, &at);
    write_column(&mut bits, &whole(|b| i64::from(b.count)));
    write_column(&mut bits, &whole(|b| b.held));
    let numbers = |f: fn(&Bucket) -> f64| buckets.iter().map(f).collect::<Vec<_>>();
    for column in [numbers(|b| b.min), numbers(|b| b.max), numbers(|b| b.sum)] {
        write_numbers(&mut bits, &column);
    }
    for column in [numbers(|b| b.last), numbers(|b| b.mean), numbers(|b| b.rise)] {
        write_numbers(&mut bits, &column);
    }
    out.extend_from_slice(&bits.finish());
}

pub(super) fn unpack(bytes: &[u8], width: i64) -> Result<Vec<Bucket>, DecodeError> {
    let mut bits = BitReader::new(bytes);
    let n = bits.take(16)? as usize;
    if n == 0 {
        return Ok(Vec::new());
    }
    let at = read_column(&mut bits, n)?;
    let count = read_column(&mut bits, n)?;
    let held = read_column(&mut bits, n)?;
    let mut numbers = || read_numbers(&mut bits, n);
    let (min, max, sum) = (numbers()?, numbers()?, numbers()?);
    let (last, mean, rise) = (numbers()?, numbers()?, numbers()?);
    let whole = at.into_iter().zip(count).zip(held);
    let rest = min.into_iter().zip(max).zip(sum).zip(last).zip(mean).zip(rise);
    Ok(whole
        .zip(rest)
        .map(|(((at, count), held), (((((min, max), sum), last), mean), rise))| Bucket {
            at: Timestamp(at.wrapping_mul(width)),
            count: u32::try_from(count).unwrap_or(u32::MAX),
            min,
            max,
            sum,
            last,
            mean,
            held,
            rise,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::bucket::{MINUTES_5, buckets};
    use super::*;
    use crate::Sample;
    use lares_model::EventId;

    #[test]
    fn buckets_come_back_as_they_were_in_a_dozen_bytes_each() {
        let sample = |n: i64| Sample {
            id: EventId(n as u64),
            at: Timestamp(n * 30_000_000 + n * 7919 % 4000),
            value: Some((f64::from(2100 + (n as i32 % 60 - 30).abs() * 3) / 100.0).into()),
        };
        let samples: Vec<Sample> = (0..2880).map(sample).collect();
        let made = buckets(None, &samples, (0, 288 * MINUTES_5), MINUTES_5);
        assert_eq!(made.len(), 288);
        let mut bytes = Vec::new();
        pack(&mut bytes, &made, MINUTES_5);
        assert_eq!(unpack(&bytes, MINUTES_5).unwrap(), made);
        assert!(bytes.len() < 288 * 12, "{}", bytes.len());
        for cut in 0..bytes.len() {
            assert!(unpack(&bytes[..cut], MINUTES_5).is_err(), "{cut}");
        }
    }
}
