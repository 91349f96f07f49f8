//! Test standards and their editions. The edition is part of a figure's meaning, never a footnote.

/// A test standard in one edition, or one whose edition is not said; an index of the table of
/// standards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Standard(u8);

/// What is known of one standard.
#[derive(Debug)]
pub struct StandardRow {
    /// The name that is printed and that lists write.
    pub name: &'static str,
    /// The family's name, without the edition.
    pub family: &'static str,
    /// The edition, where one is named.
    pub edition: Option<u16>,
    /// The coverage factor of the family's repeatability and accuracy figures, where it is known.
    pub coverage: Option<u8>,
    /// National adoptions that give the same figures, as they are printed.
    pub equivalents: &'static [&'static str],
}

const fn row(
    name: &'static str,
    family: &'static str,
    edition: Option<u16>,
    coverage: Option<u8>,
    equivalents: &'static [&'static str],
) -> StandardRow {
    StandardRow { name, family, edition, coverage, equivalents }
}

/// Every standard that is told apart. Equivalents of the editions: metrology of ISO 230-2 and its
/// national adoptions (GB/T, GOST, JIS, DIN and BS carry the ISO number or are listed here).
static STANDARDS: &[StandardRow] = &[
    row("no standard named", "", None, None, &[]),
    row("ISO 230-2", "ISO 230-2", None, None, &["JIS B 6192", "JIS B 6190-2", "GB/T 17421.2"]),
    row("ISO 230-2:1988", "ISO 230-2", Some(1988), Some(3), &[]),
    row("ISO 230-2:1997", "ISO 230-2", Some(1997), Some(2), &["GB/T 17421.2-2000"]),
    row("ISO 230-2:2006", "ISO 230-2", Some(2006), Some(2), &[]),
    row(
        "ISO 230-2:2014",
        "ISO 230-2",
        Some(2014),
        Some(2),
        &["GB/T 17421.2-2016", "GOST ISO 230-2-2016"],
    ),
    row("VDI/DGQ 3441", "VDI/DGQ 3441", None, Some(3), &["VDI 3441", "VDI/DGQ3441"]),
    row(
        "JIS B 6330",
        "JIS B 6330",
        None,
        None,
        &["JIS B 6331", "JIS B 6333", "JIS B 6336", "JIS B 6338", "JIS B 6201"],
    ),
    row("NMTBA", "NMTBA", None, None, &[]),
    row("ASME B5.54", "ASME B5.54", None, None, &["ANSI B5.54", "ASME B5.57"]),
    row("ISO 10791-4", "ISO 10791-4", None, None, &["JIS B 6336-4"]),
    row("ISO 230-1:1986", "ISO 230-1", Some(1986), None, &[]),
    row("another standard", "another standard", None, None, &[]),
];

impl Standard {
    /// Nothing was said about a standard.
    pub const UNNAMED: Self = Self(0);
    /// ISO 230-2 without an edition.
    pub const ISO_230_2: Self = Self(1);
    /// VDI/DGQ 3441.
    pub const VDI_3441: Self = Self(6);
    const OTHER: Self = Self(12);

    /// Every standard, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).zip(STANDARDS).map(|(at, _)| Self(at))
    }

    /// What is known of it.
    pub fn row(self) -> &'static StandardRow {
        STANDARDS.get(usize::from(self.0)).unwrap_or(&NOTHING)
    }

    /// The standard whose printed name is exactly `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|standard| standard.row().name == name)
    }

    /// Whether the standard is ISO 230-2 in some edition, stated or not.
    pub fn is_iso_230_2(self) -> bool {
        self.row().family == Self::ISO_230_2.row().family
    }

    /// The standard that a printed sentence names.
    ///
    /// `ISO 230-2`, `ISO 230/2 (2006)`, `According to ISO 230-2 (T = 20 °C)`, `GB/T 17421.2-2000`.
    /// A year is an edition only where it follows the number; a year that is no known edition makes
    /// it another standard, because its formulas are not known. `UNNAMED` for an empty text.
    pub fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self::UNNAMED;
        }
        let squeezed: String = text
            .to_uppercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || "/.-:(".contains(*c))
            .collect();
        if squeezed.trim_matches('-').is_empty() || squeezed == "N/A" {
            return Self::UNNAMED;
        }
        let national = Self::all().filter_map(|standard| {
            let names = standard.row().equivalents.iter();
            let squeeze = |name: &str| name.replace(' ', "").to_uppercase();
            let hit = names.map(|n| squeeze(n)).filter(|n| squeezed.contains(n.as_str()));
            hit.map(|name| name.len()).max().map(|length| (length, standard))
        });
        if let Some((_, standard)) = national.max_by_key(|(length, standard)| (*length, *standard))
        {
            return standard;
        }
        let number = ["230-2", "230/2", "230.2"].iter().find_map(|n| {
            squeezed.find(n).map(|at| squeezed.get(at + n.len()..).unwrap_or_default())
        });
        match number {
            Some(after) => Self::iso_edition(after),
            None => {
                let bare = Self::all()
                    .filter(|s| !s.row().family.is_empty())
                    .find(|s| squeezed.contains(&s.row().family.replace(' ', "").to_uppercase()));
                bare.unwrap_or(Self::OTHER)
            }
        }
    }

    /// The edition whose year stands directly behind the standard's number.
    fn iso_edition(after: &str) -> Self {
        let behind_sign = after.strip_prefix([':', '-', '(']).unwrap_or_default();
        let digits = behind_sign.chars().take_while(char::is_ascii_digit).count();
        if digits != 4 {
            return Self::ISO_230_2;
        }
        let year = behind_sign.get(..4).and_then(|digits| digits.parse::<u16>().ok());
        Self::all()
            .find(|s| s.is_iso_230_2() && s.row().edition.is_some() && s.row().edition == year)
            .unwrap_or(Self::OTHER)
    }
}

impl std::fmt::Display for Standard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.row().name)
    }
}

static NOTHING: StandardRow = row("", "", None, None, &[]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_standards_are_told_apart_by_edition() {
        for (text, expected) in [
            ("", "no standard named"),
            ("ISO 230-2", "ISO 230-2"),
            ("According to ISO 230-2 (T = 20 +/-2 °C)", "ISO 230-2"),
            ("ISO 230-2:2014", "ISO 230-2:2014"),
            ("ISO 230/2 (2006)", "ISO 230-2:2006"),
            ("DIN ISO 230-2 : 1997", "ISO 230-2:1997"),
            ("ISO 230-2-1988", "ISO 230-2:1988"),
            ("ISO 230-2:2010", "another standard"),
            ("GB/T 17421.2-2000", "ISO 230-2:1997"),
            ("GB/T 17421.2", "ISO 230-2"),
            ("GOST ISO 230-2-2016", "ISO 230-2:2014"),
            ("VDI 3441 certified", "VDI/DGQ 3441"),
            ("VDI/DGQ 3441", "VDI/DGQ 3441"),
            ("JIS B 6330", "JIS B 6330"),
            ("factory norm", "another standard"),
        ] {
            assert_eq!(Standard::read(text).to_string(), expected, "{text}");
        }
    }
}
