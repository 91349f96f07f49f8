//! Region: where two lists differ, as boxes of the space of all machines, each with a witness.

mod allowed;
mod short;

pub use allowed::{Allowance, Allowed, Possible};
pub use short::InShort;

use self::allowed::allowance;
use self::short::{Gist, asked_otherwise, in_short};
use super::Verdict;
use super::boxes::accepted::{Accepted, COUNTED, accepted};
use super::boxes::plain;
use super::boxes::searched::Depth;
use super::boxes::witness::{edge_words, words_of};
use super::evaluator::Evaluator;
use super::observe::set_text;
use super::rerun::truths;
use super::soundness::path;
use crate::error::{Error, Result, nearest};
use crate::evidence::Key;
use crate::list::{Clause, List};
use crate::logic::Truth;
use crate::machine::{Machine, Reading};
use crate::rule::{Choices, Left, Program, Root, Row, Space, compile};

/// How far the space is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Machines of at most so many axes; unless it is said, as many as matter, and two at least.
    pub axes: Option<usize>,
    /// So many boxes on each side.
    pub boxes: usize,
    /// So many steps for each search.
    pub steps: usize,
}

/// One box of machines.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What the machines of the box have in common, in words: of the machine, then of each axis.
    pub machine: Vec<String>,
    /// The same for each axis.
    pub axes: Vec<Vec<String>>,
    /// What is said of each axis beside those; of an axis of which nothing is said there may be
    /// any number, and `None` where there is none but those.
    pub others: Option<Vec<String>>,
    /// Text that is never decided and that the box takes to apply, or not to: only so do the
    /// lists say what is told of it.
    pub supposed: Vec<(String, bool)>,
    /// One machine of the box that nothing contradicts; `None` where none was found.
    pub witness: Option<Machine>,
    /// Why there is none, where that is known: the sound bound that excludes the whole box.
    pub excluded: Option<String>,
    /// Whether that is because its machines have fewer axes than contour: of machines of more axes
    /// it says nothing.
    pub is_counted_out: bool,
    /// What the first and the second list say of the witness, evaluated as any other machine.
    pub replayed: Option<[Verdict; 2]>,
}

/// Where two lists differ and agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Regions {
    /// The lists.
    pub lists: [String; 2],
    /// What the second captures and the first does not.
    pub gain: Vec<Region>,
    /// What the first captures and the second does not.
    pub loss: Vec<Region>,
    /// The boxes of gain and those of loss in short: what they say of the readings that the changed
    /// texts ask about; nothing where the lists have no text in common.
    pub in_short: [Vec<InShort>; 2],
    /// One box that both capture, if there is one.
    pub both: Option<Region>,
    /// Whether gain, loss and what both capture were searched to the end.
    pub whole: [bool; 3],
    /// Why each of them was not, in words.
    pub left: [Vec<String>; 3],
    /// Machines of at most so many axes were looked at.
    pub axes: usize,
    /// For each of them: so many axes would suffice to tell whether there is any machine of it.
    pub needed: [usize; 3],
    /// Parameters that only the first tests, and only the second.
    pub apart: [Vec<String>; 2],
    /// Where they test different figures of an axis: what the sound bounds between them allow.
    pub allowance: Allowance,
}

/// A list that captures what one of its clauses does, with all that stands above it, and nothing
/// else; its name is `LIST#CLAUSE`.
pub fn clause_alone(list: &List, id: &str) -> Result<List> {
    let Some(clause) = list.clause(id) else {
        let error = Error::usage(format!("`{}` has no clause `{id}`", list.header.id));
        let near = nearest(id, list.clauses.iter().map(|clause| clause.id.as_str()));
        return Err(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("`toolgauge show {}` prints them all", list.header.id)),
        });
    };
    let mut alone = list.clone();
    let root = format!("{}#{id}", list.header.id);
    let when = path(list, clause);
    let text = clause.text.clone();
    let (place, worded) = (clause.place.clone(), clause.worded.clone());
    alone.clauses.push(Clause { id: root.clone(), text, when, join: None, place, worded });
    alone.header.id.clone_from(&root);
    alone.header.root = root;
    Ok(alone)
}

/// Compares two lists over the space of all machines.
pub fn regions(
    first: &List,
    second: &List,
    policies: &[(String, bool)],
    reach: Reach,
) -> Result<Regions> {
    let bare = |list: &List| {
        let mut list = list.clone();
        list.reasons.clear();
        list.flags.clear();
        list
    };
    let lists = vec![bare(first), bare(second)];
    let known = |name: &str| lists.iter().flat_map(|l| &l.policies).any(|p| p.id == name);
    let policies: Vec<(String, bool)> =
        policies.iter().filter(|(name, _)| known(name)).cloned().collect();
    let choices = Choices { policies: policies.clone(), outlines: false, doubt_remembered: false };
    let program = compile(lists.clone(), &choices)?;
    let roots: Vec<_> = program.entries().iter().map(|entry| entry.verdict).collect();
    let [a, b] = roots.as_slice() else { return Err(Error::usage("two lists are compared")) };
    let evaluators = evaluators(&lists, &policies)?;
    let [no, yes] = [Truth::False, Truth::True];
    let sides = [(no, yes), (yes, no), (yes, yes)].map(|(one, other)| [(*a, one), (*b, other)]);
    let needed = sides.each_ref().map(|wanted| program.axes_needed(wanted));
    let most = needed.iter().copied().max().unwrap_or(0).clamp(2, Depth::AXES_MAX);
    let axes = reach.axes.unwrap_or(most);
    let keys = asked_otherwise([first, second]);
    let search = |wanted: &[(Root, Truth); 2], boxes: usize, counts: fn(&Region) -> bool| {
        let mut side = Side::default();
        let limits = (boxes, reach.steps);
        let found = Space::search(&program, wanted, axes, limits, &mut |row| {
            let (region, gist) = region(&program, row, wanted, &evaluators, &keys);
            side.take(region, gist, wanted, counts)
        });
        side.left = left_words(&found.left);
        if side.left.is_empty() && side.is_odd {
            let text = "the machine of some box comes out otherwise, and it is not told";
            side.left.push(text.to_owned());
        }
        side
    };
    // A box that bounds exclude is no difference.
    let is_left = |region: &Region| region.excluded.is_none();
    let [gain_asked, loss_asked, both] = &sides;
    let gain = search(gain_asked, reach.boxes, is_left);
    let loss = search(loss_asked, reach.boxes, is_left);
    let shared = search(both, 1, is_witnessed);
    let whole = [&gain, &loss, &shared].map(|side| side.left.is_empty());
    let short = [&gain, &loss].map(|side| match keys.as_slice() {
        [] => Vec::new(),
        _ => in_short(&side.gists),
    });
    Ok(Regions {
        lists: [first.marked_title(), second.marked_title()],
        axes,
        needed,
        whole: [whole[0], whole[1], whole[2] || shared.told.iter().any(is_witnessed)],
        left: [gain.left, loss.left, shared.left],
        in_short: short,
        gain: gain.told,
        loss: loss.told,
        both: one_of(shared.told),
        apart: apart(&evaluators),
        allowance: allowance([first, second])?,
    })
}

/// What was found of one side of two lists.
#[derive(Default)]
struct Side {
    told: Vec<Region>,
    /// What those say in short that hold a machine.
    gists: Vec<Gist>,
    /// Whether some box is not told, because no witness of it comes out as is asked.
    is_odd: bool,
    /// Why there may be more, in words.
    left: Vec<String>,
}

impl Side {
    /// Takes up a box, unless one before it says the same; whether it is told and counts.
    fn take(
        &mut self,
        region: Region,
        gist: Gist,
        wanted: &[(Root, Truth)],
        counts: fn(&Region) -> bool,
    ) -> bool {
        let asked = || wanted.iter().map(|(_, truth)| Verdict::of(*truth));
        let is_asked = region.replayed.is_none_or(|replayed| asked().eq(replayed));
        if region.supposed.is_empty() && !is_asked {
            self.is_odd = true;
            return false;
        }
        let same = |known: &Region| {
            (&known.machine, &known.axes, &known.supposed, &known.others)
                == (&region.machine, &region.axes, &region.supposed, &region.others)
        };
        if self.told.iter().any(same) {
            return false;
        }
        let counts = counts(&region);
        self.gists.extend(region.excluded.is_none().then_some(gist));
        self.told.push(region);
        counts
    }
}

/// The lists by themselves, each with those of the policies that it knows.
fn evaluators(lists: &[List], policies: &[(String, bool)]) -> Result<Vec<Evaluator>> {
    let of = |list: &List| {
        let own = |(name, _): &&(String, bool)| list.policies.iter().any(|p| p.id == *name);
        let policies: Vec<_> = policies.iter().filter(own).cloned().collect();
        Evaluator::bare(list.clone(), &plain(&policies))
    };
    lists.iter().map(of).collect()
}

/// The parameters that only the first list tests, and only the second.
fn apart(evaluators: &[Evaluator]) -> [Vec<String>; 2] {
    let keys = |at: usize| -> Vec<String> {
        let frame = evaluators.get(at).map(|evaluator| evaluator.program.frame());
        let keys = frame.map(|frame| frame.machine().iter().chain(frame.axis()));
        keys.into_iter().flatten().map(|key| key.text()).collect()
    };
    let (one, other) = (keys(0), keys(1));
    let only = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|key| !b.contains(key)).cloned().collect()
    };
    [only(&one, &other), only(&other, &one)]
}

/// Why a search did not come to its end.
fn left_words(left: &Left) -> Vec<String> {
    let mut words = Vec::new();
    if left.steps {
        words.push("the steps ran out (--steps)".to_owned());
    }
    if left.boxes {
        words.push("as many boxes as were asked for were found (--boxes)".to_owned());
    }
    if !left.sloped.is_empty() {
        let names: Vec<String> = left.sloped.iter().map(|key| key.text()).collect();
        words.push(format!(
            "limits that hang on other readings are entangled in {}",
            names.join(", ")
        ));
    }
    if left.undecided {
        words.push("text is never decided, or too much is open at once".to_owned());
    }
    words
}

/// A box in words, with a machine of it, and in short what it says of some readings.
fn region(
    program: &Program,
    row: &Row,
    asked: &[(Root, Truth)],
    evaluators: &[Evaluator],
    keys: &[Key],
) -> (Region, Gist) {
    let (row, witness, excluded) = match accepted(program, row, asked) {
        Accepted::Machine(found) => {
            let (row, machine) = *found;
            (row, Some(machine), None)
        }
        Accepted::Excluded(why) => (row.clone(), None, Some(why)),
        Accepted::Unknown => (row.clone(), None, None),
    };
    let (constraints, edges) = (program.constraints(&row), program.edges(&row));
    let words = |axis: Option<usize>| -> Vec<String> {
        let own = constraints.iter().filter(|constraint| constraint.axis == axis);
        let sloped = edges.iter().filter(|edge| edge.axis == axis);
        own.map(words_of).chain(sloped.map(edge_words)).collect()
    };
    let verdict = |at: usize, machine: &Machine| {
        let evaluator = evaluators.get(at);
        let truth = evaluator.and_then(|e| truths(e, std::slice::from_ref(machine)).pop());
        Verdict::of(truth.unwrap_or_default())
    };
    let region = Region {
        machine: words(None),
        axes: (0..row.axis_count()).map(|axis| words(Some(axis))).collect(),
        others: program.others(&row).map(|said| said.iter().map(words_of).collect()),
        supposed: program.supposed(&row),
        replayed: witness.as_ref().map(|machine| [0, 1].map(|at| verdict(at, machine))),
        is_counted_out: excluded.as_deref() == Some(COUNTED),
        witness,
        excluded,
    };
    (region, Gist::of(program, &row, keys))
}

fn is_witnessed(region: &Region) -> bool {
    region.witness.is_some()
}

/// The first box that is witnessed, else the first.
fn one_of(regions: Vec<Region>) -> Option<Region> {
    let at = regions.iter().position(is_witnessed).unwrap_or_default();
    regions.into_iter().nth(at)
}

/// What a reading says, in words.
pub fn reading_text(reading: &Reading) -> String {
    set_text(Key { parameter: reading.parameter, by: None }, reading.set)
}
