//! The table of parameters: a new parameter is one row here and nothing else.

use super::label::{
    AXIS_KIND, ENERGY_SOURCE, FINISHING, LETTER, LIMITED_TO, MACHINE_KIND, MATERIAL, PROCESS,
    Vocabulary,
};
use super::parameter::{Direction, Kind, Parameter, ParameterId, Scope, View};
use crate::quantity::Dimension;

use Dimension::{
    Acceleration, Angle, AngularRate, Force, Length, Mass, Number, Pressure, Ratio,
    RotationalSpeed, SpecificUnbalance, Temperature,
};
use Scope::{LinearAxis, Machine, RotaryAxis, Slide, Spindle};

const fn new(name: &'static str, scope: Scope, kind: Kind, description: &'static str) -> Parameter {
    Parameter {
        name,
        scope,
        kind,
        direction: Direction::Undirected,
        error: false,
        editioned: false,
        half_width: false,
        standard: "",
        aliases: &[],
        description,
    }
}

const fn quantity(
    name: &'static str,
    scope: Scope,
    dimension: Dimension,
    unit: &'static str,
    description: &'static str,
) -> Parameter {
    new(name, scope, Kind::Quantity { dimension, unit, signed: false }, description)
}

const fn truth(name: &'static str, scope: Scope, description: &'static str) -> Parameter {
    new(name, scope, Kind::Truth, description)
}

const fn flags(
    name: &'static str,
    vocabulary: &'static Vocabulary,
    description: &'static str,
) -> Parameter {
    new(name, Machine, Kind::Flags(vocabulary), description)
}

impl Parameter {
    const fn smaller(self) -> Self {
        Self { direction: Direction::SmallerIsBetter, ..self }
    }

    const fn larger(self) -> Self {
        Self { direction: Direction::LargerIsBetter, ..self }
    }

    /// An error-type figure: smaller is better, and a catalogue figure is only an upper bound.
    const fn error(self) -> Self {
        Self { error: true, ..self.smaller() }
    }

    const fn editioned(self) -> Self {
        Self { editioned: true, ..self }
    }

    const fn half_width(self) -> Self {
        Self { half_width: true, ..self }
    }

    const fn by(self, standard: &'static str) -> Self {
        Self { standard, ..self }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn signed(self) -> Self {
        match self.kind {
            Kind::Quantity { dimension, unit, .. } => {
                Self { kind: Kind::Quantity { dimension, unit, signed: true }, ..self }
            }
            _ => self,
        }
    }
}

const COUNTING: &str = "Annex I to Regulation (EU) 2021/821, Category 2B Technical Notes 1 to 4";
const SIMULATOR: &str = "MTCR Annex item 9.B.2";

/// Every parameter that a sheet may state and a list may test; laid out as a table.
#[rustfmt::skip]
pub static PARAMETERS: &[Parameter] = &[
    flags("process", PROCESS,
        "What the machine does to a workpiece; several where it can do several.")
        .also(&["processes", "machining process", "process capability"]),
    flags("materials", MATERIAL, "What the machine can remove, cut or build up.")
        .also(&["cuts", "workpiece materials", "material"]),
    truth("nc_capable", Machine,
        "Whether, by the maker's specification, it can be equipped with numerical control.")
        .by("ISO 2382; 15 CFR 772.1").also(&["nc", "cnc", "numerical control", "nc capable"]),
    new("contouring_axes", Machine, Kind::Contouring(View::Total),
        "How many axes can be coordinated simultaneously for contouring control, by the lists' \
         counting rules.")
        .larger().by(COUNTING).also(&["axes_contouring", "simultaneously controllable axes",
            "simultaneous axes", "contouring axes", "simultaneously controlled axes"]),
    new("contouring_linear", Machine, Kind::Contouring(View::Linear),
        "How many linear axes are among the axes coordinated simultaneously.")
        .larger().by(COUNTING).also(&["linear contouring axes", "axes_contouring_linear"]),
    new("contouring_rotary", Machine, Kind::Contouring(View::Rotary),
        "How many rotary axes, tilting spindles included, are among the axes coordinated \
         simultaneously.")
        .larger().by(COUNTING).also(&["axes_rotary", "rotary contouring axes",
            "axes_contouring_rotary"]),
    flags("machine_kind", MACHINE_KIND, "Kinds of machine that clauses and notes single out.")
        .also(&["kind", "kind of machine", "grind_kind"]),
    new("limited_to", Machine, Kind::Subset(LIMITED_TO),
        "To the manufacture of which parts a special-purpose machine is limited; `general` if to \
         none.").also(&["limited to", "special purpose"]),
    truth("limited_to_cylindrical_grinding", Machine,
        "Whether the machine is limited to cylindrical grinding.").also(&["limited_cylindrical"]),
    quantity("workpiece_diameter_max", Machine, Length, "mm",
        "The largest outside diameter of a workpiece that the machine takes.")
        .larger().also(&["max. workpiece diameter", "max workpiece diameter"]),
    quantity("workpiece_length_max", Machine, Length, "mm",
        "The largest length of a workpiece that the machine takes.")
        .larger().also(&["max. workpiece length", "max workpiece length", "max. turning length"]),
    quantity("workpiece_mass_max", Machine, Mass, "kg",
        "The largest mass of a workpiece that the machine takes.")
        .larger().also(&["max. workpiece weight", "max. workpiece mass"]),
    quantity("turning_diameter_max", Machine, Length, "mm",
        "The largest diameter that the machine can turn.")
        .larger().also(&["max. turning diameter", "max turning diameter", "turning diameter"]),
    quantity("swing", Machine, Length, "mm", "The diameter that clears the bed.")
        .larger().also(&["swing diameter", "swing over bed"]),
    quantity("bar_capacity", Machine, Length, "mm",
        "The largest bar that can be fed through the spindle.")
        .larger().also(&["bar work capacity", "bar_dia", "bar diameter"]),
    truth("bar_feed_only", Machine,
        "Whether the machine is limited to bar fed through the spindle.").also(&["bar_only"]),
    truth("chuck_capable", Machine, "Whether chucks can be mounted."),
    truth("vacuum_chuck", Machine, "Whether workpieces can be held by vacuum chucking."),
    truth("ophthalmic_controller_only", Machine,
        "Whether the controller is limited to ophthalmic software for part programming data \
         input."),
    quantity("bore_depth_max", Machine, Length, "mm", "The largest depth of bore.")
        .larger().also(&["hole_depth", "max. bore depth", "max. drilling depth"]),
    truth("modified_for_deep_holes", Machine,
        "Whether a turning machine is modified for deep-hole drilling."),
    truth("contouring_tilting_spindle", Machine,
        "Whether it has a tilting spindle that can be coordinated for contouring."),
    quantity("travel", LinearAxis, Length, "mm", "The length of travel of a linear axis.")
        .by("ISO 841").also(&["stroke", "travels", "axis travel"]),
    quantity("range_low", LinearAxis, Length, "mm",
        "The lower end of a linear axis's printed range of positions; its travel is that range \
         where none is printed.").signed(),
    quantity("range_high", LinearAxis, Length, "mm",
        "The upper end of a linear axis's printed range of positions.").signed(),
    quantity("rotary_range_low", RotaryAxis, Angle, "deg",
        "The lower end of a rotary axis's printed range.").signed(),
    quantity("rotary_range_high", RotaryAxis, Angle, "deg",
        "The upper end of a rotary axis's printed range.").signed(),
    truth("continuous", RotaryAxis, "Whether the axis turns without end."),
    truth("contouring_axis", RotaryAxis,
        "Whether the axis can be coordinated for contouring control."),
    quantity("upr", LinearAxis, Length, "µm",
        "Unidirectional positioning repeatability: the smaller of R↑ and R↓ of one axis.")
        .error().by("ISO 230-2:2014, 3.21; 15 CFR 772.1").also(&[
            "unidirectional positioning repeatability", "unidirectional repeatability"]),
    quantity("positioning_accuracy", LinearAxis, Length, "µm",
        "Bidirectional positioning accuracy A over the full travel, all compensations \
         available.")
        .error().editioned().by("ISO 230-2, bidirectional accuracy of positioning" ).also(&["pa",
            "position accuracy a", "positioning accuracy a", "bidirectional positioning accuracy"
            ]),
    quantity("positioning_accuracy_up", LinearAxis, Length, "µm", "Unidirectional accuracy A↑.")
        .error().editioned().by("ISO 230-2"),
    quantity("positioning_accuracy_down", LinearAxis, Length, "µm",
        "Unidirectional accuracy A↓.")
        .error().editioned().by("ISO 230-2"),
    quantity("repeatability_bidirectional", LinearAxis, Length, "µm",
        "Bidirectional positioning repeatability R.")
        .error().editioned().by("ISO 230-2, bidirectional positioning repeatability").also(&[
            "bidirectional repeatability", "bidirectional positioning repeatability"]),
    quantity("repeatability_up", LinearAxis, Length, "µm",
        "Unidirectional repeatability R↑, approached in the positive direction.")
        .error().editioned().by("ISO 230-2"),
    quantity("repeatability_down", LinearAxis, Length, "µm",
        "Unidirectional repeatability R↓, approached in the negative direction.")
        .error().editioned().by("ISO 230-2"),
    quantity("repeatability_one_way", LinearAxis, Length, "µm",
        "A repeatability from one direction, which one is not said.")
        .error().editioned().by("ISO 230-2"),
    quantity("repeatability_unspecified", LinearAxis, Length, "µm",
        "A figure called repeatability of which neither direction nor definition is said; not \
         UPR.").error().editioned().also(&["repeatability", "positioning repeatability"]),
    quantity("positioning_unspecified", LinearAxis, Length, "µm",
        "A figure called positioning accuracy whose definition is not said; not A.")
        .error().editioned().also(&["positioning accuracy", "position accuracy"]),
    quantity("systematic_deviation", LinearAxis, Length, "µm",
        "Bidirectional systematic positioning error E.").error().by("ISO 230-2"),
    quantity("mean_deviation", LinearAxis, Length, "µm", "Mean bidirectional positioning error M.")
        .error().by("ISO 230-2"),
    quantity("reversal", LinearAxis, Length, "µm", "Reversal error B of the axis.")
        .error().by("ISO 230-2").also(&["reversal error", "reversal value"]),
    quantity("vdi_position_uncertainty", LinearAxis, Length, "µm",
        "Position uncertainty P of VDI/DGQ 3441.")
        .error().by("VDI/DGQ 3441").also(&["positioning uncertainty", "pmax",
            "position uncertainty"]),
    quantity("vdi_positional_scatter", LinearAxis, Length, "µm",
        "Largest positional scatter Ps of VDI/DGQ 3441.").error().by("VDI/DGQ 3441"),
    quantity("rotary_accuracy", RotaryAxis, Angle, "arcsec",
        "Positioning accuracy of a rotary axis.")
        .error().by("ISO 230-2").also(&["rotary positioning accuracy", "rotary_acc",
            "accuracy rotary"]),
    quantity("machine_positioning", Machine, Length, "µm",
        "A positioning figure printed once for the machine, without an axis; not the figure of \
         any axis.").error().editioned(),
    quantity("machine_repeatability", Machine, Length, "µm",
        "A repeatability figure printed once for the machine, without an axis; not the figure of \
         any axis.").error().editioned(),
    quantity("volumetric_accuracy", Machine, Length, "µm",
        "Volumetric accuracy; not a positioning accuracy.").error().also(&["vol. accuracy"]),
    quantity("spindle_runout", Spindle, Length, "µm",
        "Run-out (out-of-true running) of the spindle in one revolution, TIR.")
        .error().by("ISO 230-1:1986, 5.61").also(&["runout", "run-out", "spindle run-out"]),
    quantity("spindle_camming", Spindle, Length, "µm",
        "Camming (axial displacement) of the spindle in one revolution, TIR.")
        .error().by("ISO 230-1:1986, 5.63").also(&["camming"]),
    quantity("slide_yaw", Slide, Angle, "arcsec",
        "Yaw of slide movement over 300 mm of travel, TIR.").error().also(&["yaw"]),
    quantity("slide_pitch", Slide, Angle, "arcsec",
        "Pitch of slide movement over 300 mm of travel, TIR.").error().also(&["pitch"]),
    quantity("slide_roll", Slide, Angle, "arcsec",
        "Roll of slide movement over 300 mm of travel, TIR.").error().also(&["roll"]),
    quantity("workpiece_spindle_speed", Spindle, RotationalSpeed, "rpm",
        "The highest speed of the workpiece spindle.").larger(),
    quantity("tool_spindle_speed", Spindle, RotationalSpeed, "rpm",
        "The highest speed of the tool spindle.").larger(),
    truth("designed_for_machine_tools", Machine,
        "Whether a component is specially designed for machine tools."),
    truth("designed_for_contouring", Machine,
        "Whether a component's rotary axes are designed to be coordinated simultaneously for \
         contouring control."),
    flags("designed_for", PROCESS, "For machines of which process a component is designed."),
    quantity("component_rotary_axes", Machine, Number, "", "How many rotary axes a component has.")
        .larger(),
    quantity("roller_force", Machine, Force, "kN", "The largest force of a forming roller.")
        .larger(),
    quantity("rollers", Machine, Number, "",
        "How many rollers there are, active, guiding and auxiliary.").larger(),
    truth("usable_for_propulsion", Machine,
        "Whether it is usable in the production of propulsion components and equipment for \
         missiles.").by("MTCR Annex item 3.B.3"),
    quantity("rotor_mass_max", Machine, Mass, "kg",
        "The largest mass of a rotor that can be balanced.").also(&["max. rotor mass"]),
    quantity("balancing_speed_max", Machine, RotationalSpeed, "rpm",
        "The highest speed at which a rotor can be balanced.").larger(),
    quantity("correction_planes", Machine, Number, "",
        "In how many planes unbalance can be corrected.").larger(),
    quantity("residual_unbalance", Machine, SpecificUnbalance, "g mm/kg",
        "The residual specific unbalance down to which rotors can be balanced.")
        .error().by(SIMULATOR),
    truth("medical", Machine,
        "Whether it is designed or modified for dental or other medical equipment."),
    truth("machine_tool_table", Machine,
        "Whether it is a rotary table designed or modified for machine tools."),
    quantity("table_axes", Machine, Number, "", "How many axes a motion simulator or table has.")
        .larger(),
    truth("slip_rings", Machine,
        "Whether it is designed or modified for slip rings or integrated non-contact power or \
         signal transfer.").by(SIMULATOR),
    quantity("axis_rate", RotaryAxis, AngularRate, "deg/s",
        "An angular rate that the axis is capable of.").by(SIMULATOR),
    quantity("rate_resolution", RotaryAxis, AngularRate, "deg/s",
        "Resolution of the axis's angular rate.").error().by(SIMULATOR),
    quantity("rate_accuracy", RotaryAxis, AngularRate, "deg/s",
        "Accuracy of the axis's angular rate.").error().by(SIMULATOR),
    quantity("rate_stability", Machine, Ratio, "%",
        "Worst-case rate stability (±), averaged over 10 degrees or more.")
        .half_width().error().by(SIMULATOR),
    quantity("table_position_accuracy", Machine, Angle, "arcsec",
        "Positioning accuracy of a motion simulator or table.").error().by(SIMULATOR),
    quantity("acceleration_max", Machine, Acceleration, "g",
        "The highest acceleration that a centrifuge imparts.").larger(),
    flags("energy_source", ENERGY_SOURCE, "Energy sources of an additive machine."),
    truth("inert_atmosphere", Machine, "Whether the process atmosphere is an inert gas."),
    quantity("process_pressure", Machine, Pressure, "Pa",
        "Pressure of the process atmosphere where it is a vacuum.").smaller(),
    truth("in_process_monitor", Machine,
        "Whether in-process monitoring equipment is coaxial or paraxial with the source."),
    quantity("camera_wavelength", Machine, Length, "nm",
        "Wavelength of the monitoring camera's peak response."),
    quantity("pyrometer_temperature", Machine, Temperature, "K",
        "Highest temperature that the monitoring pyrometer measures.").larger(),
    quantity("spectrometer_wavelength", Machine, Length, "nm",
        "Wavelength of the monitoring radiometer's or spectrometer's range."),
    truth("closed_loop", Machine,
        "Whether a closed loop changes source, path or settings in response to the monitoring."),
    flags("finishing_process", FINISHING, "How an optical finishing machine removes material."),
    truth("aspheric_optics", Machine,
        "Whether it selectively removes material to make non-spherical optical surfaces."),
    quantity("form_finish", Machine, Length, "µm", "Form that the finishing reaches.").error(),
    quantity("roughness_rms", Machine, Length, "nm", "Roughness (rms) that the finishing reaches.")
        .error(),
    truth("finishes_hardened_gears", Machine,
        "Whether it is specially designed to shave, finish, grind or hone hardened (Rc 40 or \
         more) spur, helical or double-helical gears."),
    quantity("gear_pitch_diameter_max", Machine, Length, "mm",
        "The largest pitch diameter of a gear.").larger(),
    quantity("gear_face_width_ratio", Machine, Ratio, "%",
        "The largest face width as a share of the pitch diameter.").larger(),
    quantity("gear_quality", Machine, Number, "", "The AGMA quality number of the finished gears.")
        .larger().by("AGMA; ISO 1328"),
    new("axis_kind", LinearAxis, Kind::OneOf(AXIS_KIND),
        "Whether an axis is linear or rotary, or does not exist."),
    new("axis_letter", LinearAxis, Kind::OneOf(LETTER), "The letter of an axis.").by("ISO 841"),
];

static NONE: Parameter = new("", Machine, Kind::Truth, "");

/// The row of a parameter.
pub(super) fn row(id: ParameterId) -> &'static Parameter {
    PARAMETERS.get(id.index()).unwrap_or(&NONE)
}

/// Every parameter, in the order of the table.
pub fn all() -> impl Iterator<Item = ParameterId> {
    (0u8..).zip(PARAMETERS).map(|(at, _)| ParameterId(at))
}

/// The parameter with exactly this name.
pub fn find(name: &str) -> Option<ParameterId> {
    all().find(|id| row(*id).name == name)
}

/// The parameter with a name that is known to be in the table; the first parameter otherwise.
pub fn id_of(name: &'static str) -> ParameterId {
    let found = find(name);
    debug_assert!(found.is_some(), "no parameter `{name}`");
    found.unwrap_or(ParameterId(0))
}

/// The parameter that holds a parameter's readings.
pub(super) fn stored(id: ParameterId) -> ParameterId {
    match row(id).kind {
        Kind::Contouring(_) => id_of("contouring_axes"),
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut seen = std::collections::BTreeMap::new();
        for parameter in PARAMETERS {
            for name in parameter.aliases.iter().chain([&parameter.name]) {
                let other = seen.insert(name.to_lowercase(), parameter.name);
                assert!(other.is_none_or(|o| o == parameter.name), "`{name}` is also {other:?}");
            }
        }
    }

    #[test]
    fn every_quantity_has_a_unit_and_every_error_is_smaller_the_better() {
        for parameter in PARAMETERS {
            assert_eq!(
                parameter.unit().is_some(),
                parameter.dimension().is_some(),
                "{}",
                parameter.name
            );
            assert!(!parameter.error || parameter.direction == Direction::SmallerIsBetter);
            assert!(!parameter.description.is_empty());
        }
    }
}
