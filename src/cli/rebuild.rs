//! `fihrist rebuild`: the index made anew from the articles it stores, with a model that has learnt from all of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::bar::Bar;
use super::interrupt::Interrupt;
use super::report::{rebuilt_as_json, rebuilt_in_words};

/// Learn anew from the stored articles and rebuild the index, under a running server
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Directory of the index
    #[arg(long, env = "FIHRIST_DATA", default_value = "./data", value_name = "DIR")]
    data: PathBuf,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Rebuilds and reports.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let cancel = Arc::new(AtomicBool::new(false));
    let _interrupt = Interrupt::sets(Arc::clone(&cancel))?;
    let bar = Bar::new();
    let rebuilt = fihrist_index::rebuild(&args.data, &bar, &cancel);
    bar.clear();
    match rebuilt? {
        Some(rebuilt) if args.json => println!("{}", serde_json::to_string_pretty(&rebuilt_as_json(&rebuilt))?),
        Some(rebuilt) => eprintln!("{}", rebuilt_in_words(&rebuilt)),
        None => anyhow::bail!("stopped early; the index stays as it was"),
    }
    Ok(())
}
