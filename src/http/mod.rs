//! The HTTP side of the process: router, middleware and one file per resource. It knows nothing of Arabic and makes
//! no HTML; the page does that over the same calls.

mod access;
mod access_log;
pub mod addresses;
mod analyze;
pub mod article;
mod auth;
pub mod calls;
mod connections;
mod content_type;
mod duplicates;
pub mod error;
mod examples;
mod explain;
mod facets;
mod feed;
mod follow;
mod headers;
mod histogram;
mod hits;
pub mod limits;
mod metrics;
mod middleware;
mod open_index;
mod openapi;
mod operations;
pub mod params;
mod pool;
mod problem;
mod request_id;
mod router;
pub mod search;
mod server;
mod similar;
pub mod state;
mod stats;
mod suggest;
mod write;

pub use hits::SearchResponse;
pub use server::{bind, may_start, serve};
pub use stats::StatsView;

/// The API's answer to a search, for the command line.
pub fn search_json(hits: fihrist_index::search::Hits, took: std::time::Duration) -> SearchResponse {
    SearchResponse::new(hits, took)
}

/// The API's account of the index, for the command line.
pub fn stats_json(stats: fihrist_index::search::Stats) -> StatsView {
    stats.into()
}
