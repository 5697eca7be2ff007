//! Samples of one series in few bytes, and back as they were, to the bit.

use lares_model::{EventId, Timestamp, Value};

use super::bits::{BitReader, BitWriter, LONGEST, read_column, write_column};
use crate::{
    Sample, StoreError,
    codec::{DecodeError, append, parse},
};

/// How the values of a block are kept. On disk: never reuse a number.
const BOOLS: u64 = 0;
const DECIMALS: u64 = 1;
const FLOATS: u64 = 2;
const MIXED: u64 = 3;

/// Decimals of which a device sends at most so many.
const MOST_DECIMALS: u32 = 6;
/// Whole numbers up to here are exact in a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Appends samples, in the order they have.
pub(crate) fn pack(out: &mut Vec<u8>, samples: &[Sample]) -> Result<(), StoreError> {
    if samples.len() >= LONGEST {
        return Err(StoreError::Encode(format!("{} samples in one block", samples.len())));
    }
    let mut bits = BitWriter::default();
    bits.push(samples.len() as u64, 16);
    write_column(&mut bits, &samples.iter().map(|s| s.id.0 as i64).collect::<Vec<_>>());
    write_column(&mut bits, &samples.iter().map(|s| s.at.0).collect::<Vec<_>>());
    let values: Vec<Option<&Value>> = samples.iter().map(|s| s.value.as_ref()).collect();
    write_values(out, bits, &values)
}

pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<Sample>, DecodeError> {
    let mut bits = BitReader::new(bytes);
    let count = bits.take(16)? as usize;
    let ids = read_column(&mut bits, count)?;
    let at = read_column(&mut bits, count)?;
    let values = read_values(bits, count)?;
    let rows = ids.into_iter().zip(at).zip(values);
    Ok(rows.map(|((id, at), value)| Sample { id: EventId(id as u64), at: Timestamp(at), value }).collect())
}

fn write_values(out: &mut Vec<u8>, mut bits: BitWriter, values: &[Option<&Value>]) -> Result<(), StoreError> {
    let known: Vec<&Value> = values.iter().copied().flatten().collect();
    let bools: Option<Vec<bool>> = known.iter().map(|v| v.as_bool()).collect();
    let numbers: Option<Vec<f64>> = known.iter().map(|v| v.as_number()).collect();
    let tell_known = |bits: &mut BitWriter, how: u64| {
        bits.push(how, 3);
        let gaps = known.len() < values.len();
        bits.push(u64::from(gaps), 1);
        if gaps {
            values.iter().for_each(|v| bits.push(u64::from(v.is_some()), 1));
        }
    };
    match (bools, numbers) {
        (Some(bools), _) => {
            tell_known(&mut bits, BOOLS);
            bools.into_iter().for_each(|b| bits.push(u64::from(b), 1));
        }
        (None, Some(numbers)) => match decimals(&numbers) {
            Some((places, whole)) => {
                tell_known(&mut bits, DECIMALS);
                bits.push(u64::from(places), 3);
                write_column(&mut bits, &whole);
            }
            None => {
                tell_known(&mut bits, FLOATS);
                write_floats(&mut bits, &numbers);
            }
        },
        (None, None) => {
            bits.push(MIXED, 3);
            let bytes = bits.finish();
            out.extend_from_slice(&bytes);
            return append(out, values);
        }
    }
    out.extend_from_slice(&bits.finish());
    Ok(())
}

/// Values of mixed types lie at the next whole byte.
fn read_values(mut bits: BitReader<'_>, count: usize) -> Result<Vec<Option<Value>>, DecodeError> {
    let how = bits.take(3)?;
    if how == MIXED {
        let values: Vec<Option<Value>> = parse(bits.rest())?;
        if values.len() != count {
            return Err(DecodeError::Content("its columns differ in length".to_owned()));
        }
        return Ok(values);
    }
    let known: Vec<bool> = match bits.take(1)? {
        0 => vec![true; count],
        _ => (0..count).map(|_| Ok(bits.take(1)? == 1)).collect::<Result<_, DecodeError>>()?,
    };
    let present = known.iter().filter(|k| **k).count();
    let values: Vec<Value> = match how {
        BOOLS => {
            (0..present).map(|_| Ok(Value::Bool(bits.take(1)? == 1))).collect::<Result<_, DecodeError>>()?
        }
        DECIMALS => {
            let scale = power(bits.take(3)? as u32);
            let whole = read_column(&mut bits, present)?;
            whole.into_iter().map(|n| Value::Number(n as f64 / scale)).collect()
        }
        FLOATS => read_floats(&mut bits, present)?.into_iter().map(Value::Number).collect(),
        other => return Err(DecodeError::Content(format!("values are kept in way {other}"))),
    };
    let mut values = values.into_iter();
    Ok(known.into_iter().map(|k| if k { values.next() } else { None }).collect())
}

fn power(places: u32) -> f64 {
    f64::from(10_u32.pow(places.min(9)))
}

/// The fewest decimal places that tell every number to the bit, and the numbers without their point.
pub(super) fn decimals(numbers: &[f64]) -> Option<(u32, Vec<i64>)> {
    let mut places = 0;
    'more: while places <= MOST_DECIMALS {
        let scale = power(places);
        let mut whole = Vec::with_capacity(numbers.len());
        for n in numbers {
            let scaled = (n * scale).round();
            if scaled.abs() >= EXACT || (scaled as i64 as f64 / scale).to_bits() != n.to_bits() {
                places += 1;
                continue 'more;
            }
            whole.push(scaled as i64);
        }
        return Some((places, whole));
    }
    None
}

/// Each number against the one before: the bits that differ, with where they lie (Gorilla, Pelkonen et al. 2015).
fn write_floats(bits: &mut BitWriter, numbers: &[f64]) {
    let mut last = 0_u64;
    for n in numbers {
        let differ = n.to_bits() ^ last;
        last = n.to_bits();
        if differ == 0 {
            bits.push(0, 1);
            continue;
        }
        let (leading, trailing) = (differ.leading_zeros(), differ.trailing_zeros());
        let length = 64 - leading - trailing;
        bits.push(1, 1);
        bits.push(u64::from(leading), 6);
        bits.push(u64::from(length - 1), 6);
        bits.push(differ >> trailing, length);
    }
}

fn read_floats(bits: &mut BitReader<'_>, count: usize) -> Result<Vec<f64>, DecodeError> {
    let mut last = 0_u64;
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        if bits.take(1)? == 1 {
            let leading = bits.take(6)? as u32;
            let length = bits.take(6)? as u32 + 1;
            let trailing = 64_u32.checked_sub(leading + length);
            let trailing =
                trailing.ok_or_else(|| DecodeError::Content("a float of too many bits".to_owned()))?;
            last ^= bits.take(length)? << trailing;
        }
        numbers.push(f64::from_bits(last));
    }
    Ok(numbers)
}

/// Numbers in the shorter of the two ways, with which it is.
pub(super) fn write_numbers(bits: &mut BitWriter, numbers: &[f64]) {
    match decimals(numbers) {
        Some((places, whole)) => {
            bits.push(DECIMALS, 3);
            bits.push(u64::from(places), 3);
            write_column(bits, &whole);
        }
        None => {
            bits.push(FLOATS, 3);
            write_floats(bits, numbers);
        }
    }
}

pub(super) fn read_numbers(bits: &mut BitReader<'_>, count: usize) -> Result<Vec<f64>, DecodeError> {
    match bits.take(3)? {
        DECIMALS => {
            let scale = power(bits.take(3)? as u32);
            Ok(read_column(bits, count)?.into_iter().map(|n| n as f64 / scale).collect())
        }
        FLOATS => read_floats(bits, count),
        other => Err(DecodeError::Content(format!("numbers are kept in way {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(values: Vec<Option<Value>>) -> usize {
        let row = |(value, n): (Option<Value>, i64)| Sample {
            id: EventId(40 + 300 * n as u64),
            at: Timestamp(1_700_000_000_000_000 + n * 30_000_000 + (n * 7919) % 4000),
            value,
        };
        let samples: Vec<Sample> = values.into_iter().zip(0..).map(row).collect();
        let mut bytes = Vec::new();
        pack(&mut bytes, &samples).unwrap();
        assert_eq!(unpack(&bytes).unwrap(), samples);
        for cut in 0..bytes.len() {
            assert!(unpack(&bytes[..cut]).is_err(), "cut at {cut} of {}", bytes.len());
        }
        bytes.len()
    }

    #[test]
    fn every_kind_of_value_comes_back_to_the_bit() {
        through(vec![
            Some(1.5.into()),
            Some((-0.0).into()),
            Some(f64::MAX.into()),
            Some(f64::MIN_POSITIVE.into()),
        ]);
        through(vec![Some(true.into()), None, Some(false.into())]);
        through(vec![
            Some(true.into()),
            Some(2.0.into()),
            None,
            Some("open".into()),
            Some(Value::Rgb(1, 2, 3)),
        ]);
        through(vec![None, None]);
        through(vec![Some(21.53.into()), None, Some(21.5.into()), Some((-3.0).into())]);
        through((0..300).map(|n| Some((f64::from(n) / 7.0).into())).collect());
        assert_eq!(unpack(&[0, 0, 0]), Ok(vec![]));
    }

    #[test]
    fn a_thermometer_takes_less_than_three_bytes_a_sample() {
        let values = (0..1000_i32).map(|n| Some((f64::from(2100 + (n % 60 - 30).abs() * 3) / 100.0).into()));
        let bytes = through(values.collect());
        assert!(bytes < 3000, "{bytes}");
    }
}
