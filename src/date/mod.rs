//! Civil days: the only time the crate knows. The date of an evaluation is always an argument.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A day of the civil calendar, written `2008-07-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// The day so many months later; the last day of the month where that month is shorter.
    ///
    /// `None` past the end of the calendar.
    pub fn months_later(self, months: u32) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().try_months(months).ok()?).ok().map(Self)
    }
}

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let day = text.trim().parse::<jiff::civil::Date>();
        day.map(Self).map_err(|_| {
            Error::usage(format!("`{}` is not a day", text.trim()))
                .help("write year, month and day, as in 2008-07-01")
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_compared_and_printed_back() {
        let day: Day = " 2008-07-01".parse().expect("a day");
        assert_eq!(day.to_string(), "2008-07-01");
        assert!(day < "2008-07-02".parse().expect("a day"));
        assert!("2008-02-30".parse::<Day>().is_err());
        assert!("July 2008".parse::<Day>().is_err());
    }

    #[test]
    fn months_end_with_the_month() {
        for (from, months, to) in [
            ("2025-03-03", 18, "2026-09-03"),
            ("2024-08-31", 18, "2026-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2025-01-31", 0, "2025-01-31"),
        ] {
            let day: Day = from.parse().expect("a day");
            assert_eq!(day.months_later(months).expect("a day").to_string(), to);
        }
        let last: Day = "9999-12-31".parse().expect("a day");
        assert_eq!(last.months_later(1), None);
    }
}
