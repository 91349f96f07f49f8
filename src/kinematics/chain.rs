//! What a kinematics file says.

use nalgebra::Vector3;

use super::code::{letter_of, parse_code};
use crate::error::{Error, Kind, Result};
use crate::quantity::{Dimension, Phrase, Style, Unit};
use crate::table::{Document, Fields, Node};

/// A machine as kinematic chains between its workpieces and its tools.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// How many axes the control coordinates at once, as designed; none for all of them.
    pub coordinated: Option<usize>,
    /// One for each pair of a workpiece and a tool.
    pub paths: Vec<Path>,
}

/// The chain from one workpiece to one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The workpiece.
    pub workpiece: String,
    /// The tool.
    pub tool: String,
    /// The joints, from the workpiece to the tool.
    pub joints: Vec<Joint>,
    /// What carries the tool instead of joints: a platform on struts.
    pub platform: Option<Platform>,
    /// What is odd about the way in which it is written.
    pub remarks: Vec<String>,
}

/// The freedoms of a platform that struts move in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// The linear freedoms.
    pub linear: usize,
    /// The rotary ones.
    pub rotary: usize,
}

/// One joint.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Its label.
    pub label: String,
    /// What it does.
    pub motion: Motion,
    /// Whether it lies between the workpiece and the bed.
    pub of_workpiece: bool,
    /// Whether it is positioned between cuts only.
    pub index_only: bool,
    /// Whether it turns without position control.
    pub spindle: bool,
    /// What it serves other than motion between workpiece and tool while cutting, such as wheel
    /// dressing.
    pub function: Option<String>,
}

/// What a joint does, in the coordinates of ISO 841 with every joint at nought.
#[derive(Debug, Clone, PartialEq)]
pub enum Motion {
    /// It moves along a direction of unit length.
    Linear(Vector3<f64>),
    /// It turns about a direction of unit length.
    Rotary {
        /// The direction.
        direction: Vector3<f64>,
        /// A point of the centre line, in metres, if it is known.
        through: Option<Vector3<f64>>,
    },
}

impl Motion {
    /// The direction.
    pub fn direction(&self) -> Vector3<f64> {
        match self {
            Self::Linear(direction) | Self::Rotary { direction, .. } => *direction,
        }
    }
}

impl Chain {
    /// Reads a kinematics file.
    pub fn read(file: &str, text: &str) -> Result<Self> {
        let document = Document::parse(file, text)?;
        let root = document.root()?;
        let known = ["format", "kind", "name", "coordinated", "path", "axis"];
        if let Some(error) = root.unknown_keys(&known).into_iter().next() {
            return Err(error);
        }
        let of = "a kinematics file";
        if let Some(kind) = root.get("kind")
            && kind.str()? != "kinematics"
        {
            return Err(kind.error("this is not a kinematics file").help("kind = \"kinematics\""));
        }
        let axes = root.get("axis").map(|node| node.table()).transpose()?;
        let mut paths = Vec::new();
        for node in root.required("path", of)?.array()? {
            paths.push(path(&node, axes.as_ref())?);
        }
        if let Some(axes) = &axes {
            for (label, node) in axes.iter() {
                let used = |path: &Path| path.joints.iter().any(|joint| joint.label == label);
                if !paths.iter().any(used) {
                    return Err(node.error(format!("no path has an axis `{label}`")));
                }
            }
        }
        let coordinated = root.get("coordinated").map(|node| count(&node)).transpose()?;
        let name = root.text("name")?.unwrap_or(file).to_owned();
        if paths.is_empty() {
            return Err(Error::new(Kind::Content, format!("`{file}` has no path")));
        }
        Ok(Self { name, coordinated, paths })
    }
}

fn count(node: &Node<'_>) -> Result<usize> {
    usize::try_from(node.whole()?).map_err(|_| node.error("a count is not negative"))
}

fn path(node: &Node<'_>, axes: Option<&Fields<'_>>) -> Result<Path> {
    let fields = node.table()?;
    let known = ["workpiece", "tool", "chain", "code", "platform"];
    if let Some(error) = fields.unknown_keys(&known).into_iter().next() {
        return Err(error);
    }
    let text = |key: &str| -> Result<String> { Ok(fields.text(key)?.unwrap_or(key).to_owned()) };
    let mut path = Path {
        workpiece: text("workpiece")?,
        tool: text("tool")?,
        joints: Vec::new(),
        platform: None,
        remarks: Vec::new(),
    };
    match (fields.get("chain"), fields.get("code"), fields.get("platform")) {
        (Some(chain), None, None) => path.joints = chained(&chain)?,
        (None, Some(code), None) => {
            (path.joints, path.remarks) = parse_code(code.str()?).map_err(|why| code.error(why))?;
        }
        (None, None, Some(platform)) => {
            let of = platform.table()?;
            if let Some(error) = of.unknown_keys(&["linear", "rotary"]).into_iter().next() {
                return Err(error);
            }
            let freedoms = |key: &str| count(&of.required(key, "a platform")?);
            let found = Platform { linear: freedoms("linear")?, rotary: freedoms("rotary")? };
            if found.linear > 3 || found.rotary > 3 {
                return Err(platform
                    .error("a platform has three linear and three rotary freedoms")
                    .help("count the freedoms of the platform, not its struts"));
            }
            path.platform = Some(found);
        }
        _ => {
            return Err(node
                .error("a path is a `chain`, a `code` or a `platform`")
                .help("such as code = \"[w X' Y' b Z (C) t]\""));
        }
    }
    for joint in &mut path.joints {
        if let Some(said) = axes.and_then(|axes| axes.get(&joint.label)) {
            refine(joint, &said)?;
        }
        let undirected = joint.motion.direction() == Vector3::zeros();
        if undirected {
            let message = format!("nothing says how `{}` moves", joint.label);
            return Err(node.error(message).help(format!(
                "add [axis.{}] with linear = [x, y, z] or rotary = [x, y, z]",
                joint.label
            )));
        }
    }
    Ok(path)
}

/// The joints of a list of labels, with `bed` between the workpiece's side and the tool's.
fn chained(node: &Node<'_>) -> Result<Vec<Joint>> {
    let labels = node.strings()?;
    let bed = labels.iter().position(|label| *label == "bed").ok_or_else(|| {
        node.error("the chain does not say where the bed is")
            .help("write [\"X\", \"Y\", \"bed\", \"Z\"]: from the workpiece to the tool")
    })?;
    let joint = |(at, label): (usize, &&str)| Joint {
        label: (*label).to_owned(),
        motion: letter_of(label).unwrap_or(Motion::Linear(Vector3::zeros())),
        of_workpiece: at < bed,
        index_only: false,
        spindle: false,
        function: None,
    };
    let joints = labels.iter().enumerate().filter(|(at, _)| *at != bed).map(joint);
    let joints: Vec<Joint> = joints.collect();
    let twice = joints
        .iter()
        .enumerate()
        .find(|(at, joint)| joints.iter().take(*at).any(|other| other.label == joint.label));
    match twice {
        Some((_, joint)) => Err(node.error(format!("`{}` stands in the chain twice", joint.label))),
        None => Ok(joints),
    }
}

/// What a table of an axis says beyond its letter.
fn refine(joint: &mut Joint, node: &Node<'_>) -> Result<()> {
    let fields = node.table()?;
    let known = ["linear", "rotary", "through", "index_only", "spindle", "function"];
    if let Some(error) = fields.unknown_keys(&known).into_iter().next() {
        return Err(error);
    }
    match (fields.get("linear"), fields.get("rotary")) {
        (Some(_), Some(rotary)) => {
            return Err(rotary.error("an axis is linear or rotary, not both"));
        }
        (Some(linear), None) => joint.motion = Motion::Linear(direction(&linear)?),
        (None, Some(rotary)) => {
            joint.motion = Motion::Rotary { direction: direction(&rotary)?, through: None };
        }
        (None, None) => {}
    }
    if let Some(node) = fields.get("through") {
        let Motion::Rotary { through, .. } = &mut joint.motion else {
            return Err(node.error("a linear axis has no centre line"));
        };
        *through = Some(point(&node)?);
    }
    for (key, slot) in [("index_only", &mut joint.index_only), ("spindle", &mut joint.spindle)] {
        if let Some(node) = fields.get(key) {
            *slot = node.bool()?;
        }
    }
    joint.function = fields.text("function")?.map(str::to_owned);
    Ok(())
}

/// Three numbers that are not all nought, as a direction of unit length.
fn direction(node: &Node<'_>) -> Result<Vector3<f64>> {
    let numbers = node
        .array()?
        .iter()
        .map(|item| item.scalar()?.parse().map_err(|_| item.error("this is no number")))
        .collect::<Result<Vec<f64>>>()?;
    let [x, y, z] = numbers.as_slice() else {
        return Err(node.error("a direction has three numbers"));
    };
    let vector = Vector3::new(*x, *y, *z);
    let length = vector.norm();
    if length.is_normal() {
        Ok(vector / length)
    } else {
        Err(node.error("a direction has a length"))
    }
}

/// Three lengths with their units, in metres.
fn point(node: &Node<'_>) -> Result<Vector3<f64>> {
    let metre = Unit::named(Dimension::Length, "m").map_or(1.0, |unit| unit.size as f64);
    let length = |item: &Node<'_>| -> Result<f64> {
        let wrong = || item.error("this is no length").help("write \"300 mm\"");
        let text = item.str()?;
        let phrase =
            Phrase::parse(text, Dimension::Length, Style::default()).map_err(|_| wrong())?;
        let value = phrase.single(None).map_err(|_| wrong())?;
        Ok(value.count() as f64 / metre)
    };
    let lengths = node.array()?.iter().map(length).collect::<Result<Vec<f64>>>()?;
    match lengths.as_slice() {
        [x, y, z] => Ok(Vector3::new(*x, *y, *z)),
        _ => Err(node.error("a point has three lengths")),
    }
}
