"""python polars_task.py CATALOGUE OUT: the task by Polars, streaming. POLARS_MAX_THREADS sets the threads."""
import sys

import polars as pl

from task import COLUMNS, HEADER, TEXT, TRUTH, WHOLE, sql


def kind(name):
    return (pl.String if name in TEXT else pl.Boolean if name in TRUTH
            else pl.Int32 if name in WHOLE else pl.Float64)


catalogue, out = sys.argv[1:3]
frame = pl.scan_csv(catalogue, schema={name: kind(name) for name in COLUMNS})
found = pl.SQLContext(catalogue=frame).execute(sql("catalogue"))
titles = HEADER.split(",")
found.rename(dict(zip(["machine", "first", "second", "first_letters", "second_letters"], titles))) \
    .sink_csv(out)
