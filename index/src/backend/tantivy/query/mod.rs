//! Tantivy queries: which articles match, and their first, rough score. The final score is computed
//! in [`ranking`](crate::ranking).

mod any_term;
mod deadline_query;
mod lower;
mod positional;

use tantivy::DocId;
use tantivy::query::{Explanation, Scorer};

pub use deadline_query::{DeadlineQuery, check_deadline};
pub use lower::Lowering;

/// Explains the score of a document by the name of its query.
fn explanation(mut scorer: Box<dyn Scorer>, doc: DocId, name: &'static str) -> Explanation {
    let is_match = scorer.doc() == doc || scorer.doc() < doc && scorer.seek(doc) == doc;
    if is_match {
        Explanation::new(name, scorer.score())
    } else {
        Explanation::new("no match", 0.0)
    }
}
