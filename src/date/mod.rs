//! Civil days: the only time the crate knows. The date of an evaluation is always an argument.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A day of the civil calendar, written `2008-07-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

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
}
