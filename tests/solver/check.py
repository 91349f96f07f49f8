"""An independent solver against the program: python3 tests/solver/check.py PROGRAM [SEED].

Reads the list files by itself (heads, overlays, conditions, notes), builds each entry as a formula over machines, and asks
z3 whether every, some or no machine behind a random sheet meets it: that has to be the program's verdict, for every shipped
list and for random ones. Then it asks of pairs of lists whether one captures what the other does not: that has to be what
`toolgauge region` says.
Nothing is derived or assumed on either side. Needs z3-solver.
"""
import csv
import json
import random
import subprocess
import sys
import tempfile
import tomllib
from fractions import Fraction
from pathlib import Path

import z3

HERE = Path(__file__).resolve().parent.parent.parent
LISTS = HERE / "specs" / "lists"
SHEETS, EXTRA, MORE, AXES, AXES_MAX, RANDOM, SLOPED = 24, 3, 9, 4, 7, 60, 20
SUBSETS = {"limited_to"}
# Counts of each unit in one of its dimension's common unit.
UNITS = {"um": "1", "mm": "1000", "m": "1000000", "nm": "1/1000", "arcsec": "1", "deg": "3600", "rpm": "1", "kg": "1",
         "kN": "1000", "N": "1", "deg/s": "1", "g mm/kg": "1", "K": "1", "Pa": "1", "mbar": "100", "bar": "100000",
         "kPa": "1000", "MPa": "1000000", "%": "1/100", "g": "1", "ppm": "1/1000000", "hPa": "100", "arcmin": "60"}
COMPARE = {"at_most": lambda a, b: a <= b, "below": lambda a, b: a < b,
           "at_least": lambda a, b: a >= b, "above": lambda a, b: a > b}


def amount(value):
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Fraction(str(value))
    number, _, unit = value.strip().partition(" ")
    return Fraction(number) * (Fraction(UNITS[unit.strip()]) if unit else 1)


def under(a, b):
    return a == b or a.startswith(b + ".")


class Lists:
    """The list files, with overlays applied."""

    def __init__(self):
        self.files = {}
        for path in sorted(LISTS.glob("*/*.toml")):
            if not path.name.endswith(".cases.toml"):
                data = tomllib.loads(path.read_text())
                self.files[(data["list"], data["edition"])] = data

    def load(self, name, edition):
        data = self.files[(name, edition)]
        if "base" not in data:
            keys = ("clause", "note", "policy", "define")
            return {"root": data["root"], **{key: dict(data.get(key, {})) for key in keys}}
        below = self.load(data["base"]["list"], data["base"]["edition"])
        out = {"root": data["root"], **{key: {k: dict(v) for k, v in below[key].items()} for key in ("clause", "note")},
               "policy": {**below["policy"], **data.get("policy", {})},
               "define": {**below["define"], **data.get("define", {})}}
        out = relabelled(out, data.get("relabel", {}))
        for gone in data.get("remove", []):
            out["clause"] = {k: v for k, v in out["clause"].items() if not under(k, gone)}
            out["note"] = {k: v for k, v in out["note"].items() if k != gone}
            out["policy"] = {k: v for k, v in out["policy"].items() if k != gone}
            for note in out["note"].values():
                note["from"] = [f for f in note["from"] if not under(f, gone)]
        for changed, change in data.get("change", {}).items():
            part = out["clause"].get(changed, out["note"].get(changed))
            if part is None:
                continue
            part["join"] = change.get("join", part.get("join"))
            if "now" in change:
                own, was = conjuncts(part.get("when", {})), conjuncts(change["was"])
                for old in was:
                    own.remove(next(known for known in own if same(known, old)))
                part["when"] = {"all": own + conjuncts(change["now"])}
        for key in ("clause", "note"):
            out[key].update(data.get("add", {}).get(key, {}))
        return out


def relabelled(data, names):
    def new(text):
        best = max((old for old in names if under(text, old)), key=len, default=None)
        return text if best is None else names[best] + text[len(best):]

    def inside(value):
        if isinstance(value, dict):
            return {k: new(v) if k == "clause" and isinstance(v, str) else inside(v) for k, v in value.items()}
        return [inside(item) for item in value] if isinstance(value, list) else value

    if not names:
        return data
    clauses = {new(k): inside(v) for k, v in data["clause"].items()}
    notes = {new(k): {**inside(v), "from": [new(f) for f in v["from"]]} for k, v in data["note"].items()}
    return {**data, "clause": clauses, "note": notes}


def conjuncts(when):
    parts = []
    for key, value in when.items():
        if key == "all":
            for inner in value:
                parts.extend(conjuncts(inner))
        elif key != "checked":
            parts.append({key: value})
    return parts


def same(a, b):
    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k != "checked"}
        if isinstance(value, list):
            return sorted((plain(item) for item in value), key=repr)
        try:
            return amount(value)
        except (KeyError, ValueError, AttributeError):
            return value
    return plain(a) == plain(b)


class Formula:
    """One entry over the variables of a machine with these axis slots."""

    def __init__(self, data, parameters, space):
        self.data, self.parameters, self.space, self.open = data, parameters, space, 0

    def entry(self):
        return self.clause(self.data["root"], {})

    def clause(self, name, shift):
        if name not in self.data["clause"]:
            return self.when(self.data["note"][name].get("when", {}), None, {})
        own = self.data["clause"][name]
        parts = [self.when(own.get("when", {}), None, shift)]
        children = [c for c in self.data["clause"] if self.parent(c) == name]
        if children:
            join = z3.And if own.get("join") == "all" else z3.Or
            parts.append(join(*[self.clause(child, shift) for child in children]))
        for note in self.data["note"].values():
            if note["kind"] == "excludes" and name in note["from"]:
                parts.append(z3.Not(self.when(note.get("when", {}), None, {})))
        return z3.And(*parts)

    def parent(self, name):
        while "." in name:
            name = name.rsplit(".", 1)[0]
            if name in self.data["clause"]:
                return name
        return None

    def when(self, when, axis, shift):
        parts = []
        for key, value in when.items():
            if key == "all":
                parts.append(z3.And(*[self.when(v, axis, shift) for v in value]))
            elif key == "any":
                parts.append(z3.Or(*[self.when(v, axis, shift) for v in value]))
            elif key == "not":
                parts.append(z3.Not(self.when(value, axis, shift)))
            elif key in ("clause", "defined"):
                moved = dict(shift)
                for name, by in when.get("shift", {}).items():
                    moved[name] = moved.get(name, 0) + amount(by)
                defined = self.data["define"].get(value)
                parts.append(self.when(defined["when"], axis, moved) if defined else self.clause(value, moved))
            elif key == "policy":
                taken = self.data["policy"].get(value["name"], {}).get("default", "both")
                parts.append(self.when(value[taken], axis, shift))
            elif key == "axis":
                parts.append(self.axes(value, shift))
            elif key == "open":
                self.open += 1
                parts.append(self.space.truth(f"open {value} {id(self)} {self.open}"))
            elif key not in ("shift", "by", "checked", "text"):
                parts.append(self.test(key, value, axis, shift))
        return z3.And(*parts) if parts else z3.BoolVal(True)

    def axes(self, value, shift):
        inner = {k: v for k, v in value.items() if k not in ("some", "every", "none", "count_at_least", "of")}
        kind = value.get("some") or value.get("every") or value.get("none") or value.get("of", "any")
        meets, others = [], []
        for axis in self.space.axes:
            of_kind = z3.And(axis.present, {"linear": z3.Not(axis.rotary), "rotary": axis.rotary}.get(kind, True))
            holds = self.when(inner, axis, shift)
            meets.append(z3.And(of_kind, holds))
            others.append((of_kind, z3.Not(holds)))
        if "none" in value:
            return z3.Not(z3.Or(*meets)) if meets else z3.BoolVal(True)
        if "every" in value:
            fails = z3.Or(*[z3.And(of_kind, fails) for of_kind, fails in others])
            return z3.And(z3.Not(fails), z3.Or(*[of_kind for of_kind, _ in others]))
        least = value.get("count_at_least", 1)
        return z3.PbGe([(m, 1) for m in meets], least) if len(meets) >= least else z3.BoolVal(False)

    def test(self, name, value, axis, shift):
        if name == "letter":
            return z3.Or(*[axis.letter == self.space.letters.index(letter) for letter in value])
        row = self.parameters[name]
        if isinstance(value, bool):
            truth = self.space.truth(name, axis)
            return truth if value else z3.Not(truth)
        if isinstance(value, list):
            if row["kind"] == "set of labels":
                flag = lambda label: self.space.truth(f"{name}={label}", axis)
                if name in SUBSETS:
                    return z3.Not(z3.Or(*[flag(label) for label in row["labels"] if label not in value]))
                return z3.Or(*[flag(label) for label in value])
            return z3.Or(*[self.space.label(name, row, axis) == row["labels"].index(label) for label in value])
        by, parts = value.get("by", ""), []
        for key, limit in value.items():
            if key in ("by", "checked"):
                continue
            if isinstance(limit, dict):
                other = self.space.number(limit["of"], "", axis)
                base, add, per, beyond = (amount(limit[k]) for k in ("base", "add", "per", "beyond"))
                base = z3.RealVal(str(base + shift.get(name, 0)))
                line = base + z3.RealVal(str(add / per)) * (other - z3.RealVal(str(beyond)))
                bound = z3.If(line > base, line, base)
            else:
                limit = amount(limit) + shift.get(name, 0)
                bound = z3.RealVal(str(limit))
            parts.append(COMPARE[key](self.space.number(name, by, axis), bound))
        return z3.And(*parts)


class Axis:
    def __init__(self, name, letters):
        self.name, self.letters = name, letters
        self.present, self.rotary = z3.Bool(f"{name} present"), z3.Bool(f"{name} rotary")
        self.letter = z3.Int(f"{name} letter")


class Space:
    """The variables of a machine, and what holds of every machine."""

    def __init__(self, letters, slots):
        self.letters, self.known = letters, {}
        self.axes = [Axis(f"axis {n}", letters) for n in range(slots)]
        self.facts = []
        for axis in self.axes:
            self.facts += [axis.letter >= 0, axis.letter < len(letters)]
        self.linear, self.rotary = z3.Int("contouring linear"), z3.Int("contouring rotary")
        for count in (self.linear, self.rotary):
            self.facts += [count >= 0, count <= AXES_MAX]

    def truth(self, name, axis=None):
        return self.known.setdefault((name, axis and axis.name), z3.Bool(f"{axis and axis.name} {name}"))

    def label(self, name, row, axis):
        if (name, axis and axis.name) not in self.known:
            found = z3.Int(f"{axis and axis.name} {name}")
            self.known[(name, axis and axis.name)] = found
            self.facts += [found >= 0, found < len(row["labels"])]
        return self.known[(name, axis and axis.name)]

    def number(self, name, by, axis):
        views = {"contouring_axes": self.linear + self.rotary, "contouring_linear": self.linear,
                 "contouring_rotary": self.rotary}
        if name in views:
            return z3.ToReal(views[name])
        key = (name, by, axis and axis.name)
        if key not in self.known:
            self.known[key] = z3.Real(f"{axis and axis.name} {name} {by}")
            self.facts.append(self.known[key] >= 0)
        return self.known[key]


class Better(Space):
    """The same machine with errors that are no larger, and known to be if the other's are."""

    def __init__(self, other, parameters):
        self.__dict__.update(other.__dict__)
        self.other, self.parameters, self.errors = other, parameters, {}

    def number(self, name, by, axis):
        if not self.parameters[name]["error_type"]:
            return self.other.number(name, by, axis)
        key = (name, by, axis and axis.name)
        if key not in self.errors:
            self.errors[key] = z3.Real(f"better {axis and axis.name} {name} {by}")
            self.facts += [self.errors[key] >= 0, self.errors[key] <= self.other.number(name, by, axis)]
        return self.errors[key]


def is_monotone(data, parameters, letters):
    """Whether no machine is captured while one that is better in its errors alone is not."""
    space = Space(letters, AXES)
    better = Better(space, parameters)
    one, other = Formula(data, parameters, space), Formula(data, parameters, better)
    solver = z3.Solver()
    solver.add(one.entry(), z3.Not(other.entry()), *space.facts)
    return one.open > 0 or solver.check() == z3.unsat


def falling(program, path, data, parameters, letters):
    """Whether a better machine is captured less, which `check --deep` has to say where and only where the solver finds it."""
    said = subprocess.run([program, "check", "--deep", "--axes", "4", "--steps", "1500", path], capture_output=True, text=True, check=True).stdout
    errors = [name for name, row in parameters.items() if row["error_type"]]
    found = any(f"a better machine is captured less: with `{name}" in said for name in errors)
    monotone = is_monotone(data, parameters, letters)
    assert found != monotone or "not settled whether a machine that is better" in said, f"{found} here, {not monotone} there: {written(data)}"
    return found


def limits(data, parameters):
    """Every limit and label that a list tests, by parameter: what random sheets are drawn from."""
    found = {}

    def walk(when, of_axis):
        for key, value in when.items():
            if key in ("all", "any"):
                [walk(inner, of_axis) for inner in value]
            elif key == "not":
                walk(value, of_axis)
            elif key == "axis":
                walk(value, True)
            elif key == "policy":
                walk(value["either"], of_axis), walk(value["both"], of_axis)
            elif key in parameters and isinstance(value, dict):
                by = value.get("by", "")
                for comparator, limit in value.items():
                    if comparator in COMPARE and isinstance(limit, dict):
                        found.setdefault((key, by, of_axis), []).append(limit["base"])
                        found.setdefault((limit["of"], "", of_axis), []).extend([limit["beyond"], "2 m"])
                    elif comparator in COMPARE:
                        found.setdefault((key, by, of_axis), []).append(limit)
            elif key in parameters:
                found.setdefault((key, "", of_axis), []).append(value)

    for part in list(data["clause"].values()) + list(data["note"].values()) + list(data["define"].values()):
        walk(part.get("when", {}), part.get("of") == "axis")
    return found


def sheet(source, number, tested, parameters):
    """One random sheet as cells, with what it says as facts."""
    cells, says = {"id": f"m{number}"}, []
    axes = source.sample(["X", "Y", "Z", "B", "C"], source.randrange(4))
    cells["axes"] = " / ".join(axes)
    complete = bool(axes) and source.random() < 0.6
    cells["axes_complete"] = "yes" if complete else "no"
    for view in ("contouring_axes", "contouring_linear", "contouring_rotary"):
        if source.random() < 0.3 and "contouring" not in "".join(cells):
            cells[view] = str(source.randrange(6))
            says.append((view, "", None, "number", Fraction(cells[view])))
    for (name, by, of_axis), values in sorted(tested.items(), key=repr):
        row = parameters[name]
        if name.startswith("contouring_") and name != "contouring_axis" and row["kind"] == "count":
            continue
        for axis in (axes if of_axis else [None]):
            rotary = axis in ("B", "C")
            fits = axis is None or row["scope"].startswith("rotary") == rotary
            if source.random() < 0.45 or not fits:
                continue
            header = name if axis is None else f"{name}_{axis.lower()}"
            if header in cells:
                continue
            value = source.choice(values)
            if isinstance(value, bool):
                cells[header] = source.choice(["yes", "no"])
                says.append((name, by, axis, "truth", cells[header] == "yes"))
            elif isinstance(value, list):
                some = [label for label in row["labels"] if source.random() < 1.5 / len(row["labels"])]
                if row["kind"] != "set of labels" or not some:
                    continue
                cells[header] = " / ".join(some)
                says.append((name, by, axis, "labels", some))
            else:
                number_text, _, unit = str(value).partition(" ")
                step = Fraction(number_text) * source.choice([Fraction(0), Fraction(1, 10), Fraction(-1, 10)])
                if row["kind"] == "count":
                    step = Fraction(source.choice([-1, 0, 1]))
                moved = max(Fraction(number_text) + step, Fraction(0))
                if moved == 0:
                    continue
                cells[header] = f"{float(moved):.6f}".rstrip("0").rstrip(".") + (f" {unit}" if unit else "")
                if by:
                    cells[header + ".standard"] = by
                says.append((name, by, axis, "number", amount(cells[header])))
    return cells, axes, complete, says


def verdict(data, parameters, letters, axes, complete, says, extra=EXTRA):
    space = Space(letters, len(axes) + (0 if complete else extra))
    entry = Formula(data, parameters, space).entry()
    facts, places = list(space.facts), {}
    for at, axis in enumerate(space.axes):
        if at < len(axes):
            places[axes[at]] = axis
            facts += [axis.present, axis.rotary == (axes[at] in "ABCDE"), axis.letter == letters.index(axes[at])]
        else:
            facts += [axis.letter != letters.index(name) for name in axes]
    for name, by, label, kind, value in says:
        axis = places.get(label)
        if kind == "number":
            facts.append(space.number(name, by, axis) == z3.RealVal(str(value)))
        elif kind == "truth":
            facts.append(space.truth(name, axis) == value)
        else:
            facts += [space.truth(f"{name}={one}", axis) for one in value]
            if name in SUBSETS:
                # What a machine is limited to is said whole.
                rest = [one for one in parameters[name]["labels"] if one not in value]
                facts += [z3.Not(space.truth(f"{name}={one}", axis)) for one in rest]
    def possible(formula):
        solver = z3.Solver()
        solver.add(*space.facts, *facts, formula)
        return solver.check() == z3.sat
    if not possible(z3.Not(entry)):
        return "C"
    return "?" if possible(entry) else "-"


def relation(one, other, parameters, letters, axes):
    """Whether the other captures what the one does not, and the other way round, with so many axes at most."""
    space = Space(letters, axes)
    a, b = (Formula(data, parameters, space).entry() for data in (one, other))
    answers = []
    for formula in (z3.And(z3.Not(a), b), z3.And(a, z3.Not(b))):
        solver = z3.Solver()
        solver.add(*space.facts, formula)
        answers.append(solver.check() == z3.sat)
    return answers


def related(program, one, other, a, b, parameters, letters):
    """Asks what the other list captures and the one does not, and the other way round: how often both sides agree, how often
    that there is something, and how often the program says that it has not searched all."""
    found = subprocess.run(
        [program, "region", "--base", one, "--proposal", other, "--boxes", "1", "--format", "json"],
        capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    here, counts = json.loads(found.stdout), [0, 0, 0]
    for side, whole, needed, exists in zip(
            ("gain", "loss"), here["whole"], here["axes_needed"], relation(a, b, parameters, letters, here["axes"])):
        if here[side] or (whole and needed <= here["axes"]):
            assert bool(here[side]) == exists, f"{side} of {other} against {one}: {exists} there\n{written(a)}\n{written(b)}"
            counts[0], counts[1] = counts[0] + 1, counts[1] + exists
        else:
            counts[2] += 1
    return counts


def agree(program, argument, data, parameters, letters, source):
    """Draws sheets from what a list tests; the program's verdicts have to be the solver's. How many, and how many settled."""
    tested = limits(data, parameters)
    sheets = [sheet(source, number, tested, parameters) for number in range(SHEETS)]
    header = sorted({key for cells, *_ in sheets for key in cells}, key=lambda key: (key != "id", key))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.csv"
        with open(path, "w", newline="") as out:
            writer = csv.DictWriter(out, header, restval="")
            writer.writeheader()
            writer.writerows(cells for cells, *_ in sheets)
        found = subprocess.run(
            [program, "classify", path, "--list", argument, "--basis", "stated", "--no-derive", "--no-assume", "all",
             "--accept-unverified", "--accept-remembered", "--format", "csv", "--detail", "verdicts", "--quiet"],
            capture_output=True, text=True, check=False)
    assert found.returncode == 0, f"{found.stderr}\n{written(data)}"
    settled, less = 0, 0
    for (cells, axes, complete, says), row in zip(sheets, list(csv.reader(found.stdout.splitlines()))[1:], strict=True):
        wanted = verdict(data, parameters, letters, axes, complete, says)
        if row[1] == "?" != wanted and not complete:
            # There may be more axes that are not listed than the solver was given.
            wanted = verdict(data, parameters, letters, axes, complete, says, MORE)
            less += wanted != "?"
            if wanted != "?" and "-v" in sys.argv:
                print(f"only there: {wanted}: {cells}\n{written(data)}")
        assert row[1] == wanted or (row[1] == "?" and not complete), f"{argument}: {row[1]} here, {wanted} there: {cells}\n{written(data)}"
        settled += wanted != "?"
    return len(sheets), settled, less


def written(data):
    """A list as the text of its file."""
    def text(value):
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{key} = {text(inner)}" for key, inner in value.items()) + " }"
        if isinstance(value, list):
            return "[" + ", ".join(text(inner) for inner in value) + "]"
        return json.dumps(value)

    lines = ["format = 1", 'kind = "proposal"', 'list = "random/1"', 'edition = "a"', 'jurisdiction = "X"',
             'title = "random"', 'carrier = "none"', f"root = {text(data['root'])}", 'source = "a test"']
    for part in ("clause", "note", "define"):
        for name, own in data[part].items():
            lines.append(f"[{part}.{json.dumps(name)}]")
            lines += [f"{key} = {text(value)}" for key, value in ({"text": "t"} | own).items()]
    return "\n".join(lines) + "\n"


def random_list(source, parameters):
    """Clauses of tests both ways round, counted over axes and joined at random; a note; a clause with limits moved."""
    def compared(choices, unit=""):
        limits = source.sample(sorted(COMPARE), source.choice([1, 1, 2]))
        return {word: f"{source.choice(choices)} {unit}" if unit else source.choice(choices) for word in limits}

    how = [{"some": "linear"}, {"every": "linear"}, {"none": "linear"}, {"count_at_least": 2, "of": "linear"},
           {"count_at_least": 3, "of": "any"}]

    def of_axis(depth):
        if depth and source.random() < 0.4:
            word = source.choice(["any", "all"])
            return {word: [of_axis(depth - 1), of_axis(depth - 1)]}
        if depth and source.random() < 0.2:
            return {"not": of_axis(depth - 1)}
        tests = {"upr": compared(["0.9", "1.1", "1.4"], "um"), "travel": compared(["0.5", "1", "4"], "m"),
                 "letter": source.sample(["X", "Y", "Z"], 2)}
        return {name: tests[name] for name in source.sample(sorted(tests), source.choice([1, 2]))}

    def of_machine(depth):
        if depth and source.random() < 0.5:
            word = source.choice(["any", "all"])
            return {word: [of_machine(depth - 1), of_machine(depth - 1)]}
        if depth and source.random() < 0.2:
            return {"not": of_machine(depth - 1)}
        processes = parameters["process"]["labels"][:4]
        return source.choice([
            lambda: {"process": source.sample(processes, source.choice([1, 2]))},
            lambda: {source.choice(["contouring_axes", "contouring_linear", "contouring_rotary"]): compared([1, 2, 3, 4])},
            lambda: {"nc_capable": source.random() < 0.5},
            lambda: {"limited_to": ["gears", "crankshafts"]},
            lambda: {"bar_capacity": compared(["26", "42"], "mm")},
            lambda: {"axis": source.choice(how) | of_axis(1)},
            lambda: {"axis": source.choice(how) | of_axis(1)},
        ])()

    clauses = {"1": {"join": source.choice(["any", "all"])}, "1.a": {"when": of_machine(2)}, "1.b": {"when": of_machine(2)}}
    if source.random() < 0.5:
        moved = {"upr": source.choice(["0.2 um", "0.5 um"])}
        clauses["1.c"] = {"when": {"all": [{"clause": "1.a", "shift": moved}, of_machine(1)]}}
    notes = {}
    if source.random() < 0.5:
        notes["1.n"] = {"kind": "excludes", "from": [source.choice(["1", "1.b"])], "when": of_machine(1)}
    defined = {}
    if source.random() < 0.5:
        moved = {"shift": {"upr": source.choice(["0.2 um", "0.5 um"])}} if source.random() < 0.5 else {}
        defined["machine"] = {"when": of_machine(1)}
        defined["axis"] = {"of": "axis", "when": of_axis(1)}
        clauses["1.d"] = {"when": {"all": [{"defined": "machine"} | moved, of_machine(1)]}}
        clauses["1.e"] = {"when": {"axis": source.choice(how) | {"defined": "axis"} | moved | {"letter": ["X", "Z"]}}}
        if source.random() < 0.5:
            clauses["1.f"] = {"when": {"clause": "1.e", "shift": {"upr": "0.2 um"}}}
    return {"root": "1", "clause": clauses, "note": notes, "policy": {}, "define": defined}


def sloped_list(source):
    """One limit on an axis that depends on the travel, and a plain test beside it."""
    def part(*choices):
        return source.choice(choices)

    limit = {"base": part("0.9 um", "1.1 um", "1.4 um"), "add": part("0 um", "0.5 um", "1 um"), "per": "1 m",
             "of": "travel", "beyond": part("0.5 m", "1 m", "1.5 m")}
    how = part({"some": "linear"}, {"every": "linear"}, {"none": "linear"}, {"count_at_least": 2, "of": "linear"})
    clauses = {"1": {"join": part("any", "all")}, "1.a": {"when": {"axis": how | {"upr": {part(*sorted(COMPARE)): limit}}}},
               "1.b": {"when": {"nc_capable": part(True, False)}}}
    return {"root": "1", "clause": clauses, "note": {}, "policy": {}, "define": {}}


def main():
    program, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    said = subprocess.run([program, "parameters", "--format", "json"], capture_output=True, text=True, check=True)
    parameters = {row["name"]: row for row in json.loads(said.stdout)}
    letters, lists, source = parameters["axis_letter"]["labels"], Lists(), random.Random(seed)
    checked, settled = 0, 0
    for name, edition in lists.files:
        found = agree(program, f"{name}@{edition}", lists.load(name, edition), parameters, letters, source)
        assert found[2] == 0, f"{name} ({edition}): the solver settles more"
        checked, settled = checked + found[0], settled + found[1]
    drawn, falls, known, told = [0, 0, 0], 0, [], [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(RANDOM + SLOPED):
            data = random_list(source, parameters) if number < RANDOM else sloped_list(source)
            path = Path(folder) / f"random-{number}.toml"
            path.write_text(written(data).replace("random/1", f"random/{number}"))
            found = agree(program, str(path), data, parameters, letters, source)
            falls += falling(program, path, data, parameters, letters)
            drawn = [sum(pair) for pair in zip(drawn, found)]
            known.append((str(path), data))
        for (one, a), (other, b) in zip(known, known[1:]):
            found = related(program, one, other, a, b, parameters, letters)
            told = [sum(pair) for pair in zip(told, found)]
    assert drawn[2] == 0, "the solver settles more"
    pairs = [(a, b) for a in lists.files for b in lists.files
             if a < b and a[0].split("/")[1] == b[0].split("/")[1]]
    shipped = [0, 0, 0]
    for one, other in source.sample(pairs, min(40, len(pairs))):
        found = related(program, "@".join(one), "@".join(other), lists.load(*one), lists.load(*other), parameters, letters)
        shipped = [sum(pair) for pair in zip(shipped, found)]
    fallen = [f"{name} ({edition})" for name, edition in lists.files
              if not is_monotone(lists.load(name, edition), parameters, letters)]
    print(f"a better machine is never less captured, but for: {', '.join(fallen) or 'none'}, and {falls} of the random lists")
    print(f"{checked} verdicts agree with the solver, {settled} of them settled; under {RANDOM + SLOPED} random lists {drawn[0]}, "
          f"{drawn[1]} of them settled, none only there")
    for what, (agreed, differ, silent) in (("shipped", shipped), ("random", told)):
        print(f"{agreed} relations between {what} lists, {differ} of them differences, {silent} not searched to the end")


if __name__ == "__main__":
    main()
