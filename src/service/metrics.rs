//! The counters and histograms of the server in the Prometheus text format. Each server has its
//! own. No label contains a value that clients choose.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use fihrist_index::timings::{SearchTimings, Stage};
use metrics::{Gauge, Key, KeyName, Label, Level, Metadata, Recorder};
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

/// The outcomes of writing or deleting an article that are counted.
const RESULTS: [&str; 5] = ["created", "updated", "unchanged", "rejected", "deleted"];

/// The metrics of one server.
pub struct Metrics {
    recorder: PrometheusRecorder,
    /// Renders the counters and histograms as text.
    pub handle: PrometheusHandle,
    in_flight: Gauge,
    /// When the server started.
    pub started: Instant,
}

impl Metrics {
    /// Creates the metrics, all zero.
    pub fn new() -> Arc<Self> {
        let buckets = |builder: PrometheusBuilder, name: &str, buckets: &[f64]| {
            builder
                .set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
                .expect("the list of buckets is not empty")
        };
        let builder = buckets(PrometheusBuilder::new(), REQUEST_SECONDS, &REQUEST_BUCKETS);
        let builder = buckets(builder, STAGE_SECONDS, &STAGE_BUCKETS);
        let recorder = buckets(builder, COMMIT_SECONDS, &COMMIT_BUCKETS).build_recorder();
        for (name, help) in [
            (
                REQUESTS,
                "Number of answered requests; status 499 counts requests whose client disconnected.",
            ),
            (
                REQUEST_SECONDS,
                "Time until the answer was ready, in seconds.",
            ),
            (IN_FLIGHT, "Number of requests in progress."),
            (
                STAGE_SECONDS,
                "Duration of the stages of a search, in seconds.",
            ),
            (
                ARTICLES,
                "Number of articles received over HTTP, by outcome.",
            ),
            (COMMITS, "Number of commits of articles received over HTTP."),
            (COMMIT_SECONDS, "Duration of these commits, in seconds."),
        ] {
            recorder.describe_counter(KeyName::from(name), None, help.into());
        }
        let metrics = Arc::new(Self {
            handle: recorder.handle(),
            in_flight: recorder.register_gauge(&Key::from_static_name(IN_FLIGHT), &METADATA),
            recorder,
            started: Instant::now(),
        });
        // Prometheus sees the first increment of a counter only if it knows its value 0.
        for result in RESULTS {
            metrics.ingested(result, 0);
        }
        metrics.count(COMMITS, Vec::new(), 0);
        metrics
    }

    /// Counts a request that has arrived.
    pub fn request_started(&self) {
        self.in_flight.increment(1.0);
    }

    /// Counts a request that was answered, or whose client disconnected.
    pub fn request_finished(&self, route: &str, method: &Method, status: u16, duration: Duration) {
        self.in_flight.decrement(1.0);
        let label = |name: &'static str, value: &str| Label::new(name, value.to_owned());
        let labels = vec![
            label("route", route),
            label("method", method_name(method)),
            label("status", &status.to_string()),
        ];
        self.count(REQUESTS, labels, 1);
        self.record(REQUEST_SECONDS, vec![label("route", route)], duration);
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

    /// Counts articles received over HTTP by the name of their outcome.
    pub fn ingested(&self, result: &'static str, count: usize) {
        self.count(ARTICLES, vec![Label::new("result", result)], count);
    }

    /// Records a commit of articles received over HTTP.
    pub fn committed(&self, duration: Duration) {
        self.count(COMMITS, Vec::new(), 1);
        self.record(COMMIT_SECONDS, Vec::new(), duration);
    }

    fn stage(&self, name: &'static str, duration: Duration) {
        self.record(STAGE_SECONDS, vec![Label::new("stage", name)], duration);
    }

    fn count(&self, name: &'static str, labels: Vec<Label>, count: usize) {
        self.recorder
            .register_counter(&Key::from_parts(name, labels), &METADATA)
            .increment(count as u64);
    }

    fn record(&self, name: &'static str, labels: Vec<Label>, duration: Duration) {
        self.recorder
            .register_histogram(&Key::from_parts(name, labels), &METADATA)
            .record(duration.as_secs_f64());
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
