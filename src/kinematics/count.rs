//! The number of contouring axes by the lists' counting rules, with a reason for each axis.

use nalgebra::Vector3;

use super::chain::{Chain, Joint, Motion, Path};

/// Directions within this angle are parallel: one degree.
const PARALLEL: f64 = std::f64::consts::PI / 180.0;

/// What the rules make of one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It counts.
    Counts,
    /// It is positioned between cuts, not moved in relation to others while cutting.
    IndexOnly,
    /// It turns without position control.
    Spindle,
    /// It serves another function.
    Function(String),
    /// A secondary linear axis parallel to this one.
    ParallelTo(String),
    /// A secondary rotary axis whose centre line is parallel to that of this one.
    ParallelCentreLine(String),
    /// A rotary axis on the centre line of this one.
    SameCentreLine(String),
}

/// One path, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What the rules make of each joint of the path, in its order.
    pub joints: Vec<Why>,
    /// Linear axes that count, before the control is looked at.
    pub linear: usize,
    /// Rotary ones.
    pub rotary: usize,
}

/// The contouring axes of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Each path, counted.
    pub paths: Vec<Counted>,
    /// How many axes contour together at most.
    pub axes: usize,
    /// The largest sets that contour together, as linear and rotary axes; more than one where the
    /// control coordinates only some of the axes, or paths differ.
    pub sets: Vec<(usize, usize)>,
}

/// Counts the axes of a machine that contour together: the largest count over the pairs of one
/// workpiece and one tool.
pub fn count(chain: &Chain) -> Count {
    let paths: Vec<Counted> = chain.paths.iter().map(counted).collect();
    let mut sets: Vec<(usize, usize)> = Vec::new();
    for path in &paths {
        let most = chain.coordinated.unwrap_or(usize::MAX).min(path.linear + path.rotary);
        for linear in 0..=path.linear.min(most) {
            let rotary = most - linear;
            if rotary <= path.rotary {
                sets.push((linear, rotary));
            }
        }
    }
    sets.sort_unstable();
    sets.dedup();
    let within = |a: &(usize, usize), b: &(usize, usize)| a != b && a.0 <= b.0 && a.1 <= b.1;
    let all = sets.clone();
    sets.retain(|set| !all.iter().any(|other| within(set, other)));
    let axes = sets.iter().map(|(linear, rotary)| linear + rotary).max().unwrap_or(0);
    Count { paths, axes, sets }
}

fn counted(path: &Path) -> Counted {
    if let Some(platform) = path.platform {
        let (linear, rotary) = (platform.linear, platform.rotary);
        return Counted { joints: Vec::new(), linear, rotary };
    }
    let mut primary: Vec<&Joint> = Vec::new();
    let mut joints = Vec::new();
    for joint in &path.joints {
        let why = if let Some(function) = &joint.function {
            Why::Function(function.clone())
        } else if joint.spindle {
            Why::Spindle
        } else if joint.index_only {
            Why::IndexOnly
        } else {
            primary.iter().find_map(|first| parallel(first, joint)).unwrap_or(Why::Counts)
        };
        if why == Why::Counts {
            primary.push(joint);
        }
        joints.push(why);
    }
    let linear = primary.iter().filter(|j| matches!(j.motion, Motion::Linear(_))).count();
    Counted { joints, linear, rotary: primary.len() - linear }
}

/// Why a joint does not count beside another one, if it does not.
fn parallel(first: &Joint, joint: &Joint) -> Option<Why> {
    let (a, b) = (first.motion.direction(), joint.motion.direction());
    if a.cross(&b).norm() > PARALLEL.sin() {
        return None;
    }
    let name = first.label.clone();
    match (&first.motion, &joint.motion) {
        (Motion::Linear(_), Motion::Linear(_)) => Some(Why::ParallelTo(name)),
        (Motion::Rotary { through: p, .. }, Motion::Rotary { through: q, .. }) => {
            let same = p.zip(*q).is_some_and(|(p, q)| distance(a, q - p) < 1e-6);
            Some(if same { Why::SameCentreLine(name) } else { Why::ParallelCentreLine(name) })
        }
        _ => None,
    }
}

/// How far a point lies from a line through nought, in metres.
fn distance(direction: Vector3<f64>, point: Vector3<f64>) -> f64 {
    direction.cross(&point).norm()
}
