"""Confirms by brute force the cells that are unknown in three-valued logic and known here.

Every blank of a row is replaced by every value that the task can tell apart (and every count that there is), and
each clause is evaluated in plain two-valued logic: what is said has to hold for all of them. A verdict that is left open,
in the first rows of the file, has to hold for some of them and for others not.
"""
import csv
import filecmp
import itertools
import sys

import numpy as np

from task import AXES

CHOICES = {
    "nc_capable": [True, False], "bar_only": [True, False], "chuck_capable": [True, False],
    "bar_dia_mm": [42.0, 43.0], "max_dia_mm": [35.0, 150.0, 151.0], "max_len_mm": [150.0, 151.0],
    "runout_um": [0.4, 0.5], "camming_um": [0.4, 0.5], "rotary_acc_arcsec": [10.7, 10.8],
    "hole_depth_mm": [5000.0, 5001.0], "grind_kind": ["cylindrical", "surface", "gear"],
}
UPR, ACCURACY = [0.9, 1.1, 1.4, 6.0, 7.0], [3.9, 5.9, 30.0, 31.0]
BAR = ["bar_only", "bar_dia_mm", "chuck_capable"]
ASKED = {  # which blanks an entry's clauses look at, by process
    "turning": [BAR, BAR + ["max_dia_mm"]], "milling": [["runout_um", "camming_um"], []],
    "turn_mill": [BAR, BAR + ["max_dia_mm"]], "grinding": [["grind_kind", "max_dia_mm", "max_len_mm"],
                                                        ["grind_kind", "max_dia_mm"]],
    "jig_grinding": [[], []], "jig_boring": [[], []], "edm_sinker": [[], []], "edm_wire": [[], []],
    "waterjet": [["rotary_acc_arcsec"], []], "laser": [["rotary_acc_arcsec"], []],
    "ebeam": [["rotary_acc_arcsec"], []], "deep_hole": [["hole_depth_mm"], []],
}


def value(name, text):
    if name in ("nc_capable", "bar_only", "chuck_capable"):
        return text == "true"
    return text if name in ("process", "grind_kind") else float(text)


def completions(row, entry):
    """The columns that the entry looks at, each an array over all completions of the row."""
    there = [k for k in AXES if row[f"travel_{k}_mm"] != ""]
    figure, of_figure = [("upr", UPR), ("pa", ACCURACY)][entry]
    names = ["nc_capable"] + ASKED[row["process"]][entry] + [f"{figure}_{k}_um" for k in there]
    fixed, free, choices = {}, [], []
    for name in names:
        if row[name] != "":
            fixed[name] = value(name, row[name])
        else:
            free.append(name)
            choices.append(of_figure if name.startswith(figure) else CHOICES[name])
    if "pa_x_um" not in names and row["pa_x_um"] != "":
        fixed["pa_x_um"] = float(row["pa_x_um"])
    counts = [(n, r) for n in range(9) for r in range(n + 1)
              if row["axes_contouring"] in ("", str(n)) and row["axes_rotary"] in ("", str(r))]
    all_of_them = list(itertools.product(counts, *choices))
    out = {name: np.array([c[at + 1] for c in all_of_them]) for at, name in enumerate(free)}
    out["contouring"] = np.array([c[0][0] for c in all_of_them])
    out["rotary"] = np.array([c[0][1] for c in all_of_them])
    for name, fixed_value in fixed.items():
        out[name] = np.full(len(all_of_them), fixed_value)
    for k in there:
        out[f"travel_{k}_mm"] = np.full(len(all_of_them), float(row[f"travel_{k}_mm"]))
    return there, out


def clauses(row, entry, short=None):
    """The truths of the entry's clauses, one array a clause; `short` in the place of what S says."""
    there, of = completions(row, entry)
    size = len(of["contouring"])
    no = np.zeros(size, bool)
    process, nc, n, r = row["process"], of["nc_capable"], of["contouring"], of["rotary"]

    def get(name, empty):
        return of.get(name, np.full(size, empty))

    def some(test):
        found = no
        for k in there:
            found = found | test(of[f"travel_{k}_mm"], k)
        return found

    def guard(*processes):
        return np.full(size, process in processes)

    bar = get("bar_only", False) & (get("bar_dia_mm", 99.0) <= 42) & ~get("chuck_capable", True)
    kind = get("grind_kind", "")
    cylinder = guard("grinding") & (kind == "cylindrical")
    if entry == 0:
        def upr(k):
            return of[f"upr_{k}_um"]
        s = some(lambda t, k: upr(k) <= np.where(t < 1000, 0.9, 1.1))
        if short is not None:
            s = np.full(size, short)
        s5 = some(lambda t, k: upr(k) <= np.where(t < 1000, 0.9, np.where(t < 4000, 1.4, 6.0)))
        s11 = some(lambda t, k: upr(k) <= 1.1)
        small = (get("max_dia_mm", 999.0) <= 150) | (get("max_len_mm", 999.0) <= 150)
        exg = (cylinder & small) | (guard("grinding") & (kind == "surface"))
        return [
            guard("turning", "turn_mill") & nc & (n >= 2) & s & ~bar,
            guard("milling", "turn_mill") & nc & (n - r >= 3) & (r >= 1) & s,
            guard("milling", "turn_mill") & nc & (n >= 5) & s5,
            guard("jig_boring") & nc & s11,
            guard("milling") & nc & (get("runout_um", 9.0) <= 0.4) & (get("camming_um", 9.0) <= 0.4),
            guard("grinding", "jig_grinding") & nc & (n >= 3) & s11 & ~exg,
            guard("grinding", "jig_grinding") & nc & (n >= 5) & ~exg,
            guard("edm_sinker") & nc & (r >= 2),
            guard("waterjet", "laser", "ebeam") & nc & (r >= 2) & (get("rotary_acc_arcsec", 99.0) < 10.8),
            guard("deep_hole") & (get("hole_depth_mm", 0.0) > 5000),
        ]

    def accuracy(k):
        return of[f"pa_{k}_um"]
    six, four = some(lambda t, k: accuracy(k) < 6), some(lambda t, k: accuracy(k) < 4)
    long_x = (of["travel_x_mm"] > 2000) & (accuracy("x") > 30) if "x" in there else no
    mills, grinds = guard("milling", "turn_mill", "jig_boring"), guard("grinding", "jig_grinding")
    bare = guard("jig_grinding") & ("z" not in there and "w" not in there)
    exn = (cylinder & (get("max_dia_mm", 999.0) <= 150) & (n <= 3)) | bare
    turns = guard("turning", "turn_mill")
    return [
        turns & nc & (get("max_dia_mm", 0.0) > 35) & six & ~bar,
        mills & nc & six & ~long_x, mills & nc & (r >= 2) & ~long_x, mills & nc & (n >= 5) & ~long_x,
        grinds & nc & four & ~exn, grinds & nc & (r >= 2) & ~exn, grinds & nc & (n >= 5) & ~exn,
        guard("edm_sinker") & nc & (r >= 2),
    ]


LOOKED_AT = 20_000  # rows of which every open verdict is worked out


def names(header):
    """The columns of a header; ours says of a list that is no law that it is a draft."""
    return [name.replace(" [DRAFT, not law]", "") for name in next(csv.reader([header]))]


def confirm(catalogue, ours, peers):
    """The numbers of confirmed cells and of confirmed open verdicts; stops at the first that is wrong."""
    confirmed = left = 0
    with open(catalogue, newline="", encoding="utf-8") as rows, open(ours) as a, open(peers) as b:
        assert names(a.readline()) == names(b.readline()), "the headers differ"
        for number, (row, mine, theirs) in enumerate(itertools.zip_longest(csv.DictReader(rows), a, b)):
            if number < LOOKED_AT:
                for entry, verdict in enumerate(mine.split(",")[1:3]):
                    if verdict == "?":
                        truth = np.logical_or.reduce(clauses(row, entry))
                        assert truth.any() and not truth.all(), f"{row['id']}: {mine} leaves open what is known"
                        left += 1
            if mine == theirs:
                continue
            mine, theirs = mine.rstrip("\n").split(","), theirs.rstrip("\n").split(",")
            assert mine[0] == theirs[0] == row["id"], f"another machine: {mine[0]}, {theirs[0]}"
            for entry in (0, 1):
                letters, known = mine[3 + entry], theirs[3 + entry]
                if mine[1 + entry] == theirs[1 + entry] and letters == known:
                    continue
                truths = clauses(row, entry)
                pairs = list(zip(letters, known, truths))
                pairs.append(({"C": "H", "-": "F", "?": "O"}[mine[1 + entry]],
                              {"C": "H", "-": "F", "?": "O"}[theirs[1 + entry]], np.logical_or.reduce(truths)))
                for said, other, truth in pairs:
                    if said == other:
                        continue
                    right = truth.all() if said == "H" else not truth.any()
                    assert other == "O" and said in "HF" and right, f"{row['id']}: {mine} against {theirs}"
                    confirmed += 1
    return confirmed, left


if __name__ == "__main__":
    catalogue, ours, polars, duckdb = sys.argv[1:]
    assert filecmp.cmp(polars, duckdb, shallow=False), "the peers differ from each other"
    known, left = confirm(catalogue, ours, polars)
    print(f"the answers agree; {known} cells that are unknown there are known here, each confirmed; in the first "
          f"{LOOKED_AT} rows {left} verdicts are open, each of them rightly")
