//! The door: arguments, files, progress, exit codes. Only this room sees paths, clock and
//! environment.

mod across;
mod arguments;
mod bundle;
mod catalogue;
mod classify;
mod compare;
mod drawn;
mod explain;
mod files;
mod gate;
mod law;
mod measure;
mod one;
mod pass;
mod pictured;
mod progress;
mod region;
mod rows;
mod screen;
mod setting;
mod sink;
mod source;
mod sweep;
mod view;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::error::Error;
use crate::table::shipped;
use arguments::{Arguments, Command};

/// What a verb came to.
pub(crate) enum Answer {
    /// It was answered.
    Done,
    /// It was answered, and there is what the user asked to fail on.
    Finding,
}

/// What a verb fails with: one error, or every error of a file.
pub(crate) struct Failure(pub Vec<Error>);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl From<Vec<Error>> for Failure {
    fn from(errors: Vec<Error>) -> Self {
        Self(errors)
    }
}

/// Runs the program on the process's arguments.
///
/// Exit codes: 0 answered; 1 a finding that the user asked to fail on, a failed case, or a replay
/// that differs; 2 an error.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match run(&arguments) {
        Ok(Answer::Done) => ExitCode::SUCCESS,
        Ok(Answer::Finding) => ExitCode::from(1),
        Err(Failure(errors)) => {
            let count = errors.len();
            for error in &errors {
                progress::say(&format!("error: {error}"));
            }
            if count > 1 {
                progress::say(&format!("{count} errors"));
            }
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let common = &arguments.common;
    if let Some(folder) = &common.specs {
        shipped::replace(files::specs(folder)?)?;
    }
    let threads = common.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::usage(format!("no threads can be started: {error}")))?;
    pool.install(|| match &arguments.command {
        Command::Classify(verb) => classify::classify(verb, common),
        Command::Explain(verb) => explain::explain(verb, common),
        Command::Parameters => law::parameters(common),
        Command::New(verb) => catalogue::new(verb, common),
        Command::Map(verb) => catalogue::map(verb, common),
        Command::Diff(verb) => catalogue::diff(verb, common),
        Command::Measure(verb) => measure::measure(verb, common),
        Command::Compare(verb) => compare::compare(verb, common),
        Command::Sweep(verb) => sweep::sweep(verb, common),
        Command::View(verb) => view::view(verb, common),
        Command::Region(verb) => region::region(verb, common),
        Command::Bundle(verb) => bundle::bundle(verb, common),
        Command::Replay(verb) => bundle::replay(verb, common),
        Command::Lists => law::lists(common),
        Command::Show(verb) => law::show(verb, common),
        Command::Check(verb) => law::check(verb, common),
        Command::Test(verb) => law::test(verb, common),
        Command::Schema(verb) => law::schema(verb, common),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "toolgauge", &mut bytes);
            files::write_bytes(common, &bytes)
        }
        Command::Man => {
            let mut bytes = Vec::new();
            let page = clap_mangen::Man::new(Arguments::command()).render(&mut bytes);
            page.map_err(|error| Error::usage(format!("no man page can be made: {error}")))?;
            files::write_bytes(common, &bytes)
        }
    })
}
