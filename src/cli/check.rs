//! `fihrist check`: verifies an index, and names its damaged files and lost articles. `serve --check`
//! and the check of a backup use the same report.

use anyhow::{Context, Result, bail};
use fihrist_index::check::{CheckReport, DamagedFile, Depth, LostArticles, check};
use serde_json::{Value, json};

use super::{DataDir, Interrupt, print_json, refuse_cluster, with_bar};
use crate::keys;

/// The number of ids that a report in words names for each segment.
const NAMED_IDS: usize = 20;

/// Verify every byte and every article of the index; a running server is not interrupted
///
/// Ends with 0 if the index is whole, 1 if it is damaged, and 2 if it could not be checked.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: DataDir,

    /// Verify only which files there are, their sizes and their ends
    #[arg(long)]
    quick: bool,

    /// Print the report as JSON, with all ids of lost articles
    #[arg(long)]
    json: bool,
}

/// Checks the index and prints the report. Returns whether it is whole.
pub fn run(args: &Args) -> Result<bool> {
    refuse_cluster("check")?;
    let depth = if args.quick {
        Depth::Quick
    } else {
        Depth::Full
    };
    let report = of(&args.data, depth)?;
    if args.json {
        print_json(&as_json(&report))?;
    } else {
        println!("{}", as_text(&report));
    }
    Ok(report.is_whole())
}

/// Fails if the index at `data` is damaged. The error lists the damage.
pub fn require_whole(data: &DataDir) -> Result<()> {
    refuse_cluster("serve --check")?;
    let report = of(data, Depth::Full)?;
    if report.is_whole() {
        return Ok(());
    }
    bail!("the server was not started:\n{}", as_text(&report));
}

fn of(data: &DataDir, depth: Depth) -> Result<CheckReport> {
    let interrupt = Interrupt::start()?;
    let report = with_bar(|bar| check(data, depth, bar, &interrupt.flag))?;
    let mut report = report.context("stopped early; the rest was not checked")?;
    if let Err(error) = keys::read(data) {
        let file = keys::path(data);
        let what = format!("{error:#}");
        report.damage.push(DamagedFile { file, what });
    }
    Ok(report)
}

fn as_text(report: &CheckReport) -> String {
    let mut lines = damage_as_text(&report.damage, &report.lost);
    if !report.unpaged.is_empty() {
        let (unpaged, files) = (report.unpaged.len(), report.files);
        lines.push(format!(
            "{unpaged} of {files} files have no page checksums, because an earlier format has none; each was \
             verified as a whole"
        ));
    }
    let (generation, files) = (&report.generation, report.files);
    let verdict = if report.is_whole() {
        "whole"
    } else {
        "DAMAGED"
    };
    let scope = match report.depth {
        Depth::Quick => format!("{files} files, only their sizes and ends"),
        Depth::Full => format!(
            "{} articles and {files} files, {:.1} MB",
            report.articles,
            report.verified_bytes as f64 / 1e6
        ),
    };
    lines.push(format!(
        "generation {generation} is {verdict}: checked {scope}, in {:.1} s",
        report.elapsed.as_secs_f64()
    ));
    if !report.is_whole() {
        lines.push(
            "restore a backup, or save the readable articles with `fihrist salvage`".to_owned(),
        );
    }
    lines.join("\n")
}

/// Returns a line for each damaged file, and one for each segment with lost articles.
pub fn damage_as_text(damage: &[DamagedFile], lost: &[LostArticles]) -> Vec<String> {
    let damaged = damage
        .iter()
        .map(|DamagedFile { file, what }| format!("`{}` is damaged: {what}", file.display()));
    let lost = lost.iter().map(|lost| {
        let count = lost.ids.len() as u64 + lost.unnamed;
        let mut ids: Vec<&str> = lost.ids.iter().map(String::as_str).collect();
        let more = ids.len().saturating_sub(NAMED_IDS) as u64 + lost.unnamed;
        ids.truncate(NAMED_IDS);
        let ids = match (ids.as_slice(), more) {
            ([], _) => "their ids are not known".to_owned(),
            (ids, 0) => ids.join(", "),
            (ids, more) => format!("{} and {more} more", ids.join(", ")),
        };
        let file = lost.file.display();
        format!("{count} articles in `{file}` cannot be read: {ids}")
    });
    damaged.chain(lost).collect()
}

fn as_json(report: &CheckReport) -> Value {
    let mut json = damage_as_json(&report.damage, &report.lost);
    json["is_whole"] = report.is_whole().into();
    json["generation"] = report.generation.clone().into();
    json["is_quick"] = (report.depth == Depth::Quick).into();
    json["articles"] = report.articles.into();
    json["files"] = report.files.into();
    json["verified_bytes"] = report.verified_bytes.into();
    let unpaged = report.unpaged.iter().map(|file| file.display().to_string());
    json["without_page_checksums"] = unpaged.collect();
    json["elapsed_ms"] = (report.elapsed.as_millis() as u64).into();
    json
}

/// Returns the damaged files and the lost articles as two fields of an object.
pub fn damage_as_json(damage: &[DamagedFile], lost: &[LostArticles]) -> Value {
    let damage = damage
        .iter()
        .map(|damage| json!({"file": damage.file.display().to_string(), "what": damage.what}));
    let count = |lost: &LostArticles| lost.ids.len() as u64 + lost.unnamed;
    json!({
        "damage": damage.collect::<Vec<_>>(),
        "lost_articles": lost.iter().map(count).sum::<u64>(),
        "lost_ids": lost.iter().flat_map(|lost| &lost.ids).collect::<Vec<_>>(),
    })
}
