//! The command line, one file per command. `bar`, `interrupt`, `retry` and `report` are shared.
//! Exit codes: 0 success, 1 something was rejected or not found, 2 failure.

mod analyze;
mod backup;
mod bar;
mod data_dir;
mod eval;
mod health;
mod index;
mod interrupt;
mod key;
mod learn;
mod model;
mod preview;
mod rebuild;
mod report;
mod restore;
mod retry;
mod search;
mod search_options;
mod serve;
mod stats;
mod up;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Full-text search server for Arabic articles
#[derive(Debug, Parser)]
#[command(
    name = "fihrist",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
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
    Learn(learn::Args),
    Key(key::Args),
    Health(health::Args),
}

/// Something was rejected or not found; everything else succeeded.
const NOT_ALL: u8 = 1;

/// Runs the command.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Index(args) => index::run(&args),
        Command::Serve(args) => serve::run(args).map(|()| ExitCode::SUCCESS),
        Command::Up(args) => up::run(args),
        Command::Search(args) => search::run(&args),
        Command::Analyze(args) => analyze::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Eval(args) => eval::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Stats(args) => stats::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Rebuild(args) => rebuild::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Backup(args) => backup::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Restore(args) => restore::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Key(args) => key::run(args),
        Command::Health(args) => health::run(&args).map(|()| ExitCode::SUCCESS),
    }
}
