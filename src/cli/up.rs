//! `fihrist up`: indexes, serves, and indexes changes. Without a path it serves the sample
//! articles, unless the index contains other articles.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use fihrist_index::ingest::Input;
use fihrist_index::{ErrorKind, Index, Location};

use super::data_dir::DataDir;
use super::{index, serve};
use crate::config::{BackendArgs, ServiceArgs};
use crate::samples::SAMPLES;
use crate::server;
use crate::telemetry;

/// Index files and folders, serve them, and index their changes; without a path, use the sample
/// articles
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders of articles
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    data: DataDir,

    #[command(flatten)]
    backend: BackendArgs,

    #[command(flatten)]
    service: ServiceArgs,
}

/// Indexes new articles, then serves until SIGTERM or SIGINT.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    telemetry::start(args.service.log_format, telemetry::SERVICE)?;
    // The address is bound first, so that an occupied port is reported before an hour of indexing.
    let listener = server::bind(args.service.listen)?;
    let location = args.backend.location(&args.data)?;
    let config = args
        .service
        .config(args.data.to_path_buf(), location.clone());
    server::check_keys(&config)?;
    let inputs: Vec<Input> = if args.paths.is_empty() {
        SAMPLES
            .iter()
            .map(|sample| Input::Memory {
                name: sample.name.to_owned(),
                bytes: sample.bytes,
            })
            .collect()
    } else {
        args.paths.iter().cloned().map(Input::Path).collect()
    };
    // Samples are never mixed with the user's articles.
    let keeps_index = args.paths.is_empty() && holds_articles(&location)?;
    let stop = Arc::new(AtomicBool::new(false));
    // Watching starts before the job, so that a change during the job is not missed.
    let following = if args.paths.is_empty() {
        None
    } else {
        Some(index::follow(
            args.paths.clone(),
            location.clone(),
            Arc::clone(&stop),
        )?)
    };
    if !keeps_index {
        index::ingest_and_report(inputs, &location)?;
    }
    let served = serve::serve_until_signal(config, listener);
    stop.store(true, Ordering::Relaxed);
    // Waits until the articles that are being indexed are committed.
    following.map(JoinHandle::join);
    served?;
    Ok(ExitCode::SUCCESS)
}

fn holds_articles(location: &Location) -> anyhow::Result<bool> {
    match Index::open(location) {
        Ok(index) => Ok(index.stats()?.articles > 0),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
