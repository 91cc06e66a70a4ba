//! `fihrist stats`: prints what the index in a data directory contains.

use fihrist_index::Index;

use super::{IndexArgs, print_json};
use crate::service::views::StatsView;

/// Show what the index contains
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    index: IndexArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the figures of the index.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    let stats = Index::open(args.index.location()?)?.stats()?;
    let view = StatsView::from(stats.clone());
    if args.json {
        print_json(&view)?;
        return Ok(true);
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
    Ok(true)
}
