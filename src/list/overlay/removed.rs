//! What an overlay takes away from a list.

use super::super::List;
use super::super::siblings::{Siblings, What, is_under};
use super::{gone, names};
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
        siblings.touch(What::Removed, id, item.place(), problems);
        let before = list.clone();
        list.clauses.retain(|clause| !under(&clause.id));
        list.notes.retain(|note| note.id != id);
        list.reasons.retain(|named| named.id != id);
        list.flags.retain(|named| named.id != id);
        list.policies.retain(|policy| policy.id != id);
        list.notes.iter_mut().for_each(|note| note.from.retain(|from| !under(from)));
        names::take(&before, list, What::Removed, |_| Some(item.place()));
        let took = list.gone.len() - before.gone.len();
        if took == 0 {
            problems.push(gone(&item, id, list, siblings));
        }
    }
}
