//! `fihrist salvage`: saves the readable articles of a damaged index into a new one, and reports
//! what was lost.

use std::path::PathBuf;

use anyhow::{Context, Result};
use fihrist_index::salvage::{SalvageReport, salvage};
use serde_json::Value;

use super::check::{damage_as_json, damage_as_text};
use super::{Interrupt, print_json, refuse_cluster, with_bar};

/// Save the readable articles of a damaged index into a new index; the old one is never written
///
/// Ends with 0 if every article was saved, 1 if some were lost, and 2 if nothing could be done.
#[derive(clap::Args)]
pub struct Args {
    /// The data directory of the damaged index
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The data directory of the new index; it must not hold an index
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Print the report as JSON, with all ids of lost articles
    #[arg(long)]
    json: bool,
}

/// Saves the articles and prints the report. Returns whether nothing was lost.
pub fn run(args: &Args) -> Result<bool> {
    refuse_cluster("salvage")?;
    let interrupt = Interrupt::start()?;
    let report = with_bar(|bar| salvage(&args.old, &args.new, bar, &interrupt.flag))?;
    let report = report.context("stopped early; there is no new index")?;
    if args.json {
        print_json(&as_json(&report))?;
    } else {
        println!("{}", as_text(&report, args));
    }
    Ok(report.is_complete())
}

fn as_text(report: &SalvageReport, args: &Args) -> String {
    let mut lines = damage_as_text(&report.damage, &report.lost);
    if report.maybe_deleted > 0 {
        lines.push(format!(
            "{} of the saved articles may have been deleted before, because the list of deleted articles or of \
             segments is lost",
            report.maybe_deleted
        ));
    }
    if report.has_lost_words {
        lines.push("the common words are lost: in the saved texts, `…` stands for each".to_owned());
    }
    if report.older_copies > 0 {
        let older = report.older_copies;
        lines.push(format!(
            "{older} older copies of saved articles were left out"
        ));
    }
    let new = args.new.display();
    if report.articles == 0 {
        lines.push(format!(
            "no article could be read; there is no index at {new}"
        ));
    } else {
        lines.push(format!(
            "saved {} articles of generation {} into {new}, in {:.1} s; keys were not copied",
            report.articles,
            report.generation,
            report.elapsed.as_secs_f64()
        ));
    }
    lines.join("\n")
}

fn as_json(report: &SalvageReport) -> Value {
    let mut json = damage_as_json(&report.damage, &report.lost);
    json["generation"] = report.generation.clone().into();
    json["articles"] = report.articles.into();
    json["maybe_deleted"] = report.maybe_deleted.into();
    json["has_lost_words"] = report.has_lost_words.into();
    json["older_copies"] = report.older_copies.into();
    json["elapsed_ms"] = (report.elapsed.as_millis() as u64).into();
    json
}
