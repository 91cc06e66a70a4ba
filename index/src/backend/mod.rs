//! Backends: the contract for a store of articles, and the two stores that fulfil it.
//!
//! The contract has a reading half, [`Snapshot`], and a writing half, [`Writer`]. A backend stores
//! articles and finds candidates. It makes no snippets, and does not decide about reranking,
//! collapsing or pages.

mod answers;
mod candidate;
mod location;
mod lowering;
mod once;
mod open;
#[cfg(feature = "opensearch")]
mod opensearch;
mod order;
mod refresh_order;
mod selection;
mod snapshot;
pub mod tantivy;
mod turn;
mod writer;

pub use answers::{Candidates, Matches, SimilarCandidates, Stats, Summary, ValueCounts, Wanted};
pub use candidate::{Candidate, Delivered, Rank, sort_candidates, sort_copies};
pub use location::{Cluster, Location, Login};
use once::Once;
pub use open::{open, open_existing, open_writer};
pub use order::{Order, Page, SortKey, Start};
use refresh_order::RefreshOrder;
pub use selection::{Operator, PreparedQuery, Selection};
pub use snapshot::{Backend, SearchContext, Snapshot, hash_of};
pub use turn::{LockWait, WriterTurn, in_turn};
pub use writer::{Analysis, Basis, Ending, Predecessor, Refused, ScanWork, StoredArticles, Writer};
