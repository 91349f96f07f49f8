"""python confirm_sweep.py CATALOGUE OURS POLARS: whether a sweep is right.

Ours has to be what brute force over every completion of every row gives; Polars answers in three-valued logic, so ours may
know more, never otherwise. An unknown repeatability is asked about in one direction only: its best and worst value stand
for all others.
"""
import csv
import sys

import numpy as np

import confirm
from task import AXES

LIMITS = np.arange(10, 1001, 10)
SPLITS = range(500, 1401, 100)


def hundredths(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def counts(catalogue):
    """For each limit and split: how many machines are certainly and possibly captured."""
    certain, possible = (np.zeros((len(LIMITS), len(SPLITS)), int) for _ in range(2))
    confirm.UPR = [0.0, 1e9]
    with open(catalogue, newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            stands = np.logical_or.reduce(confirm.clauses(row, 0)[2:])
            asks = np.logical_or.reduce(confirm.clauses(row, 0, True)[:2])
            there = [k for k in AXES if row[f"travel_{k}_mm"] != ""]
            known = [(float(row[f"travel_{k}_mm"]), hundredths(row[f"upr_{k}_um"])) for k in there if row[f"upr_{k}_um"]]
            missing = any(row[f"upr_{k}_um"] == "" for k in there)
            for at, split in enumerate(SPLITS):
                least = min((upr if travel < split else upr - 20 for travel, upr in known), default=10**9)
                met = LIMITS >= least
                certain[:, at] += np.where(met, (stands | asks).all(), stands.all())
                possible[:, at] += np.where(met | missing, (stands | asks).any(), stands.any())
    return certain, possible


def table(path):
    found = {}
    with open(path, newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            limit, split = row["s"].removesuffix(" µm"), row["split"].removesuffix(" mm")
            names = ("certain", "undecided", "not_captured")
            found[hundredths(limit), int(split)] = tuple(int(row[name]) for name in names)
    return found


def main():
    catalogue, ours, polars = sys.argv[1:]
    ours, polars = table(ours), table(polars)
    certain, possible = counts(catalogue)
    assert len(ours) == len(polars) == certain.size, "not every variant is answered"
    more = 0
    for i, limit in enumerate(LIMITS):
        for j, split in enumerate(SPLITS):
            mine, theirs = ours[limit, split], polars[limit, split]
            right = (certain[i, j], possible[i, j] - certain[i, j])
            assert mine[:2] == right, f"{limit}, {split}: {mine} is not {right}"
            assert mine[0] >= theirs[0] and mine[2] >= theirs[2] and sum(mine) == sum(theirs), f"{limit}, {split}"
            more += theirs[1] - mine[1]
    print(f"{certain.size} variants are what brute force over every completion gives; {more / certain.size:.0f} machines a "
          "variant that are unknown to three-valued logic are known here")


main()
