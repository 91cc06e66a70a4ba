//! The counters and histograms of the server in the Prometheus text format. Each server has its
//! own. No label contains a value that clients choose.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use fihrist_index::timings::{SearchTimings, Stage};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

static METADATA: Metadata<'static> =
    Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

const REQUESTS: &str = "fihrist_http_requests_total";
const REQUEST_SECONDS: &str = "fihrist_http_request_duration_seconds";
const IN_FLIGHT: &str = "fihrist_http_requests_in_flight";
const STAGE_SECONDS: &str = "fihrist_search_stage_seconds";
const ARTICLES: &str = "fihrist_ingest_articles_total";
const COMMITS: &str = "fihrist_ingest_commits_total";
const COMMIT_SECONDS: &str = "fihrist_ingest_commit_duration_seconds";

/// Histogram bounds in seconds. They range from a search for one word to a search that times out.
const REQUEST_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Histogram bounds in seconds for the stages of a search.
const STAGE_BUCKETS: [f64; 12] = [
    0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];
const COMMIT_BUCKETS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// A handle on the metrics of one server; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    in_flight: Gauge,
    started: Instant,
}

/// The outcome of writing or deleting an article over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingested {
    Created,
    Updated,
    Unchanged,
    Rejected,
    Deleted,
}

impl Metrics {
    /// Creates the metrics, all zero.
    pub fn new() -> Self {
        let buckets = |builder: PrometheusBuilder, name: &str, buckets: &[f64]| {
            builder
                .set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
                .expect("the list of buckets is not empty")
        };
        let builder = buckets(PrometheusBuilder::new(), REQUEST_SECONDS, &REQUEST_BUCKETS);
        let builder = buckets(builder, STAGE_SECONDS, &STAGE_BUCKETS);
        let recorder = buckets(builder, COMMIT_SECONDS, &COMMIT_BUCKETS).build_recorder();
        let describe = |name: &'static str, help: &'static str| {
            recorder.describe_counter(KeyName::from(name), None, help.into());
        };
        describe(
            REQUESTS,
            "Number of answered requests; status 499 counts requests whose client disconnected.",
        );
        describe(
            REQUEST_SECONDS,
            "Time until the answer was ready, in seconds.",
        );
        describe(IN_FLIGHT, "Number of requests in progress.");
        describe(
            STAGE_SECONDS,
            "Duration of the stages of a search, in seconds.",
        );
        describe(
            ARTICLES,
            "Number of articles received over HTTP, by outcome.",
        );
        describe(COMMITS, "Number of commits of articles received over HTTP.");
        describe(COMMIT_SECONDS, "Duration of these commits, in seconds.");
        let handle = recorder.handle();
        let in_flight = recorder.register_gauge(&Key::from_static_name(IN_FLIGHT), &METADATA);
        let metrics = Self(Arc::new(Inner {
            recorder,
            handle,
            in_flight,
            started: Instant::now(),
        }));
        metrics.register_counters();
        metrics
    }

    /// Creates the counters with the value 0, so that Prometheus sees their first increment.
    fn register_counters(&self) {
        for result in Ingested::ALL {
            self.counter(ARTICLES, vec![Label::new("result", result.name())])
                .increment(0);
        }
        self.counter(COMMITS, Vec::new()).increment(0);
    }

    /// Counts a request that has arrived.
    pub fn request_started(&self) {
        self.0.in_flight.increment(1.0);
    }

    /// Counts a request that was answered, or whose client disconnected.
    pub fn request_finished(&self, route: &str, method: &Method, status: u16, duration: Duration) {
        self.0.in_flight.decrement(1.0);
        let label = |name: &'static str, value: &str| Label::new(name, value.to_owned());
        let labels = vec![
            label("route", route),
            label("method", method_name(method)),
            label("status", &status.to_string()),
        ];
        self.counter(REQUESTS, labels).increment(1);
        self.histogram(REQUEST_SECONDS, vec![label("route", route)])
            .record(duration.as_secs_f64());
    }

    /// Records how long a task waited in the pool.
    pub fn waited(&self, duration: Duration) {
        self.stage("wait", duration);
    }

    /// Records the duration of each stage of a search.
    pub fn searched(&self, timings: &SearchTimings) {
        for stage in Stage::ALL {
            self.stage(stage.name(), timings.get(stage));
        }
    }

    /// Counts articles by outcome.
    pub fn ingested(&self, result: Ingested, count: usize) {
        self.counter(ARTICLES, vec![Label::new("result", result.name())])
            .increment(count as u64);
    }

    /// Records a commit of articles received over HTTP.
    pub fn committed(&self, duration: Duration) {
        self.counter(COMMITS, Vec::new()).increment(1);
        self.histogram(COMMIT_SECONDS, Vec::new())
            .record(duration.as_secs_f64());
    }

    /// Frees samples that were aggregated. Without this call, memory would grow if no client reads
    /// the metrics.
    pub fn run_upkeep(&self) {
        self.0.handle.run_upkeep();
    }

    /// Returns the counters and histograms as text.
    pub fn render(&self) -> String {
        self.0.handle.render()
    }

    /// Returns the time since the server started.
    pub fn uptime(&self) -> Duration {
        self.0.started.elapsed()
    }

    fn stage(&self, name: &'static str, duration: Duration) {
        self.histogram(STAGE_SECONDS, vec![Label::new("stage", name)])
            .record(duration.as_secs_f64());
    }

    fn counter(&self, name: &'static str, labels: Vec<Label>) -> Counter {
        self.0
            .recorder
            .register_counter(&Key::from_parts(name, labels), &METADATA)
    }

    fn histogram(&self, name: &'static str, labels: Vec<Label>) -> Histogram {
        self.0
            .recorder
            .register_histogram(&Key::from_parts(name, labels), &METADATA)
    }
}

impl Ingested {
    const ALL: [Self; 5] = [
        Self::Created,
        Self::Updated,
        Self::Unchanged,
        Self::Rejected,
        Self::Deleted,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Rejected => "rejected",
            Self::Deleted => "deleted",
        }
    }
}

/// Returns the method if it is a standard one, otherwise `other`. Clients may send any method.
pub fn method_name(method: &Method) -> &str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    known
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("other")
}
