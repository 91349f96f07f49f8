//! What an overlay takes away from a list.

use super::super::List;
use super::super::siblings::{Siblings, Touch, What, is_under};
use super::{SIBLINGS, clash, gone};
use crate::error::Error;
use crate::table::Fields;

/// `remove = ["2B001.b.2.d", ...]`: clauses with all that hangs under them, notes, reasons, flags,
/// policies.
pub(super) fn remove(
    list: &mut List,
    root: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let Some(node) = root.get("remove") else { return };
    let items = match node.array() {
        Ok(items) => items,
        Err(error) => return problems.push(error),
    };
    for item in items {
        let id = match item.str() {
            Ok(id) => id,
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        let under = |other: &str| is_under(other, id);
        // Whoever names what a sibling added knows of it.
        let knows = |touch: &Touch| touch.what == What::Added && touch.id == id;
        let clashes =
            |touch: &Touch| touch.what != What::Removed && under(&touch.id) && !knows(touch);
        if let Some(touch) = siblings.find(clashes) {
            let message = clash(id, What::Removed, touch);
            problems.push(item.error(message).help(SIBLINGS));
        }
        siblings.touch(What::Removed, id, item.place());
        for clause in list.clauses.iter().filter(|clause| clause.id != id && under(&clause.id)) {
            siblings.touch(What::Removed, &clause.id, item.place());
        }
        let before = size(list);
        list.clauses.retain(|clause| !under(&clause.id));
        list.notes.retain(|note| note.id != id);
        list.reasons.retain(|named| named.id != id);
        list.flags.retain(|named| named.id != id);
        list.policies.retain(|policy| policy.id != id);
        list.notes.iter_mut().for_each(|note| note.from.retain(|from| !under(from)));
        if size(list) == before {
            problems.push(gone(&item, id, list, siblings));
        }
    }
}

fn size(list: &List) -> usize {
    let conditions = list.clauses.len() + list.notes.len() + list.reasons.len() + list.flags.len();
    conditions + list.policies.len()
}
