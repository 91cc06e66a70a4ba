//! `fihrist serve`: runs the HTTP server over an index until a signal ends it.

use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Context, Result};
use fihrist_index::{Location, log_damage_after};

use super::check::require_whole;
use crate::config::ServiceConfig;
use crate::{server, telemetry};

/// Time that running searches get before the process ends without them.
const LEFTOVER_SEARCHES: Duration = Duration::from_millis(500);

/// Serve the API and the search page
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    service: ServiceConfig,

    /// Verify the whole index first, as `fihrist check` does, and do not start if it is damaged
    #[arg(long)]
    check: bool,
}

/// Serves until SIGTERM or SIGINT.
pub fn run(args: Args) -> Result<()> {
    telemetry::start(args.service.log_format)?;
    let location = args.service.index.location()?;
    if args.check {
        log_damage_after(|| require_whole(&args.service.index.data))?;
    }
    let listener = server::bind(args.service.listen)?;
    serve_until_signal(args.service, location, listener)
}

/// Runs the server on a runtime of its own. `up` calls this as well.
pub fn serve_until_signal(
    config: ServiceConfig,
    location: Location,
    listener: TcpListener,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(server::serve(config, location, listener));
    // Dropping a runtime would wait for blocking tasks without a limit.
    runtime.shutdown_timeout(LEFTOVER_SEARCHES);
    result
}
