//! Derived bounds against raw data: whatever figures of an axis are known, the true ones lie within
//! what is derived. Figures are computed here from the runs, by the formulas of ISO 230-2 and
//! VDI/DGQ 3441; published data sets are used where they lie beside the project.

use std::path::Path;

use crate::random::Source;
use proptest::prelude::*;
use serde_json::Value as Json;
use toolgauge::metrology::{Bounds, Figure};
use toolgauge::quantity::{Span, Value};

use Figure::{
    Accuracy, Accuracy88, AccuracyDown, AccuracyUp, MeanDeviation, Repeatability, Repeatability88,
    RepeatabilityDown, RepeatabilityDown88, RepeatabilityOneWay, RepeatabilityUp,
    RepeatabilityUp88, Reversal, Systematic, Upr, VdiP, VdiPs,
};

/// The runs of one axis: `up[target][run]`, `down[target][run]`, in micrometres.
struct Runs {
    up: Vec<Vec<f64>>,
    down: Vec<Vec<f64>>,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|x| (x - middle).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::MIN, f64::max)
}

fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    largest(values.clone()) + largest(values.map(|x| -x))
}

/// Every figure of the runs, in micrometres.
fn figures(runs: &Runs) -> Vec<(Figure, f64)> {
    let targets = 0..runs.up.len();
    let (mu, md): (Vec<f64>, Vec<f64>) =
        (runs.up.iter().map(|r| mean(r)).collect(), runs.down.iter().map(|r| mean(r)).collect());
    let (su, sd): (Vec<f64>, Vec<f64>) = (
        runs.up.iter().map(|r| deviation(r)).collect(),
        runs.down.iter().map(|r| deviation(r)).collect(),
    );
    let one_way = |s: &[f64], k: f64| largest(s.iter().map(|s| 2.0 * k * s));
    let both = |k: f64| {
        largest(targets.clone().map(|i| {
            let reversal = (mu[i] - md[i]).abs();
            (k * su[i] + k * sd[i] + reversal).max(2.0 * k * su[i]).max(2.0 * k * sd[i])
        }))
    };
    let accuracy = |means: &[&[f64]], s: &[&[f64]], k: f64| {
        let top = means.iter().zip(s).flat_map(|(m, s)| m.iter().zip(*s).map(|(m, s)| m + k * s));
        let bottom =
            means.iter().zip(s).flat_map(|(m, s)| m.iter().zip(*s).map(|(m, s)| k * s - m));
        largest(top) + largest(bottom)
    };
    let middle: Vec<f64> = targets.clone().map(|i| (mu[i] + md[i]) / 2.0).collect();
    let scatter: Vec<f64> = targets.clone().map(|i| 3.0 * (su[i] + sd[i])).collect();
    let reversal: Vec<f64> = targets.clone().map(|i| (mu[i] - md[i]).abs()).collect();
    let half = |i: usize| (reversal[i] + scatter[i]) / 2.0;
    let p = largest(targets.clone().map(|i| middle[i] + half(i)))
        + largest(targets.clone().map(|i| half(i) - middle[i]));
    let upr = one_way(&su, 2.0).min(one_way(&sd, 2.0));
    vec![
        (Upr, upr),
        (RepeatabilityUp, one_way(&su, 2.0)),
        (RepeatabilityDown, one_way(&sd, 2.0)),
        (RepeatabilityOneWay, one_way(&sd, 2.0)),
        (Repeatability, both(2.0)),
        (AccuracyUp, accuracy(&[&mu], &[&su], 2.0)),
        (AccuracyDown, accuracy(&[&md], &[&sd], 2.0)),
        (Accuracy, accuracy(&[&mu, &md], &[&su, &sd], 2.0)),
        (Systematic, spread(mu.iter().chain(&md).copied())),
        (MeanDeviation, spread(middle.iter().copied())),
        (Reversal, largest(reversal.iter().copied())),
        (RepeatabilityUp88, one_way(&su, 3.0)),
        (RepeatabilityDown88, one_way(&sd, 3.0)),
        (Repeatability88, both(3.0)),
        (Accuracy88, accuracy(&[&mu, &md], &[&su, &sd], 3.0)),
        (VdiP, p),
        (VdiPs, largest(scatter.iter().copied())),
    ]
}

/// The count of picometres next to a figure in micrometres, moved by a few counts for rounding.
fn about(um: f64, by: i64) -> Value {
    Value::from_count(((um * 1e6).round() as i64 + by).max(0)).expect("fits")
}

/// The rounding of a computed figure, in picometres.
const SLACK_PM: i64 = 4;

/// Knowing any one or two figures, every true figure lies within the derived bounds.
fn check(figures: &[(Figure, f64)]) {
    let span = |um: f64| Span::between(about(um, -SLACK_PM), about(um, SLACK_PM));
    for (at, (one, um)) in figures.iter().enumerate() {
        for (other, other_um) in figures.iter().skip(at) {
            let mut bounds = Bounds::default();
            assert!(bounds.meet(*one, span(*um)) && bounds.meet(*other, span(*other_um)));
            assert!(bounds.narrow(), "{one:?} = {um} and {other:?} = {other_um} contradict");
            for (figure, truth) in figures {
                let found = bounds.span(*figure);
                let met = found.meet(span(*truth));
                assert!(
                    met.is_some(),
                    "{figure:?} = {truth} is outside {found:?} (by {:?}) from {one:?} = {um}, \
                     {other:?} = {other_um}",
                    bounds.reason(*figure)
                );
            }
        }
    }
}

fn draw(source: &mut Source) -> Runs {
    let (targets, runs) = (source.below(9) + 2, source.below(6) + 2);
    let noise = |source: &mut Source| {
        (0..4).map(|_| source.below(2001) as f64 - 1000.0).sum::<f64>() / 2000.0
    };
    let backlash = source.below(400) as f64 / 100.0 - 2.0;
    let (scale_up, scale_down) =
        (source.below(300) as f64 / 100.0, source.below(300) as f64 / 100.0);
    let mut all = Runs { up: Vec::new(), down: Vec::new() };
    for _ in 0..targets {
        let error = noise(source) * 4.0;
        let local = source.below(300) as f64 / 100.0;
        all.up.push((0..runs).map(|_| error + scale_up * local * noise(source)).collect());
        all.down.push(
            (0..runs).map(|_| error - backlash + scale_down * local * noise(source)).collect(),
        );
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn true_figures_of_random_runs_lie_within_derived_bounds(seed in any::<u64>()) {
        check(&figures(&draw(&mut Source::new(seed))));
    }
}

#[test]
fn true_figures_of_published_runs_lie_within_derived_bounds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/iso230-2");
    let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else {
        println!("skipped: no published runs beside the project");
        return;
    };
    let expected: Json = serde_json::from_str(&text).expect("JSON");
    let mut sets = 0;
    for (name, set) in expected.as_object().expect("sets") {
        let Ok(csv) = std::fs::read_to_string(folder.join(format!("{name}.csv"))) else { continue };
        let runs = published(&csv);
        let computed = figures(&runs);
        // The figures of this test agree with the published results before anything is derived.
        let k2 = &set["expected"]["k2_1997_2006_2014"];
        let k3 = &set["expected"]["k3_1988"];
        let vdi = &set["expected"]["vdi_dgq_3441"];
        for (figure, value) in [
            (Upr, &k2["UPR_min_of_Rfwd_Rbwd"]),
            (Repeatability, &k2["R"]),
            (Accuracy, &k2["A"]),
            (Accuracy88, &k3["A"]),
            (Repeatability88, &k3["R"]),
            (Systematic, &set["expected"]["k_free"]["E"]),
            (Reversal, &set["expected"]["k_free"]["B"]),
            (VdiP, &vdi["P"]),
            (VdiPs, &vdi["Ps_max"]),
        ] {
            let um = value.as_f64().expect("a number") * 1000.0;
            let own = computed.iter().find(|(f, _)| *f == figure).expect("computed").1;
            assert!((own - um).abs() <= 1e-6 * um.abs(), "{name}: {figure:?}: {own} and {um}");
        }
        check(&computed);
        sets += 1;
    }
    println!("{sets} published sets");
    assert!(sets >= 8);
}

/// The deviations of a published file: `target_index,target_mm,direction,run,measured_mm`.
fn published(csv: &str) -> Runs {
    let mut runs = Runs { up: Vec::new(), down: Vec::new() };
    for line in csv.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].trim().parse::<f64>().expect("a number");
        let target = number(0) as usize - 1;
        let up = fields[2].trim().starts_with(['f', 'F', '+', 'u']);
        let side = if up { &mut runs.up } else { &mut runs.down };
        while side.len() <= target {
            side.push(Vec::new());
        }
        side[target].push((number(4) - number(1)) * 1000.0);
    }
    runs
}

/// What conversions prove, by the table of bounds of the metrology reference (proved there and on
/// raw data above): figure, what is stated, the figure asked for, its ends in tenths of µm.
#[test]
fn conversions_prove_what_the_inequalities_say() {
    use toolgauge::assess::{convert, convertible};
    use toolgauge::quantity::Value;
    let um = |tenths: i64| Value::from_count(tenths * 100_000).expect("fits");
    let (new, old) = ("ISO 230-2:2014", "ISO 230-2:1988");
    let a = format!("positioning_accuracy ({new})");
    let a88 = format!("positioning_accuracy ({old})");
    let e = "systematic_deviation".to_owned();
    let r = format!("repeatability_bidirectional ({new})");
    let r88 = format!("repeatability_bidirectional ({old})");
    let (up, down) = (format!("repeatability_up ({new})"), format!("repeatability_down ({new})"));
    let (p, ps) = ("vdi_position_uncertainty".to_owned(), "vdi_positional_scatter".to_owned());
    let upr = "upr".to_owned();
    for (stated, asked, low, high) in [
        (vec![(&a, 60)], &upr, 0, Some(60)),
        (vec![(&a, 60)], &a88, 60, Some(90)),
        (vec![(&a, 60), (&e, 40)], &a88, 70, Some(90)),
        (vec![(&r, 20)], &r88, 20, Some(30)),
        (vec![(&r, 20)], &a88, 20, None),
        (vec![(&up, 10), (&down, 20)], &upr, 10, Some(10)),
        (vec![(&up, 10)], &upr, 0, Some(10)),
        (vec![(&ps, 30)], &upr, 0, Some(40)),
        (vec![(&r88, 60)], &ps, 0, Some(60)),
        (vec![(&p, 30)], &upr, 0, Some(40)),
        (vec![(&a88, 60)], &upr, 0, Some(40)),
        (vec![(&a88, 60)], &a, 40, Some(60)),
    ] {
        let given: Vec<_> = stated
            .iter()
            .map(|(name, value)| (convertible(name).expect("a figure"), um(*value)))
            .collect();
        let key = convertible(asked).expect("a figure");
        let proved = convert(&given, Some(um(5_000_000)), &[]).expect("consistent");
        let found = proved.iter().find(|proved| proved.key == key).map(|proved| proved.span);
        let found = found.expect(asked);
        assert_eq!(found.low().map_or(0, |v| v.count()), um(low).count(), "{stated:?} {asked}");
        assert_eq!(found.high(), high.map(um), "{stated:?} {asked}");
    }
    // R above A: no data set has such figures.
    let wrong = [(convertible(&a).unwrap(), um(10)), (convertible(&r).unwrap(), um(20))];
    assert!(convert(&wrong, None, &[]).is_err());
}

#[test]
fn both_one_way_repeatabilities_give_upr_of_an_axis_of_no_more_than_two_metres() {
    use toolgauge::assess::{convert, convertible};
    use toolgauge::quantity::Value;
    let count = |count: i64| Value::from_count(count).expect("fits");
    let figure = |name: &str| convertible(name).expect("a figure");
    let [up, down] = ["up", "down"].map(|w| figure(&format!("repeatability_{w} (ISO 230-2:2014)")));
    let (upr, m) = (figure("upr"), 1_000_000_000_000i64);
    // R↑ and R↓ in tenths of µm; the travel; UPR at least and at most, and at least where the axis
    // is no longer than 2 m; whether it is said that a segment may have less.
    for (of, travel, low, high, short, said) in [
        ([Some(12), Some(13)], Some(m), 12, 12, None, false),
        ([Some(13), Some(12)], Some(2 * m), 12, 12, None, false),
        ([Some(12), Some(13)], Some(2 * m + 1), 0, 12, None, true),
        ([Some(12), Some(13)], None, 0, 12, Some(12), true),
        ([Some(12), Some(12)], None, 0, 12, Some(12), true),
        ([Some(12), None], Some(m), 0, 12, None, false),
        ([None, Some(13)], None, 0, 13, None, false),
    ] {
        let stated: Vec<_> = [up, down]
            .into_iter()
            .zip(of)
            .filter_map(|(key, tenths)| Some((key, count(tenths? * 100_000))))
            .collect();
        let proved = convert(&stated, travel.map(count), &[]).expect("consistent");
        let of_upr: Vec<_> = proved.iter().filter(|proved| proved.key == upr).collect();
        let at = |value: Option<Value>| value.map_or(0, |value| value.count() / 100_000);
        let first = of_upr[0];
        assert_eq!((at(first.span.low()), at(first.span.high())), (low, high), "{of:?} {travel:?}");
        assert_eq!(first.why.contains("no lower bound: "), said, "{}", first.why);
        assert_eq!(first.why.contains("no travel is given"), said && travel.is_none());
        let other = of_upr.get(1).map(|of| (at(of.span.low()), of.kind));
        assert_eq!(other, short.map(|low| (low, "bound up to 2 m")), "{of:?} {travel:?}");
        let text = toolgauge::report::proved_text(&toolgauge::report::proved_rows(&proved));
        let bounded = [up, down].iter().zip(of).all(|(_, of)| of.is_some());
        assert_eq!(text.contains("No coarse figure"), !bounded, "{text}");
    }
    // What an axis of up to 2 m cannot have, a longer one may.
    let of = [(up, count(1_200_000)), (down, count(1_300_000)), (upr, count(900_000))];
    assert!(convert(&of, Some(count(m)), &[]).is_err());
    assert!(convert(&of, None, &[]).is_ok() && convert(&of, Some(count(3 * m)), &[]).is_ok());
}
