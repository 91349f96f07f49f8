"""python polars_sweep.py CATALOGUE OUT: the task's sweep by Polars, in memory. POLARS_MAX_THREADS sets the threads.

Counts the first entry's verdicts for 100 limits of S and 10 travels at which it changes. What no limit moves is worked out
once; each variant is then a column of counts, the ten travels of one limit in one query. Limits are compared as whole
hundredths of a micrometre, so that nothing is rounded. The seconds of the sweep alone go to standard error.
"""
import sys
import time

import polars as pl

from task import AXES, COLUMNS, TEXT, TRUTH, WHOLE

LIMITS = range(10, 1001, 10)
SPLITS = range(500, 1401, 100)


def kind(name):
    return (pl.String if name in TEXT else pl.Boolean if name in TRUTH
            else pl.Int32 if name in WHOLE else pl.Float64)


def some(test):
    """Some listed axis meets a test of its travel and repeatability, in Kleene's logic."""
    found = pl.lit(False)
    for axis in AXES:
        travel, upr = pl.col(f"travel_{axis}_mm"), pl.col(f"upr_{axis}")
        found = found | (travel.is_not_null() & test(travel, upr))
    return found


def standing():
    """The clauses that no limit moves, together."""
    process, nc = pl.col("process"), pl.col("nc_capable")
    axes, rotary = pl.col("axes_contouring"), pl.col("axes_rotary")
    wide = some(lambda t, upr: upr <= pl.when(t < 1000).then(90).when(t < 4000).then(140).otherwise(600))
    best = some(lambda _, upr: upr <= 110)
    cylinder = (process == "grinding") & (pl.col("grind_kind") == "cylindrical")
    small = (pl.col("max_dia_mm") <= 150) | (pl.col("max_len_mm") <= 150)
    spared = (cylinder & small) | ((process == "grinding") & (pl.col("grind_kind") == "surface"))
    grinds = process.is_in(["grinding", "jig_grinding"])
    return pl.any_horizontal(
        process.is_in(["milling", "turn_mill"]) & nc & (axes >= 5) & wide,
        (process == "jig_boring") & nc & best,
        (process == "milling") & nc & (pl.col("runout_um") <= 0.4) & (pl.col("camming_um") <= 0.4),
        grinds & nc & (axes >= 3) & best & ~spared,
        grinds & nc & (axes >= 5) & ~spared,
        (process == "edm_sinker") & nc & (rotary >= 2),
        process.is_in(["waterjet", "laser", "ebeam"]) & nc & (rotary >= 2) & (pl.col("rotary_acc_arcsec") < 10.8),
        (process == "deep_hole") & (pl.col("hole_depth_mm") > 5000),
    )


def moved():
    """What clauses 0 and 1 ask beside S."""
    process, nc = pl.col("process"), pl.col("nc_capable")
    axes, rotary = pl.col("axes_contouring"), pl.col("axes_rotary")
    bar = pl.col("bar_only") & (pl.col("bar_dia_mm") <= 42) & ~pl.col("chuck_capable")
    return (
        (process.is_in(["turning", "turn_mill"]) & nc & (axes >= 2) & ~bar)
        | (process.is_in(["milling", "turn_mill"]) & nc & (axes - rotary >= 3) & (rotary >= 1))
    )


def main():
    catalogue, out = sys.argv[1:3]
    frame = pl.read_csv(catalogue, schema={name: kind(name) for name in COLUMNS})
    hundredths = [(pl.col(f"upr_{k}_um") * 100).round().cast(pl.Int32).alias(f"upr_{k}") for k in AXES]
    frame = frame.with_columns(hundredths)
    start = time.perf_counter()
    travels = [f"travel_{axis}_mm" for axis in AXES]
    uprs = [f"upr_{axis}" for axis in AXES]
    ready = frame.select(standing().alias("stands"), moved().alias("asks"), *travels, *uprs)
    rows = ["s,split,certain,possible,undecided,not_captured"]
    for limit in LIMITS:
        counts = []
        for split in SPLITS:
            short = some(lambda t, upr: upr <= pl.when(t < split).then(limit).otherwise(limit + 20))
            verdict = pl.col("stands") | (pl.col("asks") & short)
            counts += [verdict.sum().alias(f"c{split}"), verdict.null_count().alias(f"i{split}")]
        found = ready.select(counts).row(0, named=True)
        for split in SPLITS:
            certain, open_ = found[f"c{split}"], found[f"i{split}"]
            whole, tenths = divmod(limit // 10, 10)
            rows.append(f"{whole}.{tenths} µm,{split} mm,{certain},{certain + open_},{open_},"
                        f"{frame.height - certain - open_}")
    seconds = time.perf_counter() - start
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    print(f"swept: {seconds:.6f} s", file=sys.stderr)


main()
