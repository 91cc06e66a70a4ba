//! `fihrist eval`: measures the search on judged queries, or the stemmer on gold lemmas. The
//! measures are in `crate::eval`; the files, the index and the report are here.

mod lemmas;
mod queries;
mod report;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::model::DataArg;
use super::{cannot, print_json};
use crate::config::BackendArgs;
use crate::eval::{LineError, Qrels, Run, parse_qrels, score_run, text_of};
use fihrist_index::search::Weights;
use report::{Against, Report, Timing};

/// Measure the search on judged queries, or the stems on gold lemmas
///
/// Prints nDCG@10, MRR@10, P@1 and Recall@100 over all queries that have a relevant document, each
/// with its 95 % bootstrap interval. Queries are JSON Lines with `id` and `text`, or lines of
/// `id<TAB>text`. Qrels and runs have the TREC format.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["queries", "score", "lemmas"]))]
pub struct Args {
    /// Run these queries on the index at --data, with default settings
    #[arg(long, value_name = "FILE", requires = "qrels")]
    queries: Option<PathBuf>,

    /// The relevant documents: `query document grade` or `query 0 document grade` per line
    #[arg(long, value_name = "FILE", conflicts_with = "lemmas")]
    qrels: Option<PathBuf>,

    /// Write the results as a TREC run
    #[arg(long, value_name = "FILE", requires = "queries", conflicts_with_all = ["score", "lemmas"])]
    run: Option<PathBuf>,

    /// Change a weight of the ranking, to measure its effect: lead=0 ignores how early a word
    /// occurs
    #[arg(long = "weight", value_name = "NAME=NUMBER", value_parser = weight, requires = "queries")]
    weights: Vec<(String, f32)>,

    /// Score this TREC run; no index is needed
    #[arg(long, value_name = "RUN", requires = "qrels")]
    score: Option<PathBuf>,

    /// Compare with this TREC run, query by query, by a paired randomization test
    #[arg(
        long,
        value_name = "RUN",
        requires = "qrels",
        conflicts_with = "lemmas"
    )]
    against: Option<PathBuf>,

    /// Measure how well the model of the index at --data, or the base model, unites the forms of
    /// each lemma
    #[arg(long, value_name = "FILE")]
    lemmas: Option<PathBuf>,

    #[command(flatten)]
    data: DataArg,

    #[command(flatten)]
    backend: BackendArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Measures the search or the stems, as the options say, and prints the report.
pub fn run(args: &Args) -> Result<bool> {
    if let Some(path) = &args.lemmas {
        return lemmas::run(path, &args.data, args.json);
    }
    let qrels_path = args.qrels.as_deref().context("--qrels is missing")?;
    let qrels = read(qrels_path, parse_qrels)?;
    if qrels.is_empty() {
        bail!(
            "no query has a relevant document in `{}`",
            qrels_path.display()
        );
    }
    let against = match &args.against {
        Some(path) => Some(Against {
            path,
            base: score_run(&qrels, &read_run(path, &qrels)?),
        }),
        None => None,
    };
    let (run, timing) = match &args.queries {
        Some(path) => run_queries(path, &qrels, args)?,
        None => {
            let path = args.score.as_deref().context("--score is missing")?;
            (read_run(path, &qrels)?, None)
        }
    };
    let report = Report {
        rows: &score_run(&qrels, &run),
        empty: qrels.keys().filter(|id| run.ranking(id).is_empty()).count(),
        timing,
        against,
    };
    if args.json {
        print_json(&report.to_json())?;
    } else {
        print!("{}", report.as_text());
    }
    Ok(true)
}

/// Runs the judged queries of a file, and writes the results to the file of `--run`.
fn run_queries(path: &Path, qrels: &Qrels, args: &Args) -> Result<(Run, Option<Timing>)> {
    let mut judged = read(path, crate::eval::queries::parse)?;
    judged.retain(|query| qrels.contains_key(&query.id));
    if judged.is_empty() {
        bail!(of_other_queries(path));
    }
    let location = args.backend.location(args.data.directory())?;
    let mut weights = Weights::default();
    for (name, number) in &args.weights {
        *weights
            .get_mut(name)
            .with_context(|| format!("there is no weight `{name}`"))? = *number;
    }
    let (run, elapsed) = queries::run(&location, &judged, &weights)?;
    if let Some(path) = &args.run {
        let text = run
            .to_text("fihrist")
            .map_err(|reason| anyhow!("cannot write `{}`: {reason}", path.display()))?;
        fs::write(path, text).with_context(cannot("write", path))?;
    }
    let queries = judged.len();
    Ok((run, Some(Timing { queries, elapsed })))
}

/// Parses a weight of the form `NAME=NUMBER`.
fn weight(text: &str) -> Result<(String, f32), String> {
    let (name, number) = text.split_once('=').ok_or("expected NAME=NUMBER")?;
    let number: f32 = number
        .trim()
        .parse()
        .map_err(|_| format!("`{number}` is not a number"))?;
    if !Weights::names().contains(&name) {
        return Err(format!(
            "there is no weight `{name}`; the weights are {}",
            Weights::names().join(", ")
        ));
    }
    if !(number.is_finite() && number >= 0.0) {
        return Err(format!("`{number}` is negative or not a number"));
    }
    Ok((name.to_owned(), number))
}

fn read_run(path: &Path, qrels: &Qrels) -> Result<Run> {
    let run = read(path, Run::parse)?;
    if run.is_foreign_to(qrels) {
        bail!(of_other_queries(path));
    }
    Ok(run)
}

fn of_other_queries(path: &Path) -> String {
    format!(
        "no query of `{}` has a relevant document in the qrels",
        path.display()
    )
}

/// Reads the file at `path` and parses it. An error names the file and the line.
fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, LineError>) -> Result<T> {
    let bytes = fs::read(path).with_context(cannot("read", path))?;
    let parsed = text_of(&bytes).and_then(parse);
    parsed.map_err(|LineError { line, reason }| anyhow!("{}:{line}: {reason}", path.display()))
}
