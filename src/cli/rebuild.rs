//! `fihrist rebuild`: rebuilds the index from its stored articles, with a model that has learnt
//! from all of them.

use anyhow::Context;

use super::report::{graph_as_json, graph_as_text, rebuild_as_json, rebuild_as_text};
use super::{IndexArgs, Interrupt, WaitArgs, print_json, with_bar};

/// Relearn words from the stored articles and rebuild the index; a running server is not
/// interrupted
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    index: IndexArgs,

    #[command(flatten)]
    wait: WaitArgs,

    /// Relearn only the relations between words; no article is indexed again
    #[arg(long)]
    graph_only: bool,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Rebuilds the index and prints the report.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    let interrupt = Interrupt::start()?;
    let location = args.index.location()?;
    let (json, text) = if args.graph_only {
        let learnt = args.wait.in_turn(&location, &interrupt.flag, || {
            with_bar(|bar| fihrist_index::rebuild_graph(&location, bar, &interrupt.flag))
        })?;
        let own = learnt.context("stopped early; the graph is unchanged")?;
        (graph_as_json(&own), graph_as_text(&own))
    } else {
        let rebuilt = args.wait.in_turn(&location, &interrupt.flag, || {
            with_bar(|bar| fihrist_index::rebuild(&location, bar, &interrupt.flag))
        })?;
        let rebuilt = rebuilt.context("stopped early; the index is unchanged")?;
        (rebuild_as_json(&rebuilt), rebuild_as_text(&rebuilt))
    };
    if args.json {
        print_json(&json)?;
    } else {
        eprintln!("{text}");
    }
    Ok(true)
}
