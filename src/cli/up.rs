//! `fihrist up`: indexes, serves, and indexes changes. Without a path it serves the sample
//! articles, unless the index contains other articles.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use fihrist_index::ingest::Input;
use fihrist_index::{Location, log_damage_after};

use super::{WaitArgs, index, serve};
use crate::config::ServiceConfig;
use crate::samples::samples;
use crate::service::open_if_any;
use crate::{server, telemetry};

/// Index files and folders, serve them, and index their changes; without a path, use the sample
/// articles
#[derive(clap::Args)]
pub struct Args {
    /// Files and folders of articles
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Follow links that lead out of a folder
    #[arg(long)]
    follow_links: bool,

    #[command(flatten)]
    wait: WaitArgs,

    #[command(flatten)]
    service: ServiceConfig,
}

/// Indexes new articles, then serves until SIGTERM or SIGINT.
pub fn run(args: Args) -> anyhow::Result<()> {
    let Args {
        paths,
        follow_links,
        wait,
        service,
    } = args;
    telemetry::start(service.log_format)?;
    // The address is bound first, so that an occupied port is reported before an hour of indexing.
    let listener = server::bind(service.listen)?;
    let location = service.index.location()?;
    server::check_keys(&service)?;
    let stop = Arc::new(AtomicBool::new(false));
    let following = if paths.is_empty() {
        // Samples are never mixed with the user's articles.
        log_damage_after(|| {
            if holds_articles(&location)? {
                return Ok(());
            }
            index::ingest_and_report(samples(), false, &location, &wait)
        })?;
        None
    } else {
        let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
        // Watching starts before the job, so that a change during the job is not missed.
        let following = index::follow(
            paths,
            follow_links,
            location.clone(),
            wait,
            Arc::clone(&stop),
        )?;
        log_damage_after(|| index::ingest_and_report(inputs, follow_links, &location, &wait))?;
        Some(following)
    };
    let served = serve::serve_until_signal(service, location, listener);
    stop.store(true, Ordering::Relaxed);
    // Waits until the articles that are being indexed are committed.
    following.map(JoinHandle::join);
    served
}

fn holds_articles(location: &Location) -> anyhow::Result<bool> {
    match open_if_any(location)? {
        Some(index) => Ok(index.stats()?.articles > 0),
        None => Ok(false),
    }
}
