//! Whether a list hangs together: parents, joins, references, notes, policies.

use super::{Against, Bound, Clause, Condition, List, Note, NoteKind, Policy, Test};
use crate::error::{Error, Kind, Place, nearest};
use crate::machine::{self, AXES_MAX, ParameterId};
use crate::quantity::Comparator;

/// Every problem of a complete list.
pub(super) fn check(list: &List) -> Vec<Error> {
    let mut problems = Vec::new();
    roots(list, &mut problems);
    for clause in &list.clauses {
        shape(list, clause, &mut problems);
    }
    notes(list, &mut problems);
    for (of, condition) in conditions(list) {
        condition.walk(&mut |part| inside(list, &of, part, &mut problems));
    }
    levels(list, &mut problems);
    cycles(list, &mut problems);
    policies(list, &mut problems);
    problems
}

fn problem(place: &Place, message: String) -> Error {
    Error::new(Kind::Content, message).at(place.clone())
}

/// Every condition with the name of what it belongs to.
pub(super) fn conditions(list: &List) -> impl Iterator<Item = (String, &Condition)> {
    let clauses = list.clauses.iter().map(|c| (format!("clause `{}`", c.id), &c.when));
    let notes = list.notes.iter().map(|n| (named(n), &n.when));
    let reasons = list.reasons.iter().map(|r| (format!("reason `{}`", r.id), &r.when));
    let flags = list.flags.iter().map(|f| (format!("flag `{}`", f.id), &f.when));
    clauses.chain(notes).chain(reasons).chain(flags)
}

/// A note or definition, for messages.
fn named(note: &Note) -> String {
    let what = if note.kind.is_definition() { "definition" } else { "note" };
    format!("{what} `{}`", note.id)
}

fn roots(list: &List, problems: &mut Vec<Error>) {
    let root = &list.header.root;
    if list.clause(root).is_none() {
        let error = Error::new(Kind::Content, format!("{}: no clause `{root}`", list.header.file));
        problems.push(error.help("`root` names the clause that is the entry"));
    }
    for clause in list.clauses.iter().filter(|clause| clause.id != *root) {
        if list.parent(&clause.id).is_some() {
            continue;
        }
        let Some((above, _)) = clause.id.rsplit_once('.') else {
            let message = format!("clause `{}` hangs under no other clause", clause.id);
            let help = format!("its citation has to begin with that of another one: `{root}.`");
            problems.push(problem(&clause.place, message).help(help));
            continue;
        };
        let message = format!("clause `{}` hangs under `{above}`, which is no clause", clause.id);
        let others = list.clauses.iter().map(|other| other.id.as_str());
        let near = nearest(above, others.filter(|other| *other != clause.id));
        problems.push(problem(&clause.place, message).help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("every clause hangs under another one, at last under `{root}`"),
        }));
    }
}

fn shape(list: &List, clause: &Clause, problems: &mut Vec<Error>) {
    let children = list.children(&clause.id).count();
    let (id, place) = (&clause.id, &clause.place);
    if children > 0 && clause.join.is_none() {
        let error = problem(place, format!("clause `{id}` has sub-clauses and no `join`"));
        problems.push(error.help("write `join = \"any\"` or `join = \"all\"`"));
    }
    if children == 0 && clause.join.is_some() {
        problems.push(problem(place, format!("clause `{id}` joins sub-clauses that it lacks")));
    }
    if children == 0 && clause.when.is_always() {
        let message = format!("clause `{id}` has neither a condition nor sub-clauses");
        problems.push(problem(place, message).help("as it stands it would capture everything"));
    }
}

fn notes(list: &List, problems: &mut Vec<Error>) {
    for note in &list.notes {
        for from in &note.from {
            if list.clause(from).is_none() {
                let near = nearest(from, list.clauses.iter().map(|c| c.id.as_str()));
                let message = format!("note `{}` is about `{from}`, which is no clause", note.id);
                let error = problem(&note.place, message);
                problems.push(match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                });
            }
        }
        let referenced = conditions(list).any(|(_, condition)| {
            let mut found = false;
            condition.walk(&mut |part| {
                found |= matches!(part, Condition::Clause { id, .. } if *id == note.id);
            });
            found
        });
        if note.kind == NoteKind::Excludes && note.from.is_empty() && !referenced {
            let message = format!("note `{}` excludes from nothing", note.id);
            problems.push(problem(&note.place, message).help("name the clauses in `from`"));
        }
        if note.kind.is_definition() && !referenced {
            let message = format!("definition `{}` is used nowhere", note.id);
            let help = format!("a condition refers to it by `defined = \"{}\"`", note.id);
            problems.push(problem(&note.place, message).help(help));
        }
        if note.kind.is_definition() && note.when.is_always() {
            let message = format!("definition `{}` has no condition", note.id);
            problems.push(problem(&note.place, message).help("write `when = { ... }`"));
        }
        if note.kind.is_definition() && list.clause(&note.id).is_some() {
            let message = format!("definition `{}` has the name of a clause", note.id);
            problems.push(problem(&note.place, message));
        }
        if note.kind == NoteKind::Excludes && note.when.is_always() {
            let message = format!("note `{}` excludes without a condition", note.id);
            problems.push(problem(&note.place, message));
        }
    }
}

fn inside(list: &List, of: &str, condition: &Condition, problems: &mut Vec<Error>) {
    match condition {
        Condition::Clause { id, place, .. }
            if list.clause(id).is_none() && list.note(id).is_none() =>
        {
            let names = list.clauses.iter().map(|c| c.id.as_str());
            let near = nearest(id, names.chain(list.notes.iter().map(|n| n.id.as_str())));
            let error =
                problem(place, format!("{of}: there is no clause, note or definition `{id}`"));
            problems.push(match near {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            });
        }
        Condition::Test(test) => counts(of, test, problems),
        _ => {}
    }
}

/// What is said of the machine stands on the machine, what is said of an axis within `axis`.
fn levels(list: &List, problems: &mut Vec<Error>) {
    let of_axis = |id: &str| list.note(id).is_some_and(|note| note.kind == NoteKind::DefinesAxis);
    let clauses = conditions(list).map(|(of, when)| (of, when, false));
    let clauses = clauses.filter(|(_, when, _)| {
        !list.notes.iter().any(|n| n.kind == NoteKind::DefinesAxis && std::ptr::eq(&n.when, *when))
    });
    let axes = list.notes.iter().filter(|note| note.kind == NoteKind::DefinesAxis);
    for (of, when, axis) in clauses.chain(axes.map(|note| (named(note), &note.when, true))) {
        level(&of, when, axis, &of_axis, problems);
    }
}

fn level(
    of: &str,
    condition: &Condition,
    axis: bool,
    of_axis: &impl Fn(&str) -> bool,
    problems: &mut Vec<Error>,
) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| level(of, part, axis, of_axis, problems));
        }
        Condition::Not(part) => level(of, part, axis, of_axis, problems),
        Condition::Policy { either, both, .. } => {
            [either, both].into_iter().for_each(|part| level(of, part, axis, of_axis, problems));
        }
        Condition::Axes(axes) => level(of, &axes.when, true, of_axis, problems),
        Condition::Clause { id, place, .. } if axis && !of_axis(id) => {
            let message = format!("{of}: `{id}` is about the machine, and this is one axis");
            let help = "a definition that stands within `axis` says of = \"axis\"";
            problems.push(problem(place, message).help(help));
        }
        Condition::Clause { id, place, .. } if !axis && of_axis(id) => {
            let message = format!("{of}: `{id}` is about one axis, and this is the machine");
            let help = format!("write axis = {{ some = \"linear\", defined = \"{id}\" }}, say");
            problems.push(problem(place, message).help(help));
        }
        _ => {}
    }
}

/// The largest count that a limit of a parameter may be; none where it may be any. Counts of
/// contouring axes are held up to [`AXES_MAX`], and no limit may look beyond.
pub(super) fn most(parameter: ParameterId, comparator: Comparator) -> Option<i64> {
    let most = i64::from(AXES_MAX);
    (parameter.stored() == machine::id_of("contouring_axes")).then_some(match comparator {
        Comparator::AtLeast | Comparator::Below => most,
        Comparator::AtMost | Comparator::Above => most - 1,
    })
}

/// No limit on a count is larger than lists may state.
fn counts(of: &str, test: &Test, problems: &mut Vec<Error>) {
    let Against::Limits(limits) = &test.against else { return };
    for (comparator, bound) in limits {
        let Bound::Fixed(value) = bound else { continue };
        if most(test.parameter, *comparator).is_some_and(|most| value.count() > most) {
            let message =
                format!("{of}: axes are counted up to {AXES_MAX}, not to {}", value.count());
            problems.push(problem(&test.place, message));
        }
    }
}

/// No clause, note or definition may rest on itself through references.
fn cycles(list: &List, problems: &mut Vec<Error>) {
    let clauses = list.clauses.iter().map(|c| (format!("clause `{}`", c.id), &c.id, &c.place));
    let notes = list.notes.iter().map(|note| (named(note), &note.id, &note.place));
    for (of, id, place) in clauses.chain(notes) {
        let mut path = vec![id.as_str()];
        if rests_on(list, id, id, &mut path) {
            let message = format!("{of} rests on itself");
            problems.push(problem(place, message).help(path.join(" → ")));
        }
    }
}

fn rests_on<'l>(list: &'l List, at: &'l str, target: &str, path: &mut Vec<&'l str>) -> bool {
    let mut next: Vec<&str> = list.children(at).map(|child| child.id.as_str()).collect();
    let own = list.clause(at).map(|c| &c.when).or_else(|| list.note(at).map(|n| &n.when));
    let about = list.notes.iter().filter(|n| n.from.iter().any(|from| from == at)).map(|n| &n.when);
    for condition in own.into_iter().chain(about) {
        condition.walk(&mut |part| {
            if let Condition::Clause { id, .. } = part {
                next.push(id);
            }
        });
    }
    for id in next {
        if id == target {
            path.push(id);
            return true;
        }
        if !path.contains(&id) {
            path.push(id);
            if rests_on(list, id, target, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}

fn policies(list: &List, problems: &mut Vec<Error>) {
    let mut used = std::collections::BTreeSet::new();
    for (_, condition) in conditions(list) {
        condition.walk(&mut |part| {
            if let Condition::Policy { id, .. } = part {
                used.insert(id.as_str());
            }
        });
    }
    let about = |policy: &Policy| {
        let tested = |parameter: &ParameterId| {
            conditions(list).any(|(_, condition)| {
                let mut found = false;
                condition.walk(&mut |part| {
                    found |= matches!(part, Condition::Test(test) if test.parameter == *parameter);
                });
                found
            })
        };
        policy.readings.iter().any(tested)
    };
    let idle = |policy: &&Policy| !used.contains(policy.id.as_str()) && !about(policy);
    for policy in list.policies.iter().filter(idle) {
        let message = format!("{}: policy `{}` is used nowhere", list.header.file, policy.id);
        problems.push(Error::new(Kind::Content, message));
    }
}
