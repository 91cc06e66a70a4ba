//! Measures the engine's latency for a file of queries. An answer is the ids of the best ten articles and the number of all
//! matches. Snippets, facets and HTTP are left out; `load` measures them.
//!
//! ```text
//! cargo bench --workspace --bench latency -- DATA QUERIES.jsonl [--passes 8] [--warm-up 3]
//! ```
//!
//! A line of the queries is `{"id": …, "type": "term1" | "term2" | "term3" | "phrase", "text": …}`. The text of a phrase is
//! searched for in quotation marks. A pass runs all queries, one after another. The passes after the warm-up are timed. The
//! output is JSON, in microseconds, for each type and for `all`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use fihrist_index::Index;
use fihrist_index::search::Weights;
use serde::Deserialize;

const USAGE: &str = "usage: latency DATA QUERIES.jsonl [--passes N] [--warm-up N]";
const HITS: usize = 10;

#[derive(Deserialize)]
struct Line {
    r#type: String,
    text: String,
}

struct Settings {
    data: PathBuf,
    queries: PathBuf,
    passes: usize,
    warm_up_passes: usize,
}

fn main() {
    let Some(settings) = settings(std::env::args().skip(1).collect()) else {
        // `cargo bench` runs all benchmarks without arguments.
        return eprintln!("{USAGE}");
    };
    let queries = queries(&settings);
    let index = Index::open(settings.data.as_path()).expect("an index");
    let weights = Weights::default();
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for pass in 0..settings.passes {
        for (kind, text) in &queries {
            let started = Instant::now();
            index.rank(text, &weights, HITS).expect("an answer");
            let microseconds = started.elapsed().as_secs_f64() * 1e6;
            if pass >= settings.warm_up_passes {
                times.entry("all").or_default().push(microseconds);
                times.entry(kind).or_default().push(microseconds);
            }
        }
    }
    let report: serde_json::Map<_, _> = times
        .into_iter()
        .map(|(kind, times)| (kind.to_owned(), summary(times)))
        .collect();
    println!(
        "{}",
        serde_json::to_string_pretty(&report).expect("numbers")
    );
}

/// Parses the arguments, except `--bench`, which cargo adds. Returns `None` if there are none.
fn settings(arguments: Vec<String>) -> Option<Settings> {
    let mut passes = 8;
    let mut warm_up_passes = 3;
    let mut paths = Vec::new();
    let mut arguments = arguments
        .into_iter()
        .filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let mut number = || {
            arguments
                .next()
                .and_then(|number| number.parse().ok())
                .expect(USAGE)
        };
        match argument.as_str() {
            "--passes" => passes = number(),
            "--warm-up" => warm_up_passes = number(),
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        return None;
    }
    assert!(
        warm_up_passes < passes,
        "--warm-up {warm_up_passes} leaves none of the {passes} passes to be timed"
    );
    let [data, queries] = paths.try_into().expect(USAGE);
    Some(Settings {
        data,
        queries,
        passes,
        warm_up_passes,
    })
}

/// Returns the queries as they are typed, each with its type.
fn queries(settings: &Settings) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(&settings.queries).expect("a file of queries");
    let query = |line: &str| {
        let Line { r#type, text } = serde_json::from_str(line).expect("a query a line");
        let typed = if r#type == "phrase" {
            format!("\"{text}\"")
        } else {
            text
        };
        (r#type, typed)
    };
    text.lines().map(query).collect()
}

fn summary(mut times: Vec<f64>) -> serde_json::Value {
    times.sort_by(f64::total_cmp);
    let rounded = |microseconds: f64| (microseconds * 10.0).round() / 10.0;
    let at = |share: f64| rounded(times[(times.len() as f64 * share) as usize]);
    serde_json::json!({
        "n": times.len(), "mean_us": rounded(times.iter().sum::<f64>() / times.len() as f64),
        "p50_us": at(0.5), "p95_us": at(0.95), "p99_us": at(0.99), "max_us": times.last().copied().map(rounded),
    })
}
