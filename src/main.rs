//! Parses the command line, runs, maps the result to an exit code.

use std::process::ExitCode;

/// Of SQLite too: a message is many small pieces that one thread makes and another frees, and glibc has both wait for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dondoc::cli::main()
}
