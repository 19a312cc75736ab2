//! Parses the command line, runs, maps errors to exit codes.

fn main() {}
