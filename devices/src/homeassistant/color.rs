//! Colours between sRGB and what lamps speak. A colour is a hue at full brightness: how bright it is, is the
//! brightness property's matter. Formulas: IEC 61966-2-1 (sRGB, D65 matrices) and the usual hexcone for hue.
//! `libm` instead of the platform's functions, so that every machine computes the same bytes.

/// sRGB of a CIE 1931 chromaticity, scaled so that the strongest part is 255.
pub fn rgb_of_xy(x: f64, y: f64) -> (u8, u8, u8) {
    let y = if y.is_finite() && y > 0.0 { y } else { f64::MIN_POSITIVE };
    let (big_x, big_z) = (x / y, (1.0 - x - y) / y);
    let linear = [
        3.240_454_2 * big_x - 1.537_138_5 - 0.498_531_4 * big_z,
        -0.969_266 * big_x + 1.876_010_8 + 0.041_556 * big_z,
        0.055_643_4 * big_x - 0.204_025_9 + 1.057_225_2 * big_z,
    ]
    .map(|v| v.max(0.0));
    let most = linear.iter().copied().fold(0.0, f64::max);
    if !most.is_finite() || most <= 0.0 {
        return (255, 255, 255);
    }
    let [r, g, b] = linear.map(|v| byte(255.0 * companded(v / most)));
    (r, g, b)
}

/// CIE 1931 chromaticity of an sRGB colour, to four decimals. Black has none and gives the white point.
pub fn xy_of_rgb(r: u8, g: u8, b: u8) -> (f64, f64) {
    let [r, g, b] = [r, g, b].map(|v| linearised(f64::from(v) / 255.0));
    let x = 0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = 0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b;
    let sum = x + y + z;
    if sum <= 0.0 { (0.3127, 0.329) } else { (places(x / sum, 1e4), places(y / sum, 1e4)) }
}

/// sRGB of a hue (degrees) and saturation (percent) at full value.
pub fn rgb_of_hs(hue: f64, saturation: f64) -> (u8, u8, u8) {
    let hue = if hue.is_finite() { hue.rem_euclid(360.0) / 60.0 } else { 0.0 };
    let saturation = if saturation.is_finite() { (saturation / 100.0).clamp(0.0, 1.0) } else { 0.0 };
    let part = |n: f64| {
        let k = (n + hue).rem_euclid(6.0);
        byte(255.0 * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0)))
    };
    (part(5.0), part(3.0), part(1.0))
}

/// Hue (degrees, 0-360) and saturation (percent) of an sRGB colour, to three decimals.
pub fn hs_of_rgb(r: u8, g: u8, b: u8) -> (f64, f64) {
    let [r, g, b] = [r, g, b].map(f64::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let span = most - least;
    if span <= 0.0 {
        return (0.0, 0.0);
    }
    let sector = if most == r {
        ((g - b) / span).rem_euclid(6.0)
    } else if most == g {
        (b - r) / span + 2.0
    } else {
        (r - g) / span + 4.0
    };
    (places(sector * 60.0, 1e3), places(100.0 * span / most, 1e3))
}

/// Kelvin of mired and back (one is a million over the other); `None` for what is no temperature.
pub fn reciprocal(megakelvin: f64) -> Option<f64> {
    (megakelvin > 0.0).then(|| (1e6 / megakelvin).round()).filter(|n| n.is_finite() && *n > 0.0)
}

fn companded(v: f64) -> f64 {
    if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * libm::pow(v, 1.0 / 2.4) - 0.055 }
}

fn linearised(v: f64) -> f64 {
    if v <= 0.040_45 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
}

fn byte(v: f64) -> u8 {
    v.round().clamp(0.0, 255.0) as u8
}

fn places(v: f64, scale: f64) -> f64 {
    (v * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_survive_both_ways() {
        for (r, g, b) in
            [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (255, 128, 0), (90, 255, 200)]
        {
            let (x, y) = xy_of_rgb(r, g, b);
            let back = rgb_of_xy(x, y);
            for (a, b) in [(r, back.0), (g, back.1), (b, back.2)] {
                assert!(a.abs_diff(b) <= 3, "{:?} became {back:?} by xy", (r, g, b));
            }
            let (h, s) = hs_of_rgb(r, g, b);
            assert_eq!(rgb_of_hs(h, s), (r, g, b));
        }
        assert_eq!(xy_of_rgb(255, 0, 0), (0.64, 0.33));
    }

    #[test]
    fn nonsense_gives_some_colour() {
        for v in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            let _ = (rgb_of_xy(v, v), rgb_of_hs(v, v), reciprocal(v));
        }
        assert_eq!(reciprocal(0.0), None);
        assert_eq!(reciprocal(250.0), Some(4000.0));
    }
}
