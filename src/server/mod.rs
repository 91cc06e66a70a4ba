//! Starts the service, says where it listens, and ends it without dropping a running request.

mod connections;
mod middleware;
mod router;

use std::io::ErrorKind as IoErrorKind;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use fihrist_index::{ErrorKind, Index};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use self::connections::Terms;
use self::middleware::Timeouts;
use self::router::router;
use crate::config::{LogFormat, ServiceConfig};
use crate::keys::{self, Scope};
use crate::page::words::with_thousands;
use crate::remedy::explain_engine;
use crate::service::addresses::Addresses;
use crate::service::follow::Following;
use crate::service::key_ring::KeyRing;
use crate::service::limits;
use crate::service::metrics::Metrics;
use crate::service::open_index::OpenIndex;
use crate::service::pool::SearchPool;
use crate::service::state::AppState;
use crate::service::writing::Writing;

/// How long running requests may take to finish after a signal; a container is killed after ten seconds and a bit.
const GRACE: Duration = Duration::from_secs(10);

/// How many times as long as a request a connection may be without one: proxies keep some open for the next.
const HEAD_TIMES: u32 = 3;

/// How long the last commit may take: requests that wait for it have been given up by then.
const LAST_COMMIT: Duration = Duration::from_secs(5);

/// Takes the address, so that whoever has work to do before serving knows first that it can be had.
pub fn bind(listen: SocketAddr) -> anyhow::Result<StdListener> {
    let listener = StdListener::bind(listen).map_err(|error| match error.kind() {
        IoErrorKind::AddrInUse => {
            anyhow!("cannot listen on {listen}: the port is in use; choose another with --listen")
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {listen}")),
    })?;
    listener
        .set_nonblocking(true)
        .with_context(|| format!("cannot listen on {listen}"))?;
    Ok(listener)
}

/// Whether the keys are as the settings need them, for whoever has work to do before serving.
pub fn may_start(config: &ServiceConfig) -> anyhow::Result<()> {
    // A file of keys that cannot be used is news for now, not for the first request.
    let keys = keys::read(&config.data)?;
    let may_read = keys.0.iter().any(|key| key.scopes.contains(&Scope::Search));
    if config.access.requires_key && !may_read {
        bail!(
            "--require-key: no key at `{data}` may read; make one with `fihrist key create --scope search --data {data}`",
            data = config.data.display()
        );
    }
    Ok(())
}

/// Serves until SIGTERM or SIGINT, then finishes the running requests.
pub async fn serve(config: ServiceConfig, listener: StdListener) -> anyhow::Result<()> {
    let listener = TcpListener::from_std(listener).context("cannot listen")?;
    let address = listener
        .local_addr()
        .context("cannot tell the address it listens on")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;

    let index = open(&config)?;
    let holds = match &index {
        Some(index) => format!("({} articles)", with_thousands(index.stats()?.articles)),
        None => format!(
            "(no index at `{}` yet: run `fihrist index PATH…`)",
            config.location
        ),
    };
    may_start(&config)?;
    limits::set(config.limits);
    let keys = KeyRing::new(config.data.clone());
    let addresses = Addresses::new(config.public_url, config.allowed_hosts);
    let index = OpenIndex::new(config.location, index);
    let metrics = Metrics::new();
    let (writing, ending) = Writing::start(index.clone(), config.max_body_bytes, metrics.clone())?;
    let following = Following::start(index.clone(), metrics.clone())?;
    let pool = SearchPool::new(config.max_searches, config.request_timeout, metrics.clone());
    let state = AppState::new(index, pool, keys, writing, metrics, addresses);
    let timeouts = Timeouts {
        read: config.request_timeout,
        write: config.write_timeout,
    };
    let greeting = format!("Fihrist listens on http://{address} {holds}");
    match config.log_format {
        LogFormat::Text => eprintln!("{greeting}"),
        // Whoever reads the log as JSON must be able to read all of it.
        LogFormat::Json => tracing::info!("{greeting}"),
    }

    let (stop, stopped) = oneshot::channel::<()>();
    let routes = router(state, timeouts, &config.access);
    let terms = Terms {
        max_connections: config.max_connections,
        head_time: config.request_timeout.saturating_mul(HEAD_TIMES),
    };
    let serving = connections::serve(listener, routes, terms, async {
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
        () = deadline => tracing::warn!("gave up requests that were still running after {} s", GRACE.as_secs()),
    }
    drop(following);
    let committed = tokio::task::spawn_blocking(move || ending.finish());
    if tokio::time::timeout(LAST_COMMIT, committed).await.is_err() {
        tracing::warn!(
            "gave up what was not committed after {} s",
            LAST_COMMIT.as_secs()
        );
    }
    Ok(())
}

/// The index, if one is there. One that cannot be opened ends the start: serving without it would hide it.
fn open(config: &ServiceConfig) -> anyhow::Result<Option<Index>> {
    match Index::open(&config.location) {
        Ok(index) => Ok(Some(index)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // A cluster that is still starting, or being updated, is there in a moment.
        Err(error) if error.kind() == ErrorKind::Unavailable => {
            tracing::warn!(cause = explain_engine(&error), "cannot open the index yet");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
