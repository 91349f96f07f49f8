//! Uncertainty of a positioning test, and what it says about meeting a limit.
//!
//! Contributors after ISO/TR 230-9 and ISO 230-2, annex A, combined as the GUM does. The legal
//! verdict does not consider uncertainty: all of this is supporting information.

use crate::error::Result;
use crate::table::Document;

/// What a test's uncertainty comes from. Lengths in metres, temperatures in kelvin, results in
/// micrometres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contributors {
    /// The measured length.
    pub length_m: f64,
    /// Runs a side.
    pub runs: u32,
    /// The device's expanded uncertainty (k = 2): a fixed part.
    pub device_um: f64,
    /// And one for each metre.
    pub device_um_per_m: f64,
    /// How far the beam may run beside the axis over the length.
    pub misalignment_mm: f64,
    /// The expansion coefficient, in µm/(m K).
    pub expansion_um_per_m_k: f64,
    /// The range of the temperature reading.
    pub temperature_range_k: f64,
    /// The range of the expansion coefficient, in µm/(m K).
    pub expansion_range_um_per_m_k: f64,
    /// How far the temperature is from 20 °C.
    pub departure_k: f64,
    /// The range of a drift test that lasts as long as the positioning test.
    pub drift_um: f64,
}

/// Expanded uncertainties (k = 2), in micrometres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Of each contributor: device, misalignment, temperature, expansion, environment.
    pub parts: [(&'static str, f64); 5],
    /// Of A.
    pub accuracy: f64,
    /// Of E.
    pub systematic: f64,
    /// Of M.
    pub mean: f64,
    /// Of B.
    pub reversal: f64,
    /// Of R and UPR: a bound from the drift alone. All that grows with the length cancels, because
    /// each target is compared with itself on the same scale.
    pub repeatability: f64,
}

impl Budget {
    /// The standard uncertainty of R and UPR: their bound, taken as rectangular.
    pub fn repeatability_standard(&self) -> f64 {
        self.repeatability / 3f64.sqrt()
    }

    /// The expanded uncertainty (k = 2) of R and UPR.
    pub fn repeatability_expanded(&self) -> f64 {
        2.0 * self.repeatability_standard()
    }
}

impl Contributors {
    /// Reads a budget file (TOML): every contributor by its name.
    pub fn read(file: &str, text: &str) -> Result<Self> {
        let document = Document::parse(file, text)?;
        let root = document.root()?;
        if let Some(error) = root.unknown_keys(&KEYS).into_iter().next() {
            return Err(error);
        }
        let number = |key: &str| -> Result<f64> {
            let node = root.required(key, "a budget")?;
            let found: Option<f64> = node.scalar()?.parse().ok();
            let good =
                |number: &f64| number.is_finite() && (*number >= 0.0 || key == "departure_k");
            found
                .filter(good)
                .ok_or_else(|| node.error(format!("`{key}` is a number from nought up")))
        };
        let runs = root.required("runs", "a budget")?;
        let count = u32::try_from(runs.whole()?).ok().filter(|count| *count >= 2);
        let length = number("length_m")?;
        if length <= 0.0 {
            return Err(root
                .required("length_m", "a budget")?
                .error("a length is more than nought"));
        }
        Ok(Self {
            length_m: length,
            runs: count.ok_or_else(|| runs.error("scatter takes two runs at least"))?,
            device_um: number("device_um")?,
            device_um_per_m: number("device_um_per_m")?,
            misalignment_mm: number("misalignment_mm")?,
            expansion_um_per_m_k: number("expansion_um_per_m_k")?,
            temperature_range_k: number("temperature_range_k")?,
            expansion_range_um_per_m_k: number("expansion_range_um_per_m_k")?,
            departure_k: number("departure_k")?,
            drift_um: number("drift_um")?,
        })
    }

    /// The budget of the test.
    pub fn budget(&self) -> Budget {
        let root3 = 3f64.sqrt();
        let length = self.length_m;
        let device = self.device_um + self.device_um_per_m * length;
        // A cosine error of up to half the square of the offset over the length, from nought up.
        let misalignment = self.misalignment_mm.powi(2) / (2.0 * root3 * length);
        let temperature = self.expansion_um_per_m_k * length * self.temperature_range_k / root3;
        let departure = self.departure_k.abs();
        let expansion = departure * length * self.expansion_range_um_per_m_k / root3;
        let environment = self.drift_um / root3;
        let runs = f64::from(self.runs.max(1));
        let common =
            device.powi(2) + misalignment.powi(2) + temperature.powi(2) + expansion.powi(2);
        let with = |share: f64| (common + share * environment.powi(2)).sqrt();
        Budget {
            parts: [
                ("device", device),
                ("misalignment", misalignment),
                ("temperature", temperature),
                ("expansion", expansion),
                ("environment", environment),
            ],
            accuracy: with(2.0),
            systematic: with(2.0 / runs),
            mean: with(1.0 / runs),
            reversal: (2.0 / runs).sqrt() * environment,
            repeatability: 4.0 * self.drift_um * scatter_of_drift(self.runs),
        }
    }
}

const KEYS: [&str; 10] = [
    "length_m",
    "runs",
    "device_um",
    "device_um_per_m",
    "misalignment_mm",
    "expansion_um_per_m_k",
    "temperature_range_k",
    "expansion_range_um_per_m_k",
    "departure_k",
    "drift_um",
];

/// The largest standard deviation of readings within a band of unit width: √(⌊n²/4⌋ / (n (n − 1))).
fn scatter_of_drift(runs: u32) -> f64 {
    let n = f64::from(runs.max(2));
    ((n * n / 4.0).floor() / (n * (n - 1.0))).sqrt()
}

/// The probability that a quantity is at most a limit, where it is normal about `value` with the
/// standard uncertainty `u` (JCGM 106, one-sided); without uncertainty nought or one.
pub fn chance_at_most(value: f64, u: f64, limit: f64) -> f64 {
    if u > 0.0 {
        libm::erfc((value - limit) / (u * std::f64::consts::SQRT_2)) / 2.0
    } else {
        f64::from(u8::from(value <= limit))
    }
}

/// The width of a guard band (ISO 14253-1): how far inside the limit a value has to be to meet it
/// with the given probability, or outside to miss it.
pub fn guard_band(u: f64, probability: f64) -> f64 {
    // The normal distribution is inverted by halving: no table, no approximation formula.
    let (mut low, mut high) = (0.0f64, 40.0f64);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if chance_at_most(0.0, 1.0, middle) < probability { low = middle } else { high = middle }
    }
    u * high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_normal_distribution() {
        // JCGM 106, one-sided; check values of the metrology reference, section 6.
        for (value, u, limit, wanted) in [
            (0.85, 0.05, 0.9, 0.841_344_746),
            (0.90, 0.05, 0.9, 0.5),
            (0.95, 0.05, 0.9, 0.158_655_254),
            (0.90, 0.0, 0.9, 1.0),
            (0.91, 0.0, 0.9, 0.0),
        ] {
            let found = chance_at_most(value, u, limit);
            assert!((found - wanted).abs() < 1e-9, "{value} {u} {limit}: {found}");
        }
        assert!((guard_band(1.0, 0.95) - 1.644_853_627).abs() < 1e-8);
        assert!(guard_band(1.0, 0.5).abs() < 1e-9);
    }

    #[test]
    fn what_grows_with_the_length_cancels_in_repeatability() {
        let test = Contributors {
            length_m: 1.0,
            runs: 5,
            device_um: 0.2,
            device_um_per_m: 0.4,
            misalignment_mm: 1.0,
            expansion_um_per_m_k: 11.5,
            temperature_range_k: 0.5,
            expansion_range_um_per_m_k: 1.0,
            departure_k: 2.0,
            drift_um: 0.3,
        };
        let (short, long) = (test.budget(), Contributors { length_m: 3.0, ..test }.budget());
        assert_eq!((short.repeatability, short.reversal), (long.repeatability, long.reversal));
        assert!(long.accuracy > short.accuracy);
        // 0.29 R²/L, 0.58 α L ΔT, 0.58 |T − 20| L Δα, 0.58 E_VE; 2.19 w at five runs.
        let parts = short.parts.map(|(_, part)| part);
        for (part, wanted) in parts.iter().zip([0.6, 0.2887, 3.3198, 1.1547, 0.1732]) {
            assert!((part - wanted).abs() < 1e-4, "{part} {wanted}");
        }
        assert!((short.repeatability - 2.19 * 0.3).abs() < 1e-3);
    }
}
