"""python polars_task.py CATALOGUE OUT: the task by Polars, streaming. POLARS_MAX_THREADS sets the threads.

Written as expressions, which Polars runs faster than the same in SQL.
"""
import sys

import polars as pl

from task import AXES, COLUMNS, HEADER, TEXT, TRUTH, WHOLE

C = pl.col


def kind(name):
    return (pl.String if name in TEXT else pl.Boolean if name in TRUTH
            else pl.Int32 if name in WHOLE else pl.Float64)


def some(figure, test):
    """Some listed axis meets a test of its travel and a figure, in Kleene's logic."""
    tests = [C(f"travel_{k}_mm").is_not_null() & test(C(f"travel_{k}_mm"), C(f"{figure}_{k}_um")) for k in AXES]
    found = tests[0]
    for other in tests[1:]:
        found = found | other
    return found


def clauses():
    process, nc, axes, rotary = C("process"), C("nc_capable"), C("axes_contouring"), C("axes_rotary")
    short = some("upr", lambda t, upr: upr <= pl.when(t < 1000).then(0.9).otherwise(1.1))
    wide = some("upr", lambda t, upr: upr <= pl.when(t < 1000).then(0.9).when(t < 4000).then(1.4).otherwise(6.0))
    best = some("upr", lambda _, upr: upr <= 1.1)
    six, four = some("pa", lambda _, pa: pa < 6), some("pa", lambda _, pa: pa < 4)
    bar = C("bar_only") & (C("bar_dia_mm") <= 42) & ~C("chuck_capable")
    cylinder = (process == "grinding") & (C("grind_kind") == "cylindrical")
    flat = (process == "grinding") & (C("grind_kind") == "surface")
    spared = (cylinder & ((C("max_dia_mm") <= 150) | (C("max_len_mm") <= 150))) | flat
    jig = (process == "jig_grinding") & C("travel_z_mm").is_null() & C("travel_w_mm").is_null()
    noted = (cylinder & (C("max_dia_mm") <= 150) & (axes <= 3)) | jig
    long_x = C("travel_x_mm").is_not_null() & (C("travel_x_mm") > 2000) & (C("pa_x_um") > 30)
    turns, mills = process.is_in(["turning", "turn_mill"]), process.is_in(["milling", "turn_mill"])
    bores = process.is_in(["milling", "turn_mill", "jig_boring"])
    grinds, beams = process.is_in(["grinding", "jig_grinding"]), process.is_in(["waterjet", "laser", "ebeam"])
    return [
        turns & nc & (axes >= 2) & short & ~bar,
        mills & nc & (axes - rotary >= 3) & (rotary >= 1) & short,
        mills & nc & (axes >= 5) & wide,
        (process == "jig_boring") & nc & best,
        (process == "milling") & nc & (C("runout_um") <= 0.4) & (C("camming_um") <= 0.4),
        grinds & nc & (axes >= 3) & best & ~spared,
        grinds & nc & (axes >= 5) & ~spared,
        (process == "edm_sinker") & nc & (rotary >= 2),
        beams & nc & (rotary >= 2) & (C("rotary_acc_arcsec") < 10.8),
        (process == "deep_hole") & (C("hole_depth_mm") > 5000),
        turns & nc & (C("max_dia_mm") > 35) & six & ~bar,
        bores & nc & six & ~long_x,
        bores & nc & (rotary >= 2) & ~long_x,
        bores & nc & (axes >= 5) & ~long_x,
        grinds & nc & four & ~noted,
        grinds & nc & (rotary >= 2) & ~noted,
        grinds & nc & (axes >= 5) & ~noted,
        (process == "edm_sinker") & nc & (rotary >= 2),
    ]


def letters(truth, yes, no, unknown):
    return pl.when(truth.is_null()).then(pl.lit(unknown)).when(truth).then(pl.lit(yes)).otherwise(pl.lit(no))


def main():
    catalogue, out = sys.argv[1:3]
    names = [f"c{number}" for number in range(18)]
    frame = pl.scan_csv(catalogue, schema={name: kind(name) for name in COLUMNS})
    frame = frame.select(C("id"), *[test.alias(name) for name, test in zip(names, clauses())])
    shown = [C("id")]
    for of in (names[:10], names[10:]):
        shown.append(letters(pl.any_horizontal(of), "C", "-", "?"))
    for of in (names[:10], names[10:]):
        shown.append(pl.concat_str([letters(C(name), "H", "F", "O") for name in of]))
    titles = HEADER.split(",")
    frame.select(column.alias(title) for column, title in zip(shown, titles)).sink_csv(out)


main()
