//! Searching: from a typed query to a page of hits with snippets. [`Index`] is the entry.
//!
//! A search takes these steps, each in its own module. `analyze_query` prepares the query for one
//! snapshot. `execute` runs it, and corrects or relaxes it while it finds nothing. `page` turns
//! candidates into a page. `index` adds snippets, facets and the cursor. Backends only find
//! candidates; they take none of these steps.

mod analyze_query;
mod articles;
mod compounds;
mod correction;
mod cursor;
mod execute;
mod explain;
mod facets;
mod histogram;
mod hits;
mod index;
mod names;
mod page;
mod pinned_snapshots;
mod relaxation;
mod request;
mod score;
mod searcher;
mod similar;
mod spellings;
mod suggest;

pub use cursor::Cursor;
pub use explain::{
    ExplainedClause, ExplainedQuery, ExplainedWord, Explanation, FoundBy, FoundForm, MissReason,
};
pub use facets::{Facet, FacetValue};
pub use histogram::{Bucket, Histogram, Interval};
pub use hits::{Copies, Hit, Hits};
pub use index::Index;
pub use relaxation::Relaxed;
pub use request::{Filters, Matching, Operator, SearchRequest};
pub use similar::SimilarArticle;
pub use suggest::{SuggestedBy, SuggestedQuery};

pub use crate::backend::{Order, Stats};
pub use crate::ranking::Weights;
