//! What an overlay does to the open readings of a list.

use super::super::siblings::{Siblings, What};
use super::super::{List, ListKind, Policy, parse};
use super::{names, table};
use crate::error::{Error, Kind};
use crate::table::Fields;

/// Open readings that are new, or that say by `was` how the base settles what they settle anew.
pub(super) fn settle(
    list: &mut List,
    root: &Fields<'_>,
    siblings: &mut Siblings,
    problems: &mut Vec<Error>,
) {
    let Some(fields) = table(root, "policy", problems) else { return };
    for new in parse::policies(root, true, problems) {
        let place = fields.key_place(&new.id);
        let own = fields.get(&new.id).and_then(|node| node.as_table());
        let was = own.and_then(|own| own.get("was"));
        let Some(known) = list.policies.iter_mut().find(|known| known.id == new.id) else {
            if let Some(was) = was {
                let text = format!("the base has no policy `{}` that was read so", new.id);
                problems.push(was.error(text));
            }
            if siblings.touch(What::Added, &new.id, place.clone(), problems) {
                let is_proposal = list.header.kind == ListKind::Proposal;
                let taken = names::taken(list, &new.id, &format!("`{}`", new.id), is_proposal);
                problems.extend(taken.map(|error| error.at(place)));
            }
            list.policies.push(new);
            continue;
        };
        if *known == (Policy { place: known.place.clone(), ..new.clone() }) {
            siblings.repeat(What::Policy, &new.id, place);
            continue;
        }
        match was.map(|was| (was, was.str())) {
            Some((_, Ok(word))) if word == known.default_word() => {}
            Some((_, Err(error))) => problems.push(error),
            Some((node, Ok(word))) if !siblings.settles(&new.id) => {
                let (id, now) = (&new.id, known.default_word());
                let text = format!("policy `{id}`: the base does not read `{word}`");
                problems.push(node.error(text).help(format!("it reads `{now}`")));
            }
            None if !siblings.settles(&new.id) => {
                let message = format!("policy `{}` means something in the base already", new.id);
                let error = Error::new(Kind::Content, message).at(place.clone());
                let help = format!("take another name, or add was = \"{}\"", known.default_word());
                problems.push(error.help(help));
            }
            // That a sibling settles it is what is said.
            _ => {}
        }
        siblings.touch(What::Policy, &new.id, place, problems);
        *known = new;
    }
}
