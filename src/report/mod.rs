//! Renderings: results as text, CSV and JSON. Nothing here decides anything.

mod axes;
mod cases;
mod catalogue;
mod chance;
mod checked;
mod compare;
mod convert;
mod csv;
mod diagnosed;
mod diagnostics;
mod diff;
mod ground;
mod law;
mod map;
mod parameters;
mod positioning;
mod proof;
mod region;
mod rows;
mod schema;
mod screen;
mod sketch;
mod spindle;
mod stated;
mod summary;
mod sweep;
mod table;
mod targets;
mod template;
mod uncertainty;
mod view;

pub use axes::{AxisRow, axes_csv, axes_text, axis_rows};
pub use cases::{CaseRow, case_rows, cases_csv, cases_text};
pub use catalogue::{Spool, rejected_csv, remarks_csv, remarks_json, remarks_text};
pub use chance::{
    ChanceRow, UncertainRow, chance_rows, chances_text, uncertain_rows, with_chances,
};
pub use checked::{CheckRow, Checked, check_csv, check_rows, checked_text};
pub use compare::{comparison_json, comparison_text, comparisons_csv, moves_text};
pub use convert::{ProvedRow, proved_csv, proved_rows, proved_text};
pub use csv::{matrix_csv, neutral, results_csv};
pub use diagnosed::{DiagnosticRow, diagnostic_csv, diagnostic_rows};
pub use diagnostics::{diagnostics_text, periods_text, segments_text};
pub use diff::{diff_csv, diff_text};
pub use ground::{Columns, DialRow, Ground, LimitRow};
pub use law::{
    ClauseRow, clause_rows, clauses_csv, list_text, lists_csv, lists_table, marked_text,
};
pub use map::{MapRow, map_csv, map_marks, map_rows, map_standing, map_text};
pub use parameters::{parameters_csv, parameters_text};
pub use positioning::{
    PositioningRow, decide_rows, positioning_csv, positioning_rows, positioning_text, segment_rows,
};
pub use proof::proof_text;
pub use region::{regions_csv, regions_json, regions_text};
pub use rows::{
    ParameterRow, ProofRow, ResultRow, list_rows, parameter_rows, proof_rows, result_rows,
};
pub use schema::{Schema, schema};
pub use screen::{ScreenLines, screen_header};
pub use sketch::sketch;
pub use spindle::{
    MotionRow, motion_csv, sensitive_word, slide_rows, slides_text, spindle_rows, spindle_text,
};
pub use stated::{
    ReaffirmRow, StatedRow, reaffirm_csv, reaffirm_rows, stated_csv, stated_rows, stated_text,
};
pub use summary::summary_text;
pub use sweep::{
    MarkedRow, PointRow, dial_turns, dial_unit, from_text, marked_line, real_points, rows_text,
    sweep_csv, sweep_rows, sweep_rows_at, sweep_text, untied_texts,
};
pub use targets::{TargetRow, target_csv, target_rows};
pub use template::template;
pub use uncertainty::{BudgetRow, Decision, budget_csv, budget_rows, budget_text, decision_text};
pub use view::{view_csv, view_json, view_text};
