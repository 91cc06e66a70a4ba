//! Turns candidates into a page, for every backend: reranks them, collapses copies, and cuts the
//! page. The backend decides which documents match, and their first order.
//!
//! For example, a page of two hits collapses, and `a1` and `a2` are copies:
//!
//! | step | documents |
//! |---|---|
//! | candidates in the backend's order | `b`, `a1`, `a2`, `c` |
//! | reranked | `a2`, `c`, `a1`, `b` |
//! | collapsed: the first of each cluster stays | `a2`, `c`, `b` |
//! | page with offset 1 | `c`, `b` |
//!
//! If fewer documents remain than the page needs, the search starts again with
//! [`CANDIDATES_GROWTH`] times as many candidates.

use rustc_hash::FxHashSet;

use super::score::Scorer;
use super::searcher::Searcher;
use crate::backend::{
    Candidate, Candidates, Operator, Page, PreparedQuery, Selection, Start, sort_candidates,
};
use crate::document::StoredArticle;
use crate::error::Result;
use crate::query::Query;
use crate::timings::Stage;

/// The number of candidates that are reranked, using the positions of the query's words. An article
/// that the backend ranks lower does not belong on the first page (`docs/search-quality.md`).
pub const RERANKED: usize = 100;

/// If too few candidates remain after copies are collapsed, the next round fetches this many times
/// more.
pub const CANDIDATES_GROWTH: usize = 4;

/// One page of the articles that match a query.
pub struct ResultPage {
    /// How many articles match. If the page collapses, the copies of one article count as one.
    pub total: u64,
    /// The number of hits before this page.
    pub start: usize,
    /// The hits of the page, in order, as candidates and as stored.
    pub hits: Vec<(Candidate, StoredArticle)>,
}

impl Searcher<'_> {
    /// Returns one page of the articles that match a query.
    pub fn find(self, query: &Query, operator: Operator, page: Page) -> Result<ResultPage> {
        let _finding = self.context.timings.time(Stage::Find);
        let query = PreparedQuery {
            query,
            operator,
            weights: self.weights,
        };
        let mut found = cut_page(self, query, page)?;
        if !page.order.needs_scores() && !found.best.is_empty() {
            // Computes the score for this order, too: a hit shows the same score in every order.
            Scorer::new(self, query)?.rescore(&mut found.best, page.order)?;
            sort_candidates(&mut found.best);
        }
        Ok(ResultPage {
            total: found.total,
            start: found.page_start.unwrap_or(0),
            hits: self.fetch(found.best)?,
        })
    }
}

/// Returns the candidates of a page, and where the page starts among all of them.
fn cut_page(searcher: Searcher<'_>, query: PreparedQuery<'_>, page: Page) -> Result<Candidates> {
    let mut wanted = first_wanted(page);
    loop {
        let selection = Selection::Query {
            query,
            page,
            wanted,
        };
        let mut found = searcher.snapshot.candidates(selection, searcher.context)?;
        if wanted == 0 || found.total < page.at_least {
            return Ok(Candidates {
                total: found.total,
                ..Candidates::default()
            });
        }
        if found.page_start.is_some() {
            return Ok(found);
        }
        let candidates = &mut found.best;
        let are_all = candidates.len() < wanted;
        if page.order.needs_scores() {
            rerank(searcher, query, page, candidates)?;
        }
        if page.collapses {
            collapse(candidates, |candidate| candidate);
        }
        let start = start_among(candidates, page);
        if are_all || candidates.len() >= start.saturating_add(page.limit) {
            candidates.drain(..start.min(candidates.len()));
            candidates.truncate(page.limit);
            found.page_start = Some(start);
            return Ok(found);
        }
        wanted = wanted.saturating_mul(CANDIDATES_GROWTH);
    }
}

/// Returns how many candidates the first round fetches; 0 if only the total is wanted.
fn first_wanted(page: Page) -> usize {
    if page.limit == 0 {
        return 0;
    }
    let (Start::Offset(before) | Start::After { shown: before, .. }) = page.start;
    let wanted = before.saturating_add(page.limit);
    if page.order.needs_scores() {
        wanted.max(RERANKED)
    } else {
        wanted
    }
}

/// Reranks the best [`RERANKED`] candidates. The other candidates stay after them: their scores are
/// scaled so that they continue below the lowest new score.
fn rerank(
    searcher: Searcher<'_>,
    query: PreparedQuery<'_>,
    page: Page,
    candidates: &mut [Candidate],
) -> Result<()> {
    let _ranking = searcher.context.timings.time(Stage::Rank);
    let (first, rest) = candidates.split_at_mut(RERANKED.min(candidates.len()));
    let Some(last_score) = first.last().map(|candidate| candidate.rank.score) else {
        return Ok(());
    };
    Scorer::new(searcher, query)?.rescore(first, page.order)?;
    sort_candidates(first);
    let scale = first.last().map_or(0.0, |last| {
        last.rank.score / last_score.max(f32::MIN_POSITIVE)
    });
    for candidate in rest {
        candidate.rescore(candidate.rank.score * scale, page.order);
    }
    Ok(())
}

/// Keeps the first candidate of each cluster of copies.
pub fn collapse<T>(candidates: &mut Vec<T>, candidate_of: impl Fn(&T) -> &Candidate) {
    let mut seen = FxHashSet::default();
    candidates.retain(|item| match candidate_of(item).cluster {
        Some(cluster) => seen.insert(cluster),
        None => true,
    });
}

/// Returns the index of the page's first hit among the candidates.
///
/// A page after a cursor starts after the cursor's hit. In an order by date, the sort key finds
/// that position even if the hit was deleted. Scores change with the index, so in an order by score
/// the hit is found by its content hash. If it was deleted, the page starts after the number of
/// hits shown so far.
fn start_among(candidates: &[Candidate], page: Page) -> usize {
    match page.start {
        Start::Offset(offset) => offset,
        Start::After { sort_key, .. } if !page.order.needs_scores() => {
            candidates.partition_point(|candidate| !candidate.rank.is_after(sort_key))
        }
        Start::After { sort_key, shown } => {
            let last = candidates
                .iter()
                .position(|candidate| candidate.rank.content_hash == sort_key.content_hash);
            last.map_or(shown, |last| last + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{Order, Rank, SortKey};

    fn candidate(document: u64, cluster: Option<u64>) -> Candidate {
        Candidate {
            rank: Rank {
                key: -(document as f64),
                score: 1.0,
                published: None,
                content_hash: 100 + document,
                document,
            },
            cluster,
            copies: 0,
            delivered: None,
        }
    }

    fn page(start: Start, order: Order) -> Page {
        Page {
            limit: 2,
            start,
            order,
            ..Page::COUNT
        }
    }

    #[test]
    fn the_first_of_each_cluster_stays() {
        let mut candidates = vec![
            candidate(0, Some(7)),
            candidate(1, None),
            candidate(2, Some(7)),
            candidate(3, None),
            candidate(4, Some(8)),
        ];
        collapse(&mut candidates, |candidate| candidate);
        let left: Vec<u64> = candidates
            .iter()
            .map(|candidate| candidate.rank.document)
            .collect();
        assert_eq!(left, [0, 1, 3, 4]);
    }

    #[test]
    fn a_page_starts_after_the_hit_of_its_cursor() {
        let candidates = [0, 2, 4].map(|document| candidate(document, None));
        let check = |key: f64, content_hash: u64, shown: usize, order: Order, expected: usize| {
            let sort_key = SortKey { key, content_hash };
            let page = page(Start::After { sort_key, shown }, order);
            assert_eq!(start_among(&candidates, page), expected);
        };
        check(-2.0, 102, 9, Order::Relevance, 2);
        check(-2.0, 999, 1, Order::Relevance, 1);
        check(-2.0, 102, 9, Order::Newest, 2);
        check(-3.0, 999, 9, Order::Newest, 2);
    }

    #[test]
    fn the_first_round_covers_the_page_and_what_is_reranked() {
        let check = |limit: usize, start: Start, order: Order, expected: usize| {
            let page = Page {
                limit,
                ..page(start, order)
            };
            assert_eq!(first_wanted(page), expected);
        };
        check(10, Start::Offset(20), Order::Newest, 30);
        check(10, Start::Offset(20), Order::Relevance, RERANKED);
        check(10, Start::Offset(200), Order::Relevance, 210);
        check(0, Start::Offset(20), Order::Relevance, 0);
    }
}
