//! `fihrist stats`: prints what the index in a data directory contains.

use fihrist_index::Index;

use super::data_dir::DataDir;
use crate::config::BackendArgs;
use crate::service::views::counts::StatsView;

/// Show what the index contains
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: DataDir,

    #[command(flatten)]
    backend: BackendArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the figures of the index.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let stats = Index::open(args.backend.location(&args.data)?)?.stats()?;
    let view = StatsView::from(stats.clone());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&view)?);
        return Ok(());
    }
    println!("articles          {}", stats.articles);
    println!("sources           {}", stats.sources);
    if let (Some(first), Some(last)) = (view.first_published, view.last_published) {
        println!("published         {first} to {last}");
    }
    println!(
        "size              {:.1} MB in {} segments",
        stats.size_bytes as f64 / 1e6,
        stats.segments
    );
    println!(
        "duplicates        {} articles in {} clusters",
        stats.duplicate_articles, stats.duplicate_clusters
    );
    println!("generation        {}", stats.generation);
    println!("analysis version  {}", stats.analysis_version);
    let learnt = stats.learnt;
    println!("model             {}", stats.model_hash);
    println!(
        "learnt from      the base model, {} articles, {} words",
        learnt.articles, learnt.words
    );
    println!(
        "graph             {} pairs of words ({})",
        stats.graph_pairs, stats.graph_hash
    );
    let own = stats
        .graph_learnt
        .map(|learnt| format!(", {} articles, {} words", learnt.articles, learnt.words));
    println!("learnt from      the base graph{}", own.unwrap_or_default());
    Ok(())
}
