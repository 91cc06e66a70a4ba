//! The log of the process on standard error, filtered by `FIHRIST_LOG` or `RUST_LOG`.

use std::io::{self, IsTerminal};
use std::panic;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// The default filter. The MCP SDK would log every call three times.
const DEFAULT_FILTER: &str = "info,rmcp=warn";

/// Starts the log for the rest of the process.
pub fn start(format: LogFormat) -> anyhow::Result<()> {
    let set = |name| {
        let value = std::env::var(name).ok()?;
        (!value.trim().is_empty()).then_some((name, value))
    };
    let (name, directives) = set("FIHRIST_LOG")
        .or_else(|| set("RUST_LOG"))
        .unwrap_or_else(|| ("the default filter", DEFAULT_FILTER.to_owned()));
    let filter = EnvFilter::try_new(&directives)
        .with_context(|| format!("cannot read the log filter `{directives}` of {name}"))?;

    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // The message about a failed write would be a panic: it is printed to standard error, too.
        .log_internal_errors(false);
    // `try_init` fails only if a log is already running. That log stays.
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

/// Logs a panic as one line. Its message may contain text of an article, so only its location is
/// logged. The log line of the request has the route and the request id.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    tracing::error!(
        location = panic.location().map(ToString::to_string),
        "panicked"
    );
}
