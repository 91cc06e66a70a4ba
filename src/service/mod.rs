//! What the HTTP API, the page, the MCP tools and the command line share: calls of the engine,
//! parameters, errors, and the state of a running server. It imports none of them.

pub mod addresses;
pub mod article_id;
pub mod calls;
pub mod error;
pub mod follow;
pub mod key_ring;
pub mod limits;
pub mod metrics;
pub mod open_index;
pub mod params;
pub mod pool;
pub mod request_id;
pub mod state;
pub mod views;
pub mod writing;

pub use error::{ApiError, Result};
pub use params::{Kind, Param, Params};
pub use state::AppState;
