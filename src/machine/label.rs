//! Vocabularies: the words that parameters without a number take, and how catalogues spell them.

/// One word of a vocabulary.
#[derive(Debug)]
pub struct Label {
    /// The word that lists and results use.
    pub name: &'static str,
    /// Spellings in catalogues that mean exactly this, in lower case.
    pub aliases: &'static [&'static str],
}

/// A closed set of at most 64 words; bit *n* of a mask is word *n*.
pub type Vocabulary = [Label];

const fn label(name: &'static str, aliases: &'static [&'static str]) -> Label {
    Label { name, aliases }
}

/// The mask of every word of a vocabulary.
pub fn all(vocabulary: &Vocabulary) -> u64 {
    u64::MAX.checked_shr(64 - u32::try_from(vocabulary.len()).unwrap_or(64)).unwrap_or(0)
}

/// The bit of the word with exactly this name.
pub fn bit(vocabulary: &Vocabulary, name: &str) -> Option<u64> {
    vocabulary.iter().position(|label| label.name == name).map(|at| 1 << at)
}

/// The bit of the word that a catalogue's spelling means.
pub fn read(vocabulary: &Vocabulary, text: &str) -> Option<u64> {
    let text = text.trim().to_lowercase().replace(['_', '-'], " ");
    let same = |name: &str| name.replace(['_', '-'], " ") == text;
    let found = vocabulary.iter().position(|l| same(l.name) || l.aliases.iter().any(|a| same(a)));
    found.map(|at| 1 << at)
}

/// The words of a mask.
pub fn names(vocabulary: &Vocabulary, mask: u64) -> Vec<&'static str> {
    let chosen = |(at, label): (usize, &Label)| (mask >> at & 1 == 1).then_some(label.name);
    vocabulary.iter().enumerate().filter_map(chosen).collect()
}

/// No and yes, as the two labels of a truth: `no` is bit 0, `yes` bit 1.
pub static TRUTH: &Vocabulary = &[
    label("no", &["false", "n", "none", "0", "nein", "non"]),
    label("yes", &["true", "y", "1", "ja", "oui", "✓", "x"]),
];

/// What a machine does to a workpiece, or what kind of equipment it is.
pub static PROCESS: &Vocabulary = &[
    label("turning", &["lathe", "turn", "turning centre", "turning center"]),
    label("milling", &["mill", "machining centre", "machining center", "milling machine"]),
    label("grinding", &["grind", "grinder", "grinding machine"]),
    label("deep_hole_drilling", &["deep hole", "deep-hole drilling"]),
    label("edm_sinker", &["sinker edm", "die sinking edm", "sinker"]),
    label("edm_wire", &["wire edm", "wire-cut edm", "wire cut"]),
    label("water_jet", &["waterjet", "abrasive water jet", "liquid jet"]),
    label("laser", &["laser cutting", "laser beam"]),
    label("electron_beam", &["ebeam", "e-beam"]),
    label("additive", &["additive manufacturing", "am", "ded", "powder bed"]),
    label("optical_finishing", &["optical finishing"]),
    label("gear_finishing", &["gear grinding", "gear honing", "gear shaving"]),
    label("spin_forming", &["spinning", "spin-forming"]),
    label("flow_forming", &["flow-forming", "flow turning"]),
    label("balancing", &["balancing machine"]),
    label("motion_simulation", &["motion simulator", "rate table"]),
    label("positioning_table", &["positioning table"]),
    label("centrifuge", &[]),
    label("compound_rotary_table", &["compound rotary table"]),
    label("tilting_spindle", &["tilting spindle"]),
    label("drilling", &["drill"]),
    label("routing", &["router"]),
];

/// What a machine can remove or cut.
pub static MATERIAL: &Vocabulary = &[
    label("metal", &["metals", "steel", "aluminium", "titanium"]),
    label("ceramic", &["ceramics"]),
    label("composite", &["composites", "cfrp"]),
    label("other", &["wood", "plastic", "plastics", "foam", "stone", "glass"]),
];

/// Kinds of machine that clauses and notes single out.
pub static MACHINE_KIND: &Vocabulary = &[
    label("jig_borer", &["jig boring machine", "jig boring"]),
    label("jig_grinder", &["jig grinding machine", "jig grinding"]),
    label("fly_cutter", &["fly cutting machine", "fly cutting"]),
    label("surface_grinder", &["surface grinding machine", "surface"]),
    label("cylindrical_grinder", &["cylindrical grinding machine", "cylindrical"]),
    label("tool_grinder", &["tool and cutter grinder"]),
    label("crankshaft_grinder", &["crankshaft or camshaft grinder"]),
    label("contact_lens_lathe", &["contact lens lathe"]),
    label("parallel_kinematic", &["hexapod", "parallel kinematics", "parallel mechanism"]),
    label("ordinary", &["standard", "conventional"]),
];

/// To what manufacture a special-purpose machine is limited; `general` is a machine that is not.
pub static LIMITED_TO: &Vocabulary = &[
    label("gears", &["gear"]),
    label("crankshafts", &["crankshaft"]),
    label("camshafts", &["camshaft"]),
    label("tools", &["tool"]),
    label("cutters", &["cutter"]),
    label("extruder_worms", &["extruder worm", "extruder screws"]),
    label("jewellery", &["jewelry", "engraved or faceted jewellery parts"]),
    label("dental", &["dental prostheses"]),
    label("other_parts", &["other special parts"]),
    label("general", &["general purpose", "not limited"]),
];

/// Energy sources of additive machines.
pub static ENERGY_SOURCE: &Vocabulary = &[
    label("laser", &[]),
    label("electron_beam", &["e-beam"]),
    label("electric_arc", &["arc"]),
    label("other", &[]),
];

/// Optical finishing processes.
pub static FINISHING: &Vocabulary = &[
    label("magnetorheological", &["mrf"]),
    label("electrorheological", &["erf"]),
    label("energetic_particle_beam", &["ion beam", "rap"]),
    label("inflatable_membrane", &["inflatable membrane tool"]),
    label("fluid_jet", &[]),
    label("other", &[]),
];

/// What an axis is; `absent` is the slot of an axis that the machine does not have.
pub static AXIS_KIND: &Vocabulary =
    &[label("absent", &[]), label("linear", &[]), label("rotary", &[])];

/// Axis letters of ISO 841; `other` is an axis whose letter is none of them.
pub static LETTER: &Vocabulary = &[
    label("X", &[]),
    label("Y", &[]),
    label("Z", &[]),
    label("U", &[]),
    label("V", &[]),
    label("W", &[]),
    label("P", &[]),
    label("Q", &[]),
    label("R", &[]),
    label("A", &[]),
    label("B", &[]),
    label("C", &[]),
    label("D", &[]),
    label("E", &[]),
    label("other", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_a_vocabulary_means_two_words() {
        for vocabulary in [PROCESS, MATERIAL, MACHINE_KIND, LIMITED_TO, ENERGY_SOURCE, TRUTH] {
            for (at, label) in vocabulary.iter().enumerate() {
                let spellings = label.aliases.iter().chain([&label.name]);
                for spelling in spellings {
                    assert_eq!(read(vocabulary, spelling), Some(1 << at), "{spelling}");
                }
            }
        }
    }

    #[test]
    fn masks_name_their_words() {
        assert_eq!(names(PROCESS, 0b11), ["turning", "milling"]);
        assert_eq!(all(TRUTH), 0b11);
        assert_eq!(bit(LETTER, "C"), Some(1 << 11));
    }
}
