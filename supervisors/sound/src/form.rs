//! From the samples of a device to those of a satellite and back: one channel of 16 bits. Pure.

use cpal::{Data, FromSample, Sample, SampleFormat, SizedSample};

/// All channels as one; nothing: of a format that is not read.
pub fn heard(data: &Data, channels: usize) -> Option<Vec<i16>> {
    match data.sample_format() {
        SampleFormat::I8 => of::<i8>(data, channels),
        SampleFormat::U8 => of::<u8>(data, channels),
        SampleFormat::I16 => of::<i16>(data, channels),
        SampleFormat::U16 => of::<u16>(data, channels),
        SampleFormat::I32 => of::<i32>(data, channels),
        SampleFormat::U32 => of::<u32>(data, channels),
        SampleFormat::F32 => of::<f32>(data, channels),
        SampleFormat::F64 => of::<f64>(data, channels),
        _ => None,
    }
}

fn of<T: SizedSample>(data: &Data, channels: usize) -> Option<Vec<i16>>
where
    i16: FromSample<T>,
{
    Some(mixed(data.as_slice::<T>()?, channels))
}

/// The mean of each frame's channels.
fn mixed<T: Sample>(samples: &[T], channels: usize) -> Vec<i16>
where
    i16: FromSample<T>,
{
    let channels = channels.max(1);
    let mean = |frame: &[T]| {
        let sum: i32 = frame.iter().map(|s| i32::from(i16::from_sample(*s))).sum();
        (sum / channels as i32) as i16
    };
    samples.chunks_exact(channels).map(mean).collect()
}

/// Fills a device's buffer with the next samples, each on all channels. False: of a format that is not written.
pub fn fill(data: &mut Data, channels: usize, next: impl FnMut() -> i16) -> bool {
    match data.sample_format() {
        SampleFormat::I8 => into::<i8>(data, channels, next),
        SampleFormat::U8 => into::<u8>(data, channels, next),
        SampleFormat::I16 => into::<i16>(data, channels, next),
        SampleFormat::U16 => into::<u16>(data, channels, next),
        SampleFormat::I32 => into::<i32>(data, channels, next),
        SampleFormat::U32 => into::<u32>(data, channels, next),
        SampleFormat::F32 => into::<f32>(data, channels, next),
        SampleFormat::F64 => into::<f64>(data, channels, next),
        _ => false,
    }
}

fn into<T: SizedSample + FromSample<i16>>(
    data: &mut Data,
    channels: usize,
    next: impl FnMut() -> i16,
) -> bool {
    data.as_slice_mut::<T>().map(|samples| spread(samples, channels, next)).is_some()
}

fn spread<T: Sample + FromSample<i16>>(samples: &mut [T], channels: usize, mut next: impl FnMut() -> i16) {
    for frame in samples.chunks_mut(channels.max(1)) {
        frame.fill(T::from_sample(next()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_become_one_and_one_becomes_all() {
        assert_eq!(mixed(&[0.5_f32, -0.5, 1.0, 1.0], 2), [0, 32_767]);
        assert_eq!(mixed(&[10_i16, 20, 30], 1), [10, 20, 30]);
        assert_eq!(mixed(&[128_u8, 255], 1), [0, 32_512]);
        assert_eq!(mixed(&[1_i16, 2, 3], 2), [1], "half a frame is none");
        let mut out = [9.0_f32; 4];
        let mut samples = [16_384_i16, -16_384].into_iter();
        spread(&mut out, 2, || samples.next().unwrap_or_default());
        assert_eq!(out, [0.5, 0.5, -0.5, -0.5]);
    }
}
