//! `/metrics` in the Prometheus text format: the route, current values, and values of the process.
//! Counters and histograms are in `service::metrics`.

mod exposition;
mod process;
pub mod route;
