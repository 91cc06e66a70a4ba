//! `/metrics`: counters, histograms and current values. It does not wait for searches.

use std::time::SystemTime;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use fihrist_index::arabic::ANALYSIS_VERSION;
use fihrist_index::search::Stats;
use tokio::task::spawn_blocking;

use super::exposition::Exposition;
use super::process;
use crate::http::problem::Problem;
use crate::service::error::ApiError;
use crate::service::pool::LaneFigures;
use crate::service::state::AppState;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The figures of the service, for Prometheus
///
/// `docs/operations.md` describes each metric. If reading needs a key, this route needs one with
/// the scope `admin`.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses(
        (status = 200, description = "All figures.", body = String, content_type = "text/plain"),
        (status = 401, description = "A key is required.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 500, description = "The server failed.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(state): State<AppState>) -> Result<Response, ApiError> {
    // This reads files and columns of the index, so it must not block a thread that serves
    // requests.
    let text = spawn_blocking(move || render(&state))
        .await
        .map_err(|error| ApiError::internal("count", error))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}

fn render(state: &AppState) -> String {
    let metrics = state.metrics();
    let mut text = Exposition::default();
    pool(&mut text, &state.pool().figures());
    let is_open = state.index().is_ok();
    text.gauge(
        "fihrist_index_open",
        "Whether an index is open.",
        u8::from(is_open),
    );
    let follows = state.open_index().failing_since().is_none();
    text.gauge(
        "fihrist_index_following",
        "Whether the index can be followed to newer commits.",
        u8::from(follows),
    );
    if let Some(Ok(stats)) = state.index().ok().map(|index| index.stats()) {
        index(&mut text, &stats);
    }
    text.gauge(
        "fihrist_ingest_queue",
        "Number of requests that wait for the writer.",
        state.write_queue().queued(),
    );
    process::write(&mut text);
    text.gauge(
        "fihrist_uptime_seconds",
        "Time since the server started, in seconds.",
        metrics.uptime().as_secs_f64(),
    );
    let version = env!("CARGO_PKG_VERSION");
    let labels = format!("version=\"{version}\",analysis_version=\"{ANALYSIS_VERSION}\"");
    text.family(
        "fihrist_build_info",
        "gauge",
        "The version of the program; always 1.",
        [(labels, 1)],
    );
    metrics.render() + &text.finish()
}

fn pool(text: &mut Exposition, lanes: &[LaneFigures]) {
    let of = |figure: fn(&LaneFigures) -> u64| {
        lanes
            .iter()
            .map(move |lane| (format!("class=\"{}\"", lane.class.name()), figure(lane)))
            .collect::<Vec<_>>()
    };
    let name = |name: &str| format!("fihrist_pool_{name}");
    text.family(
        &name("capacity"),
        "gauge",
        "Maximum number of running tasks of a class.",
        of(|lane| lane.capacity),
    );
    text.family(
        &name("running"),
        "gauge",
        "Number of running tasks of a class.",
        of(|lane| lane.running),
    );
    text.family(
        &name("waiting"),
        "gauge",
        "Number of waiting tasks of a class.",
        of(|lane| lane.waiting),
    );
    let refused = lanes.iter().flat_map(|lane| {
        let labels = |reason: &str| format!("class=\"{}\",reason=\"{reason}\"", lane.class.name());
        [
            (labels("queue_full"), lane.refused_at_once),
            (labels("waited_too_long"), lane.refused_after_waiting),
        ]
    });
    text.family(
        &name("refused_total"),
        "counter",
        "Number of tasks refused with status 503, by reason.",
        refused,
    );
    let help =
        "Number of tasks stopped because of the time limit or because the client disconnected.";
    text.family(
        &name("stopped_total"),
        "counter",
        help,
        of(|lane| lane.stopped),
    );
}

fn index(text: &mut Exposition, stats: &Stats) {
    let name = |name: &str| format!("fihrist_index_{name}");
    text.gauge(
        &name("articles"),
        "Number of articles that can be found.",
        stats.articles,
    );
    text.gauge(
        &name("size_bytes"),
        "Size of the index on disk, in bytes.",
        stats.size_bytes,
    );
    text.gauge(
        &name("segments"),
        "Number of segments of the index.",
        stats.segments,
    );
    if let Ok(generation) = stats.generation.parse::<u64>() {
        text.gauge(
            &name("generation"),
            "Number of the generation that is open.",
            generation,
        );
    }
    let changed = stats
        .changed
        .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    if let Some(changed) = changed {
        let help = "Time of the last change of the index on disk, by a commit or a merge of segments, in seconds since 1970.";
        text.gauge(
            &name("changed_timestamp_seconds"),
            help,
            changed.as_secs_f64(),
        );
    }
}
