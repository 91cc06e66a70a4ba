//! The report of a run, as text and as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::table::table;
use crate::eval::compare::{Difference, Interval, compare, intervals};
use crate::eval::metrics::{METRICS, Scores, means};

/// The measurements of a run, and its comparison with another run.
pub struct Report {
    queries: usize,
    means: Scores,
    intervals: [Interval; METRICS.len()],
    /// Number of queries without results, including queries that were not run.
    empty: usize,
    timing: Option<Timing>,
    against: Option<Against>,
}

/// How long the queries took.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Number of queries that were run.
    pub queries: usize,
    pub elapsed: Duration,
}

/// The run of `--compare`: its path, its mean scores, and the differences to it.
pub struct Against {
    run: String,
    means: Scores,
    differences: [Difference; METRICS.len()],
}

impl Against {
    /// Compares `rows` with `base`, the scores of the run at `path` for the same queries.
    pub fn new(path: &Path, rows: &[Scores], base: &[Scores]) -> Self {
        Self {
            run: path.display().to_string(),
            means: means(base),
            differences: compare(rows, base),
        }
    }
}

impl Report {
    /// Creates the report. `rows` has the scores of every query that has a relevant document;
    /// `empty` of these queries have no results.
    pub fn new(
        rows: &[Scores],
        empty: usize,
        timing: Option<Timing>,
        against: Option<Against>,
    ) -> Self {
        Self {
            queries: rows.len(),
            means: means(rows),
            intervals: intervals(rows),
            empty,
            timing,
            against,
        }
    }

    /// Returns the report as text.
    pub fn as_text(&self) -> String {
        let mut text = format!("{} queries", self.queries);
        // Writing to a string cannot fail.
        if let Some(timing) = self.timing {
            let seconds = timing.elapsed.as_secs_f64();
            let _ = write!(
                text,
                " in {seconds:.2} s ({:.0} queries/s)",
                timing.queries_per_second()
            );
        }
        if self.empty > 0 {
            let _ = write!(text, ", {} of them without hits", self.empty);
        }
        text.push_str("\n\n");
        let mut rows = vec![["", "mean", "95 % interval"].map(str::to_owned).to_vec()];
        for ((metric, mean), interval) in METRICS.iter().zip(self.means).zip(self.intervals) {
            rows.push(vec![
                (*metric).to_owned(),
                format!("{mean:.4}"),
                range(interval, |value| format!("{value:.4}")),
            ]);
        }
        text.push_str(&table(&rows));
        if let Some(against) = &self.against {
            let _ = write!(text, "\nagainst {}\n\n{}", against.run, against.as_text());
        }
        text
    }

    /// Returns the report as JSON, unrounded.
    pub fn to_json(&self) -> Value {
        let metric = |i: usize| json!({"mean": self.means[i], "interval": pair(self.intervals[i])});
        let mut report = json!({"queries": self.queries, "queries_without_hits": self.empty, "metrics": by_metric(metric)});
        if let Some(timing) = self.timing {
            report["elapsed_ms"] = json!(timing.elapsed.as_millis() as u64);
            report["queries_per_second"] = json!(timing.queries_per_second());
        }
        if let Some(against) = &self.against {
            report["against"] = against.to_json();
        }
        report
    }
}

impl Timing {
    fn queries_per_second(self) -> f64 {
        // At least a nanosecond, in case the clock has not advanced.
        self.queries as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }
}

impl Against {
    fn as_text(&self) -> String {
        let heading = [
            "",
            "its mean",
            "difference",
            "95 % interval",
            "p",
            "wins",
            "ties",
            "losses",
        ];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        for ((metric, mean), difference) in METRICS.iter().zip(self.means).zip(&self.differences) {
            let Difference {
                mean: change,
                interval,
                p,
                wins,
                ties,
                losses,
            } = difference;
            rows.push(vec![
                (*metric).to_owned(),
                format!("{mean:.4}"),
                signed(*change),
                range(*interval, signed),
                format!("{p:.4}"),
                wins.to_string(),
                ties.to_string(),
                losses.to_string(),
            ]);
        }
        table(&rows)
    }

    fn to_json(&self) -> Value {
        let metrics = by_metric(|metric| {
            let Difference {
                mean,
                interval,
                p,
                wins,
                ties,
                losses,
            } = &self.differences[metric];
            json!({
                "mean": self.means[metric],
                "difference": mean,
                "interval": pair(*interval),
                "p": p,
                "wins": wins,
                "ties": ties,
                "losses": losses,
            })
        });
        json!({"run": self.run, "metrics": metrics})
    }
}

fn by_metric(value: impl Fn(usize) -> Value) -> Map<String, Value> {
    METRICS
        .iter()
        .enumerate()
        .map(|(i, name)| ((*name).to_owned(), value(i)))
        .collect()
}

fn range(interval: Interval, number: impl Fn(f64) -> String) -> String {
    format!("{} … {}", number(interval.low), number(interval.high))
}

/// Formats a number with its sign, but without one if all four digits are zero.
fn signed(value: f64) -> String {
    let text = format!("{value:+.4}");
    if text.ends_with("0.0000") {
        "0.0000".to_owned()
    } else {
        text
    }
}

fn pair(interval: Interval) -> [f64; 2] {
    [interval.low, interval.high]
}
