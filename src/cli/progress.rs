//! Progress on standard error: a bar on a terminal, nothing elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::Common;

/// A bar over `length` steps, which draws nothing where nobody looks or quiet was asked for.
pub(super) fn bar(common: &Common, length: usize, what: &'static str) -> ProgressBar {
    let seen = !common.quiet && std::io::stderr().is_terminal();
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// One line for people on standard error.
#[expect(clippy::print_stderr, reason = "the one place that writes to standard error")]
pub(super) fn say(text: &str) {
    eprintln!("{text}");
}

/// One line for people on standard error, unless quiet was asked for.
pub(super) fn tell(common: &Common, text: &str) {
    if !common.quiet {
        say(text);
    }
}
