//! Parses the command line, runs, maps the result to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    dondoc::cli::main()
}
