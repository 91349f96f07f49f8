//! Conditions as the list language writes them: one recursive table wherever a test may stand.

use super::header::Checked;
use super::sure::Sure;
use super::{Against, AxesCondition, Bound, Condition, Policy, Quantifier, Slope, Test};
use crate::error::{Error, Result, nearest};
use crate::machine::{self, Kind, ParameterId, Standard, label};
use crate::quantity::{Comparator, Dimension, Phrase, Style, Value, with_article};
use crate::table::{Fields, Node};

/// What a condition is read for: the machine, or one of its axes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// The machine.
    Machine,
    /// One axis.
    Axis,
}

/// Reads conditions and keeps every error with its place.
pub(super) struct Reader<'p> {
    /// The errors so far.
    pub problems: &'p mut Vec<Error>,
    /// The policies that the list defines.
    pub policies: &'p [Policy],
    /// The clause or note that is being read, for messages.
    pub of: String,
    /// How sure figures are unless they say it themselves.
    pub sure: Sure<'p>,
}

/// The keys of a condition on a machine that are not parameters.
const MACHINE_KEYS: &[&str] =
    &["any", "all", "not", "clause", "defined", "shift", "policy", "axis", "open"];
/// The keys of a condition on an axis that are not parameters.
const AXIS_KEYS: &[&str] = &[
    "any",
    "all",
    "not",
    "defined",
    "shift",
    "open",
    "some",
    "every",
    "none",
    "count_at_least",
    "of",
    "letter",
    "at_least_axes",
];

/// The keys that say of how many axes a condition is.
const QUANTIFIER_KEYS: &[&str] =
    &["some", "every", "none", "count_at_least", "of", "at_least_axes"];

impl Reader<'_> {
    /// The condition of a table; what cannot be read is a problem and holds never or always.
    pub fn condition(&mut self, node: &Node<'_>, on: On) -> Condition {
        self.table(node, on)
    }

    fn problem(&mut self, error: Error) {
        let of = &self.of;
        let message = format!("{of}: {}", error.message());
        let mut named = Error::new(error.kind(), message);
        if let Some(place) = error.place() {
            named = named.at(place.clone());
        }
        if let Some(help) = error.advice() {
            named = named.help(help);
        }
        self.problems.push(named);
    }

    fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.problem(error)).ok()
    }

    fn table(&mut self, node: &Node<'_>, on: On) -> Condition {
        self.keys(node, on, false)
    }

    /// The condition of a table; `begins` where it says of how many axes it is.
    fn keys(&mut self, node: &Node<'_>, on: On, begins: bool) -> Condition {
        let Some(fields) = self.keep(node.table()) else { return Condition::All(Vec::new()) };
        let mut parts = Vec::new();
        for (key, value) in fields.iter() {
            match key {
                "shift" => {}
                _ if QUANTIFIER_KEYS.contains(&key) && begins => {}
                _ if QUANTIFIER_KEYS.contains(&key) && on == On::Axis => {
                    let message = format!("`{key}` says how many axes, and this is about one axis");
                    let help = "it stands where the condition on axes begins: `axis = { ... }`";
                    self.problem(value.error(message).at(fields.key_place(key)).help(help));
                }
                _ => parts.extend(self.key(key, &value, &fields, on)),
            }
        }
        let named = ["clause", "defined"].into_iter().filter(|key| fields.get(key).is_some());
        match (named.count(), fields.get("shift")) {
            (0, Some(_)) => {
                self.problem(node.error("`shift` moves the limits of a clause, and none is named"));
            }
            (2, Some(_)) => {
                self.problem(node.error("`shift` beside both `clause` and `defined`: of which?"));
            }
            _ => {}
        }
        match parts.len() {
            1 => parts.remove(0),
            _ => Condition::All(parts),
        }
    }

    fn key(
        &mut self,
        key: &str,
        node: &Node<'_>,
        fields: &Fields<'_>,
        on: On,
    ) -> Option<Condition> {
        match (key, on) {
            ("any" | "all", _) => {
                let items = self.keep(node.array())?;
                let parts = items.iter().map(|item| self.table(item, on)).collect();
                Some(if key == "any" { Condition::Any(parts) } else { Condition::All(parts) })
            }
            ("not", _) => Some(Condition::Not(Box::new(self.table(node, on)))),
            ("open", _) => self.keep(node.str()).map(|why| Condition::Open(why.to_owned())),
            ("clause" | "policy" | "axis", On::Axis) => {
                let message =
                    format!("`{key}` is about the machine and cannot stand within `axis`");
                let help = match key {
                    "clause" => {
                        "[define.NAME] with of = \"axis\" gives a condition on one axis a \
                                 name; refer to it by `defined`"
                    }
                    _ => "move it out of the axis condition",
                };
                self.problem(node.error(message).at(fields.key_place(key)).help(help));
                None
            }
            ("clause" | "defined", _) => {
                let id = self.keep(node.str())?.to_owned();
                let shift = fields.get("shift").map(|shift| self.shift(&shift));
                Some(Condition::Clause {
                    id,
                    shift: shift.unwrap_or_default(),
                    place: node.place(),
                })
            }
            ("policy", On::Machine) => self.policy(node),
            ("axis", On::Machine) => match node.as_array() {
                Some(items) => {
                    let parts = items.iter().filter_map(|item| self.axes(item)).collect();
                    Some(Condition::All(parts))
                }
                None => self.axes(node),
            },
            ("letter", On::Axis) => {
                let parameter = machine::id_of("axis_letter");
                let letters = self.labels(node, parameter)?;
                Some(self.test(node, parameter, None, Against::Labels(letters)))
            }
            _ => self.parameter(key, node, fields, on),
        }
    }

    fn test(
        &self,
        node: &Node<'_>,
        parameter: ParameterId,
        by: Option<Standard>,
        against: Against,
    ) -> Condition {
        let checked = self.sure.test(parameter, &against);
        Condition::Test(Test { parameter, by, against, checked, place: node.place() })
    }

    fn parameter(
        &mut self,
        key: &str,
        node: &Node<'_>,
        fields: &Fields<'_>,
        on: On,
    ) -> Option<Condition> {
        let Some(parameter) = machine::find(key) else {
            let place = fields.key_place(key);
            let error = node.error(format!("`{key}` is neither a parameter nor a known key"));
            let keys = if on == On::Machine { MACHINE_KEYS } else { AXIS_KEYS };
            let names = machine::all().map(|id| id.row().name).chain(keys.iter().copied());
            let help = match nearest(key, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`toolgauge parameters` prints them all".to_owned(),
            };
            self.problem(error.at(place).help(help));
            return None;
        };
        let row = parameter.row();
        if row.scope.is_axis() != (on == On::Axis) {
            let help = if on == On::Machine {
                let of = if self.of.starts_with("definition") {
                    "; a definition of one axis says of = \"axis\""
                } else {
                    ""
                };
                format!("write `axis = {{ some = \"linear\", {key} = ... }}`{of}")
            } else {
                "move it out of the axis condition".to_owned()
            };
            let message = format!("`{key}` belongs to a {}", row.scope.word());
            self.problem(node.error(message).at(fields.key_place(key)).help(help));
            return None;
        }
        match row.kind {
            Kind::Truth | Kind::OneOf(_) | Kind::Flags(_) | Kind::Subset(_) => {
                let labels = self.labels(node, parameter)?;
                Some(self.test(node, parameter, None, Against::Labels(labels)))
            }
            Kind::Quantity { .. } | Kind::Contouring(_) => self.quantity(node, parameter),
        }
    }

    fn labels(&mut self, node: &Node<'_>, parameter: ParameterId) -> Option<u64> {
        let row = parameter.row();
        let vocabulary = row.vocabulary()?;
        if matches!(row.kind, Kind::Truth) {
            return self.keep(node.bool()).map(|truth| if truth { 0b10 } else { 0b01 });
        }
        let items = match node.as_array() {
            Some(items) => items,
            None => vec![*node],
        };
        let mut mask = 0;
        for item in &items {
            let name = self.keep(item.str())?;
            match label::bit(vocabulary, name) {
                Some(bit) => mask |= bit,
                None => {
                    let message = format!("`{name}` is not a label of `{}`", row.name);
                    let near = nearest(name, vocabulary.iter().map(|label| label.name));
                    let help = near.map_or_else(
                        || format!("known: {}", label::names(vocabulary, u64::MAX).join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.problem(item.error(message).help(help));
                }
            }
        }
        if mask == 0 && items.is_empty() {
            self.problem(node.error(format!("`{}` is tested against no label", row.name)));
        }
        Some(mask)
    }

    fn quantity(&mut self, node: &Node<'_>, parameter: ParameterId) -> Option<Condition> {
        let row = parameter.row();
        let Some(fields) = node.as_table() else {
            let help = format!("write `{} = {{ at_most = ... }}`", row.name);
            let message = format!(
                "`{}` is {}: a comparison is wanted",
                row.name,
                with_article(row.kind_word())
            );
            self.problem(node.error(message).help(help));
            return None;
        };
        let words = Comparator::ALL.map(Comparator::word);
        let known: Vec<&str> = words.iter().copied().chain(["by", "checked"]).collect();
        for error in fields.unknown_keys(&known) {
            self.problem(error);
        }
        let mut limits = Vec::new();
        for comparator in Comparator::ALL {
            if let Some(limit) = fields.get(comparator.word()) {
                limits.push((comparator, self.bound(&limit, parameter)?));
            }
        }
        if limits.is_empty() {
            self.problem(node.error(format!("`{}` is compared with nothing", row.name)));
        }
        let by = fields.get("by").and_then(|by| self.by(&by));
        if row.editioned != by.is_some() {
            let message = if row.editioned {
                format!("`{}` is tested without its standard and edition", row.name)
            } else {
                format!("`{}` has one definition; `by` has no meaning here", row.name)
            };
            self.problem(node.error(message).help("write `by = \"ISO 230-2:1988\"`, say"));
        }
        let against = Against::Limits(limits);
        let checked = match fields.get("checked") {
            Some(checked) => self.keep(Checked::of(&checked))?,
            None => self.sure.test(parameter, &against),
        };
        Some(Condition::Test(Test { parameter, by, against, checked, place: node.place() }))
    }

    fn by(&mut self, node: &Node<'_>) -> Option<Standard> {
        let name = self.keep(node.str())?;
        let standard = Standard::named(name);
        if standard.is_none() {
            let names = Standard::all().map(|standard| standard.row().name);
            let help = nearest(name, names).map_or_else(
                || "`toolgauge parameters` lists the standards".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.problem(node.error(format!("`{name}` is not a known standard")).help(help));
        }
        standard
    }

    fn bound(&mut self, node: &Node<'_>, parameter: ParameterId) -> Option<Bound> {
        let Some(fields) = node.as_table() else {
            return self.value(node, parameter).map(Bound::Fixed);
        };
        if fields.get("defined").is_some() {
            let message = "a definition stands for a condition, not for a limit";
            let help = "name the whole test: [define.NAME] with `when`, and `defined` where the \
                        test would stand; a [dial.NAME] moves limits of several clauses together";
            self.problem(node.error(message).at(fields.key_place("defined")).help(help));
            return None;
        }
        for error in fields.unknown_keys(&["base", "add", "per", "of", "beyond"]) {
            self.problem(error);
        }
        let of = self.keep(fields.required("of", "the limit"))?;
        let name = self.keep(of.str())?;
        let Some(other) = machine::find(name).filter(|o| o.row().dimension().is_some()) else {
            self.problem(of.error(format!("`{name}` is not a parameter with a quantity")));
            return None;
        };
        let mut value = |key: &str, parameter: ParameterId| {
            let node = self.keep(fields.required(key, "the limit"))?;
            self.value(&node, parameter)
        };
        let slope = Slope {
            base: value("base", parameter)?,
            add: value("add", parameter)?,
            per: value("per", other)?,
            of: other,
            beyond: value("beyond", other)?,
        };
        if slope.per.count() <= 0 || slope.add.count() < 0 {
            let message =
                "the limit has to grow with the other reading: `per` above 0, `add` not below";
            self.problem(node.error(message));
            return None;
        }
        if other.row().scope != parameter.row().scope {
            self.problem(
                of.error(format!("`{name}` and `{}` differ in scope", parameter.row().name)),
            );
            return None;
        }
        Some(Bound::Sloped(slope))
    }

    fn value(&mut self, node: &Node<'_>, parameter: ParameterId) -> Option<Value> {
        let row = parameter.row();
        let dimension = row.dimension()?;
        let result = if dimension == Dimension::Number {
            node.whole()
                .map_err(|error| {
                    let text = node.str().unwrap_or_default();
                    let message = format!("`{text}` is not a count, but `{}` is one", row.name);
                    if text.is_empty() { error } else { node.error(message) }
                        .help("write a bare number")
                })
                .and_then(|count| {
                    Value::from_count(count).ok_or_else(|| node.error("this count is too large"))
                })
        } else {
            node.str().and_then(|text| read_value(node, text, dimension, row.name))
        };
        self.keep(result)
    }

    fn shift(&mut self, node: &Node<'_>) -> Vec<(ParameterId, Value)> {
        let Some(fields) = self.keep(node.table()) else { return Vec::new() };
        let mut shift = Vec::new();
        for (key, value) in fields.iter() {
            match machine::find(key).filter(|p| p.row().dimension().is_some()) {
                Some(parameter) => {
                    let moved = self.value(&value, parameter);
                    shift.extend(moved.map(|by| (parameter, by)));
                }
                None => self.problem(value.error(format!("`{key}` has no limits to move"))),
            }
        }
        shift
    }

    fn policy(&mut self, node: &Node<'_>) -> Option<Condition> {
        let fields = self.keep(node.table())?;
        for error in fields.unknown_keys(&["name", "either", "both"]) {
            self.problem(error);
        }
        let name = self.keep(fields.required("name", "the policy"))?;
        let id = self.keep(name.str())?.to_owned();
        if !self.policies.iter().any(|policy| policy.id == id) {
            let known = self.policies.iter().map(|policy| policy.id.as_str());
            let help = nearest(&id, known).map_or_else(
                || format!("define it: [policy.{id}]"),
                |near| format!("did you mean `{near}`?"),
            );
            self.problem(name.error(format!("no policy `{id}` is defined")).help(help));
        }
        let either = self.keep(fields.required("either", "the policy"))?;
        let both = self.keep(fields.required("both", "the policy"))?;
        Some(Condition::Policy {
            id,
            either: Box::new(self.table(&either, On::Machine)),
            both: Box::new(self.table(&both, On::Machine)),
            place: node.place(),
        })
    }

    fn axes(&mut self, node: &Node<'_>) -> Option<Condition> {
        let fields = self.keep(node.table())?;
        let words = ["some", "every", "none", "count_at_least"];
        let chosen: Vec<_> =
            words.iter().filter_map(|word| fields.get(word).map(|node| (*word, node))).collect();
        let [(word, value)] = chosen.as_slice() else {
            let help = "write one of `some`, `every`, `none` or `count_at_least`";
            self.problem(node.error("how many axes is not said exactly once").help(help));
            return None;
        };
        let minimum = match fields.get("at_least_axes") {
            Some(node) => self.small(&node)?,
            None => 1,
        };
        let (quantifier, kind) = match *word {
            "some" => (Quantifier::AtLeast(1), *value),
            "none" => (Quantifier::None, *value),
            "every" => (Quantifier::Every(minimum), *value),
            _ => {
                let of = self.keep(fields.required("of", "`count_at_least`"))?;
                (Quantifier::AtLeast(self.small(value)?), of)
            }
        };
        let kinds = match self.keep(kind.str())? {
            "linear" => 0b010,
            "rotary" => 0b100,
            "any" => 0b110,
            other => {
                let message = format!("`{other}` is not a kind of axis");
                self.problem(kind.error(message).help("write `linear`, `rotary` or `any`"));
                return None;
            }
        };
        let when = Box::new(self.keys(node, On::Axis, true));
        Some(Condition::Axes(AxesCondition { quantifier, kinds, when }))
    }

    fn small(&mut self, node: &Node<'_>) -> Option<u8> {
        let number = self.keep(node.whole())?;
        let small = u8::try_from(number).ok().filter(|n| (1..=9).contains(n));
        if small.is_none() {
            self.problem(node.error(format!("`{number}` axes cannot be asked for")).help("1 to 9"));
        }
        small
    }
}

/// A plain quantity with its unit printed, exactly; a leading plus sign is allowed.
fn read_value(node: &Node<'_>, text: &str, dimension: Dimension, name: &str) -> Result<Value> {
    let phrase = Phrase::parse(text.trim_start_matches('+'), dimension, Style::default());
    phrase.and_then(|phrase| phrase.single(None)).map_err(|fault| {
        let unit = dimension.usual_unit().name();
        node.error(format!("`{name}` is {}: {fault}", with_article(dimension.name())))
            .help(format!("write a number with its unit, such as \"6 {unit}\""))
    })
}
