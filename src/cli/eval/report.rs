//! The report of a run, as text and as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::table::table;
use crate::eval::{Interval, METRICS, Scores, compare, intervals, means};

/// The measurements of a run, and its comparison with another run.
pub struct Report<'a> {
    /// The scores of every query that has a relevant document.
    pub rows: &'a [Scores],
    /// Number of queries without results, including queries that were not run.
    pub empty: usize,
    pub timing: Option<Timing>,
    pub against: Option<Against<'a>>,
}

/// How long the queries took.
#[derive(Clone, Copy)]
pub struct Timing {
    /// Number of queries that were run.
    pub queries: usize,
    pub elapsed: Duration,
}

/// The run of `--against`: its path, and its scores for the same queries.
pub struct Against<'a> {
    pub path: &'a Path,
    pub base: Vec<Scores>,
}

impl Report<'_> {
    /// Returns the report as text.
    pub fn as_text(&self) -> String {
        let mut text = format!("{} queries", self.rows.len());
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
        let means = means(self.rows);
        let intervals = intervals(self.rows);
        let mut lines = vec![["", "mean", "95 % interval"].map(str::to_owned)];
        for (i, metric) in METRICS.iter().enumerate() {
            lines.push([
                (*metric).to_owned(),
                format!("{:.4}", means[i]),
                range(intervals[i], |value| format!("{value:.4}")),
            ]);
        }
        text.push_str(&table(&lines));
        if let Some(against) = &self.against {
            let path = against.path.display();
            let _ = write!(text, "\nagainst {path}\n\n{}", against.as_text(self.rows));
        }
        text
    }

    /// Returns the report as JSON, unrounded.
    pub fn to_json(&self) -> Value {
        let means = means(self.rows);
        let intervals = intervals(self.rows);
        let metrics = by_metric(|i| json!({"mean": means[i], "interval": pair(intervals[i])}));
        let mut report = json!({"queries": self.rows.len(), "queries_without_hits": self.empty, "metrics": metrics});
        if let Some(timing) = self.timing {
            report["elapsed_ms"] = json!(timing.elapsed.as_millis() as u64);
            report["queries_per_second"] = json!(timing.queries_per_second());
        }
        if let Some(against) = &self.against {
            report["against"] = against.to_json(self.rows);
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

impl Against<'_> {
    fn as_text(&self, rows: &[Scores]) -> String {
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
        let means = means(&self.base);
        let mut lines = vec![heading.map(str::to_owned)];
        for (i, difference) in compare(rows, &self.base).iter().enumerate() {
            lines.push([
                METRICS[i].to_owned(),
                format!("{:.4}", means[i]),
                signed(difference.mean),
                range(difference.interval, signed),
                format!("{:.4}", difference.p),
                difference.wins.to_string(),
                difference.ties.to_string(),
                difference.losses.to_string(),
            ]);
        }
        table(&lines)
    }

    fn to_json(&self, rows: &[Scores]) -> Value {
        let means = means(&self.base);
        let differences = compare(rows, &self.base);
        let metrics = by_metric(|i| {
            let difference = &differences[i];
            json!({
                "mean": means[i],
                "difference": difference.mean,
                "interval": pair(difference.interval),
                "p": difference.p,
                "wins": difference.wins,
                "ties": difference.ties,
                "losses": difference.losses,
            })
        });
        json!({"run": self.path.display().to_string(), "metrics": metrics})
    }
}

fn by_metric(value: impl Fn(usize) -> Value) -> Map<String, Value> {
    let metrics = METRICS.iter().enumerate();
    metrics
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
