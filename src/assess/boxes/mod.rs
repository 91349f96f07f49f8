//! Boxes of machines: a machine of each that nothing contradicts, boxes in words, and how far the
//! questions that are put to them are searched.

pub(super) mod accepted;
pub(super) mod searched;
pub(super) mod witness;

use self::accepted::{Alike, alike};
use super::Verdict;
use super::evaluator::{Evaluator, Setup};
use super::observe::set_text;
use super::rerun::truths;
use crate::evidence::{Assumptions, Key, Level, Policy};
use crate::logic::Truth;
use crate::machine::{Machine, Reading};
use crate::rule::{Look, Row};

/// A setup in which readings are what they are and what sound bounds prove of them: nothing is
/// assumed.
pub(super) fn plain(policies: &[(String, bool)]) -> Setup {
    Setup {
        policy: Policy {
            level: Level::Assumed,
            as_stated: false,
            derive: true,
            assumptions: Assumptions::default(),
        },
        policies: policies.to_vec(),
        accept_unverified: true,
        accept_remembered: true,
    }
}

/// Looks for machines of rows alike but for one reading that no sound bound contradicts and of
/// which the evaluator's list says what is wanted; they are added to `found`.
pub(super) fn looked(
    evaluator: &Evaluator,
    rows: &[Row],
    axis: Option<usize>,
    wanted: &[Verdict],
    found: &mut Vec<Vec<(Machine, Verdict)>>,
) -> Look {
    let program = &evaluator.program;
    let Some(entry) = program.entries().first() else { return Look::Unsure };
    let truth = |verdict: &Verdict| match verdict {
        Verdict::Captured => Truth::True,
        Verdict::NotCaptured => Truth::False,
        Verdict::Undetermined => Truth::Unknown,
    };
    let roots: Vec<_> = wanted.iter().map(|verdict| (entry.verdict, truth(verdict))).collect();
    match alike(program, rows, &roots, axis) {
        Alike::Machines(machines) => {
            let verdicts: Vec<_> =
                truths(evaluator, &machines).into_iter().map(Verdict::of).collect();
            if verdicts != wanted {
                return Look::Unsure;
            }
            found.push(machines.into_iter().zip(verdicts).collect());
            Look::Taken
        }
        Alike::Excluded => Look::Empty,
        Alike::Unknown => Look::Unsure,
    }
}

/// What a machine says of a reading.
pub(super) fn said(machine: &Machine, key: Key, axis: Option<usize>) -> String {
    let axis = axis.and_then(|axis| u8::try_from(axis).ok());
    let of = |reading: &&Reading| (reading.parameter, reading.axis) == (key.parameter, axis);
    let own = machine.readings.iter().find(of);
    own.map_or_else(|| "another value".to_owned(), |reading| set_text(key, reading.set))
}
