//! Starts the server, prints its address, and stops it after running requests have finished.

mod connections;
mod host;
mod middleware;
mod router;
mod stalled_writes;

use std::io::ErrorKind as IoErrorKind;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fihrist_index::{ErrorKind, Index, Location, log_damage_after};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use self::connections::ConnectionTimes;
use self::middleware::Timeouts;
use self::router::router;
use crate::config::{LogFormat, ServiceConfig, memory_limit};
use crate::file_limit;
use crate::keys::{self, Scope};
use crate::page::with_thousands;
use crate::remedy::explain_engine;
use crate::service::{
    Addresses, HeldAnswers, KeyRing, Memory, Metrics, OpenIndex, SearchPool, Shared, WriteQueue,
    follow, limits, open_if_any,
};

/// Time that running requests get after a signal. Containers are killed after slightly more than
/// ten seconds.
const GRACE: Duration = Duration::from_secs(10);

/// An idle connection stays open this many times as long as a request may take, because proxies
/// reuse connections.
const IDLE_FACTOR: u32 = 3;

/// Time limit of the last commit. Requests that wait for it have been cancelled by then.
const LAST_COMMIT: Duration = Duration::from_secs(5);

/// Binds the address. Callers do this before long work, so that an occupied port is reported first.
pub fn bind(listen: SocketAddr) -> Result<StdListener> {
    let bound = StdListener::bind(listen).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    if let Err(error) = &bound
        && error.kind() == IoErrorKind::AddrInUse
    {
        bail!("cannot listen on {listen}: the port is in use; choose another with --listen");
    }
    bound.with_context(|| format!("cannot listen on {listen}"))
}

/// Checks that the key file is readable and fits the settings. Callers do this before long work.
pub fn check_keys(config: &ServiceConfig) -> Result<()> {
    // A damaged key file is reported at the start, not at the first request.
    let keys = keys::read(&config.index.data)?;
    let may_read = keys.0.iter().any(|key| key.scopes.contains(&Scope::Search));
    if config.access.requires_key && !may_read {
        bail!(
            "--require-key: no key at `{data}` has the scope `search`; create one with `fihrist \
                key create --scope search --data {data}`",
            data = config.index.data.display()
        );
    }
    Ok(())
}

/// Serves until SIGTERM or SIGINT, then finishes the running requests.
pub async fn serve(config: ServiceConfig, location: Location, listener: StdListener) -> Result<()> {
    let listener = TcpListener::from_std(listener).context("cannot listen")?;
    let address = listener
        .local_addr()
        .context("cannot determine the address of the listener")?;
    file_limit::fail_instead_of_ending().context("cannot handle SIGXFSZ")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;

    let (index, articles) = log_damage_after(|| open(&location))?;
    check_keys(&config)?;
    limits::set(config.limits);
    let index = Arc::new(OpenIndex::new(location, index));
    let metrics = Metrics::new();
    let memory = Memory::new(memory_limit(config.memory_limit));
    let (write_queue, writer_handle) = WriteQueue::start(
        index.clone(),
        config.max_body_bytes,
        config.write_timeout,
        memory.clone(),
        metrics.clone(),
    )?;
    let follower = follow::start(index.clone(), metrics.clone())?;
    let state = Arc::new(Shared {
        index,
        pool: SearchPool::new(config.max_searches, config.request_timeout, metrics.clone()),
        keys: KeyRing::new(config.index.data.to_path_buf()),
        write_queue,
        memory,
        held_answers: HeldAnswers::new(),
        metrics,
        addresses: Addresses::new(config.public_url, config.allowed_hosts),
    });
    let timeouts = Timeouts {
        read: config.request_timeout,
        write: config.write_timeout,
    };
    let greeting = format!("Fihrist listens on http://{address} {articles}");
    match config.log_format {
        LogFormat::Text => eprintln!("{greeting}"),
        // With JSON logs, every line on standard error must be JSON.
        LogFormat::Json => tracing::info!("{greeting}"),
    }

    let (stop, stopped) = oneshot::channel::<()>();
    let routes = router(state, timeouts, &config.access);
    let times = ConnectionTimes {
        head: config.request_timeout.saturating_mul(IDLE_FACTOR),
        send: config.send_timeout,
    };
    let serving = connections::serve(listener, routes, config.max_connections, times, async {
        let _sent_or_dropped = stopped.await;
    });
    let deadline = async {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
        tracing::info!("stopping: finishing the running requests");
        let _receiver_gone = stop.send(());
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = serving => (),
        () = deadline => tracing::warn!("cancelled requests that were still running after {} s", GRACE.as_secs()),
    }
    drop(follower);
    let committed = tokio::task::spawn_blocking(move || writer_handle.finish());
    if tokio::time::timeout(LAST_COMMIT, committed).await.is_err() {
        tracing::warn!(
            "dropped changes that were not committed after {} s",
            LAST_COMMIT.as_secs()
        );
    }
    Ok(())
}

/// Opens the index, if there is one, and returns it with a note for the greeting. Fails if it cannot
/// be opened, because a server without it would hide the problem.
fn open(location: &Location) -> Result<(Option<Index>, String)> {
    let index = match open_if_any(location) {
        // A cluster that is starting or being updated will be available soon, so the server starts
        // without an index.
        Err(error) if error.kind() == ErrorKind::Unavailable => {
            tracing::warn!(cause = explain_engine(&error), "cannot open the index yet");
            None
        }
        opened => opened?,
    };
    let articles = match &index {
        Some(index) => format!("({} articles)", with_thousands(index.stats()?.articles)),
        None => format!("(no index at `{location}` yet; run `fihrist index PATH…`)"),
    };
    Ok((index, articles))
}
