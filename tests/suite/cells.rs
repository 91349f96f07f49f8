//! Single cells as makers, dealers and web pages print them, each with the reading that a person
//! makes of it. Facts retyped from public brochures and lists; the mapping says what the column is.

use toolgauge::catalogue::{self, Mapping};
use toolgauge::machine::{Form, Machine, Reading, Set};
use toolgauge::quantity::Unit;
use toolgauge::table::{self, Reading as TableReading};

/// Reads one cell under a header with a column mapping, in a row of a version.
fn read(header: &str, cell: &str, mapping: &str, version: &str) -> catalogue::Catalogue {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let text = format!("id,version,{}\nm,{version},{}\n", quoted(header), quoted(cell));
    let table =
        table::read("cell.csv", text.as_bytes(), &TableReading::default()).expect("a table");
    let key = header.replace('\\', "\\\\").replace('"', "\\\"");
    let (defaults, column) = mapping.split_once("---").unwrap_or(("", mapping));
    let file = format!(
        "format = 1\nkind = \"mapping\"\n[defaults]\n{defaults}\n[column.id]\nto = \"id\"\n\
         [column.version]\nto = \"version\"\n[column.\"{key}\"]\n{column}\n"
    );
    catalogue::read(&table, &Mapping::read("cell.map.toml", &file).expect("a mapping"))
}

/// The readings in words, sorted; `ambiguous` where a remark says why nothing was read.
fn show(catalogue: &catalogue::Catalogue) -> String {
    let machine = &catalogue.machines[0];
    let mut lines: Vec<String> =
        machine.readings.iter().map(|reading| words(machine, reading)).collect();
    lines.sort();
    if lines.is_empty() && !catalogue.remarks.is_empty() {
        return "ambiguous".to_owned();
    }
    lines.join("; ")
}

fn words(machine: &Machine, reading: &Reading) -> String {
    let row = reading.parameter.row();
    let axis =
        reading.axis.map_or(String::new(), |a| format!(" {}", machine.axes[usize::from(a)].label));
    let option = reading.option.map_or("", |_| " option");
    let form = match reading.form {
        Form::Plain => "",
        Form::PlusMinus => " ±",
        Form::PerLength => " per length",
        _ => " other form",
    };
    let value = match (reading.set, row.unit()) {
        (Set::OneOf(mask), _) if row.name == "contouring_axes" => {
            let bit = mask.trailing_zeros();
            (bit / 8 + bit % 8).to_string()
        }
        (Set::OneOf(_), _) => "yes".to_owned(),
        (_, Some(unit)) => reading.figure.map_or("no figure".to_owned(), |f| f.text(unit)),
        _ => "labels".to_owned(),
    };
    format!("{}{axis}{option}{form} {value}", row.name)
}

#[test]
fn cells_are_read_as_a_person_reads_them() {
    let mm = "to = \"travel\"\nunit = \"mm\"\naxes = [\"X\"]\nround = \"inch\"\n";
    let versions = "to = \"travel\"\naxes = [\"X\"]\nunit = \"mm\"\nround = \"version\"\n\
        base_version = \"V3\"";
    for (number, header, cell, mapping, version, expected) in [
        (
            0,
            "Positioning uncertainty (X / Y / Z)",
            "3 / 3 / 3 μm",
            "to = \"vdi_position_uncertainty\"\naxes = [\"X\", \"Y\", \"Z\"]",
            "",
            "vdi_position_uncertainty X 3 µm; vdi_position_uncertainty Y 3 µm; \
             vdi_position_uncertainty Z 3 µm",
        ),
        (
            1,
            "Positioning uncertainty (B / C)",
            "4 / 4",
            "to = \"rotary_accuracy\"\naxes = [\"B\", \"C\"]\nunit = \"arcsec\"",
            "",
            "rotary_accuracy B 4 arcsec; rotary_accuracy C 4 arcsec",
        ),
        (
            2,
            "(B / C)",
            "9 / -",
            "to = \"rotary_accuracy\"\naxes = [\"B\", \"C\"]\nunit = \"arcsec\"\nabsent = [\"-\"]",
            "",
            "rotary_accuracy B 9 arcsec",
        ),
        (4, "Travel X", "250 (185)", versions, "V3", "travel X 250 mm"),
        (4, "Travel X", "250 (185)", versions, "V6", "ambiguous"),
        (
            4,
            "Travel",
            "X (V3-V4) (V6): 250 (185)",
            "to = \"travel\"\nunit = \"mm\"\nround = \"version\"",
            "V6",
            "travel X 185 mm",
        ),
        (5, "Travel X (mm (in.))", "500 (19.7)", mm, "", "travel X 500 mm"),
        (
            6,
            "Spindle speed",
            "12,000  [20,000]",
            "to = \"tool_spindle_speed\"\nunit = \"min-1\"\nsquare = \"option\"",
            "",
            "tool_spindle_speed 12000 rpm; tool_spindle_speed option 20000 rpm",
        ),
        (
            7,
            "Bar",
            "φ72 (φ2.8) [φ105 (φ4.1)]＊ ＊Only in USA",
            "to = \"bar_capacity\"\nunit = \"mm\"\nround = \"inch\"\nsquare = \"option\"",
            "",
            "bar_capacity 72 mm; bar_capacity option 105 mm",
        ),
        (
            8,
            "Travel Y",
            "80 (3.1) <±40 (1.5)>",
            "to = \"travel\"\naxes = [\"Y\"]\nunit = \"mm\"\nround = \"inch\"\nangle = \"range\"",
            "",
            "range_high Y 40 mm; range_low Y -40 mm; travel Y 80 mm",
        ),
        (9, "Travel X", "1,562 ＋ 164 (61.4 ＋ 6.4) <for ATC>", mm, "", "travel X 1562 mm"),
        (
            10,
            "Travel X",
            "-280 - +330 (-11.0 - +12.9)",
            mm,
            "",
            "range_high X 330 mm; range_low X -280 mm; travel X 610 mm",
        ),
        (
            11,
            "B-axis",
            "B 240° (-30° － +210°)",
            "to = \"rotary_range\"",
            "",
            "rotary_range_high B 210 deg; rotary_range_low B -30 deg",
        ),
        (
            12,
            "B-axis travel",
            "B +160º – -180º",
            "to = \"rotary_range\"",
            "",
            "rotary_range_high B 160 deg; rotary_range_low B -180 deg",
        ),
        (
            13,
            "Simultaneously controllable axes",
            "F31iB: 4-axis  F31iB5: 5-axis",
            "to = \"contouring_axes\"",
            "F31iB",
            "contouring_axes 4; contouring_axes option 5",
        ),
        (
            14,
            "B-axis",
            "B +30.1° to -120.1°",
            "to = \"rotary_range\"",
            "",
            "rotary_range_high B 30.1 deg; rotary_range_low B -120.1 deg",
        ),
        (15, "B-axis", "B 30° – 210° · 12,000 rpm", "to = \"rotary_range\"", "", "ambiguous"),
        (
            16,
            "B-axis",
            "B -7° to 180° × 0.001°",
            "to = \"rotary_range\"",
            "",
            "rotary_range_high B 180 deg; rotary_range_low B -7 deg",
        ),
        (17, "C-axis", "C Yes (Pitch: 0.001°)", "to = \"rotary_range\"", "", ""),
        (
            18,
            "repeatability",
            "±0.002mm repeatability",
            "to = \"machine_repeatability\"\nsearch = true\nstandard = \"VDI 3441\"",
            "",
            "machine_repeatability ± 2 µm",
        ),
        (
            19,
            "accuracy",
            "0.004mm Positioning Accuracy",
            "to = \"machine_positioning\"\nsearch = true",
            "",
            "machine_positioning 4 µm",
        ),
        (
            20,
            "repeatability",
            "< 6 μm repeatability (same tool, same position)",
            "to = \"repeatability_unspecified\"\naxes = [\"X\"]\nround = \"note\"",
            "",
            "ambiguous",
        ),
        (
            21,
            "Circularity (simultaneous 5-axis control) <Actual results>",
            "2.92 µm",
            "ignore = \"a cutting test\"",
            "",
            "",
        ),
        (
            22,
            "accuracy",
            "Position accuracy (Pmax) up to 3 μm",
            "to = \"vdi_position_uncertainty\"\naxes = [\"X\"]",
            "",
            "ambiguous",
        ),
        (
            23,
            "positioning_mm",
            "0.005 (meters)",
            "to = \"machine_positioning\"\nunit = \"mm\"\nwords = { meters = \"per 1 m\" }",
            "",
            "machine_positioning per length 5 µm",
        ),
        (
            24,
            "Hassasiyet",
            "± 0,005 mm",
            "decimal = \"comma\"\n---to = \"positioning_unspecified\"\naxes = [\"X\"]",
            "",
            "positioning_unspecified X ± 5 µm",
        ),
        (
            25,
            "Devir",
            "4.500 dev/dak",
            "decimal = \"comma\"\n---to = \"tool_spindle_speed\"",
            "",
            "tool_spindle_speed 4500 rpm",
        ),
    ] {
        let catalogue = read(header, cell, mapping, version);
        assert_eq!(show(&catalogue), expected, "case {number}: `{cell}`");
    }
}

#[test]
fn a_figure_printed_for_an_axis_that_the_version_lacks_is_left_out_and_said() {
    let text = "id,version,Travel,Accuracy\n\
        m,V3,\"X (V3-V4): 250; Y (V4-V6): 100; Z1 (V3-V4): 550\",6 / 8 / 10 µm (X / Y / Z1)\n";
    let table = table::read("x.csv", text.as_bytes(), &TableReading::default()).expect("a table");
    let mapping = Mapping::read(
        "m.toml",
        "kind = \"mapping\"\n[column.id]\nto = \"id\"\n\
        [column.version]\nto = \"version\"\n[column.Travel]\nto = \"travel\"\nunit = \"mm\"\n\
        [column.Accuracy]\nto = \"positioning_accuracy\"\n",
    )
    .expect("a mapping");
    let read = catalogue::read(&table, &mapping);
    assert_eq!(
        show(&read),
        "positioning_accuracy X 6 µm; positioning_accuracy Z1 10 µm; travel X 250 mm; \
         travel Z1 550 mm"
    );
    assert!(read.remarks.iter().any(|r| r.reason.contains("does not have")), "case 3");
}

#[test]
fn contradictions_are_reported_and_neither_side_is_preferred() {
    let mm = "to = \"travel\"\nunit = \"mm\"\naxes = [\"X\"]\nround = \"inch\"\n";
    let read = read("Travel X", "155 (14)", mm, "");
    assert_eq!(show(&read), "travel X no figure");
    assert!(read.remarks[0].reason.contains("in inches is not the figure"), "{}", read.remarks[0]);
    let Set::Span(span) = read.machines[0].readings[0].set else { panic!("a span") };
    let unit = read.machines[0].readings[0].parameter.row().unit().expect("mm");
    assert_eq!(span.text(unit), "155 to 355.6 mm");
}

#[test]
fn what_would_have_to_be_guessed_is_not_read() {
    let upr = "to = \"upr\"\naxes = [\"X\"]\n";
    for (cell, mapping, reason) in [
        ("0.9", upr, "`0.9` has no unit"),
        ("0,9 um", upr, "the comma in `0,9 um` is not a thousands sign here"),
        ("up to 3 µm", upr, "`up to` does not say from where an error starts"),
        ("0 µm", upr, "an error of exactly nought cannot be: is the cell empty?"),
        ("3 kg", upr, "`kg` is a mass, not a length"),
        (
            "0.9 furlongs",
            "to = \"upr\"\nunit = \"um\"\naxes = [\"X\"]",
            "`furlongs` stands where a unit could, and is none that is known",
        ),
        (
            "500 450",
            "to = \"travel\"\nunit = \"mm\"\naxes = [\"X\"]",
            "`500 450` may be one number or several",
        ),
        ("500 / 450", "to = \"travel\"\nunit = \"mm\"\naxes = [\"X\"]", "2 figures for 1 axis"),
        (
            "500 (450)",
            "to = \"travel\"\nunit = \"mm\"\naxes = [\"X\"]",
            "what the bracket means is not said",
        ),
    ] {
        let read = read("column", cell, mapping, "");
        assert_eq!(show(&read), "ambiguous", "{cell}");
        assert_eq!(read.remarks[0].reason, reason);
    }
    for missing in ["", "-", "n/a", "unknown", "?"] {
        let read = read("column", missing, upr, "");
        assert_eq!((show(&read).as_str(), read.remarks.len()), ("", 0), "{missing}");
    }
}

#[test]
fn what_a_figure_says_of_itself_stays_with_it() {
    // Columns of one name, objects beside plain figures, and the order of their fields.
    let upr = |standard: &str| format!("\"value\": \"0.8 um\", \"standard\": \"{standard}\"");
    let new = "ISO 230-2:2014";
    let objects = [
        ("{\"upr\": \"0.9 um\"}".to_owned(), "upr 0.9 um"),
        (format!("{{\"upr\": {{{}}}}}", upr(new)), "upr 0.8 um ISO 230-2:2014"),
        (
            format!("{{\"upr\": {{\"standard\": \"{new}\", \"value\": \"0.7 um\"}}}}"),
            "upr 0.7 um ISO 230-2:2014",
        ),
    ];
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1]] {
        let lines =
            order.map(|at| format!("{{\"id\": \"m\", \"axis\": {{\"X\": {}}}}}", objects[at].0));
        let table = table::read("m.jsonl", lines.join("\n").as_bytes(), &TableReading::default());
        let read = catalogue::read(&table.expect("a table"), &Mapping::default());
        let said: Vec<String> = read.machines.iter().map(editions).collect();
        assert_eq!(said, order.map(|at| objects[at].1), "{order:?}");
    }
    for (header, cells, expected) in [
        (
            "upr,upr.standard,upr,upr.standard",
            "0.9 um,1988,0.8 um,2014",
            "upr 0.9 um 1988; upr 0.8 um 2014",
        ),
        ("upr,upr.standard,upr", "0.9 um,1988,0.8 um", "upr 0.9 um 1988; upr 0.8 um"),
        ("upr,upr,upr.standard", "0.9 um,0.8 um,2014", "upr 0.9 um; upr 0.8 um 2014"),
        ("upr.standard,upr", "1988,0.9 um", "upr 0.9 um 1988"),
        ("upr,upr.value,upr.standard", "0.9 um,,1988", "upr 0.9 um 1988"),
        ("upr,upr.value,upr.standard", ",0.8 um,1988", "upr 0.8 um 1988"),
    ] {
        let header = header.replace("upr", "axis.X.upr");
        let edition = |text: &str| text.replace("1988", "ISO 230-2:1988").replace("2014", new);
        let (cells, expected) = (edition(cells), edition(expected));
        let text = format!("id,{header}\nm,{cells}\n");
        let table = table::read("m.csv", text.as_bytes(), &TableReading::default());
        let read = catalogue::read(&table.expect("a table"), &Mapping::default());
        assert_eq!(editions(&read.machines[0]), expected, "{header}");
    }
}

/// The figures of a machine, each with the standard that it names.
fn editions(machine: &Machine) -> String {
    let said = machine.readings.iter().map(|reading| {
        let name = reading.parameter.row().name;
        let unit = reading.parameter.row().dimension().map(|d| Unit::named(d, "um").expect("um"));
        let number = reading.figure.zip(unit).and_then(|(figure, unit)| figure.number(unit));
        let said = format!("{name} {} um {}", number.unwrap_or_default(), reading.standard)
            .replace("no standard named", "");
        said.trim().to_owned()
    });
    said.collect::<Vec<_>>().join("; ")
}
