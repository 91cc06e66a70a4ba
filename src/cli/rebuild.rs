//! `fihrist rebuild`: rebuilds the index from its stored articles, with a model that has learnt
//! from all of them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::bar::Bar;
use super::data_dir::DataDir;
use super::interrupt::Interrupt;
use super::report::{graph_as_json, graph_as_text, rebuild_as_json, rebuild_as_text};
use super::retry::while_busy;
use crate::config::BackendArgs;

/// Relearn words from the stored articles and rebuild the index; a running server is not
/// interrupted
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: DataDir,

    #[command(flatten)]
    backend: BackendArgs,

    /// Relearn only the relations between words; no article is indexed again
    #[arg(long)]
    graph_only: bool,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Rebuilds the index and prints the report.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let cancel = Arc::new(AtomicBool::new(false));
    let _interrupt = Interrupt::sets(Arc::clone(&cancel))?;
    let location = args.backend.location(&args.data)?;
    let bar = Bar::new();
    if args.graph_only {
        let learnt = while_busy(|| fihrist_index::rebuild_graph(&location, &bar, &cancel));
        bar.clear();
        match learnt? {
            Some(own) if args.json => {
                println!("{}", serde_json::to_string_pretty(&graph_as_json(&own))?)
            }
            Some(own) => eprintln!("{}", graph_as_text(&own)),
            None => anyhow::bail!("stopped early; the graph is unchanged"),
        }
        return Ok(());
    }
    let rebuilt = while_busy(|| fihrist_index::rebuild(&location, &bar, &cancel));
    bar.clear();
    match rebuilt? {
        Some(rebuilt) if args.json => {
            println!(
                "{}",
                serde_json::to_string_pretty(&rebuild_as_json(&rebuilt))?
            )
        }
        Some(rebuilt) => eprintln!("{}", rebuild_as_text(&rebuilt)),
        None => anyhow::bail!("stopped early; the index is unchanged"),
    }
    Ok(())
}
