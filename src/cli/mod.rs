//! The command line, one file per command. `long_work`, `model` and `report` are shared. Exit codes:
//! 0 success, 1 something was rejected or not found, 2 failure.

mod analyze;
mod backup;
mod check;
mod eval;
mod health;
mod index;
mod key;
mod learn;
mod leftovers;
mod long_work;
mod model;
mod preview;
mod rebuild;
mod report;
mod restore;
mod salvage;
mod search;
mod search_options;
mod serve;
mod stats;
mod up;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

// Most commands use these.
use self::long_work::{Interrupt, WaitArgs, with_bar};
use crate::config::{DataDir, IndexArgs, refuse_cluster};

/// Full-text search server for Arabic articles
#[derive(Parser)]
#[command(
    name = "fihrist",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Index(index::Args),
    Serve(serve::Args),
    Up(up::Args),
    Search(search::Args),
    Analyze(analyze::Args),
    Eval(eval::Args),
    Stats(stats::Args),
    Rebuild(rebuild::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Check(check::Args),
    Salvage(salvage::Args),
    Learn(learn::Args),
    Key(key::Args),
    Health(health::Args),
}

/// Parses the command line and runs the command.
pub fn run() -> anyhow::Result<ExitCode> {
    // Each command returns whether nothing was rejected and everything was found.
    let is_complete = match Cli::parse().command {
        Command::Index(args) => index::run(&args),
        Command::Serve(args) => serve::run(args).map(|()| true),
        Command::Up(args) => up::run(args).map(|()| true),
        Command::Search(args) => search::run(&args),
        Command::Analyze(args) => analyze::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Rebuild(args) => rebuild::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Salvage(args) => salvage::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Key(args) => key::run(args),
        Command::Health(args) => health::run(&args),
    }?;
    Ok(ExitCode::from(u8::from(!is_complete)))
}

/// Returns the folder of a path; the current folder for a path without one.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Prints a value as indented JSON.
fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Returns the context of an error: the action that failed on a file.
fn cannot(action: &str, path: &Path) -> impl Fn() -> String {
    move || format!("cannot {action} `{}`", path.display())
}
