//! JSON Schemas of the files that people write, made from the table of parameters.

use serde_json::{Map, Value, json};

use crate::catalogue::Target;
use crate::machine::{self, Basis, Kind, Parameter, Standard, label};
use crate::quantity::Comparator;

/// Which schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// List files.
    List,
    /// Machine files.
    Machine,
    /// Mapping files.
    Mapping,
}

/// The schema of a kind of file (JSON Schema, draft 2020-12).
pub fn schema(of: Schema) -> Value {
    let mut schema = match of {
        Schema::List => list(),
        Schema::Machine => machine_schema(),
        Schema::Mapping => mapping(),
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    }
    schema
}

fn labels(row: &Parameter) -> Vec<&'static str> {
    row.vocabulary().map(|v| label::names(v, u64::MAX)).unwrap_or_default()
}

fn standards() -> Vec<String> {
    Standard::all().map(|standard| standard.to_string()).collect()
}

/// A test of a parameter in a list file.
fn test(row: &Parameter) -> Value {
    let names = labels(row);
    match row.kind {
        Kind::Truth => json!({ "type": "boolean", "description": row.description }),
        Kind::OneOf(_) | Kind::Flags(_) | Kind::Subset(_) => json!({
            "description": row.description,
            "type": "array",
            "minItems": 1,
            "items": { "enum": names },
        }),
        Kind::Quantity { .. } | Kind::Contouring(_) => {
            let number = if row.unit().is_some_and(|unit| unit.name().is_empty()) {
                json!({ "type": "integer" })
            } else {
                json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/slope" }] })
            };
            let mut fields = Map::new();
            for comparator in Comparator::ALL {
                fields.insert(comparator.word().into(), number.clone());
            }
            fields.insert("checked".into(), json!({ "enum": ["read", "secondary", "remembered"] }));
            if row.editioned {
                fields.insert("by".into(), json!({ "enum": standards() }));
            }
            let required = if row.editioned { json!(["by"]) } else { json!([]) };
            json!({
                "description": row.description,
                "type": "object",
                "properties": fields,
                "required": required,
                "additionalProperties": false,
            })
        }
    }
}

fn tests(axis: bool) -> Map<String, Value> {
    let rows = machine::PARAMETERS.iter().filter(|row| row.scope.is_axis() == axis);
    rows.map(|row| (row.name.to_owned(), test(row))).collect()
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn checked() -> Value {
    json!({ "enum": ["read", "secondary", "remembered"] })
}

/// A condition on a machine.
fn condition() -> Value {
    let own = json!({ "$ref": "#/$defs/condition" });
    let many = json!({ "type": "array", "items": own });
    let axes = json!({ "$ref": "#/$defs/axes" });
    let mut condition = tests(false);
    for (key, value) in [
        ("any", many.clone()),
        ("all", many),
        ("not", own.clone()),
        ("clause", text()),
        ("defined", text()),
        ("shift", json!({ "type": "object", "additionalProperties": text() })),
        ("open", text()),
        ("axis", json!({ "anyOf": [axes, { "type": "array", "items": axes }] })),
        (
            "policy",
            json!({
                "type": "object",
                "properties": { "name": text(), "either": own, "both": own },
                "required": ["name", "either", "both"],
                "additionalProperties": false,
            }),
        ),
    ] {
        condition.insert(key.into(), value);
    }
    json!({ "type": "object", "properties": condition, "additionalProperties": false })
}

/// A condition on axes.
fn axes() -> Value {
    let kinds = json!({ "enum": ["linear", "rotary", "any"] });
    let count = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    let own = json!({ "$ref": "#/$defs/axes" });
    let many = json!({ "type": "array", "items": own });
    let letters = label::names(label::LETTER, u64::MAX);
    let mut axes = tests(true);
    for (key, value) in [
        ("some", kinds.clone()),
        ("every", kinds.clone()),
        ("none", kinds.clone()),
        ("of", kinds),
        ("count_at_least", count.clone()),
        ("at_least_axes", count),
        ("letter", json!({ "type": "array", "items": { "enum": letters } })),
        ("any", many.clone()),
        ("all", many),
        ("not", own),
        ("defined", text()),
        ("shift", json!({ "type": "object", "additionalProperties": text() })),
        ("open", text()),
    ] {
        axes.insert(key.into(), value);
    }
    json!({ "type": "object", "properties": axes, "additionalProperties": false })
}

/// Tables by citation or name: a text, a condition, how sure it is, and what else they hold.
fn named(extra: &[(&str, Value)]) -> Value {
    let mut fields = Map::new();
    fields.insert("text".into(), text());
    fields.insert("when".into(), json!({ "$ref": "#/$defs/condition" }));
    fields.insert("checked".into(), checked());
    fields.extend(extra.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    let one = json!({ "type": "object", "properties": fields, "additionalProperties": false });
    json!({ "type": "object", "additionalProperties": one })
}

/// The procedure by which values are stated.
fn procedure() -> Value {
    let count = json!({ "type": "integer", "minimum": 1 });
    json!({
        "type": "object",
        "properties": { "machines": count, "months": count },
        "additionalProperties": false,
    })
}

/// How a change says how the sub-clauses of a clause combine.
fn joins(word: &Value) -> Value {
    json!({ "anyOf": [word, {
        "type": "object",
        "properties": { "was": word, "now": word },
        "additionalProperties": false,
    }] })
}

fn list() -> Value {
    let (text, checked) = (text(), checked());
    let texts = json!({ "type": "array", "items": text });
    let own = json!({ "$ref": "#/$defs/condition" });
    let join = ("join", json!({ "enum": ["any", "all"] }));
    let kind = ("kind", json!({ "enum": ["excludes", "explains"] }));
    let clause = named(std::slice::from_ref(&join));
    let note = named(&[kind, ("from", texts.clone())]);
    let stated = ("stated", procedure());
    let axis = json!({ "$ref": "#/$defs/axes" });
    let either = json!({ "anyOf": [own, axis] });
    let define = named(&[("of", json!({ "enum": ["machine", "axis"] })), ("when", either.clone())]);
    let change = named(&[("was", either.clone()), ("now", either), ("join", joins(&join.1))]);
    json!({
        "title": "toolgauge list",
        "type": "object",
        "properties": {
            "format": { "const": 1 },
            "kind": { "enum": ["control-list", "profile", "proposal"] },
            "list": text, "edition": text, "jurisdiction": text, "title": text, "carrier": text,
            "labels": texts, "root": text,
            "in_force": text, "in_force_checked": checked, "until": text,
            "verified_through": text, "source": text,
            "after": texts, "checked": checked, "inherited": checked,
            "base": {
                "type": "object",
                "properties": { "list": text, "edition": text },
                "required": ["list", "edition"],
                "additionalProperties": false,
            },
            "clause": clause, "note": note, "define": define, "reason": named(&[]),
            "flag": named(&[stated]),
            "policy": { "type": "object", "additionalProperties": {
                "type": "object",
                "properties": {
                    "text": text, "default": { "enum": ["either", "both", "open"] },
                    "readings": texts, "was": { "enum": ["either", "both", "open"] },
                },
                "additionalProperties": false,
            } },
            "dial": { "type": "object", "additionalProperties": {
                "type": "object",
                "properties": { "moves": { "type": "object", "additionalProperties": text } },
                "required": ["moves"], "additionalProperties": false,
            } },
            "change": change,
            "add": { "type": "object" },
            "remove": texts,
            "relabel": { "type": "object", "additionalProperties": text },
        },
        "required": ["format", "kind", "list", "edition", "jurisdiction", "title", "carrier",
            "root", "source"],
        "additionalProperties": false,
        "$defs": {
            "condition": condition(),
            "axes": axes(),
            "slope": {
                "type": "object",
                "properties": {
                    "base": text, "add": text, "per": text, "of": text, "beyond": text,
                },
                "required": ["base", "add", "per", "of", "beyond"],
                "additionalProperties": false,
            },
        },
    })
}

/// A reading in a machine file.
fn reading(row: &Parameter) -> Value {
    let plain = match row.kind {
        Kind::Truth => json!({ "type": "boolean" }),
        Kind::OneOf(_) => json!({ "enum": labels(row) }),
        Kind::Flags(_) | Kind::Subset(_) => {
            json!({ "type": "array", "items": { "enum": labels(row) } })
        }
        Kind::Contouring(_) => json!({ "type": "integer", "minimum": 0 }),
        Kind::Quantity { .. } => json!({ "type": ["string", "number"] }),
    };
    let bases: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
    json!({
        "description": row.description,
        "anyOf": [
            plain,
            {
                "type": "object",
                "properties": {
                    "value": plain,
                    "basis": { "enum": bases },
                    "standard": { "enum": standards() },
                    "compensation": { "enum": ["on", "off"] },
                },
                "required": ["value"],
                "additionalProperties": false,
            },
        ],
    })
}

fn machine_schema() -> Value {
    let readings = |axis: bool| -> Map<String, Value> {
        let rows = machine::PARAMETERS.iter().filter(|row| row.scope.is_axis() == axis);
        let rows = rows.filter(|row| !matches!(row.name, "axis_kind" | "axis_letter"));
        rows.map(|row| (row.name.to_owned(), reading(row))).collect()
    };
    let text = json!({ "type": "string" });
    let mut own = readings(false);
    for key in ["id", "maker", "model", "version", "country", "source", "standard"] {
        own.insert(key.into(), text.clone());
    }
    let bases: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
    own.insert("basis".into(), json!({ "enum": bases }));
    own.insert("axes_complete".into(), json!({ "type": "boolean" }));
    let axis = json!({
        "type": "object", "properties": readings(true), "additionalProperties": false,
    });
    own.insert("axis".into(), json!({ "type": "object", "additionalProperties": axis }));
    let mut option = readings(false);
    for (key, value) in [
        ("group", text.clone()),
        ("requires", text.clone()),
        ("excludes", text),
        ("shipped", json!({ "type": "boolean" })),
    ] {
        option.insert(key.into(), value);
    }
    let option = json!({ "type": "object", "properties": option });
    own.insert("option".into(), json!({ "type": "object", "additionalProperties": option }));
    json!({
        "title": "toolgauge machine",
        "type": "object",
        "properties": own,
        "required": ["id"],
        "additionalProperties": false,
    })
}

/// How one column is read.
fn column() -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let bracket =
        json!({ "enum": ["inch", "option", "version", "inch-or-version", "range", "note"] });
    let targets: Vec<&str> = Target::names().collect();
    let bases: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
    json!({
        "type": "object",
        "properties": {
            "to": { "enum": targets },
            "ignore": text,
            "axes": texts, "unit": text,
            "round": bracket, "square": bracket, "angle": bracket,
            "base_version": text,
            "values": { "type": "object", "additionalProperties": texts },
            "contains": { "type": "boolean" },
            "words": { "type": "object", "additionalProperties": text },
            "labels": { "type": "object", "additionalProperties": text },
            "requires": text,
            "zero_is_absent": { "type": "boolean" },
            "complete": { "type": "boolean" },
            "absent": texts, "piece": text,
            "search": { "type": "boolean" },
            "standard_in_cell": { "type": "boolean" },
            "standard": text,
            "basis": { "enum": bases },
            "fitting": text,
            "route": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "column": text, "is": text, "contains": text, "to": { "enum": targets },
                },
                "required": ["column"],
                "additionalProperties": false,
            } },
        },
        "additionalProperties": false,
    })
}

fn mapping() -> Value {
    let text = text();
    let texts = json!({ "type": "array", "items": text });
    let bases: Vec<&str> = Basis::ALL.iter().map(|(_, word)| *word).collect();
    let column = column();
    json!({
        "title": "toolgauge mapping",
        "type": "object",
        "properties": {
            "format": { "const": 1 },
            "kind": { "const": "mapping" },
            "name": text,
            "text": text,
            "when_columns": texts,
            "table": {
                "type": "object",
                "properties": {
                    "encoding": text, "delimiter": text, "sheet": text,
                    "skip_lines": { "type": "integer", "minimum": 0 },
                },
                "additionalProperties": false,
            },
            "defaults": {
                "type": "object",
                "properties": {
                    "basis": { "enum": bases },
                    "decimal": { "enum": ["point", "comma"] },
                    "standard": text,
                    "absent": texts,
                    "axes_complete": { "type": "boolean" },
                },
                "additionalProperties": false,
            },
            "column": { "type": "object", "additionalProperties": {
                "anyOf": [column, { "type": "array", "items": column }],
            } },
        },
        "required": ["kind", "column"],
        "additionalProperties": false,
    })
}
