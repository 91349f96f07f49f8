//! How many independent motions between workpiece and tool a path has: a diagnostic beside the
//! count of the lists, which goes by parallel axes and not by rank.

use nalgebra::{DMatrix, Isometry3, Translation3, UnitQuaternion, UnitVector3, Vector3};

use super::chain::{Joint, Motion, Path};

/// Poses without special symmetry, as fractions of a turn or of a metre; the largest rank counts,
/// because a single pose may be singular.
const POSES: [f64; 3] = [0.137_035, 0.271_828, 0.414_213];
/// Singular values below this part of the largest are nought.
const TOLERANCE: f64 = 1e-9;

/// The rank of the twists of all controlled joints at generic poses; `None` where a centre line is
/// not known, or where struts carry the tool.
pub fn rank(path: &Path) -> Option<usize> {
    let moves = |joint: &&Joint| !joint.spindle && !joint.index_only && joint.function.is_none();
    let joints: Vec<&Joint> = path.joints.iter().filter(moves).collect();
    let lines =
        joints.iter().all(|joint| !matches!(joint.motion, Motion::Rotary { through: None, .. }));
    if path.platform.is_some() || !lines {
        return None;
    }
    if joints.is_empty() {
        return Some(0);
    }
    POSES.iter().map(|pose| at(&joints, *pose)).max()
}

fn at(joints: &[&Joint], pose: f64) -> usize {
    let mut moved = Isometry3::identity();
    let mut columns = Vec::with_capacity(joints.len() * 6);
    for (number, joint) in joints.iter().enumerate() {
        // Each joint somewhere else: no two of them line up by chance.
        let by = pose * (1.0 + 0.618_034 * (number as f64 + 1.0));
        let direction = moved.rotation * joint.motion.direction();
        match joint.motion {
            Motion::Linear(along) => {
                columns.extend([0.0, 0.0, 0.0, direction.x, direction.y, direction.z]);
                moved *= Translation3::from(along * by);
            }
            Motion::Rotary { direction: about, through } => {
                let through = through.unwrap_or_else(Vector3::zeros);
                let point = moved * nalgebra::Point3::from(through);
                let velocity = point.coords.cross(&direction);
                columns.extend(direction.iter().chain(velocity.iter()));
                let turn = UnitQuaternion::from_axis_angle(&UnitVector3::new_normalize(about), by);
                let there = Translation3::from(through);
                moved *=
                    there * Isometry3::from_parts(Translation3::identity(), turn) * there.inverse();
            }
        }
    }
    let twists = DMatrix::from_column_slice(6, joints.len(), &columns);
    let values = twists.singular_values();
    let largest = values.iter().copied().fold(0.0, f64::max);
    values.iter().filter(|value| **value > largest * TOLERANCE).count()
}
