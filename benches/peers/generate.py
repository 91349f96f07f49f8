"""python generate.py ROWS SEED > catalogue.csv: a synthetic catalogue for the task. No machine of it exists.

The same rows and seed give the same bytes.
"""
import random
import sys

from task import AXES, COLUMNS

PROCESSES = {"turning": 26, "milling": 32, "turn_mill": 7, "grinding": 12, "jig_grinding": 2, "jig_boring": 2,
             "edm_wire": 5, "edm_sinker": 5, "waterjet": 2, "laser": 4, "ebeam": 1, "deep_hole": 2}
MAKERS = ["Alder & Birch", "Cedar Works", "Dogwood", "Elm Präzision", "Fir, Gum & Co", "Hazel \"H\" Tools"]
CONTOURING = [(2, 0), (3, 0), (3, 1), (4, 1), (5, 2), (6, 3)]
KINDS = ["cylindrical", "surface", "crankshaft", "tool_cutter", "gear"]


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text


def row(source, number):
    def maybe(value, blank=0.1):
        return "" if source.random() < blank else str(value)

    def truth(likely, blank=0.05):
        return maybe("true" if source.random() < likely else "false", blank)

    process = source.choices(list(PROCESSES), PROCESSES.values())[0]
    together, rotary = source.choice(CONTOURING)
    there = [True] + [source.random() < chance for chance in (0.85, 0.9, 0.1)]
    size = source.choice([600, 1500, 4500])
    scale = source.choice([0.5, 1.2, 3.0, 12.0])
    uprs = [round(source.uniform(0.3, 1.7) * scale, 2) for _ in AXES]
    no_upr, no_pa = source.random() < 0.2, source.random() < 0.1
    cells = {
        "id": f"S{number:08}", "manufacturer": quoted(source.choice(MAKERS)),
        "model": quoted(f"{source.choice('PQR')}-{source.randrange(100, 9999)}{source.choice(['', ', long bed', ' i'])}"),
        "process": process, "year": source.randrange(1990, 2026),
        "test_standard": source.choice(["ISO 230-2:2014", "ISO 230-2:1997", ""]),
        "nc_capable": truth(0.93), "axes_total": together + source.randrange(2),
        "axes_contouring": maybe(together, 0.06), "axes_rotary": maybe(rotary, 0.08),
        "rotary_acc_arcsec": maybe(round(source.uniform(2, 25), 1), 0.3),
        "runout_um": maybe(round(source.uniform(0.1, 3), 2), 0.4),
        "camming_um": maybe(round(source.uniform(0.1, 3), 2), 0.5),
        "max_dia_mm": maybe(source.choice([30, 35, 36, 120, 150, 151, 400, 900]), 0.15),
        "max_len_mm": maybe(source.choice([100, 150, 150.5, 700, 2000]), 0.15),
        "bar_dia_mm": maybe(source.choice([26, 38, 42, 42.5, 65]), 0.3),
        "bar_only": truth(0.2, 0.2), "chuck_capable": truth(0.7, 0.2),
        "grind_kind": maybe(source.choice(KINDS), 0.15) if process == "grinding" else "",
        "hole_depth_mm": maybe(source.choice([1500, 5000, 5000.5, 8000]), 0.2),
        "mass_kg": source.randrange(900, 60000, 50), "spindle_rpm": source.randrange(500, 40000, 500),
    }
    for k, present, upr in zip(AXES, there, uprs):
        cells[f"travel_{k}_mm"] = source.choice([size, 999.5, 1000, source.randrange(100, 6000, 10)]) if present else ""
        accuracy = round(upr * source.uniform(1.5, 4), 1)
        cells[f"upr_{k}_um"] = maybe(upr, 0.07) if present and not no_upr else ""
        cells[f"pa_{k}_um"] = maybe(accuracy, 0.05) if present and not no_pa else ""
    return ",".join(str(cells[name]) for name in COLUMNS)


def main():
    rows, seed = int(sys.argv[1]), int(sys.argv[2])
    source = random.Random(seed)
    print(",".join(COLUMNS))
    for number in range(rows):
        print(row(source, number))


main()
