//! How the embedded index finds the candidates of each [`Selection`](crate::backend::Selection).

use std::cmp::Reverse;

use tantivy::DocAddress;
use tantivy::collector::Count;

use super::collect::{CountCollapsed, Duplicates, RankColumns, TopArticles, address, candidate};
use super::snapshot::{EmbeddedSnapshot, LOOK_UP};
use crate::backend::{
    Candidate, Candidates, Delivered, Order, Page, PreparedQuery, SearchContext, sort_copies,
};
use crate::document::ArticleId;
use crate::error::{OrInternal, Result};

impl EmbeddedSnapshot {
    /// Returns the best documents that match a query.
    pub(super) fn matching(
        &self,
        query: PreparedQuery<'_>,
        page: Page,
        wanted: usize,
        context: &SearchContext,
    ) -> Result<Candidates> {
        let Some(lowered) = self.lower(query, context)? else {
            return Ok(Candidates::default());
        };
        if wanted == 0 {
            let total = if page.collapses {
                self.search(&lowered, &CountCollapsed(&*self.view.duplicates()?))?
            } else {
                self.search(&lowered, &Count)? as u64
            };
            return Ok(Candidates {
                total,
                ..Candidates::default()
            });
        }
        let duplicates = self.view.duplicates()?;
        let top = TopArticles {
            limit: wanted,
            order: page.order,
        };
        let (top, total) = if page.collapses {
            self.search(&lowered, &(top, CountCollapsed(&duplicates)))?
        } else {
            let (top, total) = self.search(&lowered, &(top, Count))?;
            (top, total as u64)
        };
        let best = top.into_iter().map(|rank| candidate(rank, &duplicates));
        Ok(Candidates {
            best: best.collect(),
            total,
            page_start: None,
        })
    }

    /// Returns the document with an id. The candidate lacks its cluster of copies, because finding
    /// the clusters may take long.
    pub(super) fn with_id(&self, id: &ArticleId) -> Result<Candidates> {
        let found = self.view.find(&self.view.fields.id_term(id));
        let mut best = Vec::new();
        if let Some(address) = found.or_internal(LOOK_UP)? {
            best.push(self.lone_candidate(address)?);
        }
        Ok(Candidates {
            total: best.len() as u64,
            best,
            page_start: None,
        })
    }

    /// Returns the copies of a document, the newest first.
    ///
    /// Dates come from a column, ids from the stored articles. So only the articles that may be
    /// among the first `limit` are read. For example, three copies were published at 9:00, 9:00 and
    /// 8:00, and `limit` is 1. The two articles of 9:00 are read, because their ids decide which
    /// comes first.
    pub(super) fn copies(&self, of: &Candidate, limit: usize) -> Result<Candidates> {
        let others = self.view.duplicates()?.others(address(of.rank.document));
        let total = others.len() as u64;
        let mut best = Vec::with_capacity(others.len());
        for other in others {
            best.push(self.lone_candidate(other)?);
        }
        best.sort_unstable_by_key(|copy| Reverse(copy.rank.published));
        let last = limit.checked_sub(1).and_then(|last| best.get(last));
        let oldest = last.map(|last| last.rank.published);
        best.retain(|copy| limit > 0 && oldest.is_none_or(|oldest| copy.rank.published >= oldest));
        for copy in &mut best {
            let article = self.stored(address(copy.rank.document))?.article;
            copy.delivered = Some(Box::new(Delivered {
                id: article.id.to_string(),
                article: Some(article),
            }));
        }
        sort_copies(&mut best);
        best.truncate(limit);
        Ok(Candidates {
            best,
            total,
            page_start: None,
        })
    }

    /// Returns the candidate for a document, without its cluster of copies.
    fn lone_candidate(&self, address: DocAddress) -> Result<Candidate> {
        let reader = self.view.searcher.segment_reader(address.segment_ord);
        let columns = RankColumns::open(address.segment_ord, reader);
        let columns = columns.or_internal(LOOK_UP)?;
        let rank = columns.rank(address.doc_id, 0.0, Order::Relevance);
        Ok(candidate(rank, &Duplicates::default()))
    }
}
