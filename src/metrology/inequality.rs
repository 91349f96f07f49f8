//! Sound inequalities between the figures of one axis from the same raw data.
//!
//! Every relation is proved in the algebra of ISO 230-2 (means, `s`, `k`), holds for every data
//! set, and is checked on raw data in the tests. Nothing here is a typical ratio: a bound is either
//! forced or absent. Ends round outward.

use crate::quantity::{Span, Value};

/// A figure of one linear axis. Without a suffix k = 2 (editions 1997, 2006 and 2014 of ISO 230-2,
/// whose formulas give the same numbers); `88` is the edition of 1988 with k = 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Figure {
    /// The smaller of R↑ and R↓.
    Upr,
    /// R↑.
    RepeatabilityUp,
    /// R↓.
    RepeatabilityDown,
    /// One of R↑ and R↓; which one is not said.
    RepeatabilityOneWay,
    /// R.
    Repeatability,
    /// A↑.
    AccuracyUp,
    /// A↓.
    AccuracyDown,
    /// A.
    Accuracy,
    /// E.
    Systematic,
    /// M.
    MeanDeviation,
    /// B.
    Reversal,
    /// R↑ with k = 3.
    RepeatabilityUp88,
    /// R↓ with k = 3.
    RepeatabilityDown88,
    /// R with k = 3.
    Repeatability88,
    /// A with k = 3.
    Accuracy88,
    /// P of VDI/DGQ 3441.
    VdiP,
    /// The largest Ps of VDI/DGQ 3441.
    VdiPs,
}

const FIGURES: usize = 17;

/// `less ≤ numerator/denominator · more`, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The bounded figure.
    pub less: Figure,
    /// The bounding figure.
    pub more: Figure,
    /// Numerator of the factor.
    pub numerator: i64,
    /// Denominator of the factor.
    pub denominator: i64,
    /// The inequality as it is printed.
    pub name: &'static str,
}

const fn at_most(less: Figure, more: Figure, name: &'static str) -> Relation {
    scaled(less, 1, 1, more, name)
}

const fn scaled(
    less: Figure,
    numerator: i64,
    denominator: i64,
    more: Figure,
    name: &'static str,
) -> Relation {
    Relation { less, more, numerator, denominator, name }
}

use Figure::{
    Accuracy, Accuracy88, AccuracyDown, AccuracyUp, MeanDeviation, Repeatability, Repeatability88,
    RepeatabilityDown, RepeatabilityDown88, RepeatabilityOneWay, RepeatabilityUp,
    RepeatabilityUp88, Reversal, Systematic, Upr, VdiP, VdiPs,
};

/// Every relation between two figures.
pub static RELATIONS: &[Relation] = &[
    at_most(Upr, RepeatabilityUp, "UPR ≤ R↑"),
    at_most(Upr, RepeatabilityDown, "UPR ≤ R↓"),
    at_most(Upr, RepeatabilityOneWay, "UPR is the smaller of R↑ and R↓"),
    at_most(RepeatabilityUp, Repeatability, "R↑ ≤ R"),
    at_most(RepeatabilityDown, Repeatability, "R↓ ≤ R"),
    at_most(RepeatabilityOneWay, Repeatability, "R↑ ≤ R and R↓ ≤ R"),
    at_most(Repeatability, Accuracy, "R ≤ A"),
    at_most(RepeatabilityUp, AccuracyUp, "R↑ ≤ A↑"),
    at_most(RepeatabilityDown, AccuracyDown, "R↓ ≤ A↓"),
    at_most(AccuracyUp, Accuracy, "A↑ ≤ A"),
    at_most(AccuracyDown, Accuracy, "A↓ ≤ A"),
    at_most(Systematic, Accuracy, "E ≤ A"),
    at_most(MeanDeviation, Systematic, "M ≤ E"),
    at_most(Reversal, Systematic, "B ≤ E"),
    at_most(Reversal, Repeatability, "B ≤ R"),
    scaled(RepeatabilityUp88, 3, 2, RepeatabilityUp, "R↑(1988) = 1.5 R↑"),
    scaled(RepeatabilityUp, 2, 3, RepeatabilityUp88, "R↑(1988) = 1.5 R↑"),
    scaled(RepeatabilityDown88, 3, 2, RepeatabilityDown, "R↓(1988) = 1.5 R↓"),
    scaled(RepeatabilityDown, 2, 3, RepeatabilityDown88, "R↓(1988) = 1.5 R↓"),
    at_most(RepeatabilityUp88, Repeatability88, "R↑(1988) ≤ R(1988)"),
    at_most(RepeatabilityDown88, Repeatability88, "R↓(1988) ≤ R(1988)"),
    at_most(Repeatability, Repeatability88, "R ≤ R(1988)"),
    scaled(Repeatability88, 3, 2, Repeatability, "R(1988) ≤ 1.5 R"),
    at_most(Repeatability88, Accuracy88, "R(1988) ≤ A(1988)"),
    at_most(Accuracy, Accuracy88, "A ≤ A(1988)"),
    scaled(Accuracy88, 3, 2, Accuracy, "A(1988) ≤ 1.5 A"),
    at_most(VdiPs, VdiP, "Ps ≤ P"),
    at_most(VdiPs, Repeatability88, "Ps ≤ R(1988)"),
    scaled(Upr, 4, 3, VdiPs, "UPR ≤ 4/3 Ps"),
    at_most(MeanDeviation, VdiP, "M ≤ P"),
    scaled(Accuracy88, 2, 1, VdiP, "A(1988) ≤ 2 P"),
    scaled(VdiP, 2, 1, Accuracy88, "P ≤ 2 A(1988)"),
];

/// What is known of the figures of one axis, and which inequality last narrowed each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    spans: [Span; FIGURES],
    reasons: [Option<&'static str>; FIGURES],
    /// Whether UPR may be that of the best segment of a longer travel.
    segments: bool,
}

impl Default for Bounds {
    /// Nothing known, but that no figure is negative.
    fn default() -> Self {
        Self { spans: [Span::NOT_NEGATIVE; FIGURES], reasons: [None; FIGURES], segments: false }
    }
}

impl Bounds {
    /// Nothing known of an axis whose UPR may be the smallest of its segments': the other figures,
    /// which are of the whole travel, bound it from above only.
    pub fn of_segments() -> Self {
        Self { segments: true, ..Self::default() }
    }

    /// What is known of a figure.
    pub fn span(&self, figure: Figure) -> Span {
        self.spans.get(figure as usize).copied().unwrap_or(Span::NOT_NEGATIVE)
    }

    /// The inequality that last narrowed a figure; `None` where it is as stated.
    pub fn reason(&self, figure: Figure) -> Option<&'static str> {
        self.reasons.get(figure as usize).copied().flatten()
    }

    /// Takes up that a figure lies in a span; false where that contradicts what is known.
    pub fn meet(&mut self, figure: Figure, span: Span) -> bool {
        let met = self.span(figure).meet(span);
        if let (Some(met), Some(place)) = (met, self.spans.get_mut(figure as usize)) {
            *place = met;
        }
        met.is_some()
    }

    /// Follows every inequality until nothing narrows any more.
    ///
    /// False where the figures contradict each other; what is known by then is still sound for
    /// each source, but not for all of them together.
    pub fn narrow(&mut self) -> bool {
        // Every pass that changes something makes some end sharper along an acyclic chain of
        // figures; FIGURES passes are more than the longest chain.
        for _ in 0..FIGURES {
            let mut changed = false;
            for relation in RELATIONS {
                let Some(new) = self.follow(relation) else { return false };
                changed |= new;
            }
            let Some(new) = self.smaller_of_two() else { return false };
            changed |= new;
            let Some(new) = self.sums() else { return false };
            changed |= new;
            if !changed {
                break;
            }
        }
        true
    }

    fn follow(&mut self, relation: &Relation) -> Option<bool> {
        let Relation { less, more, numerator, denominator, name } = *relation;
        let mut changed = false;
        if let Some(high) = self.span(more).high() {
            let bound = scale_up(high, numerator, denominator);
            changed |= self.cap(less, bound, name)?;
        }
        if let Some(low) = self.span(less).low() {
            let bound = scale_down(low, denominator, numerator);
            changed |= self.floor(more, bound, name)?;
        }
        Some(changed)
    }

    /// UPR = min(R↑, R↓): from both together it is bounded from below too, but not where it may be
    /// that of a segment.
    fn smaller_of_two(&mut self) -> Option<bool> {
        let low = |figure| self.span(figure).low();
        match (low(RepeatabilityUp), low(RepeatabilityDown)) {
            (Some(up), Some(down)) if !self.segments => {
                self.floor(Upr, up.min(down), "UPR = min(R↑, R↓)")
            }
            _ => Some(false),
        }
    }

    /// `A ≤ E + max(R↑, R↓)`, `E ≤ M + B`, `A(1988) ≤ A + max(R↑, R↓)/2` and
    /// `A(1988) ≥ 1.5 A - 0.5 E`.
    fn sums(&mut self) -> Option<bool> {
        let high = |figure| self.span(figure).high().map(|v: Value| i128::from(v.count()));
        let low = |figure| self.span(figure).low().map(|v: Value| i128::from(v.count()));
        let wider = match (high(RepeatabilityUp), high(RepeatabilityDown)) {
            (Some(up), Some(down)) => Some(up.max(down)),
            _ => None,
        };
        let (mean, reversal) = (high(MeanDeviation), high(Reversal));
        let (systematic, accuracy) = (high(Systematic), high(Accuracy));
        let accuracy_low = low(Accuracy);
        let mut changed = false;
        if let (Some(m), Some(b)) = (mean, reversal) {
            changed |= self.cap(Systematic, Value::saturating(m + b), "E ≤ M + B")?;
        }
        if let (Some(e), Some(r)) = (systematic, wider) {
            changed |= self.cap(Accuracy, Value::saturating(e + r), "A ≤ E + max(R↑, R↓)")?;
        }
        if let (Some(a), Some(r)) = (accuracy, wider) {
            let bound = Value::saturating(a + (r + 1) / 2);
            changed |= self.cap(Accuracy88, bound, "A(1988) ≤ A + max(R↑, R↓)/2")?;
        }
        if let (Some(a), Some(e)) = (accuracy_low, systematic) {
            let bound = Value::saturating((3 * a - e).div_euclid(2));
            changed |= self.floor(Accuracy88, bound, "A(1988) ≥ 1.5 A - 0.5 E")?;
        }
        Some(changed)
    }

    fn cap(&mut self, figure: Figure, bound: Value, name: &'static str) -> Option<bool> {
        self.take(figure, Span { below: bound.cut_above(), ..Span::ALL }, name)
    }

    fn floor(&mut self, figure: Figure, bound: Value, name: &'static str) -> Option<bool> {
        self.take(figure, Span { above: bound.cut_below(), ..Span::ALL }, name)
    }

    fn take(&mut self, figure: Figure, span: Span, name: &'static str) -> Option<bool> {
        let known = self.span(figure);
        let met = known.meet(span)?;
        if met == known {
            return Some(false);
        }
        if let Some(place) = self.spans.get_mut(figure as usize) {
            *place = met;
        }
        if let Some(reason) = self.reasons.get_mut(figure as usize) {
            *reason = Some(name);
        }
        Some(true)
    }
}

fn scale_up(value: Value, numerator: i64, denominator: i64) -> Value {
    let wide = i128::from(value.count()) * i128::from(numerator);
    let denominator = i128::from(denominator);
    Value::saturating(wide.div_euclid(denominator) + i128::from(wide.rem_euclid(denominator) != 0))
}

fn scale_down(value: Value, numerator: i64, denominator: i64) -> Value {
    let wide = i128::from(value.count()) * i128::from(numerator);
    Value::saturating(wide.div_euclid(i128::from(denominator)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn um(tenths: i64) -> Value {
        Value::from_count(tenths * 100_000).expect("fits")
    }

    fn known(stated: &[(Figure, Span)]) -> Bounds {
        let mut bounds = Bounds::default();
        for (figure, span) in stated {
            assert!(bounds.meet(*figure, *span));
        }
        assert!(bounds.narrow());
        bounds
    }

    #[test]
    fn a_stated_accuracy_caps_upr_and_brackets_the_edition_of_1988() {
        let bounds = known(&[(Accuracy, Span::point(um(40)))]);
        assert_eq!(bounds.span(Upr).high(), Some(um(40)));
        assert_eq!(bounds.span(Upr).low(), Some(Value::ZERO));
        assert_eq!(bounds.span(Accuracy88), Span::between(um(40), um(60)));
        assert_eq!(bounds.reason(Accuracy88), Some("A(1988) ≤ 1.5 A"));
    }

    #[test]
    fn what_the_whole_travel_shows_bounds_the_best_segment_from_above_only() {
        for (mut bounds, low) in [(Bounds::default(), um(12)), (Bounds::of_segments(), Value::ZERO)]
        {
            assert!(bounds.meet(RepeatabilityUp, Span::point(um(15))));
            assert!(bounds.meet(RepeatabilityDown, Span::point(um(12))));
            assert!(bounds.narrow());
            assert_eq!(bounds.span(Upr), Span::between(low, um(12)));
        }
    }

    #[test]
    fn the_edition_of_1988_caps_upr_at_two_thirds() {
        let bounds = known(&[(Accuracy88, Span::point(um(60)))]);
        assert_eq!(bounds.span(Upr).high(), Some(um(40)));
        assert_eq!(bounds.span(Accuracy), Span::between(um(40), um(60)));
    }

    #[test]
    fn both_one_way_repeatabilities_give_upr_exactly() {
        let up = (RepeatabilityUp, Span::point(um(9)));
        let down = (RepeatabilityDown, Span::point(um(30)));
        assert_eq!(known(&[up, down]).span(Upr), Span::point(um(9)));
        assert_eq!(known(&[up]).span(Upr).low(), Some(Value::ZERO));
    }

    #[test]
    fn ends_round_outward() {
        let one = Value::from_count(1).expect("fits");
        let bounds = known(&[(Accuracy, Span::point(one))]);
        assert_eq!(bounds.span(Accuracy88).high().map(Value::count), Some(2));
    }

    #[test]
    fn contradicting_figures_are_said_to_contradict() {
        let mut bounds = Bounds::default();
        assert!(
            bounds.meet(Upr, Span::point(um(50))) && bounds.meet(Accuracy, Span::point(um(30)))
        );
        assert!(!bounds.narrow());
    }
}
