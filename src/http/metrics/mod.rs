//! `/metrics` in the Prometheus text format: counters, histograms and current values. The route does
//! not wait for searches. Counters and histograms are in `service::metrics`.

mod exposition;
mod process;

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use fihrist_index::arabic::ANALYSIS_VERSION;
use fihrist_index::search::Stats;
use tokio::task::spawn_blocking;

use self::exposition::Exposition;
use super::problem::problems;
use super::{ApiError, AppState, State, header};
use crate::service::{LaneFigures, limits};

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

problems! {
    /// The errors of the route.
    MetricsProblems {
        401 "A key is required.",
        403 "The key lacks the scope `admin`.",
        500 "The server failed.",
    }
}

/// The figures of the service, for Prometheus
///
/// `docs/operations.md` describes each metric. If reading needs a key, this route needs one with
/// the scope `admin`.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses(
        (status = 200, description = "All figures.", body = String, content_type = "text/plain"),
        MetricsProblems,
    )
)]
pub async fn get(State(state): State<AppState>) -> Result<Response, ApiError> {
    // This reads files and columns of the index, so it must not block a thread that serves
    // requests.
    let text = spawn_blocking(move || render(&state))
        .await
        .map_err(|error| ApiError::internal("render the metrics", error))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}

fn render(state: &AppState) -> String {
    let metrics = &state.metrics;
    let mut text = Exposition::default();
    pool(&mut text, &state.pool.figures());
    let index = state.index.get().ok();
    text.gauge(
        "fihrist_index_open",
        "Whether an index is open.",
        u8::from(index.is_some()),
    );
    let follows = state.index.failing_since().is_none();
    text.gauge(
        "fihrist_index_following",
        "Whether the newest commit of the index could be opened.",
        u8::from(follows),
    );
    if let Some(Ok(stats)) = index.map(|index| index.stats()) {
        self::index(&mut text, &stats);
    }
    text.gauge(
        "fihrist_ingest_queue",
        "Number of requests that wait for the writer.",
        state.write_queue.queued(),
    );
    bounds(&mut text, state);
    process::write(&mut text);
    text.gauge(
        "fihrist_uptime_seconds",
        "Time since the server started, in seconds.",
        metrics.started.elapsed().as_secs_f64(),
    );
    let version = env!("CARGO_PKG_VERSION");
    let labels = format!("version=\"{version}\",analysis_version=\"{ANALYSIS_VERSION}\"");
    text.family(
        "fihrist_build_info",
        "gauge",
        "Always 1. The labels name the versions of the program and of the analysis.",
        [(labels, 1)],
    );
    metrics.handle.render() + &text.finish()
}

/// Writes what is limited for all requests together, and the damage that was found.
fn bounds(text: &mut Exposition, state: &AppState) {
    let (memory, answers) = (&state.memory, &state.held_answers);
    text.family(
        "fihrist_memory_limit_bytes",
        "gauge",
        "Limit of the anonymous memory, in bytes; absent if there is none.",
        memory.limit().map(|limit| ("", limit)),
    );
    text.gauge(
        "fihrist_memory_used_bytes",
        "Anonymous memory in use, in bytes.",
        memory.used(),
    );
    text.gauge(
        "fihrist_memory_reserved_bytes",
        "Memory that running requests may take, in bytes.",
        memory.charged(),
    );
    text.family(
        "fihrist_memory_refused_total",
        "counter",
        "Number of requests refused with status 503 because of the memory limit.",
        [("", memory.refused())],
    );
    text.gauge(
        "fihrist_answers_held_bytes",
        "Size of the answers that clients have not read yet, in bytes.",
        answers.bytes(),
    );
    text.gauge(
        "fihrist_answers_held_limit_bytes",
        "Maximum size of these answers, in bytes.",
        answers.max_bytes(),
    );
    text.family(
        "fihrist_answers_refused_total",
        "counter",
        "Number of answers refused with status 503 because clients have not read earlier ones.",
        [("", answers.refused())],
    );
    text.gauge(
        "fihrist_answer_limit_bytes",
        "Maximum size of one answer, in bytes.",
        limits().answer_bytes,
    );
    text.gauge(
        "fihrist_index_damaged_places",
        "Number of damaged places found in files of the index since the start.",
        fihrist_index::damage_count(),
    );
}

fn pool(text: &mut Exposition, lanes: &[LaneFigures]) {
    let mut by_class = |name: &str, help: &str, figure: fn(&LaneFigures) -> u64| {
        let figures = lanes.iter().map(|lane| (lane.label, figure(lane)));
        text.family(&format!("fihrist_pool_{name}"), "gauge", help, figures);
    };
    let maximum = "Maximum number of running tasks of a class.";
    by_class("capacity", maximum, |lane| lane.capacity);
    by_class("running", "Number of running tasks of a class.", |lane| {
        lane.running
    });
    by_class("waiting", "Number of waiting tasks of a class.", |lane| {
        lane.waiting
    });
    let refused = lanes.iter().flat_map(|lane| {
        let class = lane.label;
        [
            (
                format!("{class},reason=\"queue_full\""),
                lane.refused_at_once,
            ),
            (
                format!("{class},reason=\"waited_too_long\""),
                lane.refused_after_waiting,
            ),
        ]
    });
    text.family(
        "fihrist_pool_refused_total",
        "counter",
        "Number of tasks refused with status 503, by reason.",
        refused,
    );
    text.family(
        "fihrist_pool_stopped_total",
        "counter",
        "Number of tasks stopped because of the time limit or because the client disconnected.",
        lanes.iter().map(|lane| (lane.label, lane.stopped)),
    );
}

fn index(text: &mut Exposition, stats: &Stats) {
    text.gauge(
        "fihrist_index_articles",
        "Number of articles that can be found.",
        stats.articles,
    );
    text.gauge(
        "fihrist_index_size_bytes",
        "Size of the index on disk, in bytes.",
        stats.size_bytes,
    );
    text.gauge(
        "fihrist_index_segments",
        "Number of segments of the index.",
        stats.segments,
    );
    if let Ok(generation) = stats.generation.parse::<u64>() {
        text.gauge(
            "fihrist_index_generation",
            "Number of the generation that is open.",
            generation,
        );
    }
    let changed = stats
        .changed
        .map(|at| at.duration_since(SystemTime::UNIX_EPOCH));
    if let Some(Ok(changed)) = changed {
        text.gauge(
            "fihrist_index_changed_timestamp_seconds",
            "Time of the last change of the index on disk, by a commit or a merge of segments, in seconds since 1970.",
            changed.as_secs_f64(),
        );
    }
}
