"""python duckdb_task.py CATALOGUE OUT THREADS: the task by DuckDB."""
import sys

import duckdb

from task import COLUMNS, HEADER, TEXT, TRUTH, WHOLE, sql


def kind(name):
    return ("VARCHAR" if name in TEXT else "BOOLEAN" if name in TRUTH
            else "INTEGER" if name in WHOLE else "DOUBLE")


catalogue, out, threads = sys.argv[1:4]
columns = ", ".join(f"'{name}': '{kind(name)}'" for name in COLUMNS)
source = f"read_csv('{catalogue}', header = true, quote = '\"', escape = '\"', columns = {{{columns}}})"
names = ["machine", "first", "second", "first_letters", "second_letters"]
named = ", ".join(f'{n} AS "{title}"' for n, title in zip(names, HEADER.split(",")))
connection = duckdb.connect(config={"threads": int(threads), "preserve_insertion_order": True})
connection.execute(f"COPY (SELECT {named} FROM ({sql(source)})) TO '{out}' (HEADER, DELIMITER ',')")
