//! Structural codes of ISO 10791: `[w X' Y' b Z (C) t]`, from the workpiece over the bed to the
//! tool; a prime marks the workpiece's side, parentheses a spindle without position control.

use nalgebra::Vector3;

use super::chain::{Joint, Motion};

/// The joints of a structural code and remarks on it; on failure, what is wrong with it.
///
/// The place of an axis before or behind the bed decides on whose side it is.
pub fn parse_code(code: &str) -> Result<(Vec<Joint>, Vec<String>), String> {
    let inside = code.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inside = inside.ok_or("a structural code stands in brackets: [w X' Y' b Z (C) t]")?;
    let tokens: Vec<&str> = inside.split_whitespace().collect();
    let ["w", middle @ .., "t"] = tokens.as_slice() else {
        return Err("a structural code leads from w (workpiece) to t (tool)".to_owned());
    };
    let beds = middle.iter().filter(|token| **token == "b").count();
    if beds != 1 {
        return Err(format!("a structural code has one b (bed), not {beds}"));
    }
    let mut of_workpiece = true;
    let (mut joints, mut remarks): (Vec<Joint>, Vec<String>) = (Vec::new(), Vec::new());
    for token in middle {
        if *token == "b" {
            of_workpiece = false;
            continue;
        }
        let inner = token.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let spindle = inner.is_some();
        let name = inner.unwrap_or(token);
        let label = name.trim_end_matches(['\'', '′']);
        if (label.len() < name.len()) != of_workpiece {
            let side = if of_workpiece { "workpiece" } else { "tool" };
            remarks.push(format!(
                "`{token}` stands on the {side}'s side of the bed, which its prime does not say"
            ));
        }
        let motion = letter_of(label).ok_or_else(|| {
            format!("`{token}` is no axis letter of ISO 841 (A to E, P to R, U to Z)")
        })?;
        if joints.iter().any(|joint| joint.label == label) {
            return Err(format!("`{label}` stands in the code twice: number the second one"));
        }
        joints.push(Joint {
            label: label.to_owned(),
            motion,
            of_workpiece,
            index_only: false,
            spindle,
            function: None,
        });
    }
    Ok((joints, remarks))
}

/// How an axis with this label moves by ISO 841; of D and E the direction is nought: the letters
/// leave it open. `None` for any other label.
pub(super) fn letter_of(label: &str) -> Option<Motion> {
    let (letter, number) = label.split_at_checked(1)?;
    if !number.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let rotary = |direction| Some(Motion::Rotary { direction, through: None });
    match letter {
        "X" | "U" | "P" => Some(Motion::Linear(Vector3::x())),
        "Y" | "V" | "Q" => Some(Motion::Linear(Vector3::y())),
        "Z" | "W" | "R" => Some(Motion::Linear(Vector3::z())),
        "A" => rotary(Vector3::x()),
        "B" => rotary(Vector3::y()),
        "C" => rotary(Vector3::z()),
        "D" | "E" => rotary(Vector3::zeros()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read() {
        let (_, remarks) = parse_code("[w C' A' X' Y b Z (C1) t]").expect("a code");
        assert!(remarks.first().is_some_and(|why| why.contains('Y')), "Y lacks its prime");
        let (joints, remarks) = parse_code("[w C' A' X' b Y Z (C1) t]").expect("a code");
        assert!(remarks.is_empty());
        let sides: Vec<(&str, bool, bool)> =
            joints.iter().map(|j| (j.label.as_str(), j.of_workpiece, j.spindle)).collect();
        let expected = [
            ("C", true, false),
            ("A", true, false),
            ("X", true, false),
            ("Y", false, false),
            ("Z", false, false),
            ("C1", false, true),
        ];
        assert_eq!(sides, expected);
        for bad in ["w X b Z t", "[X' b Z t]", "[w X' Z t]", "[w X' b Z Z t]", "[w K' b Z t]"] {
            assert!(parse_code(bad).is_err(), "{bad}");
        }
    }
}
