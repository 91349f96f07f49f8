//! The program: the library's door and nothing else.

fn main() -> std::process::ExitCode {
    toolgauge::cli::main()
}
