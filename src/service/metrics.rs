//! What the service counts for those who watch it, in Prometheus' text format. Every service has counters of its own; no
//! label holds anything that a caller chooses.

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

/// From a search of one word to one that is given up, in seconds.
const REQUEST_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// The same for its stages.
const STAGE_BUCKETS: [f64; 12] = [
    0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];
const COMMIT_BUCKETS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// A handle on what one service counts; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    in_flight: Gauge,
    started: Instant,
}

/// What became of an article that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingested {
    Created,
    Updated,
    Unchanged,
    Rejected,
    Deleted,
}

impl Metrics {
    /// Counts from nothing.
    pub fn new() -> Self {
        let buckets = |builder: PrometheusBuilder, name: &str, buckets: &[f64]| {
            builder
                .set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
                .expect("there are buckets")
        };
        let builder = buckets(PrometheusBuilder::new(), REQUEST_SECONDS, &REQUEST_BUCKETS);
        let builder = buckets(builder, STAGE_SECONDS, &STAGE_BUCKETS);
        let recorder = buckets(builder, COMMIT_SECONDS, &COMMIT_BUCKETS).build_recorder();
        let describe = |name: &'static str, help: &'static str| {
            recorder.describe_counter(KeyName::from(name), None, help.into());
        };
        describe(
            REQUESTS,
            "Requests that were answered; status 499 of those whose callers went away.",
        );
        describe(
            REQUEST_SECONDS,
            "How long it took until the answer was ready.",
        );
        describe(IN_FLIGHT, "Requests that are being answered.");
        describe(STAGE_SECONDS, "How long the stages of a search took.");
        describe(
            ARTICLES,
            "Articles that came over HTTP, by what became of them.",
        );
        describe(COMMITS, "Commits of articles that came over HTTP.");
        describe(COMMIT_SECONDS, "How long they took.");
        let handle = recorder.handle();
        let in_flight = recorder.register_gauge(&Key::from_static_name(IN_FLIGHT), &METADATA);
        let metrics = Self(Arc::new(Counted {
            recorder,
            handle,
            in_flight,
            started: Instant::now(),
        }));
        metrics.begin_at_zero();
        metrics
    }

    /// Counters that are there from the start show the first step that they make.
    fn begin_at_zero(&self) {
        for result in Ingested::ALL {
            self.counter(ARTICLES, vec![Label::new("result", result.name())])
                .increment(0);
        }
        self.counter(COMMITS, Vec::new()).increment(0);
    }

    /// A request has come.
    pub fn request_begins(&self) {
        self.0.in_flight.increment(1.0);
    }

    /// A request has its answer, or none if its caller has gone away.
    pub fn request_ends(&self, route: &str, method: &Method, status: u16, duration: Duration) {
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

    /// A search, or the like, has waited so long for its turn.
    pub fn waited(&self, duration: Duration) {
        self.stage("wait", duration);
    }

    /// A search has been made.
    pub fn searched(&self, timings: &SearchTimings) {
        for stage in Stage::ALL {
            self.stage(stage.name(), timings.get(stage));
        }
    }

    /// Articles that were sent have been dealt with.
    pub fn ingested(&self, result: Ingested, count: usize) {
        self.counter(ARTICLES, vec![Label::new("result", result.name())])
            .increment(count as u64);
    }

    /// What came over HTTP has been committed.
    pub fn committed(&self, duration: Duration) {
        self.counter(COMMITS, Vec::new()).increment(1);
        self.histogram(COMMIT_SECONDS, Vec::new())
            .record(duration.as_secs_f64());
    }

    /// Makes room for what is still to be measured; a service that nobody asks for its figures would keep all.
    pub fn tidy(&self) {
        self.0.handle.run_upkeep();
    }

    /// What was counted over time, as text.
    pub fn render(&self) -> String {
        self.0.handle.render()
    }

    /// How long the service has been there.
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

/// The method, if it is one that the service could know: callers may send any.
pub fn method_name(method: &Method) -> &str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    known
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("other")
}
