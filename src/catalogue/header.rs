//! Well-known headers: names that mean exactly a parameter, with axis and unit if they have them.

use super::mapping::{Column, Target, dimension_of, of_axis};
use crate::machine::{self, Basis, label};
use crate::quantity::{Unit, plain};

/// Headers of the columns that are not parameters.
const IDENTITY: &[(&str, Target)] = &[
    ("id", Target::Id),
    ("row id", Target::Id),
    ("machine id", Target::Id),
    ("maker", Target::Maker),
    ("manufacturer", Target::Maker),
    ("make", Target::Maker),
    ("brand", Target::Maker),
    ("model", Target::Model),
    ("version", Target::Version),
    ("variant", Target::Version),
    ("country", Target::Country),
    ("source", Target::Source),
    ("standard", Target::Standard),
    ("test standard", Target::Standard),
    ("acc. to", Target::Standard),
    ("basis", Target::Basis),
    ("axes", Target::Axes),
    ("controlled axes", Target::Axes),
    ("axes complete", Target::AxesComplete),
    ("rotary range", Target::RotaryRange),
];

/// How a column with this header is read where no mapping says so; `None` where the header is not
/// exactly a known name. A name that merely resembles a parameter is not that parameter.
///
/// Known forms: `travel`, `Travel (mm)`, `travel_x_mm`, `Travel X [mm]`, `axis.X.travel`, `axis.X`,
/// `axis.X.upr.basis` (handled by the row), `option.NAME.contouring_axes`.
pub(super) fn well_known(header: &str) -> Option<Column> {
    let plain = plain(header);
    let trimmed = plain.trim();
    if let Some(rest) = trimmed.strip_prefix("axis.") {
        let Some((axis, name)) = rest.split_once('.') else {
            // `axis.X` by itself says no more than that the axis is there.
            let axes = vec![rest.to_owned()];
            return Some(Column { to: Some(Target::Axes), axes, ..Column::default() });
        };
        let target = parameter(name).filter(|target| of_axis(*target))?;
        return Some(Column { to: Some(target), axes: vec![axis.to_owned()], ..Column::default() });
    }
    if let Some(rest) = trimmed.strip_prefix("option.") {
        let (option, name) = rest.split_once('.')?;
        let mut column = well_known(name)?;
        column.fitting = Some(option.to_owned());
        return Some(column);
    }
    let (name, unit) = bracketed_unit(trimmed);
    let (words, joint) =
        if name.contains(' ') { (normal(name), " ") } else { (name.trim().to_lowercase(), "_") };
    if let Some(column) = exact(&words, unit, None) {
        return Some(column);
    }
    let tokens: Vec<&str> = words.split(joint).collect();
    // The last words may be a unit and an axis, in either order.
    for take in 1..=2usize.min(tokens.len().saturating_sub(1)) {
        let (front, back) = tokens.split_at(tokens.len() - take);
        let front = front.join(joint);
        let axis = back.iter().find(|word| is_axis(word)).map(|word| word.to_uppercase());
        let other: Vec<&str> = back.iter().filter(|word| !is_axis(word)).copied().collect();
        let unit = match (other.as_slice(), unit) {
            ([], unit) => unit,
            ([word], None) => Some(*word),
            _ => continue,
        };
        if let Some(column) = exact(&front, unit, axis) {
            return Some(column);
        }
    }
    None
}

fn exact(name: &str, unit: Option<&str>, axis: Option<String>) -> Option<Column> {
    let identity = IDENTITY.iter().find(|(known, _)| *known == name).map(|(_, target)| *target);
    let target =
        identity.filter(|_| unit.is_none() && axis.is_none()).or_else(|| parameter(name))?;
    if axis.is_some() && !of_axis(target) {
        return None;
    }
    if let Some(unit) = unit {
        Unit::named(dimension_of(target)?, unit).ok()?;
    }
    Some(Column {
        to: Some(target),
        axes: axis.into_iter().collect(),
        unit: unit.map(str::to_owned),
        ..Column::default()
    })
}

/// The parameter with exactly this name, or with an alias of these words.
///
/// Names of several words are joined by `_`: `positioning_accuracy` is the parameter of that name,
/// while a brochure's `Positioning accuracy` is only a figure that is called so.
fn parameter(name: &str) -> Option<Target> {
    let words = normal(name);
    if let Some((_, target)) = IDENTITY.iter().find(|(known, _)| *known == words) {
        return Some(*target);
    }
    let lower = name.trim().to_lowercase();
    let alias = |id: &machine::ParameterId| id.row().aliases.iter().any(|a| normal(a) == words);
    let found = machine::find(&lower).or_else(|| machine::all().find(alias))?;
    Target::named(found.row().name)
}

fn normal(name: &str) -> String {
    let lower = name.trim().trim_end_matches('*').to_lowercase();
    lower.replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_axis(word: &str) -> bool {
    word.chars().count() == 1 && label::bit(label::LETTER, &word.to_uppercase()).is_some()
}

/// `Travel (mm)` or `Travel [mm]`: the name and the unit.
fn bracketed_unit(header: &str) -> (&str, Option<&str>) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(inner) = header.strip_suffix(close)
            && let Some((name, unit)) = inner.rsplit_once(open)
        {
            return (name.trim(), Some(unit.trim()));
        }
    }
    (header, None)
}

/// A column that says something of another column's figures: `axis.X.upr.basis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Qualifier {
    /// What stands behind the figure.
    Basis,
    /// Its standard and edition.
    Standard,
    /// Whether compensation was active.
    Compensation,
}

/// The column of which this one carries the figure itself: `axis.X.upr.value`.
pub(super) fn valued(header: &str) -> Option<&str> {
    let (front, _) = header.trim().rsplit_once('.').filter(|(_, last)| *last == "value")?;
    well_known(front).map(|_| front)
}

/// The column that a header qualifies, and how.
pub(super) fn qualified(header: &str) -> Option<(&str, Qualifier)> {
    let (front, last) = header.trim().rsplit_once('.')?;
    let qualifier = match last {
        "basis" => Qualifier::Basis,
        "standard" => Qualifier::Standard,
        "compensation" => Qualifier::Compensation,
        _ => return None,
    };
    well_known(front).map(|_| (front, qualifier))
}

/// What a fitting's own columns say: `option.NAME.group`, `.requires`, `.excludes`, `.shipped`.
pub(super) fn fitting_rule(header: &str) -> Option<(&str, &str)> {
    let (name, rule) = header.trim().strip_prefix("option.")?.split_once('.')?;
    ["group", "requires", "excludes", "shipped"].contains(&rule).then_some((name, rule))
}

/// The basis that a cell names.
pub(super) fn basis(text: &str) -> Option<Basis> {
    Basis::named(&text.trim().to_lowercase().replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_headers_are_read_exactly_and_others_not_at_all() {
        for (header, expected) in [
            ("travel_x_mm", Some(("travel", "X", "mm"))),
            ("Travel X [mm]", Some(("travel", "X", "mm"))),
            ("upr_w_um", Some(("upr", "W", "um"))),
            ("pa_x_um", Some(("positioning_accuracy", "X", "um"))),
            ("axis.Z1.upr", Some(("upr", "Z1", ""))),
            ("axis.Z1", Some(("axes", "Z1", ""))),
            ("Max. turning diameter (mm)", Some(("turning_diameter_max", "", "mm"))),
            ("runout_um", Some(("spindle_runout", "", "um"))),
            ("nc_capable", Some(("nc_capable", "", ""))),
            ("Manufacturer", Some(("maker", "", ""))),
            ("Repeatability", Some(("repeatability_unspecified", "", ""))),
            ("positioning_accuracy_x_um", Some(("positioning_accuracy", "X", "um"))),
            ("Positioning accuracy", Some(("positioning_unspecified", "", ""))),
            ("option.F31iB5.contouring_axes", Some(("contouring_axes", "", ""))),
            ("accuracy", None),
            ("travel time (s)", None),
            ("Travel (kg)", None),
            ("Price", None),
        ] {
            let column = well_known(header);
            let got = column.as_ref().map(|column| {
                let axis = column.axes.first().map_or("", String::as_str);
                (column.to.map_or("", Target::name), axis, column.unit.as_deref().unwrap_or(""))
            });
            assert_eq!(got, expected, "{header}");
        }
    }

    #[test]
    fn qualifiers_belong_to_a_known_column() {
        assert_eq!(qualified("axis.X.upr.basis"), Some(("axis.X.upr", Qualifier::Basis)));
        assert_eq!(qualified("axis.X.foo.basis"), None);
        assert_eq!(valued("axis.X.upr.value"), Some("axis.X.upr"));
        assert_eq!(qualified("axis.X.upr.value"), None);
        assert_eq!(fitting_rule("option.A.group"), Some(("A", "group")));
    }
}
