//! What the HTTP API, the page, the MCP tools and the command line share: calls of the engine,
//! parameters, errors, and the state of a running server. It imports none of them.

mod addresses;
mod bounded;
pub mod calls;
mod error;
pub mod follow;
mod held_answers;
mod key_ring;
pub mod limits;
mod memory;
mod metrics;
mod open_index;
pub mod params;
mod pool;
pub mod request_id;
mod request_scope;
pub mod views;
mod work;
mod writing;

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

pub use addresses::{Addresses, article_page, encoded, host_of, is_web_address};
pub use bounded::BoundedBuffer;
pub use error::{ApiError, ParameterError, Result};
pub use held_answers::HeldAnswers;
pub use key_ring::KeyRing;
pub use limits::limits;
pub use memory::Memory;
pub use metrics::{Metrics, method_name};
pub use open_index::{OpenIndex, open_if_any};
pub use params::{Kind, Param, Params};
pub use pool::{LaneFigures, SearchPool};
pub use request_id::RequestId;
pub use request_scope::{Quota, RequestScope};
pub use writing::{Change, Outcome, Share, WriteQueue};

/// A handle on the shared state; cheap to clone.
pub type AppState = Arc<Shared>;

/// What all handlers share.
pub struct Shared {
    /// The open index, if there is one yet.
    pub index: Arc<OpenIndex>,
    pub pool: SearchPool,
    pub keys: KeyRing,
    pub write_queue: WriteQueue,
    pub memory: Memory,
    pub held_answers: HeldAnswers,
    pub metrics: Arc<Metrics>,
    pub addresses: Addresses,
}

/// A text in the path, as a handler extracts it.
pub type PathText = Result<Path<String>, PathRejection>;

/// Returns the id of an article in the path. If it is not UTF-8, the error says that no article has
/// this id.
pub fn id_of(id: PathText) -> Result<String> {
    id.map(|Path(id)| id)
        .map_err(|_| ApiError::NoSuchArticle(char::REPLACEMENT_CHARACTER.to_string()))
}

/// Appends a line to a text. Takes the arguments of `writeln!`.
macro_rules! line {
    ($($line:tt)*) => {{
        use std::fmt::Write;
        // Writing to a string cannot fail.
        let _always_written = writeln!($($line)*);
    }};
}
pub(crate) use line;
