//! View: a catalogue through a profile, for a meeting: types by tiers, weights, overlap, the gap.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use super::classify::classify;
use super::compare::{Tally, machine_type};
use super::evaluator::Evaluator;
use super::rerun::{bare, truths};
use super::sweep::Captured;
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::list::List;
use crate::logic::Truth;
use crate::machine::Machine;
use crate::quantity::Value;

/// How a profile goes together with the lists of a jurisdiction, or with those that carry the
/// items of a regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The jurisdiction, or the regime.
    pub jurisdiction: String,
    /// In the profile and captured.
    pub both: Tally,
    /// In the profile and not captured.
    pub profile_only: Tally,
    /// Not in the profile and captured.
    pub lists_only: Tally,
    /// In neither.
    pub neither: Tally,
    /// Undecided on one side or the other.
    pub open: Tally,
    /// Those of the undecided that the lists would not capture, were that not withheld because of
    /// their text: it was not verified to the day, or rests on figures that were remembered.
    pub withheld: Tally,
}

/// A catalogue through a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The profile.
    pub profile: String,
    /// How many machines, or families where they are folded.
    pub machines: Tally,
    /// Machine types, as the profile cites them.
    pub types: Vec<String>,
    /// Tiers, in the order in which the profile names them.
    pub tiers: Vec<String>,
    /// For each type and tier what is in it; none where the profile has no such clause.
    pub cells: Vec<Vec<Option<Captured>>>,
    /// Everything in the profile.
    pub all: Captured,
    /// By maker, country and machine type of the sheet: what, which, what is in the profile. A
    /// family of several countries or types is one machine of each, with the weight of its versions
    /// there.
    pub groups: Vec<(&'static str, String, Captured)>,
    /// With each jurisdiction's lists.
    pub overlaps: Vec<Overlap>,
    /// With the lists that carry the items of each regime, whoever's they are.
    pub regimes: Vec<Overlap>,
    /// In the profile, and no list captures it: certainly, and certainly or possibly.
    pub gap: Captured,
    /// Those of the gap that are possible only, and would be certain, were an absence of capture
    /// not withheld because of the text of lists.
    pub gap_withheld: Tally,
    /// The machines of the gap that are certain, ordered.
    pub gap_ids: Vec<String>,
    /// What the sheets do not say, by how many undecided machines depend on it.
    pub missing: Vec<(String, usize)>,
}

/// One machine, or one family: the truths of all its members joined.
struct Unit {
    id: String,
    members: Vec<usize>,
    weight: i128,
    /// The groups of its members, by their place among those of a view and their name, with the
    /// weight of the members that are in each.
    groups: BTreeMap<(usize, String), i128>,
}

impl Unit {
    /// Takes up a machine.
    fn add(&mut self, at: usize, machine: &Machine, weight: i128) {
        let said = |text: &str| if text.is_empty() { "unsaid".to_owned() } else { text.to_owned() };
        let groups = [said(&machine.maker), said(&machine.country), machine_type(machine)];
        self.members.push(at);
        self.weight += weight;
        for group in groups.into_iter().enumerate() {
            *self.groups.entry(group).or_default() += weight;
        }
    }

    /// The machine's identifier, or the family and how many versions it has.
    fn name(&self, machines: &[Machine]) -> String {
        let versions = self.members.len();
        match self.members.first().and_then(|at| machines.get(*at)) {
            Some(first) if versions > 1 => {
                let family = format!("{} {}", first.maker, first.model);
                format!("{} ({versions} versions)", family.trim())
            }
            _ => self.id.clone(),
        }
    }
}

impl View {
    /// Looks at a catalogue through the first list of `profile`, beside the lists of `lists`.
    ///
    /// With `fold`, machines of one maker and model count once: in, if any version is.
    pub fn new(
        profile: &Evaluator,
        lists: &Evaluator,
        catalogue: &Catalogue,
        weights: &[Option<Value>],
        fold: bool,
    ) -> Result<Self> {
        let list = bare(profile)?;
        let machines = &catalogue.machines;
        let units = units(catalogue, weights, fold);
        let joined = |truths: &[Truth]| -> Vec<Truth> {
            let of = |unit: &Unit| {
                let own = unit.members.iter().filter_map(|at| truths.get(*at)).copied();
                own.fold(Truth::False, Truth::or)
            };
            units.iter().map(of).collect()
        };
        let mut view = Self {
            profile: list.title(),
            machines: units.iter().fold(Tally::default(), |sum, unit| plus(sum, unit.weight)),
            types: Vec::new(),
            tiers: Vec::new(),
            cells: Vec::new(),
            all: Captured::default(),
            groups: Vec::new(),
            overlaps: Vec::new(),
            regimes: Vec::new(),
            gap: Captured::default(),
            gap_withheld: Tally::default(),
            gap_ids: Vec::new(),
            missing: Vec::new(),
        };
        // Each clause is run as an entry of its own, so that its truth is exact.
        let root = list.header.root.clone();
        let leaves = list.clauses.iter().filter_map(|clause| {
            let (kind, tier) = clause.id.strip_prefix(&root)?.strip_prefix('.')?.split_once('.')?;
            Some((clause.id.clone(), kind.to_owned(), tier.to_owned()))
        });
        let leaves: Vec<(String, String, String)> = leaves.collect();
        for (_, kind, tier) in &leaves {
            for (all, name) in [(&mut view.types, kind), (&mut view.tiers, tier)] {
                if !all.contains(name) {
                    all.push(name.clone());
                }
            }
        }
        view.cells = vec![vec![None; view.tiers.len()]; view.types.len()];
        for (id, kind, tier) in leaves {
            let mut alone = list.clone();
            alone.header.root = id;
            let alone = Evaluator::bare(alone, &profile.setup)?;
            let found = captured(&joined(&truths(&alone, machines)), &units);
            let row = view.types.iter().position(|known| *known == kind);
            let column = view.tiers.iter().position(|known| *known == tier);
            let place = row.and_then(|row| view.cells.get_mut(row)).zip(column);
            if let Some(cell) = place.and_then(|(row, column)| row.get_mut(column)) {
                *cell = Some(found);
            }
        }
        let own = joined(&truths(&Evaluator::bare(list, &profile.setup)?, machines));
        view.all = captured(&own, &units);
        view.group(&own, &units);
        view.beside(&own, &units, lists, catalogue);
        view.open(&own, &units, profile, catalogue);
        Ok(view)
    }

    /// What is in the profile by maker, country and type.
    fn group(&mut self, own: &[Truth], units: &[Unit]) {
        let mut groups: BTreeMap<(usize, &str), Captured> = BTreeMap::new();
        for (unit, truth) in units.iter().zip(own) {
            for ((at, name), weight) in &unit.groups {
                add(groups.entry((*at, name)).or_default(), *truth, *weight);
            }
        }
        const WHAT: [&str; 3] = ["maker", "country", "type on the sheet"];
        let mut all: Vec<_> = groups
            .into_iter()
            .filter(|(_, captured)| captured.possible.machines > 0)
            .filter_map(|((at, name), found)| Some((at, *WHAT.get(at)?, name.to_owned(), found)))
            .collect();
        all.sort_by_key(|(at, _, name, found)| {
            (*at, std::cmp::Reverse(found.certain.machines), name.clone())
        });
        self.groups = all.into_iter().map(|(_, what, name, found)| (what, name, found)).collect();
    }

    /// How the profile and the lists go together, and the gap between them.
    fn beside(&mut self, own: &[Truth], units: &[Unit], lists: &Evaluator, catalogue: &Catalogue) {
        let results = classify(lists, &catalogue.machines);
        let jurisdictions: Vec<String> =
            lists.program.jurisdictions().iter().map(|(name, _)| name.clone()).collect();
        let status = |unit: &Unit, at: usize| {
            let of = |member: &usize| results.get(*member)?.statuses.get(at).map(|s| s.verdict);
            unit.members.iter().filter_map(of).map(truth).fold(Truth::False, Truth::or)
        };
        // What the entries of some lists say together.
        let entries = lists.program.entries();
        let of_lists = |unit: &Unit, wanted: &dyn Fn(&List) -> bool| -> (Truth, bool) {
            let outcomes = unit.members.iter().filter_map(|at| results.get(*at));
            let outcomes = outcomes.flat_map(|result| entries.iter().zip(&result.outcomes));
            let (mut all, mut withheld, mut open) = (Truth::False, false, false);
            for (_, outcome) in outcomes.filter(|(entry, _)| wanted(&entry.list)) {
                all = all.or(truth(outcome.verdict));
                let undecided = outcome.verdict == Verdict::Undetermined;
                withheld |= undecided && outcome.withheld.is_some();
                open |= undecided && outcome.withheld.is_none();
            }
            (all, withheld && !open && all == Truth::Unknown)
        };
        for (at, name) in jurisdictions.iter().enumerate() {
            let whose = |list: &List| list.header.is_law_of(name);
            let of = |unit: &Unit| (status(unit, at), of_lists(unit, &whose).1);
            self.overlaps.push(overlap(name, units, own, of));
        }
        // A label is a regime's name and the item.
        let regime = |label: &String| label.split(' ').next().unwrap_or_default().to_owned();
        let law = entries.iter().filter(|entry| entry.list.header.is_law());
        let labels = law.flat_map(|entry| &entry.list.header.labels);
        let regimes: BTreeSet<String> = labels.map(regime).collect();
        for name in regimes {
            let labelled = |list: &List| list.header.labels.iter().any(|l| regime(l) == name);
            let carries = |list: &List| list.header.is_law() && labelled(list);
            let of = |unit: &Unit| of_lists(unit, &carries);
            self.regimes.push(overlap(&name, units, own, of));
        }
        for (unit, own) in units.iter().zip(own) {
            let any = (0..jurisdictions.len()).map(|at| status(unit, at));
            let listed = any.fold(Truth::False, Truth::or);
            let unlisted = match listed {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            };
            let gap = own.and(unlisted);
            add(&mut self.gap, gap, unit.weight);
            if *own == Truth::True && of_lists(unit, &|list: &List| list.header.is_law()).1 {
                self.gap_withheld = plus(self.gap_withheld, unit.weight);
            }
            if gap == Truth::True {
                self.gap_ids.push(unit.name(&catalogue.machines));
            }
        }
        self.gap_ids.sort();
    }

    /// What undecided machines depend on.
    fn open(&mut self, own: &[Truth], units: &[Unit], profile: &Evaluator, catalogue: &Catalogue) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let results = classify(profile, &catalogue.machines);
        for (unit, _) in units.iter().zip(own).filter(|(_, own)| **own == Truth::Unknown) {
            let mut seen: Vec<String> = Vec::new();
            let of_unit = unit.members.iter().filter_map(|at| results.get(*at));
            let outcomes = of_unit.flat_map(|result| &result.outcomes);
            for missing in outcomes.flat_map(|outcome| &outcome.missing) {
                let name = match missing {
                    super::Missing::Reading { key, .. } => key.text(),
                    other => other.text(),
                };
                if !seen.contains(&name) {
                    seen.push(name);
                }
            }
            seen.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
        }
        self.missing = counts.into_iter().collect();
        self.missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
}

fn truth(verdict: Verdict) -> Truth {
    match verdict {
        Verdict::Captured => Truth::True,
        Verdict::NotCaptured => Truth::False,
        Verdict::Undetermined => Truth::Unknown,
    }
}

/// How the profile goes together with lists of which `of` says whether they capture a machine, and
/// whether only an absence of capture that is withheld leaves that open.
fn overlap(
    name: &str,
    units: &[Unit],
    own: &[Truth],
    of: impl Fn(&Unit) -> (Truth, bool),
) -> Overlap {
    let none = Tally::default();
    let mut overlap = Overlap {
        jurisdiction: name.to_owned(),
        both: none,
        profile_only: none,
        lists_only: none,
        neither: none,
        open: none,
        withheld: none,
    };
    for (unit, own) in units.iter().zip(own) {
        let (listed, withheld) = of(unit);
        let cell = match (*own, listed) {
            (Truth::True, Truth::True) => &mut overlap.both,
            (Truth::True, Truth::False) => &mut overlap.profile_only,
            (Truth::False, Truth::True) => &mut overlap.lists_only,
            (Truth::False, Truth::False) => &mut overlap.neither,
            _ => &mut overlap.open,
        };
        *cell = plus(*cell, unit.weight);
        if withheld && own.is_known() {
            overlap.withheld = plus(overlap.withheld, unit.weight);
        }
    }
    overlap
}

/// The machines of a catalogue, or its families.
fn units(catalogue: &Catalogue, weights: &[Option<Value>], fold: bool) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut families: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (at, machine) in catalogue.machines.iter().enumerate() {
        let weight = weights.get(at).copied().flatten().map_or(0, |w| i128::from(w.count()));
        let family = (machine.maker.clone(), machine.model.clone());
        let known = families.get(&family).filter(|_| fold && !machine.model.is_empty()).copied();
        if let Some(unit) = known.and_then(|known| units.get_mut(known)) {
            unit.add(at, machine, weight);
            continue;
        }
        families.insert(family, units.len());
        let (id, members, groups) = (machine.id.clone(), Vec::new(), BTreeMap::new());
        let mut unit = Unit { id, members, weight: 0, groups };
        unit.add(at, machine, weight);
        units.push(unit);
    }
    units
}

fn plus(tally: Tally, weight: i128) -> Tally {
    Tally { machines: tally.machines + 1, weight: tally.weight + weight }
}

fn add(captured: &mut Captured, truth: Truth, weight: i128) {
    if truth == Truth::True {
        captured.certain = plus(captured.certain, weight);
    }
    if truth != Truth::False {
        captured.possible = plus(captured.possible, weight);
    }
}

fn captured(truths: &[Truth], units: &[Unit]) -> Captured {
    let mut found = Captured::default();
    for (truth, unit) in truths.iter().zip(units) {
        add(&mut found, *truth, unit.weight);
    }
    found
}
