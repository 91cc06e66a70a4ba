//! Fihrist, a full-text search server for Arabic articles: parses the command line, runs one
//! command, and maps its outcome to an exit code. `cli` implements the commands.

// The first module, because its macros are visible only in the modules after it.
#[macro_use]
mod output;

mod cli;
mod config;
mod eval;
mod file_limit;
mod http;
mod keys;
mod mcp;
mod page;
mod remedy;
mod samples;
mod server;
mod service;
mod telemetry;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            // One line; the causes follow after colons.
            eprintln!("fihrist: {}", remedy::explain(&error));
            ExitCode::from(2)
        }
    }
}
