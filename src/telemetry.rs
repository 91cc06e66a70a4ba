//! The process's log: lines on stderr, filtered by `FIHRIST_LOG`, else `RUST_LOG`. What it shows where those say nothing, its callers choose.

use std::io::{self, IsTerminal};
use std::panic;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What a service logs where nothing else is said. The protocol's SDK would note every call three times.
pub const SERVICE: &str = "info,rmcp=warn";

/// Starts the log for the rest of the process. `default_filter` holds where the environment says nothing.
pub fn start(format: LogFormat, default_filter: &str) -> anyhow::Result<()> {
    let set = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
            .map(|value| (name.to_owned(), value))
    };
    let (name, directives) = set("FIHRIST_LOG")
        .or_else(|| set("RUST_LOG"))
        .unwrap_or_else(|| ("the default filter".to_owned(), default_filter.to_owned()));
    let filter = EnvFilter::try_new(&directives)
        .with_context(|| format!("cannot read the log filter `{directives}` of {name}"))?;

    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // `try_init` fails only where a log is running already; the first one then stays.
    let _already_started = match format {
        LogFormat::Text => log
            .with_ansi(io::stderr().is_terminal())
            .with_target(false)
            .try_init(),
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .try_init(),
    };
    if format == LogFormat::Json {
        panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// A panic as a line like any other. What it says may be a part of a text, so that the place alone has to do; the line of the
/// request has the rest.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    tracing::error!(
        location = panic.location().map(ToString::to_string),
        "panicked"
    );
}
