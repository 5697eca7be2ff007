//! Bits in a row, and columns of whole numbers in few of them.
//!
//! A column is its first number, its usual step and what each step is off that, Rice-coded (Rice 1979): the parameter is
//! the one that makes it shortest. Readings that come at an even pace and change little take a few bits each.

use crate::codec::DecodeError;

/// So many ones say that 64 bits follow as they are: a jump must not cost its size in ones.
const ESCAPE: u64 = 24;
/// No column is longer than this: garbage must not ask for memory.
pub(super) const LONGEST: usize = 1 << 16;

#[derive(Default)]
pub(super) struct BitWriter {
    pub bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the low end.
    open: u64,
    have: u32,
}

impl BitWriter {
    pub fn push(&mut self, bits: u64, count: u32) {
        if count > 32 {
            self.push(bits >> 32, count - 32);
            return self.push(bits & 0xffff_ffff, 32);
        }
        if count == 0 {
            return;
        }
        self.open = (self.open << count) | (bits & (u64::MAX >> (64 - count)));
        self.have += count;
        while self.have >= 8 {
            self.have -= 8;
            self.bytes.push((self.open >> self.have) as u8);
        }
        self.open &= (1 << self.have) - 1;
    }

    pub fn finish(mut self) -> Vec<u8> {
        if self.have > 0 {
            self.push(0, 8 - self.have);
        }
        self.bytes
    }
}

pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// The next of `bytes` to be taken.
    next: usize,
    /// Bits that were taken already and are not read yet, in the high end.
    open: u64,
    have: u32,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0, open: 0, have: 0 }
    }

    /// As many whole bytes as there is room for: at least 57 bits are open, or all there are.
    #[inline]
    fn fill(&mut self) {
        let rest = self.bytes.get(self.next..).unwrap_or_default();
        if let Some(eight) = rest.first_chunk::<8>() {
            // What does not fit whole lies below the bits that count, where the next filling lays the same.
            self.open |= u64::from_be_bytes(*eight) >> self.have;
            let whole = (63 - self.have) / 8;
            self.next += whole as usize;
            self.have += whole * 8;
            return;
        }
        for byte in rest.iter().take((64 - self.have as usize) / 8) {
            self.have += 8;
            self.open |= u64::from(*byte) << (64 - self.have);
            self.next += 1;
        }
    }

    #[inline]
    pub fn take(&mut self, count: u32) -> Result<u64, DecodeError> {
        if count > 32 {
            let high = self.take(count - 32)?;
            return Ok((high << 32) | self.take(32)?);
        }
        if self.have < count {
            self.fill();
            if self.have < count {
                return Err(DecodeError::Short);
            }
        }
        // By two steps: a word cannot be shifted by all its bits.
        let taken = self.open >> 1 >> (63 - count);
        self.open <<= count;
        self.have -= count;
        Ok(taken)
    }

    /// The bytes behind the one that is being read.
    pub fn rest(&self) -> &'a [u8] {
        let open = (self.have / 8) as usize;
        self.bytes.get(self.next.saturating_sub(open)..).unwrap_or_default()
    }

    /// Ones up to the next zero, or [`ESCAPE`] of them.
    #[inline]
    fn ones(&mut self) -> Result<u64, DecodeError> {
        if self.have <= ESCAPE as u32 {
            self.fill();
        }
        let ones = (!self.open).leading_zeros().min(self.have);
        let ones = ones.min(ESCAPE as u32);
        if ones < ESCAPE as u32 && ones == self.have {
            return Err(DecodeError::Short);
        }
        let read = if ones < ESCAPE as u32 { ones + 1 } else { ones };
        self.open <<= read;
        self.have -= read;
        Ok(u64::from(ones))
    }
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn unzigzag(n: u64) -> i64 {
    ((n >> 1) as i64) ^ -((n & 1) as i64)
}

/// Appends a column.
pub(super) fn write_column(out: &mut BitWriter, numbers: &[i64]) {
    let Some(first) = numbers.first() else { return };
    let steps: Vec<i64> = numbers.windows(2).map(step).collect();
    let mut sorted = steps.clone();
    let middle = sorted.len() / 2;
    let usual = if sorted.is_empty() { 0 } else { *sorted.select_nth_unstable(middle).1 };
    let off: Vec<u64> = steps.iter().map(|s| zigzag(s.wrapping_sub(usual))).collect();
    let rice = parameter(&off);
    out.push(*first as u64, 64);
    write_number(out, zigzag(usual));
    out.push(u64::from(rice), 6);
    for n in off {
        let high = n >> rice;
        if high < ESCAPE {
            // Ones for the high part, a zero, then the low part.
            out.push(((1 << high) - 1) << 1, high as u32 + 1);
            out.push(n, rice);
        } else {
            out.push((1 << ESCAPE) - 1, ESCAPE as u32);
            out.push(n, 64);
        }
    }
}

fn step(pair: &[i64]) -> i64 {
    match pair {
        [a, b] => b.wrapping_sub(*a),
        _ => 0,
    }
}

/// The Rice parameter that makes these shortest, told from how many there are of each length.
fn parameter(numbers: &[u64]) -> u32 {
    let mut lengths = [0_u64; 65];
    for n in numbers {
        if let Some(count) = lengths.get_mut((64 - n.leading_zeros()) as usize) {
            *count += 1;
        }
    }
    let there: Vec<(u32, u64)> = (0..).zip(lengths).filter(|(_, count)| *count > 0).collect();
    let cost = |rice: u32| {
        let each = |(length, count): &(u32, u64)| {
            // A number of that length is about three quarters of the next power of two.
            let high = if *length > 60 { ESCAPE } else { (3_u64 << length) >> 2 >> rice };
            let bits = if high < ESCAPE { high + 1 + u64::from(rice) } else { ESCAPE + 64 };
            count * bits
        };
        there.iter().map(each).sum::<u64>()
    };
    (0..=40).min_by_key(|rice| cost(*rice)).unwrap_or(0)
}

/// A number of any size: how many bits, then they.
fn write_number(out: &mut BitWriter, n: u64) {
    let bits = 64 - n.leading_zeros();
    out.push(u64::from(bits), 7);
    out.push(n, bits);
}

/// Reads a column of `count` numbers.
pub(super) fn read_column(from: &mut BitReader<'_>, count: usize) -> Result<Vec<i64>, DecodeError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > LONGEST {
        return Err(DecodeError::Content(format!("a column of {count} numbers")));
    }
    let mut last = from.take(64)? as i64;
    let bits = from.take(7)? as u32;
    if bits > 64 {
        return Err(DecodeError::Content(format!("a number of {bits} bits")));
    }
    let usual = unzigzag(from.take(bits)?);
    let rice = from.take(6)? as u32;
    let mut numbers = Vec::with_capacity(count);
    numbers.push(last);
    while numbers.len() < count {
        let high = from.ones()?;
        let off = if high == ESCAPE { from.take(64)? } else { (high << rice) | from.take(rice)? };
        last = last.wrapping_add(usual).wrapping_add(unzigzag(off));
        numbers.push(last);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(numbers: &[i64]) -> usize {
        let mut out = BitWriter::default();
        out.push(1, 3);
        write_column(&mut out, numbers);
        out.push(5, 3);
        let bytes = out.finish();
        let mut from = BitReader::new(&bytes);
        assert_eq!(from.take(3), Ok(1));
        assert_eq!(read_column(&mut from, numbers.len()).unwrap(), numbers);
        assert_eq!(from.take(3), Ok(5));
        for cut in 0..bytes.len().saturating_sub(1) {
            assert!(
                read_column(&mut BitReader::new(&bytes[..cut]), numbers.len()).is_err() || numbers.is_empty()
            );
        }
        bytes.len()
    }

    #[test]
    fn columns_come_back_as_they_were() {
        through(&[]);
        through(&[7]);
        through(&[i64::MIN, i64::MAX, 0, -1, 1, i64::MIN]);
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 16) as i64
        };
        for width in [1, 8, 20, 33, 47] {
            let numbers: Vec<i64> = (0..500).map(|n| n * 30_000_000 + random() % (1 << width)).collect();
            through(&numbers);
        }
    }

    #[test]
    fn an_even_pace_costs_a_bit_a_number_and_a_jump_costs_no_more_than_itself() {
        let even: Vec<i64> = (0..1000).map(|n| n * 30_000_000).collect();
        assert!(through(&even) < 150);
        let mut jumped = even;
        jumped.iter_mut().skip(500).for_each(|n| *n += 1 << 50);
        assert!(through(&jumped) < 165);
    }
}
