"""What the peers share: the catalogue's columns and the task's SQL, filled in."""
from pathlib import Path

AXES = "xyzw"
TEXT = ["id", "manufacturer", "model", "process", "test_standard", "grind_kind"]
TRUTH = ["nc_capable", "bar_only", "chuck_capable"]
WHOLE = ["year", "axes_total", "axes_contouring", "axes_rotary"]
COLUMNS = (
    ["id", "manufacturer", "model", "process", "year", "test_standard", "nc_capable", "axes_total",
     "axes_contouring", "axes_rotary"]
    + [f"travel_{k}_mm" for k in AXES] + [f"pa_{k}_um" for k in AXES]
    + [f"upr_{k}_um" for k in AXES]
    + ["rotary_acc_arcsec", "runout_um", "camming_um", "max_dia_mm", "max_len_mm", "bar_dia_mm",
       "bar_only", "chuck_capable", "grind_kind", "hole_depth_mm", "mass_kg", "spindle_rpm"]
)
HEADER = ("machine,bench/2B001 (task),bench/2B201 (task),"
          "clauses bench/2B001 (task),clauses bench/2B201 (task)")


def _some(test):
    """Some listed axis meets `test`, in which `{k}` is its letter."""
    axis = "(travel_{k}_mm IS NOT NULL AND " + test + ")"
    return "(" + " OR ".join(axis.replace("{k}", k) for k in AXES) + ")"


def sql(source):
    names = [f"c{n}" for n in range(18)]

    def verdict(of):
        any_of = " OR ".join(of)
        return f"CASE WHEN {any_of} THEN 'C' WHEN NOT ({any_of}) THEN '-' ELSE '?' END"

    def letters(of):
        return " || ".join(f"CASE WHEN {n} THEN 'H' WHEN NOT {n} THEN 'F' ELSE 'O' END" for n in of)

    band = "CASE WHEN travel_{k}_mm < 1000 THEN 0.9 "
    fill = {
        "source": source,
        "short_band": _some("upr_{k}_um <= " + band + "ELSE 1.1 END"),
        "wide_band": _some("upr_{k}_um <= " + band + "WHEN travel_{k}_mm < 4000 THEN 1.4 ELSE 6.0 END"),
        "any_upr": _some("upr_{k}_um <= 1.1"),
        "pa_6": _some("pa_{k}_um < 6"),
        "pa_4": _some("pa_{k}_um < 4"),
        "first": verdict(names[:10]),
        "second": verdict(names[10:]),
        "first_letters": letters(names[:10]),
        "second_letters": letters(names[10:]),
    }
    text = (Path(__file__).parent / "task.sql").read_text()
    for name, value in fill.items():
        text = text.replace("{" + name + "}", value)
    return text
