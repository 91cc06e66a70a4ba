//! `/metrics` in Prometheus' text format: the route, the figures of the moment and those of the process. What is counted
//! over time is in `service::metrics`.

mod exposition;
mod process;
pub mod route;
